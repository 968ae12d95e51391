import type { Db } from '../db/database.ts'
import { RIGHTS } from './roles.ts'

/** Where the assistant is at home on a channel: its bound rooms, and the conversations in which tickets are worked on. */
export async function presenceOn(db: Db, channel: string): Promise<{ rooms: string[]; work: string[] }> {
  const rooms = await db.room.findMany({ where: { channel }, orderBy: { id: 'asc' } })
  const workers = await db.identity.findMany({
    where: { channel, person: { erasedAt: null, role: { in: [...RIGHTS['work-tickets']] } } },
    orderBy: { id: 'asc' },
  })
  const conversations = (bound: typeof rooms) => bound.flatMap((room) => room.conversation ?? [])
  const work = [
    ...conversations(rooms.filter((room) => room.kind === 'grid')),
    ...workers.map((identity) => identity.externalId),
  ]
  return { rooms: conversations(rooms), work }
}
