import type { Change, Commit, Reply, Services } from '../feature.ts'
import { inquiryKey, moveInquiry, note } from './inquiry.ts'
import * as replies from './replies.ts'

/** A question that is with somebody is taken back, or put in other words: who was asked last is told. */
export async function takeInquiryChange(change: Change, services: Services): Promise<Commit | null> {
  const { message, type, person, now } = change
  const inquiry = await services.db.inquiry.findFirst({
    where: { inboxEventId: message.id, status: { in: ['asked-back', 'handed-over'] } },
    orderBy: { id: 'desc' },
  })
  if (!inquiry) return null
  const turn = await services.db.inquiryTurn.findFirst({ where: { inquiryId: inquiry.id }, orderBy: { id: 'desc' } })
  const text = type === 'recall' ? replies.takenBack : replies.putDifferently(message.text)
  const told: Reply[] = turn
    ? [{ to: { person: turn.personId }, key: inquiryKey(inquiry.id), kind: 'other', text, about: [] }]
    : []
  return async (tx) => {
    if (type === 'recall') await moveInquiry(tx, inquiry, 'withdrawn', person, now, { question: '' })
    else {
      await tx.inquiry.update({ where: { id: inquiry.id }, data: { question: message.text } })
      await note(tx, inquiry, { event: 'inquiry-edited', by: person, at: now })
    }
    return told
  }
}
