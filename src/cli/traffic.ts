import { fromWallTime, wallTime } from '../clock.ts'
import type { Db } from '../db/database.ts'

/** When something last came in and last went out on a channel. ISO 8601; null where nothing ever did. */
export async function lastTraffic(db: Db, channel: string): Promise<{ lastIn: string | null; lastOut: string | null }> {
  const newest = { orderBy: { id: 'desc' } } as const
  const [heard, said] = await Promise.all([
    db.inboxEvent.findFirst({ where: { channel }, ...newest, select: { receivedAt: true } }),
    db.outboxMessage.findFirst({ where: { channel, state: 'sent' }, ...newest, select: { sentAt: true } }),
  ])
  return { lastIn: heard?.receivedAt.toISOString() ?? null, lastOut: said?.sentAt?.toISOString() ?? null }
}

/** How many messages have gone out on a channel since midnight in China. */
export async function sentSinceMidnight(db: Db, channel: string, now: Date): Promise<number> {
  const { year, month, day } = wallTime(now, 'Asia/Shanghai')
  const midnight = fromWallTime({ year, month, day }, 'Asia/Shanghai')
  return db.outboxMessage.count({ where: { channel, state: 'sent', sentAt: { gte: midnight } } })
}
