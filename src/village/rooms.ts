import type { Db, Room } from '../db/database.ts'
import type { RoomKind } from './village-file.ts'

/** The room a conversation is bound to; null when it is bound to none. */
export async function findRoom(db: Db, channel: string, conversation: string): Promise<Room | null> {
  return db.room.findUnique({ where: { channel_conversation: { channel, conversation } } })
}

/** The village's room of a kind: the grid's own first, else the one of the whole village; bound ones first. */
export async function roomOfKind(
  db: Db,
  villageId: number,
  kind: RoomKind,
  gridId: number | null = null,
): Promise<Room | null> {
  const rooms = await db.room.findMany({ where: { villageId, kind }, orderBy: { id: 'asc' } })
  const bound = rooms.filter((room) => room.channel !== null)
  for (const candidates of [bound, rooms]) {
    const found =
      candidates.find((room) => gridId !== null && room.gridId === gridId) ??
      candidates.find((room) => room.gridId === null)
    if (found) return found
  }
  return null
}
