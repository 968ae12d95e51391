import type { Db, Schedule } from '../../db/database.ts'
import type { MessageRef } from '../../message.ts'

/** The message a schedule was read from, as what is said of it is about. */
export async function sourceOf(db: Db, schedule: Pick<Schedule, 'inboxEventId'>): Promise<MessageRef[]> {
  if (schedule.inboxEventId === null) return []
  const event = await db.inboxEvent.findUnique({
    where: { id: schedule.inboxEventId },
    select: { channel: true, conversation: true, messageId: true },
  })
  return event ? [event] : []
}
