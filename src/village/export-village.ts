import type { Db } from '../db/database.ts'
import { VILLAGE_IMPORTED } from './import-village.ts'
import { ROLES, type Role } from './roles.ts'
import { groupOfPlaceName, ROOM_KINDS, type RoomKind, type VillageFileInput } from './village-file.ts'

/** The village as a file that `importVillage` makes the same village from. Throws when there is no village of that name. */
export async function exportVillage(db: Db, villageName: string): Promise<VillageFileInput> {
  const village = await db.village.findUnique({ where: { name: villageName } })
  if (!village) throw new Error(`there is no village ${villageName}`)
  const query = { where: { villageId: village.id }, orderBy: { id: 'asc' } } as const
  const grids = await db.grid.findMany(query)
  const groups = await db.group.findMany(query)
  const places = await db.place.findMany(query)
  const rooms = await db.room.findMany(query)
  const people = await db.person.findMany({ ...query, where: { ...query.where, listed: true } })
  const branches = await db.partyBranch.findMany({ ...query, include: { groups: { orderBy: { id: 'asc' } } } })
  const imported = await db.auditEntry.findFirst({
    where: { villageId: village.id, event: VILLAGE_IMPORTED },
    orderBy: { id: 'desc' },
  })
  const groupNames = groups.map((group) => group.name)
  const gridName = (id: number | null) => grids.find((grid) => grid.id === id)?.name
  const personName = (id: number | null) => people.find((person) => person.id === id)?.name
  const party = partyFigures(imported?.data)
  const groupFigures = Object.fromEntries(
    groups
      .filter((group) => group.households !== null || group.residents !== null)
      .map((group) => [group.name, compact({ households: group.households, residents: group.residents })]),
  )
  const figures = {
    ...(Object.keys(groupFigures).length > 0 && { groups: groupFigures }),
    ...(party && { party }),
  }
  return {
    name: village.name,
    timezone: village.timezone,
    groups: groupNames,
    grids: grids.map((grid) => ({
      name: grid.name,
      groups: groups.filter((group) => group.gridId === grid.id).map((group) => group.name),
    })),
    places: places.map(({ name, group }) => (group === groupOfPlaceName(name, groupNames) ? name : { name, group })),
    rooms: rooms.map((room) => ({
      id: room.key,
      kind: ROOM_KINDS.includes(room.kind as RoomKind) ? (room.kind as RoomKind) : 'villagers',
      ...compact({ grid: gridName(room.gridId) }),
    })),
    people: people.map((person) => ({
      name: person.name,
      role: ROLES.includes(person.role as Role) ? (person.role as Role) : 'villager',
      ...compact({ grid: gridName(person.gridId), group: person.group }),
      ...(person.duty && { duty: true }),
    })),
    ...(branches.length > 0 && {
      party: {
        branches: branches.map((branch) => ({
          name: branch.name,
          ...compact({ members: branch.members, secretary: personName(branch.secretaryId) }),
          groups: branch.groups.map((group) => ({
            name: group.name,
            ...compact({ members: group.members, leader: personName(group.leaderId) }),
          })),
        })),
      },
    }),
    ...(Object.keys(figures).length > 0 && { figures }),
  }
}

/** Without the fields that hold nothing. */
function compact<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}

function partyFigures(data: unknown): Record<string, number> | undefined {
  if (typeof data !== 'object' || data === null || !('party' in data)) return undefined
  const { party } = data
  if (typeof party !== 'object' || party === null) return undefined
  const figures = Object.entries(party).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return figures.length > 0 ? Object.fromEntries(figures) : undefined
}
