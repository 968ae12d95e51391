import { actorOf, audit } from '../../db/audit.ts'
import type { Db, Inquiry, Person, Prisma } from '../../db/database.ts'
import type { Request } from '../feature.ts'

/**
 * asked-back: one question back, to the asker · handed-over: with somebody who knows · answered · lapsed: nobody knew ·
 * withdrawn: taken back, or not pursued.
 */
export type InquiryStatus = 'asked-back' | 'handed-over' | 'answered' | 'lapsed' | 'withdrawn'

/** The topic of what is like no card. */
export const OTHER_TOPIC = 'other'

/** Keeps a question that was not answered at once. */
export async function openInquiry(
  tx: Db,
  request: Request,
  of: { question: string; topic: string; status: InquiryStatus; offered?: readonly string[] },
): Promise<Inquiry> {
  const { village, person, conversation, messages, now } = request
  const last = messages.at(-1)
  const inquiry = await tx.inquiry.create({
    data: {
      villageId: village.id,
      askerId: person.id,
      ...conversation,
      private: request.private,
      messageId: last?.messageId ?? '',
      inboxEventId: last?.id ?? 0,
      question: of.question,
      topic: of.topic,
      offered: [...(of.offered ?? [])],
      status: of.status,
      askedAt: now,
    },
  })
  await note(tx, inquiry, { event: `inquiry-${of.status}`, by: person, at: now })
  return inquiry
}

/** Gives an inquiry another status; false when somebody else was faster. */
export async function moveInquiry(
  tx: Db,
  inquiry: Inquiry,
  status: InquiryStatus,
  by: Person | null,
  at: Date,
  data: Prisma.InquiryUncheckedUpdateManyInput = {},
): Promise<boolean> {
  const where = { id: inquiry.id, status: inquiry.status }
  const { count } = await tx.inquiry.updateMany({ where, data: { ...data, status } })
  if (count > 0) await note(tx, inquiry, { event: `inquiry-${status}`, by, at })
  return count > 0
}

/** Writes one row of the audit log: numbers only, no words. A null person is the assistant itself. */
export async function note(
  tx: Db,
  { id, villageId }: Pick<Inquiry, 'id' | 'villageId'>,
  { event, by, at, data }: { event: string; by: Person | null; at: Date; data?: Record<string, number> },
): Promise<void> {
  await audit(tx, { villageId, at, by: by && actorOf(by), event, data: { inquiry: id, ...data } })
}

/** What a reply about an inquiry, or about a card, is keyed by; a quote of it leads back. */
export const inquiryKey = (id: number) => `inquiry:${id}`
export const cardKey = (id: number) => `village-card:${id}`

/** The inquiry or card that a message of the assistant, quoted by its id, was about; null where it was about none. */
export async function quotedSubject(
  db: Db,
  request: Pick<Request, 'conversation' | 'quote'>,
): Promise<{ kind: 'inquiry' | 'village-card'; id: number } | null> {
  if (!request.quote?.messageId) return null
  const said = await db.outboxMessage.findFirst({
    where: { ...request.conversation, messageId: request.quote.messageId },
    select: { key: true },
  })
  const match = /:(inquiry|village-card):(\d+)(?:\/\d+)?$/.exec(said?.key ?? '')
  return match ? { kind: match[1] as 'inquiry' | 'village-card', id: Number(match[2]) } : null
}
