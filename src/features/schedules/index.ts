import { may } from '../../village/roles.ts'
import type { Answer, Commit, Feature, Request, Services } from '../feature.ts'
import { firstAnswer } from '../feature.ts'
import { takeRead, takeReaders } from './acknowledging.ts'
import { isCancel, takeCancel } from './cancelling.ts'
import { takeChange } from './changing.ts'
import { isConfirm, takeConfirm } from './confirming.ts'
import { takeAnswer, takeEdit, takeSentence } from './drafting.ts'
import { quotedMeant } from './find-schedule.ts'
import { takeList } from './listing.ts'
import { isChange, plainSchedule } from './recognise.ts'
import { scheduleTimers, wakeSleepers } from './remind.ts'
import * as replies from './replies.ts'
import { takeUndo } from './undoing.ts'

/** Of those who keep schedules, in the order in which a line is tried: the first that takes it decides. */
const WAYS: readonly ((request: Request, services: Services) => Promise<Answer>)[] = [
  takeConfirm,
  takeCancel,
  takeUndo,
  takeReaders,
  takeAnswer,
  takeChange,
  takeSentence,
]

/** Where an order may be given: directly, among Party members or grid workers, and anywhere when spoken to. */
function mayOrderHere({ room, addressed, late }: Request): boolean {
  return !late && (addressed || room?.kind === 'party' || room?.kind === 'grid')
}

/** Somebody without the right tries to set or confirm a schedule: a word in private, and nothing else. */
async function refuse(request: Request, services: Services): Promise<Commit | null> {
  const tries =
    isConfirm(request.text) || isCancel(request.text) || isChange(request.text)
      ? request.quote !== null && (await quotedMeant(services.db, request)) !== null
      : request.addressed && plainSchedule(request)?.ok === true
  if (!tries) return null
  const { person, messages } = request
  const last = messages.at(-1)
  return async () => [
    {
      to: { person: person.id },
      key: 'not-allowed',
      kind: 'refusal',
      text: replies.notAllowed,
      about: last ? [{ channel: last.channel, conversation: last.conversation, messageId: last.messageId }] : [],
    },
  ]
}

/** A sentence of the secretary becomes reminders. */
export const schedules: Feature = {
  name: 'schedules',
  async handle(request, services) {
    // What anybody may: to say that a reminder was read, and to ask what is planned.
    const anybodys = (await takeRead(request, services)) ?? (await takeList(request, services))
    if (anybodys) return anybodys
    if (!may(request.person.role, 'broadcast')) return refuse(request, services)
    if (!mayOrderHere(request) && request.quote === null) return null
    return firstAnswer(WAYS, request, services)
  },
  change: takeEdit,
  timers: scheduleTimers,
  daily: [wakeSleepers],
}
