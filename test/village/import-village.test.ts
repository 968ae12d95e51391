import { expect, test } from 'vitest'
import { DEMO_VILLAGERS, readDemoVillage, seedDemoVillage } from '../../src/village/demo.ts'
import { exportVillage } from '../../src/village/export-village.ts'
import { forgetGazetteer, loadGazetteer } from '../../src/village/gazetteer.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { ensurePerson, findPerson } from '../../src/village/people.ts'
import { parseVillageFile } from '../../src/village/village-file.ts'
import { describeDatabases } from '../support/database.ts'

const now = new Date('2026-03-02T00:00:00Z')
const small = parseVillageFile({
  name: '西河村',
  groups: ['1', '2'],
  grids: [{ name: '一网格', groups: ['1', '2'] }],
  places: ['二组村口', { name: '一组老屋', group: null }],
  rooms: [
    { id: 'villagers', kind: 'villagers' },
    { id: 'grid', kind: 'grid', grid: '一网格' },
  ],
  people: [
    { name: '老周', role: 'grid-worker', grid: '一网格', duty: true },
    { name: '王芳', role: 'informant', group: '2' },
  ],
  party: {
    branches: [
      { name: '第一党支部', members: 12, secretary: '王芳', groups: [{ name: '第一党小组', leader: '老周' }] },
      { name: '老街党支部', groups: [] },
    ],
  },
  figures: { groups: { 1: { households: 300 } }, party: { members: 71 } },
})

describeDatabases('importing a village', (open) => {
  test('what is exported makes the same village', async () => {
    const [one, other] = [await open(), await open()]
    for (const file of [small, await readDemoVillage()]) {
      await one.transaction((tx) => importVillage(tx, file, { now }))
      const exported = parseVillageFile(JSON.parse(JSON.stringify(await exportVillage(one.db, file.name))))
      await other.transaction((tx) => importVillage(tx, exported, { now }))
      expect(await exportVillage(other.db, file.name)).toEqual(await exportVillage(one.db, file.name))
      expect(exported.figures).toEqual(file.figures)
      expect(exported.people).toEqual(file.people)
      expect(exported.party).toEqual(file.party)
    }
    expect(await one.db.place.findMany({ where: { villageId: 1 }, orderBy: { id: 'asc' } })).toMatchObject([
      { name: '二组村口', group: '2' },
      { name: '一组老屋', group: null },
    ])
  })

  test('may be repeated, and leaves other villages alone', async () => {
    const { db, transaction } = await open()
    const counts = async () => [
      await db.village.count(),
      await db.person.count(),
      await db.identity.count(),
      await db.room.count(),
      await db.place.count(),
      await db.group.count(),
      await db.grid.count(),
    ]
    const demo = await readDemoVillage()
    await transaction((tx) => importVillage(tx, demo, { now, bindTo: 'simulator' }))
    const options = { now, bindTo: 'simulator', conversationPrefix: 'west-' }
    await transaction((tx) => importVillage(tx, small, options))
    const before = { counts: await counts(), demo: await exportVillage(db, demo.name) }
    await transaction((tx) => importVillage(tx, small, options))
    expect({ counts: await counts(), demo: await exportVillage(db, demo.name) }).toEqual(before)
    expect(await db.room.findMany({ where: { villageId: 2 }, orderBy: { id: 'asc' } })).toMatchObject([
      { channel: 'simulator', conversation: 'west-villagers' },
      { channel: 'simulator', conversation: 'west-grid' },
    ])
    const clash = transaction((tx) => importVillage(tx, { ...small, name: '南山村' }, options))
    await expect(clash).rejects.toThrow(/conversationPrefix/)
    expect(await db.village.count()).toBe(2)
  })

  test('nobody is deleted, and who is no longer listed has no rights', async () => {
    const { db, transaction } = await open()
    await transaction((tx) => importVillage(tx, small, { now, bindTo: 'simulator' }))
    const fewer = { ...small, people: small.people.slice(1), rooms: small.rooms.slice(0, 1), grids: [] }
    await transaction((tx) => importVillage(tx, fewer, { now }))
    expect(await findPerson(db, 1, 'simulator', '老周')).toMatchObject({
      role: 'villager',
      listed: false,
      gridId: null,
    })
    expect(await db.room.count()).toBe(2) // the grid's room is bound
    await transaction((tx) => importVillage(tx, small, { now, bindTo: 'simulator' }))
    expect(await findPerson(db, 1, 'simulator', '老周')).toMatchObject({ role: 'grid-worker', listed: true })
    expect(await db.person.count()).toBe(2)
  })

  test('a name that somebody gave themselves gets no rights from the file', async () => {
    const { db, transaction } = await open()
    const village = await transaction((tx) => importVillage(tx, { ...small, people: [] }, { now }))
    const stranger = { villageId: village.id, channel: 'telegram', externalId: '77', name: '老周' }
    await ensurePerson(db, stranger, now)
    await transaction((tx) => importVillage(tx, small, { now }))
    expect(await findPerson(db, village.id, 'telegram', '77')).toMatchObject({ role: 'villager', listed: false })
    expect(await db.person.count({ where: { role: 'grid-worker' } })).toBe(1)
  })

  test('the demo village is made once, where there is none', async () => {
    const database = await open()
    const village = await seedDemoVillage(database, now)
    expect(village).toMatchObject({ name: '东升村', demo: true })
    expect(await seedDemoVillage(database, now)).toBeNull()
    for (const name of DEMO_VILLAGERS) {
      expect(await findPerson(database.db, village?.id ?? 0, 'simulator', name)).toMatchObject({ role: 'villager' })
    }
    expect(await database.db.room.count({ where: { channel: 'simulator' } })).toBe(3)
  })

  test('the gazetteer is kept until the village changes', async () => {
    const { db, transaction } = await open()
    const { id } = await transaction((tx) => importVillage(tx, small, { now }))
    const first = await loadGazetteer(db, id)
    expect(first).toEqual({
      groups: ['1', '2'],
      places: [{ name: '二组村口', group: '2' }, { name: '一组老屋' }],
      people: [
        { name: '老周', role: 'grid-worker' },
        { name: '王芳', role: 'informant' },
      ],
    })
    forgetGazetteer(id)
    expect(await loadGazetteer(db, id)).toBe(first) // read again, and nothing has changed
    await transaction((tx) => importVillage(tx, { ...small, people: [] }, { now }))
    expect((await loadGazetteer(db, id)).people).toEqual([])
  })
})
