import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ATTACHMENTS } from '../../src/cli/backup.ts'
import { redeemCode } from '../../src/village/binding.ts'
import { seedDemoVillage } from '../../src/village/demo.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { ensurePerson, findPerson } from '../../src/village/people.ts'
import { parseVillageFile } from '../../src/village/village-file.ts'
import { describeDatabases } from '../support/database.ts'
import { NOW, temporaryDirectory, xiaoge } from './run.ts'

async function file(content: string): Promise<string> {
  const path = join(temporaryDirectory(), 'village.json')
  await writeFile(path, content)
  return path
}

const SMALL = JSON.stringify({
  name: '西河村',
  rooms: [{ id: 'villagers', kind: 'villagers' }],
  people: [{ name: '老周', role: 'grid-worker' }],
})

describeDatabases('xiaoge village', (open) => {
  test('imports what it exports', async () => {
    const { url } = await open()
    expect(await xiaoge(['village', 'export'], { url })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/no village yet/),
    })
    expect(await xiaoge(['village', 'import', await file(`\uFEFF${SMALL}`)], { url })).toMatchObject({ status: 0 })
    const { stdout } = await xiaoge(['village', 'export'], { url })
    expect(JSON.parse(stdout)).toMatchObject({ name: '西河村', people: [{ name: '老周', role: 'grid-worker' }] })
    await xiaoge(['village', 'import', await file(stdout)], { url })
    expect((await xiaoge(['village', 'export', '西河村'], { url })).stdout).toBe(stdout)
  })

  test('says what is wrong with a file and changes nothing', async () => {
    const { url, db } = await open()
    const run = async (content: string) => (await xiaoge(['village', 'import', await file(content)], { url })).stderr
    expect(await run('{"name"')).toMatch(/village\.json is not valid JSON/)
    expect(await run('{"name":"村","people":[{"name":"甲","role":"king"}]}')).toMatch(
      /people\[0\]\.role: .*For example/,
    )
    expect((await xiaoge(['village', 'import', '/nowhere.json'], { url })).stderr).toMatch(/cannot be read/)
    expect(await db.village.count()).toBe(0)
  })

  test('a code stands alone on the last line and binds', async () => {
    const { url, db } = await open()
    await xiaoge(['village', 'import', await file(SMALL)], { url })
    const last = async (...args: string[]) =>
      (await xiaoge(['village', 'code', ...args], { url })).stdout.trimEnd().split('\n').at(-1) ?? ''
    const chat = { channel: 'telegram', conversation: '-1', private: false }
    expect(await redeemCode(db, await last('--room', 'villagers'), chat, { externalId: '5' }, NOW)).toMatchObject({
      outcome: 'bound-room',
    })
    const direct = { channel: 'telegram', conversation: '5', private: true }
    expect(await redeemCode(db, await last('--person', '老周'), direct, { externalId: '5' }, NOW)).toMatchObject({
      outcome: 'bound-person',
    })
    const { status, stderr } = await xiaoge(['village', 'code', '--room', 'cellar'], { url })
    expect([status, stderr]).toEqual([1, expect.stringContaining('There are: villagers')])
    expect((await xiaoge(['village', 'code', '--person', '甲'], { url })).stderr).toMatch(/Listed are: 老周/)
  })

  test('several villages need a name', async () => {
    const { url } = await open()
    await xiaoge(['village', 'import', await file(SMALL)], { url })
    await xiaoge(['village', 'import', await file(SMALL.replace('西河', '南山'))], { url })
    expect((await xiaoge(['village', 'code', '--room', 'villagers'], { url })).stderr).toMatch(/--village NAME/)
    expect((await xiaoge(['village', 'code', '--room', 'villagers', '--village', '南山村'], { url })).status).toBe(0)
  })

  test('check judges the grids of the database and of a file', async () => {
    const database = await open()
    await seedDemoVillage(database, NOW)
    const { status, stdout } = await xiaoge(['village', 'check'], { url: database.url })
    expect(status).toBe(0)
    expect(stdout).toContain('全村平均每个网格：365.5 户，1,120.5 人——符合')
    const tiny = {
      name: '村',
      groups: ['1'],
      grids: [{ name: '甲', groups: ['1'] }],
      figures: { groups: { 1: { households: 20 } } },
    }
    expect(await xiaoge(['village', 'check', await file(JSON.stringify(tiny))])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('不足 300 户'),
    })
  })
})

