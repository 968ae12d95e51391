import { MINUTE } from '../../clock.ts'
import type { Db, Occurrence, OutboxMessage, Schedule } from '../../db/database.ts'
import { quotedSubject, type Request } from '../feature.ts'
import { subjectOf } from './schedule.ts'

/** What the assistant said last is what people speak of for so long. */
const FRESH = 30 * MINUTE

/** A schedule that is meant, and the occurrence if a reminder was. */
export interface Meant {
  schedule: Schedule
  occurrence: Occurrence | null
}

/** What the quoted message is about; null when it is nothing of schedules. */
export async function quotedMeant(db: Db, request: Request): Promise<Meant | null> {
  const subject = await quotedSubject(db, request)
  return subject === null ? null : behind(db, subject, request.village.id)
}

async function behind(db: Db, subject: string, villageId: number): Promise<Meant | null> {
  const [kind, id] = subject.split(':')
  if (kind === 'schedule') {
    const schedule = await db.schedule.findFirst({ where: { id: Number(id), villageId } })
    return schedule && { schedule, occurrence: null }
  }
  if (kind !== 'occurrence') return null
  const found = await db.occurrence.findFirst({ where: { id: Number(id), villageId }, include: { schedule: true } })
  if (!found) return null
  const { schedule, ...occurrence } = found
  return { schedule, occurrence }
}

export async function numbered(db: Db, villageId: number, no: number): Promise<Meant | null> {
  const schedule = await db.schedule.findUnique({ where: { villageId_no: { villageId, no } } })
  return schedule && { schedule, occurrence: null }
}

/** What was spoken of last in this conversation, if that was a schedule and a short while ago. */
export async function atHand(db: Db, request: Request): Promise<Meant | null> {
  const last = await lastCard(db, request)
  if (!last || request.now.getTime() - last.createdAt.getTime() > FRESH) return null
  return behind(db, last.subject ?? '', request.village.id)
}

/** The newest thing said here that a word may answer. */
async function lastCard(db: Db, request: Request): Promise<OutboxMessage | null> {
  return db.outboxMessage.findFirst({
    where: { ...request.conversation, kind: { in: ['card', 'question', 'receipt', 'reminder', 'alarm'] } },
    orderBy: { id: 'desc' },
  })
}

/** The newest card of something else has come after this draft's: a bare word may be meant for that one. */
export async function isOvertaken(db: Db, request: Request, draft: Schedule): Promise<boolean> {
  const last = await db.outboxMessage.findFirst({
    where: { ...request.conversation, kind: { in: ['card', 'alarm'] } },
    orderBy: { id: 'desc' },
  })
  return last !== null && last.subject !== subjectOf(draft)
}

/** Whether a card was quoted that is no longer the newest of its schedule. */
export async function isOutdated(db: Db, { quote, conversation }: Request, schedule: Schedule): Promise<boolean> {
  if (!quote) return false
  const newest = await db.outboxMessage.findFirst({
    where: { subject: subjectOf(schedule), kind: 'card' },
    orderBy: { id: 'desc' },
  })
  if (!newest) return false
  if (quote.messageId === undefined) return !newest.text.startsWith(quote.text?.trim() ?? '')
  const quoted = await db.outboxMessage.findFirst({ where: { ...conversation, messageId: quote.messageId } })
  // A long card is several messages: any of them is the card.
  const whole = (key: string) => key.split('/')[0]
  return quoted !== null && quoted.kind === 'card' && whole(newest.key) !== whole(quoted.key) && newest.id > quoted.id
}
