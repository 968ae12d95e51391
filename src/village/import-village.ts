import { audit } from '../db/audit.ts'
import type { Db, Grid, Village } from '../db/database.ts'
import { forgetGazetteer } from './gazetteer.ts'
import { groupOfPlaceName, type VillageFile } from './village-file.ts'

export interface ImportOptions {
  now: Date
  /** The village is for trying things out; said of a new village only. */
  demo?: boolean
  /**
   * Binds each room that is not bound yet to the conversation of its id on this channel, and gives each listed person
   * the account of their name there. Only for channels where a name cannot be forged: the simulator and replays.
   */
  bindTo?: string
  /** Put before each conversation, so that several villages can be bound to one channel. */
  conversationPrefix?: string
}

/**
 * Creates a village or brings it in line with its file; may be repeated, and touches no other village.
 * Nobody is deleted: who is no longer listed becomes an ordinary villager. A room that is bound stays.
 * Throws when `bindTo` needs a conversation that is bound already, with nothing written if the caller rolls back.
 */
export async function importVillage(tx: Db, file: VillageFile, options: ImportOptions): Promise<Village> {
  const village = await tx.village.upsert({
    where: { name: file.name },
    create: { name: file.name, timezone: file.timezone, demo: options.demo ?? false, createdAt: options.now },
    update: { timezone: file.timezone },
  })
  const grids = await importGrids(tx, village, file)
  await importGroups(tx, village, file, grids)
  await importPlaces(tx, village, file)
  await importRooms(tx, village, file, grids, options)
  await importPeople(tx, village, file, grids, options)
  await importParty(tx, village, file)
  const data = { people: file.people.length, rooms: file.rooms.length, party: file.figures?.party ?? {} }
  await audit(tx, { villageId: village.id, at: options.now, event: VILLAGE_IMPORTED, data })
  forgetGazetteer(village.id)
  return village
}

/** The audit event of an import; its data keep the Party figures, which have no column of their own. */
export const VILLAGE_IMPORTED = 'village-imported'

type GridIds = ReadonlyMap<string, number>

function gridId(grids: GridIds, name: string | undefined): number | null {
  return (name && grids.get(name)) || null
}

async function importGrids(tx: Db, village: Village, file: VillageFile): Promise<GridIds> {
  const where = { villageId: village.id }
  const names = file.grids.map((grid) => grid.name)
  const gone: Grid[] = await tx.grid.findMany({ where: { ...where, name: { notIn: names } } })
  const goneIds = gone.map((grid) => grid.id)
  if (goneIds.length > 0) {
    for (const table of [tx.person, tx.room] as { updateMany(query: object): Promise<unknown> }[]) {
      await table.updateMany({ where: { ...where, gridId: { in: goneIds } }, data: { gridId: null } })
    }
    await tx.grid.deleteMany({ where: { id: { in: goneIds } } })
  }
  const ids = new Map<string, number>()
  for (const name of names) {
    const key = { villageId: village.id, name }
    const grid = await tx.grid.upsert({ where: { villageId_name: key }, create: key, update: {} })
    ids.set(name, grid.id)
  }
  return ids
}

async function importGroups(tx: Db, village: Village, file: VillageFile, grids: GridIds): Promise<void> {
  await tx.group.deleteMany({ where: { villageId: village.id, name: { notIn: file.groups } } })
  for (const name of file.groups) {
    const figures = file.figures?.groups?.[name]
    const data = {
      gridId: gridId(grids, file.grids.find((grid) => grid.groups.includes(name))?.name),
      households: figures?.households ?? null,
      residents: figures?.residents ?? null,
    }
    const key = { villageId: village.id, name }
    await tx.group.upsert({ where: { villageId_name: key }, create: { ...key, ...data }, update: data })
  }
}

