import { audit } from '../db/audit.ts'
import type { Db } from '../db/database.ts'
import type { ConversationRef } from '../message.ts'

/**
 * Follows a room whose network has given it another id: what is bound to it, waits in it or is asked in it goes on under
 * the new one. What was said before keeps the old id, because message ids begin anew. May be repeated.
 */
export async function moveConversation(tx: Db, from: ConversationRef, to: string, now: Date): Promise<void> {
  const here = { channel: from.channel, conversation: from.conversation }
  const there = { conversation: to }
  const room = await tx.room.findFirst({ where: here })
  const taken = await tx.room.findFirst({ where: { channel: from.channel, conversation: to } })
  if (room && !taken) {
    await tx.room.update({ where: { id: room.id }, data: there })
    const data = { room: room.key, ...here, to }
    await audit(tx, { villageId: room.villageId, at: now, event: 'room-moved', data })
  }
  await tx.question.updateMany({ where: here, data: there })
  await tx.ticketReporter.updateMany({ where: here, data: there })
  await tx.broadcast.updateMany({ where: here, data: there })
  await tx.inquiry.updateMany({ where: here, data: { ...there, messageId: '' } })
  await tx.campaign.updateMany({ where: here, data: there })
  await tx.inboxEvent.updateMany({ where: { ...here, state: 'waiting' }, data: there })
  await tx.outboxMessage.updateMany({
    where: { ...here, state: { in: ['pending', 'sending'] } },
    data: { ...there, replyTo: null },
  })
}
