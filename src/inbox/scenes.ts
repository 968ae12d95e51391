import type { Clock } from '../clock.ts'
import type { Database, InboxEvent, Person, Room, Village } from '../db/database.ts'
import { ensurePerson, findPerson } from '../village/people.ts'
import { findRoom } from '../village/rooms.ts'
import { villagesOf } from '../village/villages.ts'

/** For how long a room or person is not looked up again. Another process may change them. Milliseconds. */
const FRESH = 5000
const MOST_KEPT = 5000

/** Where and by whom something was said. */
export interface Scene {
  village: Village
  room: Room | null
  person: Person
}

export interface Scenes {
  /** Who says it, where; null in a conversation that belongs to no village. */
  of(event: InboxEvent): Promise<Scene | null>
  /** The village whose turn it takes; null in a conversation that belongs to none. */
  villageOf(event: InboxEvent): Promise<Village | null>
  personOf(villageId: number, event: InboxEvent): Promise<Person>
  /** Forgets what is kept: rooms or people were bound. */
  forget(): void
}

/** Finds rooms, villages and people of messages, keeping what was found for a moment: villages are talkative. */
export function createScenes(database: Database, clock: Clock): Scenes {
  const { db } = database
  const rooms = createKept<{ room: Room; village: Village } | null>()
  const people = createKept<Person>()

  async function bound(event: InboxEvent) {
    // What was passed on by hand belongs to the room it was passed on for, whatever that is bound to.
    if (event.relayedById !== null && event.roomId !== null) return relayedInto(event.roomId, event)
    return rooms.get(`${event.channel} ${event.conversation}`, async () => {
      const room = await findRoom(db, event.channel, event.conversation)
      if (!room) return null
      return { room, village: await db.village.findUniqueOrThrow({ where: { id: room.villageId } }) }
    })
  }

  async function relayedInto(roomId: number, { channel, conversation }: InboxEvent) {
    return rooms.get(`${channel} ${conversation}`, async () => {
      const room = await db.room.findUnique({ where: { id: roomId }, include: { village: true } })
      return room && { room: { ...room, channel, conversation }, village: room.village }
    })
  }

  async function personOf(villageId: number, event: InboxEvent): Promise<Person> {
    const account = { villageId, channel: event.channel, externalId: event.senderId ?? '', name: event.senderName }
    return people.get(JSON.stringify(account), async () => {
      const known = await findPerson(db, villageId, account.channel, account.externalId)
      if (known && (known.listed || known.name === account.name)) return known
      // A person and their account are written together, or not at all.
      if (known) return ensurePerson(db, account, clock.now())
      return database.transaction((tx) => ensurePerson(tx, account, clock.now()))
    })
  }

  return {
    personOf,
    async villageOf(event) {
      if (!event.private) return (await bound(event))?.village ?? null
      return (await villagesOf(db, event.channel, event.senderId ?? ''))[0] ?? null
    },
    async of(event) {
      if (event.senderId === null) return null
      if (!event.private) {
        const found = await bound(event)
        if (!found) return null
        const person = await personOf(found.village.id, event)
        // A nickname has no rights, whoever it may have become.
        return { ...found, person: event.relayedById === null ? person : { ...person, role: 'villager' } }
      }
      // A direct message belongs to the village where its sender was last heard.
      const [village] = await villagesOf(db, event.channel, event.senderId)
      return village ? { village, room: null, person: await personOf(village.id, event) } : null
    },
    forget() {
      rooms.clear()
      people.clear()
    },
  }
}

function createKept<T>() {
  const kept = new Map<string, { value: T; at: number }>()
  return {
    async get(key: string, find: () => Promise<T>): Promise<T> {
      // Not the village's clock: a replay turns that by days.
      const at = performance.now()
      const known = kept.get(key)
      if (known && at - known.at < FRESH) return known.value
      const value = await find()
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(key, { value, at })
      return value
    },
    clear: () => kept.clear(),
  }
}