async function importPlaces(tx: Db, village: Village, file: VillageFile): Promise<void> {
  // Written anew, so that their order stays that of the file; nothing refers to a place.
  await tx.place.deleteMany({ where: { villageId: village.id } })
  await tx.place.createMany({
    data: file.places.map((place) => ({
      villageId: village.id,
      name: place.name,
      group: place.group === undefined ? groupOfPlaceName(place.name, file.groups) : place.group,
    })),
  })
}

async function importRooms(
  tx: Db,
  village: Village,
  file: VillageFile,
  grids: GridIds,
  { now, bindTo, conversationPrefix = '' }: ImportOptions,
): Promise<void> {
  await tx.room.deleteMany({
    where: { villageId: village.id, key: { notIn: file.rooms.map((room) => room.id) }, channel: null },
  })
  for (const room of file.rooms) {
    const key = { villageId: village.id, key: room.id }
    const data = { kind: room.kind, gridId: gridId(grids, room.grid) }
    const { id, channel } = await tx.room.upsert({
      where: { villageId_key: key },
      create: { ...key, ...data },
      update: data,
    })
    if (!bindTo || channel !== null) continue
    const conversation = conversationPrefix + room.id
    const holder = await tx.room.findUnique({ where: { channel_conversation: { channel: bindTo, conversation } } })
    if (holder) {
      throw new Error(
        `conversation ${conversation} on ${bindTo} is already bound to another room; give the village another conversationPrefix`,
      )
    }
    await tx.room.update({ where: { id }, data: { channel: bindTo, conversation, boundAt: now } })
  }
}

async function importPeople(
  tx: Db,
  village: Village,
  file: VillageFile,
  grids: GridIds,
  { now, bindTo }: ImportOptions,
): Promise<void> {
  const where = { villageId: village.id }
  await tx.person.updateMany({
    where: { ...where, listed: true, name: { notIn: file.people.map((person) => person.name) } },
    data: { listed: false, role: 'villager', gridId: null, duty: false },
  })
  const listed = await tx.person.findMany({ where: { ...where, listed: true } })
  for (const person of file.people) {
    const data = {
      name: person.name,
      role: person.role,
      gridId: gridId(grids, person.grid),
      group: person.group ?? null,
      duty: person.duty ?? false,
      listed: true,
    }
    const account = bindTo ? { channel: bindTo, externalId: person.name, villageId: village.id } : undefined
    const holder = account && (await tx.identity.findUnique({ where: { channel_externalId_villageId: account } }))
    // Not by the name of somebody unlisted: anybody can call themselves by a grid worker's name.
    const knownId = listed.find((known) => known.name === person.name)?.id ?? holder?.personId
    const { id } = knownId
      ? await tx.person.update({ where: { id: knownId }, data })
      : await tx.person.create({ data: { ...where, ...data, createdAt: now } })
    if (account && !holder) await tx.identity.create({ data: { ...account, personId: id } })
    if (holder && holder.personId !== id) await tx.identity.update({ where: { id: holder.id }, data: { personId: id } })
  }
}

/** Branches and Party groups are brought in line; what was recorded of them keeps their names and stays. */
async function importParty(tx: Db, village: Village, file: VillageFile): Promise<void> {
  const where = { villageId: village.id }
  const branches = file.party?.branches ?? []
  const people = await tx.person.findMany({ where: { ...where, listed: true }, select: { id: true, name: true } })
  const idOf = (name: string | undefined) => people.find((person) => person.name === name)?.id ?? null
  // Written anew, so that their order stays that of the file; nothing refers to a branch or group by its id.
  await tx.partyGroup.deleteMany({ where })
  await tx.partyBranch.deleteMany({ where })
  for (const { name, members, secretary, groups } of branches) {
    const branch = await tx.partyBranch.create({
      data: { ...where, name, members: members ?? null, secretaryId: idOf(secretary) },
    })
    await tx.partyGroup.createMany({
      data: groups.map((group) => ({
        ...where,
        branchId: branch.id,
        name: group.name,
        members: group.members ?? null,
        leaderId: idOf(group.leader),
      })),
    })
  }
}
