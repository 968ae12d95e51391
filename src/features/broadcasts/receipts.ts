import type { Broadcast, Db } from '../../db/database.ts'
import { type Answer, quotedSubject, type Request, type Services } from '../feature.ts'
import { idIn, RECEIPTS_WITHIN } from './broadcast.ts'
import { readReceipt } from './command-words.ts'

/**
 * 收到 below a notice, or after it: counted without a word. In a work room a bare 收到 belongs to whatever the assistant
 * said last there, so it is never taken from a ticket. Null where it is about no notice.
 */
export async function takeReceipt(request: Request, services: Services): Promise<Answer> {
  const { room, person, understanding, messages, now } = request
  const read = readReceipt(request.text)
  if (!room || !read || request.attachments.length > 0) return null
  if (read === 'begins' && (!request.quote || understanding.gate === 'ticket')) return null
  const broadcast = request.quote ? await quoted(request, services.db) : await heardLately(request, services.db, read)
  if (!broadcast) return null
  const inboxEventId = messages.at(-1)?.id ?? 0
  return async (tx) => {
    const [broadcastId, personId] = [broadcast.id, person.id]
    await tx.broadcastReceipt.upsert({
      where: { broadcastId_personId: { broadcastId, personId } },
      create: { broadcastId, personId, roomId: room.id, inboxEventId, at: now },
      update: {},
    })
    return []
  }
}

async function quoted(request: Request, db: Db): Promise<Broadcast | null> {
  return sentBroadcast(request, db, await quotedSubject(db, request))
}

/** The notice that a bare 收到 is about: the last thing said here; in words that mean nothing else an older one, too. */
async function heardLately(request: Request, db: Db, read: 'plain' | 'polite' | 'begins'): Promise<Broadcast | null> {
  const { conversation, room, person, now } = request
  const sent = { ...conversation, state: 'sent', sentAt: { gte: new Date(now.getTime() - RECEIPTS_WITHIN) } }
  const last = await db.outboxMessage.findFirst({ where: sent, orderBy: { id: 'desc' } })
  const newest = await sentBroadcast(request, db, last?.kind === 'card' ? null : (last?.subject ?? null))
  // A reminder of a schedule that was said last is what is meant.
  const isOfOther = newest === null && (last?.subject ?? null) !== null
  if (newest || isOfOther || room?.kind === 'grid' || read !== 'plain') return newest
  const notice = await db.outboxMessage.findFirst({ where: { ...sent, kind: 'broadcast' }, orderBy: { id: 'desc' } })
  const older = await sentBroadcast(request, db, notice?.subject ?? null)
  if (!older) return null
  const known = await db.broadcastReceipt.findUnique({
    where: { broadcastId_personId: { broadcastId: older.id, personId: person.id } },
  })
  return known ? null : older
}

async function sentBroadcast({ village, room }: Request, db: Db, subject: string | null): Promise<Broadcast | null> {
  const id = idIn(subject)
  if (id === null) return null
  return db.broadcast.findFirst({
    where: {
      id,
      villageId: village.id,
      confirmedAt: { not: null },
      deliveries: { some: { roomId: room?.id ?? 0, state: 'queued' } },
    },
  })
}
