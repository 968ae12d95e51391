import type { Db, Room } from '../../db/database.ts'
import { type NamedRoom, namedRooms, roomsCalled } from '../../village/room-names.ts'
import { ALL_ROOMS, ROOM_WORDS, THIS_ROOM } from './command-words.ts'
import type { Kind } from './draft.ts'

/** Where things of a kind are said when nobody names a room. */
const USUAL_ROOM: Record<Kind, 'party' | 'villagers'> = {
  'party-day': 'party',
  'branch-committee': 'party',
  'party-group': 'party',
  'members-meeting': 'party',
  'party-class': 'party',
  sanitation: 'villagers',
  talk: 'villagers',
  council: 'villagers',
  other: 'villagers',
}

export interface FoundRooms {
  rooms: Room[]
  /** Names that mean no room of the village. */
  unknown: string[]
}

/** The rooms that are meant by the names in a sentence; without any, the one it was written in, or the usual one of its kind. */
export async function roomsMeant(
  db: Db,
  villageId: number,
  names: readonly string[],
  { kind, here }: { kind: Kind; here: Room | null },
): Promise<FoundRooms> {
  const named = await namedRooms(db, villageId)
  const all = named.map(({ room }) => room)
  const found: FoundRooms = { rooms: [], unknown: [] }
  for (const name of names) {
    const meant = meantBy(name)
    if (meant.length === 0) found.unknown.push(name)
    for (const room of meant) if (!found.rooms.some(({ id }) => id === room.id)) found.rooms.push(room)
  }
  if (names.length === 0) found.rooms = here ? [here] : preferred(all.filter((room) => room.kind === USUAL_ROOM[kind]))
  return found

  function meantBy(name: string): Room[] {
    if (THIS_ROOM.test(name)) return here ? [here] : preferred(all.filter((room) => room.kind === USUAL_ROOM[kind]))
    const called = roomsCalled(named, name)
    if (called.length > 0) return called.map(({ room }) => room)
    const kindNamed = ROOM_WORDS.find(([, words]) => words.test(name))?.[0]
    const ofKind = all.filter((room) => room.kind === kindNamed)
    return ALL_ROOMS.test(name) ? ofKind : preferred(ofKind)
  }
}

/** The room of the whole village if there is one, else all of the kind. */
function preferred(rooms: Room[]): Room[] {
  const whole = rooms.filter((room) => room.gridId === null)
  return whole.length > 0 ? whole.slice(0, 1) : rooms
}

/** Rooms with the names people know them by, in the order of the village file. */
export async function namesOf(db: Db, villageId: number, ids: readonly number[]): Promise<NamedRoom[]> {
  return (await namedRooms(db, villageId)).filter(({ room }) => ids.includes(room.id))
}
