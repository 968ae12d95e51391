import { audit } from '../../db/audit.ts'
import { may } from '../../village/roles.ts'
import { answerHere, type Commit, type Reply, type Request, type Services, speaker } from '../feature.ts'
import { type Ask, readAsk } from './asks.ts'
import { attachmentKey, MIME } from './ledger.ts'
import { type Body, type Branch, keptBy, mayKeep } from './organisation.ts'
import { dayOf } from './periods.ts'
import { normalise, readSlots } from './read-slots.ts'
import { writtenOn } from './record.ts'
import * as replies from './replies.ts'
import { standingOf, themesOf } from './standing.ts'

/** Attachments that this feature makes are named by this channel. */
const OWN_CHANNEL = 'feature:duties'

/** What is owed, how themes are spread, the ledger, the reminder: for those who keep the records, in private. */
export async function takeAsk(request: Request, services: Services, branches: Branch[]): Promise<Commit | null> {
  const ask = readAsk(request.text, writtenOn(request, request.messages))
  if (!ask) return null
  const { person } = request
  const whole = may(person.role, 'keep-duties')
  const needsWhole = ask.type === 'ledger' || ask.type === 'reminders'
  if (needsWhole ? !whole : keptBy(person, branches).length === 0) {
    return request.private ? say(request, { kind: 'refusal', text: replies.askTheSecretary }) : null
  }
  // What is still owed is nobody's business but theirs: asked in a room, it is answered directly.
  if (!request.private && !(await services.canReach(services.db, person.id))) {
    return say(request, { kind: 'other', text: replies.writeDirectly })
  }
  const { village, now } = request
  const reply = await replyTo(ask, request, services, branches)
  const to: Reply['to'] = request.private
    ? { conversation: request.conversation, private: true }
    : { person: person.id }
  return async (tx) => {
    if (ask.type === 'reminders') {
      const dutyRemindersOffAt = ask.on ? null : now
      await tx.village.update({ where: { id: village.id }, data: { dutyRemindersOffAt } })
      const event = ask.on ? 'duty-reminders-on' : 'duty-reminders-off'
      await audit(tx, { villageId: village.id, at: now, by: speaker(request), event })
    }
    const { replyTo: _, ...here } = answerHere(request, { key: 'duty-asked', kind: 'answer', text: reply.text })
    return [{ ...here, ...reply, to }]
  }
}

async function replyTo(
  ask: Ask,
  request: Request,
  { db }: Services,
  branches: Branch[],
): Promise<Pick<Reply, 'text' | 'attachments'>> {
  const { village, person, now } = request
  const today = dayOf(now, village.timezone)
  switch (ask.type) {
    case 'standing': {
      const { bodies, whose } = bodiesMeant(request, branches, today)
      const standing = await standingOf(db, village.id, branches, ask.period, today)
      const seen = standing.filter(
        ({ body }) =>
          mayKeep(person, branches, body) &&
          bodies.some((one) => one.branch === body.branch && (one.group === '' || one.group === body.group)),
      )
      return { text: replies.standingText(seen, ask.period, today, whose) }
    }
    case 'themes':
      return { text: replies.themesText(ask.year, await themesOf(db, village.id, ask.year)) }
    case 'reminders':
      return { text: ask.on ? replies.remindersOn : replies.remindersOff }
    case 'ledger': {
      const { from, until } = ask.period
      const rows = await db.meeting.count({ where: { villageId: village.id, day: { gte: from, lte: until } } })
      const attachments = ask.formats.map((format) => ({
        kind: 'file' as const,
        channel: OWN_CHANNEL,
        key: attachmentKey(village.id, ask.period, format),
        name: replies.ledgerName(village.name, ask.period, format),
        mime: MIME[format],
      }))
      return { text: replies.ledgerSent(ask.period, rows), attachments }
    }
  }
}

/** The branches or groups that the question names; all where it names none. A branch stands for its groups, too. */
function bodiesMeant({ text }: Request, branches: Branch[], today: string): { bodies: Body[]; whose: string } {
  const { branch, group } = readSlots(normalise(text), today, branches)
  const named = (bodies: Body[], numbers: number[], names: string[], nameOf: (body: Body) => string) =>
    bodies.filter((body) => numbers.includes(body.number) || names.includes(nameOf(body)))
  const groups = group
    ? named(
        branches.flatMap((one) => one.groups),
        group.numbers,
        group.names,
        (one) => one.group,
      )
    : []
  const found = [...(branch ? named(branches, branch.numbers, branch.names, (one) => one.branch) : []), ...groups]
  return found.length === 0
    ? { bodies: branches, whose: '' }
    : { bodies: found, whose: ` ${found.map(replies.shortName).join('、')}` }
}

function say(request: Request, { kind, text }: Pick<Reply, 'kind' | 'text'>): Commit {
  return async () => [answerHere(request, { key: 'duty-asked', kind, text })]
}
