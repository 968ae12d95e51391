import type { Db } from '../db/database.ts'

export const CHANNEL = 'simulator'

export const PHONES = ['villagers', 'grid', 'own'] as const
export type Phone = (typeof PHONES)[number]

/** What the third phone shows: its owner's conversation with the assistant, or the party room. */
export type View = 'direct' | 'party'

export interface DemoPerson {
  /** Id on the simulator channel. */
  id: string
  name: string
  role: string
  group: string | null
  duty: boolean
}

export interface DemoVillage {
  name: string
  timezone: string
  /** Conversation ids of the bound rooms by kind. */
  rooms: Partial<Record<string, string>>
  people: DemoPerson[]
}

/** Where somebody writes or reads. */
export interface Place {
  conversation: string
  private: boolean
}

/** Reads the demo village's bound rooms and the people who have an account on the simulator. */
export async function readVillage(db: Db, villageId: number): Promise<DemoVillage> {
  const [village, rooms, identities] = await Promise.all([
    db.village.findUniqueOrThrow({ where: { id: villageId } }),
    db.room.findMany({ where: { villageId, channel: CHANNEL, conversation: { not: null } }, orderBy: { id: 'asc' } }),
    db.identity.findMany({
      where: { villageId, channel: CHANNEL, person: { erasedAt: null } },
      include: { person: true },
      orderBy: { personId: 'asc' },
      take: 300,
    }),
  ])
  const byKind: DemoVillage['rooms'] = {}
  for (const room of rooms) byKind[room.kind] ??= room.conversation ?? undefined
  return {
    name: village.name,
    timezone: village.timezone,
    rooms: byKind,
    people: identities.map(({ externalId, person }) => ({
      id: externalId,
      name: person.name,
      role: person.role,
      group: person.group,
      duty: person.duty,
    })),
  }
}

/** Roles in the order in which a phone offers them; the others follow. */
const FIRST_ROLES: Record<Phone, readonly string[]> = {
  villagers: ['villager', 'informant', 'legal-helper'],
  grid: ['grid-worker', 'secretary', 'informant'],
  own: ['secretary', 'villager', 'grid-worker'],
}

/** The people as a phone offers them, the likeliest owner first. */
export function offered(people: readonly DemoPerson[], phone: Phone): DemoPerson[] {
  const rank = (person: DemoPerson) => {
    const at = FIRST_ROLES[phone].indexOf(person.role)
    return (at < 0 ? 9 : at) * 2 + (person.duty ? 0 : 1)
  }
  return [...people].sort((a, b) => rank(a) - rank(b))
}

/** The conversation a phone shows to a person; null where its room is not bound. */
export function placeOf(village: DemoVillage, phone: Phone, person: string, view: View): Place | null {
  if (phone === 'own' && view === 'direct') return { conversation: person, private: true }
  const conversation = village.rooms[phone === 'own' ? 'party' : phone]
  return conversation === undefined ? null : { conversation, private: false }
}
