import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ATTACHMENTS, writeBackup } from '../../src/cli/backup.ts'
import { readBackup } from '../../src/cli/restore.ts'
import { type Database, type Db, openDatabase, type Prisma } from '../../src/db/database.ts'
import { seedDemoVillage } from '../../src/village/demo.ts'
import { TABLES, tableOf } from '../../src/village/tables.ts'
import { createDatabase, describeDatabases, providers } from '../support/database.ts'
import { NOW, startProcess, temporaryDirectory, xiaoge } from './run.ts'

const json = (value: unknown) => value as Prisma.InputJsonValue

/** A village with something in every table and every kind of column. */
async function fill(database: Database): Promise<void> {
  const { db } = database
  const village = await seedDemoVillage(database, NOW)
  const villageId = village?.id ?? 0
  const event = { channel: 'simulator', conversation: 'villagers', type: 'message', private: false, senderName: '刘嫂' }
  const text = '路灯又灭了 😀\u2028 "\\ \n'
  const quote = json({ messageId: 'm0', text: null })
  for (const n of [1, 2, 3]) {
    await db.inboxEvent.create({
      data: {
        ...event,
        messageId: `m${n}`,
        text,
        attachments: json([{ kind: 'image', key: 'a/b' }]),
        sentAt: NOW,
        receivedAt: new Date(NOW.getTime() + n),
        addressed: n === 2,
        ...(n === 2 && { quote }),
      },
    })
  }
  await db.inboxEvent.delete({ where: { id: 2 } })
  const letter = { channel: 'c', conversation: 'd', private: true, kind: 'other', text, mentions: [], attachments: [] }
  await db.outboxMessage.create({ data: { ...letter, key: 'k', about: json(['m1']), notBefore: NOW, createdAt: NOW } })
  const ticket = { villageId, status: 'open', category: 'x', urgency: 'normal', placeKey: '', text, summary: text }
  const reporter = { personId: 1, name: '刘嫂', channel: 'c', conversation: 'd', private: false, addedAt: NOW }
  await db.ticket.create({
    data: {
      ...ticket,
      no: 1,
      accusedIds: json([2]),
      openedAt: NOW,
      updatedAt: NOW,
      reporters: { create: reporter },
      sources: { create: { inboxEventId: 1 } },
    },
  })
  const attachment = { ticketId: 1, purpose: 'report', channel: 'c', attachment: json({ key: 'a' }), addedAt: NOW }
  await db.ticketAttachment.create({ data: attachment })
  const question = { villageId, ticketId: 1, personId: 1, channel: 'c', conversation: 'd', slot: 's' }
  await db.question.create({ data: { ...question, askedAt: NOW, expiresAt: NOW } })
  const dates = { effectiveFrom: '2020-01-01', effectiveUntil: '' }
  const origin = { section: '第一章', source: 'law.md', scope: 'nation' }
  await db.article.create({ data: { law: '某法', num: '10-1', text: '一条', ...dates, ...origin } })
  await db.timer.create({ data: { key: 't', villageId, kind: 'k', dueAt: NOW, data: json({ deep: [{ n: 1.5 }] }) } })
  const inquiry = {
    villageId,
    askerId: 1,
    channel: 'c',
    conversation: 'd',
    private: true,
    messageId: 'm',
    inboxEventId: 1,
  }
  await db.inquiry.create({
    data: { ...inquiry, question: text, topic: 'other', offered: json(['a-001']), status: 'answered', askedAt: NOW },
  })
  await db.inquiryTurn.create({ data: { villageId, inquiryId: 1, personId: 1, askedAt: NOW } })
  const card = { villageId, inquiryId: 1, question: text, answer: text, authorId: 1, status: 'draft' }
  await db.villageCard.create({ data: { ...card, createdAt: NOW } })
  await db.bindingCode.create({ data: { villageId, codeHash: 'h', roomId: 1, expiresAt: NOW } })
  await db.label.create({
    data: { villageId, ticketId: 1, at: NOW, kind: 'corrected', text: '路灯', category: 'road' },
  })
  const place = { channel: 'c', conversation: 'd', private: true }
  const draft = { villageId, personId: 1, ...place, inboxEventId: 1, text, attachments: [], roomIds: json([1]) }
  await db.broadcast.create({
    data: {
      ...draft,
      createdAt: NOW,
      expiresAt: NOW,
      confirmedAt: NOW,
      deliveries: { create: { roomId: 1, dueAt: NOW, key: 'k' } },
      receipts: { create: { personId: 2, roomId: 1, inboxEventId: 1, at: NOW } },
    },
  })
  await db.connection.create({ data: { channel: 'c', state: 'down', reason: text, since: NOW, seenAt: NOW } })
  const branch = await db.partyBranch.findFirstOrThrow({ where: { villageId } })
  const held = { kind: 'party-class', branch: branch.name, day: '2026-03-01', content: '=1+1', chair: '' }
  await db.meeting.create({ data: { villageId, ...held, enteredAt: NOW, updatedAt: NOW, by: '杨光明', attendance: 7 } })
  const evidence = { villageId, meetingId: 1, channel: 'c', attachment: json({ key: 'p' }), addedAt: NOW }
  await db.meetingPhoto.create({ data: evidence })
  const campaign = {
    villageId,
    personId: 1,
    ...place,
    inboxEventId: 1,
    title: '整治',
    signUp: true,
    roomIds: json([1]),
  }
  const photo = { villageId, personId: 1, inboxEventId: 1, stage: 'before', official: false, at: NOW }
  await db.campaign.create({
    data: {
      ...campaign,
      leadMinutes: [],
      startsAt: NOW,
      createdAt: NOW,
      expiresAt: NOW,
      calls: { create: { roomId: 1, key: 'k', listedAt: NOW } },
      participants: { create: { personId: 2, count: 3, inboxEventId: 1, at: NOW } },
      photos: {
        create: {
          ...photo,
          attachment: json({ kind: 'image', key: 'a' }),
        },
      },
    },
  })
  const drafted = { villageId, no: 1, status: 'armed', title: '党课', kind: 'party-class', text, authorId: 1 }
  const schedule = await db.schedule.create({
    data: {
      ...drafted,
      rule: json({ parts: [] }),
      leads: json([{ minutes: 60 }]),
      roomIds: json([1]),
      channel: 'c',
      conversation: 'd',
      private: true,
      draftedAt: NOW,
      updatedAt: NOW,
    },
  })
  const occurrence = await db.occurrence.create({ data: { villageId, scheduleId: schedule.id, at: NOW } })
  const ofIt = { villageId, occurrenceId: occurrence.id, roomId: 1 }
  await db.reminder.create({ data: { ...ofIt, lead: '60', dueAt: NOW, outcome: 'sent', at: NOW } })
  await db.acknowledgement.create({ data: { ...ofIt, personId: 1, at: NOW } })
  const call = { villageId, personId: 1, inboxEventId: 1, prompt: 'understand@1', model: 'm', outcome: 'ok' }
  await db.llmCall.create({ data: { ...call, at: NOW, tokensIn: 480 } })
}

