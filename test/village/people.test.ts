import { expect, test } from 'vitest'
import { importVillage } from '../../src/village/import-village.ts'
import { directConversation, dutyWorker, ensurePerson, findPerson, peopleWithRight } from '../../src/village/people.ts'
import { findRoom, roomOfKind } from '../../src/village/rooms.ts'
import { parseVillageFile } from '../../src/village/village-file.ts'
import { describeDatabases } from '../support/database.ts'

const now = new Date('2026-03-02T00:00:00Z')
const file = parseVillageFile({
  name: '西河村',
  groups: ['1', '2'],
  grids: [
    { name: '一网格', groups: ['1'] },
    { name: '二网格', groups: ['2'] },
    { name: '三网格', groups: [] },
  ],
  rooms: [
    { id: 'villagers', kind: 'villagers' },
    { id: 'grid', kind: 'grid' },
    { id: 'grid-2', kind: 'grid', grid: '二网格' },
  ],
  people: [
    { name: '陈书记', role: 'secretary' },
    { name: '小吴', role: 'grid-worker', grid: '一网格' },
    { name: '老周', role: 'grid-worker', grid: '一网格', duty: true },
    { name: '老唐', role: 'grid-worker', grid: '二网格' },
  ],
})

describeDatabases('people and rooms', (open) => {
  test('who writes becomes a villager whose name follows the network', async () => {
    const { db, transaction } = await open()
    const { id: villageId } = await transaction((tx) => importVillage(tx, file, { now, bindTo: 'simulator' }))
    const account = { villageId, channel: 'telegram', externalId: '1001' }
    const person = await ensurePerson(db, { ...account, name: ' 刘\u202e嫂\n ' }, now)
    expect(person).toMatchObject({ name: '刘 嫂', role: 'villager', listed: false })
    expect((await ensurePerson(db, { ...account, name: '刘嫂' }, now)).id).toBe(person.id)
    expect(await findPerson(db, villageId, 'telegram', '1001')).toMatchObject({ name: '刘嫂' })
    await ensurePerson(db, { ...account, name: '' }, now)
    expect(await findPerson(db, villageId, 'telegram', '1001')).toMatchObject({ name: '刘嫂' })
    const listed = { villageId, channel: 'simulator', externalId: '老周', name: '周大帅' }
    expect(await ensurePerson(db, listed, now)).toMatchObject({ name: '老周', role: 'grid-worker' })
    expect(await directConversation(db, person.id)).toEqual({ channel: 'telegram', conversation: '1001' })
  })

  test('the duty worker of the grid is called first, then any of the grid, then any', async () => {
    const { db, transaction } = await open()
    const { id } = await transaction((tx) => importVillage(tx, file, { now }))
    const grids = await db.grid.findMany({ orderBy: { id: 'asc' } })
    const names = []
    for (const gridId of [...grids.map((grid) => grid.id), null]) names.push((await dutyWorker(db, id, gridId))?.name)
    expect(names).toEqual(['老周', '老唐', '老周', '老周'])
    expect((await peopleWithRight(db, id, 'work-tickets')).map((person) => person.name)).toEqual([
      '陈书记',
      '小吴',
      '老周',
      '老唐',
    ])
    const worker = await dutyWorker(db, id, null)
    expect(await directConversation(db, worker?.id ?? 0)).toBeNull()
    expect(await dutyWorker(db, id + 1, null)).toBeNull()
  })

  test('a grid has its own room, or the village’s', async () => {
    const { db, transaction } = await open()
    const { id } = await transaction((tx) => importVillage(tx, file, { now, bindTo: 'simulator' }))
    const [first, second] = await db.grid.findMany({ orderBy: { id: 'asc' } })
    expect(await roomOfKind(db, id, 'grid', second?.id)).toMatchObject({ key: 'grid-2' })
    expect(await roomOfKind(db, id, 'grid', first?.id)).toMatchObject({ key: 'grid' })
    expect(await roomOfKind(db, id, 'grid')).toMatchObject({ key: 'grid' })
    expect(await roomOfKind(db, id, 'party')).toBeNull()
    expect(await findRoom(db, 'simulator', 'grid-2')).toMatchObject({ key: 'grid-2' })
    expect(await findRoom(db, 'simulator', 'nowhere')).toBeNull()
  })
})
