import { may } from '../../village/roles.ts'
import type { Answer, Feature, Request, Services } from '../feature.ts'
import { answerHere, firstAnswer } from '../feature.ts'
import { readAsk } from './asks.ts'
import { takeChange } from './changes.ts'
import { takePhotos, takeReply, takeUndo } from './corrections.ts'
import { ledgerFile, parseAttachmentKey } from './ledger.ts'
import { type Branch, organisationOf } from './organisation.ts'
import { readRecords } from './read-records.ts'
import { takeAnswer, takeRecord, writtenOn } from './record.ts'
import { monthlyReminder } from './reminder.ts'
import * as replies from './replies.ts'
import { takeAsk } from './take-ask.ts'

/** In the order in which a line is tried: the first that takes it decides. */
const WAYS: readonly ((request: Request, services: Services, branches: Branch[]) => Promise<Answer>)[] = [
  takeReply,
  takeUndo,
  takePhotos,
  takeAsk,
  takeRecord,
  takeAnswer,
]

/** 三会一课 and 主题党日: what a village's branches and groups owe, what they have done, and the ledger of it. */
export const duties: Feature = {
  name: 'duties',
  async handle(request, services) {
    const { room, understanding, village } = request
    if ((room !== null && room.kind !== 'party') || understanding.urgency === 'emergency') return null
    const branches = await organisationOf(services.db, village.id)
    if (branches.length === 0) return withoutOrganisation(request)
    return firstAnswer(WAYS, request, services, branches)
  },
  change: takeChange,
  daily: [monthlyReminder],
  async open({ key }, { db, clock }) {
    const { villageId, period, format } = parseAttachmentKey(key)
    const village = await db.village.findUniqueOrThrow({ where: { id: villageId } })
    return ledgerFile(db, village, period, format, clock.now())
  },
}

/** A village whose file names no branches: only who could keep records is told what is missing. */
function withoutOrganisation(request: Request): Answer {
  if (!request.private || !may(request.person.role, 'keep-duties')) return null
  const today = writtenOn(request, request.messages)
  if (!readAsk(request.text, today) && readRecords(request.text, today, []).length === 0) return null
  return async () => [answerHere(request, { key: 'duty-none', kind: 'answer', text: replies.noOrganisation })]
}