describeDatabases('xiaoge erase', (open) => {
  test('removes the files that only this person had sent', async () => {
    const database = await open()
    const { url, db } = database
    const village = await seedDemoVillage(database, NOW)
    const data = temporaryDirectory()
    const [own, shared] = ['a'.repeat(64), 'b'.repeat(64)]
    await mkdir(join(data, ATTACHMENTS))
    for (const key of [own, shared]) await writeFile(join(data, ATTACHMENTS, key), 'photo')
    for (const [senderId, keys] of Object.entries({ 刘嫂: [own, shared], 张婶: [shared] })) {
      const attachments = keys.map((key) => ({ kind: 'image', key }))
      const person = await findPerson(db, village?.id ?? 0, 'simulator', senderId)
      await db.inboxEvent.create({
        data: {
          channel: 'simulator',
          conversation: 'villagers',
          messageId: senderId,
          type: 'message',
          private: false,
          senderId,
          senderName: senderId,
          text: '',
          attachments,
          sentAt: NOW,
          receivedAt: NOW,
          villageId: village?.id ?? null,
          personId: person?.id ?? null,
        },
      })
    }
    expect((await xiaoge(['erase', '刘嫂', '--yes'], { url, data })).stdout).toContain('Removed: 1 messages')
    expect(await readdir(join(data, ATTACHMENTS))).toEqual([shared])
  })

  test('says what it would do, does it when told so, and asks which of two', async () => {
    const database = await open()
    const { url, db } = database
    const village = await seedDemoVillage(database, NOW)
    const villageId = village?.id ?? 0
    expect(await xiaoge(['erase', '刘嫂'], { url })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--yes'),
    })
    expect(await findPerson(db, villageId, 'simulator', '刘嫂')).not.toBeNull()
    expect(await xiaoge(['erase', '刘嫂', '--yes'], { url })).toMatchObject({ status: 0 })
    expect(await findPerson(db, villageId, 'simulator', '刘嫂')).toBeNull()
    expect((await xiaoge(['erase', '刘嫂', '--yes'], { url })).status).toBe(1)
    const twin = await ensurePerson(db, { villageId, channel: 'telegram', externalId: '9', name: '张婶' }, NOW)
    expect((await xiaoge(['erase', '张婶', '--yes'], { url })).stderr).toContain(`id:${twin.id}`)
    expect((await xiaoge(['erase', `id:${twin.id}`, '--yes'], { url })).status).toBe(0)
    expect(await findPerson(db, villageId, 'simulator', '张婶')).not.toBeNull()
  })
})

describeDatabases('xiaoge tickets', (open) => {
  test('lists the tickets of one village or of all, as JSON or as lines', async () => {
    const { url, db, transaction } = await open()
    for (const name of ['西河村', '南山村']) {
      const village = await transaction((tx) => importVillage(tx, parseVillageFile({ name }), { now: NOW }))
      const words = {
        category: 'lighting',
        urgency: 'normal',
        place: '村口',
        placeKey: '村口',
        text: name,
        summary: name,
      }
      const times = { openedAt: NOW, updatedAt: NOW }
      await db.ticket.create({
        data: { villageId: village.id, no: 1, status: 'open', accusedIds: [], ...words, ...times },
      })
    }
    const all = JSON.parse((await xiaoge(['tickets', '--json'], { url })).stdout) as unknown[]
    expect(all).toEqual([1, 1].map((no) => expect.objectContaining({ no, status: 'open', place: '村口' })))
    expect((await xiaoge(['tickets', '--village', '南山村'], { url })).stdout).toBe(
      '#1\topen\tlighting\tnormal\t村口\t南山村\n',
    )
    expect((await xiaoge(['tickets', '--village', '北坡村'], { url })).status).toBe(1)
  })

  test('no tickets are an empty list', async () => {
    const { url } = await open()
    expect(await xiaoge(['tickets', '--json'], { url })).toEqual({ status: 0, stdout: '[]\n', stderr: '' })
  })
})
