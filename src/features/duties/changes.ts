import type { Change, Commit, Services } from '../feature.ts'
import { check, type Draft } from './check.ts'
import { correct, type Doing, enter, takeBack } from './meetings.ts'
import { mayKeep, organisationOf } from './organisation.ts'
import { dayOf } from './periods.ts'
import { readRecords } from './read-records.ts'
import { writtenOn } from './record.ts'

/**
 * What a message had entered follows the message: taken back with it, corrected by its new text. A text that can no
 * longer be entered as it is changes nothing. Null where the message had entered nothing.
 */
export async function takeChange(change: Change, { db }: Services): Promise<Commit | null> {
  const { type, village, person, message, now } = change
  const where = { villageId: village.id, inboxEventId: message.id }
  const meetings = await db.meeting.findMany({ where, orderBy: { id: 'asc' } })
  if (meetings.length === 0) return null
  const doing: Doing = { village, person, now, messages: [message] }
  if (type === 'recall') {
    return async (tx) => {
      for (const meeting of meetings) await takeBack(tx, doing, meeting)
      return []
    }
  }
  const branches = await organisationOf(db, village.id)
  const today = dayOf(now, village.timezone)
  const drafts: Draft[] = []
  for (const reading of readRecords(message.text, writtenOn(doing, [message]), branches)) {
    const checked = check(reading, branches, today)
    if ('type' in checked || checked.some(({ body }) => !mayKeep(person, branches, body))) return async () => []
    drafts.push(...checked)
  }
  return async (tx) => {
    const left = [...meetings]
    const fresh: Draft[] = []
    for (const draft of drafts) {
      const { kind, body } = draft
      const index = left.findIndex(
        (meeting) => meeting.kind === kind && meeting.branch === body.branch && meeting.partyGroup === body.group,
      )
      const [meeting] = index < 0 ? [] : left.splice(index, 1)
      if (meeting) await correct(tx, doing, meeting, draft)
      else fresh.push(draft)
    }
    for (const meeting of left) await takeBack(tx, doing, meeting)
    for (const draft of fresh) await enter(tx, doing, draft)
    return []
  }
}
