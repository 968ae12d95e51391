import type { Db } from '../db/database.ts'
import type { Gazetteer } from '../understanding/understanding.ts'
import type { VillageFile } from './village-file.ts'

/** After this long a village is read again, because another process may have changed it. Milliseconds. */
const FRESH = 10_000

interface Entry {
  gazetteer: Gazetteer
  /** The gazetteer as text: an unchanged village keeps the same object, and whoever has compiled it keeps that. */
  text: string
  readAt: number
  generation: number
}

/** By database: tests and replays have several in one process, each with a village 1. */
const cache = new WeakMap<Db, Map<number, Entry>>()
const generations = new Map<number, number>()

/** What the understanding knows of a village: groups, places, listed people. The same object as long as nothing changes. */
export async function loadGazetteer(db: Db, villageId: number): Promise<Gazetteer> {
  const villages = cache.get(db) ?? new Map<number, Entry>()
  cache.set(db, villages)
  const known = villages.get(villageId)
  const generation = generations.get(villageId) ?? 0
  const readAt = performance.now()
  if (known && known.generation === generation && readAt - known.readAt < FRESH) return known.gazetteer
  const read = await readGazetteer(db, villageId)
  const text = JSON.stringify(read)
  const gazetteer = known?.text === text ? known.gazetteer : read
  villages.set(villageId, { gazetteer, text, readAt, generation })
  return gazetteer
}

/** Lets a village be read again by the next load. For whoever changes its groups, places or people. */
export function forgetGazetteer(villageId: number): void {
  generations.set(villageId, (generations.get(villageId) ?? 0) + 1)
}

async function readGazetteer(db: Db, villageId: number): Promise<Gazetteer> {
  const query = { where: { villageId }, orderBy: { id: 'asc' } } as const
  const groups = await db.group.findMany(query)
  const places = await db.place.findMany(query)
  const people = await db.person.findMany({ ...query, where: { villageId, listed: true, erasedAt: null } })
  return {
    groups: groups.map((group) => group.name),
    places: places.map(({ name, group }) => ({ name, ...(group !== null && { group }) })),
    people: people.map(({ name, role }) => ({ name, role })),
  }
}

/** What the understanding knows of a village that is only a file. */
export function gazetteerOfFile(file: VillageFile): Gazetteer {
  return {
    groups: file.groups,
    places: file.places.map(({ name, group }) => ({ name, ...(group && { group }) })),
    people: file.people.map(({ name, role }) => ({ name, role })),
  }
}
