import type { Db, Person, Room } from '../../db/database.ts'
import { RELAY } from '../../message.ts'
import { namedRooms, roomsCalled } from '../../village/room-names.ts'

/**
 * The villagers' room that something was passed on out of: the one whose name stands before it, else the one that such
 * came from before, else that of the person's grid, else the village's. Null where the village has none.
 */
export async function roomFor(db: Db, person: Person, before: string): Promise<Room | null> {
  const named = (await namedRooms(db, person.villageId)).filter(({ room }) => room.kind === 'villagers')
  const called = before.split('\n').flatMap((line) => roomsCalled(named, line.replace(/[：:]$/, '')))
  if (called[0]) return called[0].room
  const rooms = named.map(({ room }) => room)
  const mine = rooms.filter(({ gridId }) => gridId === null || gridId === person.gridId)
  const candidates = mine.length > 0 ? mine : rooms
  return (
    candidates.find(({ channel }) => channel === RELAY) ??
    candidates.find(({ channel }) => channel === null) ??
    candidates[0] ??
    null
  )
}