async function everything(db: Db): Promise<unknown> {
  const all: Record<string, unknown[]> = {}
  for (const name of TABLES) {
    const rows: unknown[] = []
    for await (const row of tableOf(db, name).rows()) rows.push(row)
    all[name] = rows
  }
  return all
}

async function attachmentsIn(data: string): Promise<void> {
  await mkdir(join(data, ATTACHMENTS, 'sub'), { recursive: true })
  await writeFile(join(data, ATTACHMENTS, 'a'.repeat(64)), Buffer.alloc(500_000, 7))
  await writeFile(join(data, ATTACHMENTS, 'sub', '照片.jpg'), 'x')
  await writeFile(join(data, ATTACHMENTS, 'empty'), '')
  await writeFile(join(data, ATTACHMENTS, 'half.part'), 'half')
}

describeDatabases('backup and restore', (open, provider) => {
  test('parents stand before children in the list of tables', async () => {
    const { db } = await open()
    const sql =
      provider === 'sqlite'
        ? `SELECT m.name AS child, f."table" AS parent FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
        : `SELECT c.relname::text AS child, p.relname::text AS parent FROM pg_constraint f
           JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid WHERE f.contype = 'f'`
    const references = await db.$queryRawUnsafe<{ child: string; parent: string }[]>(sql)
    expect(references.length).toBeGreaterThan(5)
    for (const { child, parent } of references) expect(TABLES.indexOf(parent)).toBeLessThan(TABLES.indexOf(child))
  })

  for (const target of providers) {
    test(`a backup comes back whole into ${target}`, async () => {
      const database = await open()
      await fill(database)
      const data = temporaryDirectory()
      await attachmentsIn(data)
      const path = join(data, 'backup.jsonl.gz')
      const made = await xiaoge(['backup', path], { url: database.url, data })
      expect(made).toMatchObject({ status: 0, stdout: `${path}\n` })
      for (const [name, rows] of Object.entries((await everything(database.db)) as Record<string, unknown[]>)) {
        expect([name, rows.length]).not.toEqual([name, 0])
      }

      const { url, remove } = await createDatabase(target)
      const copy = await openDatabase(url)
      try {
        const elsewhere = temporaryDirectory()
        expect(await xiaoge(['restore', path], { url, data: elsewhere })).toMatchObject({ status: 0 })
        expect(await everything(copy.db)).toEqual(await everything(database.db))
        expect((await readdir(join(elsewhere, ATTACHMENTS), { recursive: true })).sort()).toEqual(
          ['a'.repeat(64), 'empty', 'sub', 'sub/照片.jpg'].sort(),
        )
        expect(await readFile(join(elsewhere, ATTACHMENTS, 'a'.repeat(64)))).toEqual(Buffer.alloc(500_000, 7))
        const next = await copy.db.timer.create({ data: { key: 'u', villageId: 1, kind: 'k', dueAt: NOW, data: {} } })
        expect(next.id).toBe(2)

        const again = await xiaoge(['restore', path], { url, data: elsewhere })
        expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('--force') })
        expect(await copy.db.timer.count()).toBe(2)
        expect((await xiaoge(['restore', path, '--force'], { url, data: elsewhere })).status).toBe(0)
        expect(await everything(copy.db)).toEqual(await everything(database.db))
      } finally {
        await copy.close()
        await remove()
      }
    })
  }

  test('a damaged file changes nothing', async () => {
    const database = await open()
    await fill(database)
    const data = temporaryDirectory()
    const path = join(data, 'backup.gz')
    await writeBackup(database, join(data, ATTACHMENTS), path, NOW)
    const before = await everything(database.db)
    const whole = await readFile(path)
    const lines = gunzipSync(whole).toString().trimEnd().split('\n')
    const variant = async (bytes: Uint8Array | string, message: RegExp) => {
      await writeFile(path, typeof bytes === 'string' ? gzipSync(bytes) : bytes)
      await expect(readBackup(database, join(data, ATTACHMENTS), path, true)).rejects.toThrow(message)
      expect(await everything(database.db)).toEqual(before)
    }
    await variant(whole.subarray(0, whole.length - 20), /cut off/)
    await variant(Buffer.from('plain'), /not gzip/)
    await variant(lines.slice(0, -1).join('\n'), /its end is missing/)
    await variant(lines.filter((line) => !line.includes('"table":"Ticket"')).join('\n'), /damaged|constraint/i)
    await variant(
      lines.filter((line) => !line.includes('"table":"Timer"')).join('\n'),
      /says 1 rows of Timer and has 0/,
    )
    await variant('{"hello":1}', /not a backup/)
    await variant(lines.join('\n').replace('"version":1', '"version":2'), /newer xiaoge/)
    await variant(lines.join('\n').replace('"migrations":[', '"migrations":["99990101_later",'), /newer xiaoge/)
    const file = JSON.stringify({ file: '../../escape', data: '', last: true })
    await variant([...lines.slice(0, -1), file, lines.at(-1)].join('\n'), /names a file that is not one/)
    expect((await xiaoge(['restore', '/nowhere.gz', '--force'], { url: database.url })).stderr).toMatch(
      /There is no file/,
    )
  })

  test('a backup is of one moment and blocks nobody, and a killed one leaves the last one as it was', async () => {
    const database = await open()
    await fill(database)
    const directory = temporaryDirectory()
    const path = join(directory, 'backup.gz')
    let writing = true
    let pairs = 0
    let slowest = 0
    const writer = (async () => {
      while (writing) {
        const started = performance.now()
        await database.transaction(async (tx) => {
          const timer = { villageId: 1, dueAt: NOW, data: json({ filling: 'x'.repeat(2000) }) }
          await tx.timer.create({ data: { ...timer, key: `left-${pairs}`, kind: 'pair' } })
          await tx.auditEntry.create({ data: { villageId: 1, at: NOW, by: '', event: 'pair', data: {} } })
        })
        slowest = Math.max(slowest, performance.now() - started)
        pairs += 1
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    })()
    const rowsOf = async () => {
      const lines = gunzipSync(await readFile(path))
        .toString()
        .trimEnd()
        .split('\n')
      expect(lines.at(-1)).toContain('"end":true')
      const count = (part: string) => lines.filter((line) => line.includes(part)).length
      return [count('"kind":"pair"'), count('"event":"pair"')]
    }
    try {
      while (pairs < 100) await new Promise((resolve) => setTimeout(resolve, 20))
      const environment = { DATABASE_URL: database.url }
      let whole = 0
      for (const wait of [300, 600, 750, 900, 1050, 20_000]) {
        const child = startProcess(['backup', path], directory, environment)
        const exit = once(child, 'exit')
        const timeout = setTimeout(() => child.kill('SIGKILL'), wait)
        await exit
        clearTimeout(timeout)
        if (!existsSync(path)) continue
        whole += 1
        const [timers, audits] = await rowsOf()
        expect(timers).toBe(audits)
        expect(timers).toBeGreaterThanOrEqual(100)
      }
      expect(whole).toBeGreaterThan(0)
      expect(await readdir(directory)).toEqual(['backup.gz'])
    } finally {
      writing = false
      await writer
    }
    expect(slowest).toBeLessThan(5000)
  }, 60_000)
})

describe('backup', () => {
  test('has a default place and refuses what it cannot write', async () => {
    const { url, remove } = await createDatabase('sqlite')
    const data = temporaryDirectory()
    const { status, stdout } = await xiaoge(['backup'], { url, data })
    expect([status, stdout]).toEqual([0, `${join(data, 'backups', 'xiaoge-20260302T000000.jsonl.gz')}\n`])
    expect(await readdir(join(data, 'backups'))).toHaveLength(1)
    await writeFile(join(data, 'file'), '')
    expect((await xiaoge(['backup', join(data, 'file', 'backup.gz')], { url, data })).status).toBe(1)
    await remove()
  })
})
