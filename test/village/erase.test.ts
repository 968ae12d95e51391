import { expect, test } from 'vitest'
import type { Db, Prisma } from '../../src/db/database.ts'
import { erasePerson } from '../../src/village/erase.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { ensurePerson } from '../../src/village/people.ts'
import { TABLES, tableOf } from '../../src/village/tables.ts'
import { parseVillageFile } from '../../src/village/village-file.ts'
import { describeDatabases } from '../support/database.ts'

const now = new Date('2026-03-02T00:00:00Z')
const PHONE = '13812345678'
const WORDS = `我家屋后的电线杆要倒了，电话${PHONE}`
const KEY = 'a'.repeat(64)
const file = parseVillageFile({ name: '西河村', people: [{ name: '老周', role: 'grid-worker' }] })

const json = (value: unknown) => value as Prisma.InputJsonValue

/** Lets 刘嫂 report, 张婶 join in and 老周 work, and leaves traces of it in every table. */
async function live(db: Db, villageName: string) {
  const { id: villageId } = await importVillage(db, { ...file, name: villageName }, { now })
  const account = (name: string) => ({ villageId, channel: 'simulator', externalId: name, name })
  const liu = await ensurePerson(db, account('刘嫂'), now)
  const zhang = await ensurePerson(db, account('张婶'), now)
  const worker = await db.person.findFirstOrThrow({ where: { villageId, name: '老周' } })
  let n = 0
  const hear = (person: { id: number; name: string }, text: string, over: object = {}) => {
    n += 1
    return db.inboxEvent.create({
      data: {
        channel: 'simulator',
        conversation: `room-${villageId}`,
        messageId: `m${villageId}-${n}`,
        type: 'message',
        private: false,
        senderId: person.name,
        senderName: person.name,
        text,
        attachments: [],
        sentAt: now,
        receivedAt: now,
        villageId,
        personId: person.id,
        state: 'done',
        ...over,
      },
    })
  }
  const image = json({ kind: 'image', key: KEY, name: '刘嫂拍的.jpg' })
  const first = await hear(liu, WORDS, { attachments: [image], understanding: json({ contact: PHONE, place: '屋后' }) })
  await hear(liu, `私下说一句，${WORDS}`, { private: true, conversation: '刘嫂' })
  const reply = await hear(zhang, '刘嫂说得对，我家也是', { quote: json({ messageId: first.messageId, text: WORDS }) })
  await hear(zhang, '转一下：有人要修', { quote: json({ text: WORDS }) })
  const lamp = await hear(zhang, '三组路灯不亮')
  const ticket = await db.ticket.create({
    data: {
      villageId,
      no: 1,
      status: 'open',
      category: 'power',
      urgency: 'urgent',
      place: '刘嫂家屋后',
      placeKey: '刘嫂家',
      reporterId: liu.id,
      affected: '刘嫂的婆婆',
      contact: PHONE,
      text: WORDS,
      summary: '电线杆要倒了',
      assigneeId: worker.id,
      accusedIds: [],
      result: '已给刘嫂家换了电线杆',
      openedAt: now,
      updatedAt: now,
      reporters: {
        create: [liu, zhang].map(({ id, name }) => {
          return { personId: id, name, channel: 'simulator', conversation: name, private: true, addedAt: now }
        }),
      },
      sources: { create: [{ inboxEventId: first.id }, { inboxEventId: reply.id }] },
    },
  })
  const ticketId = ticket.id
  const attachment = { ticketId, channel: 'simulator', attachment: image, addedAt: now }
  await db.ticketAttachment.create({ data: { ...attachment, inboxEventId: first.id, purpose: 'report' } })
  const held = { villageId, kind: 'party-class', branch: '一支部', enteredAt: now, updatedAt: now }
  const told = { content: '学习电线杆要倒了怎么办', chair: '刘嫂' }
  await db.meeting.create({
    data: { ...held, ...told, day: '2026-03-01', by: '刘嫂', personId: liu.id, attendance: 7 },
  })
  await db.meeting.create({
    data: { ...held, ...told, content: '普法', day: '2026-03-02', by: '老周', personId: worker.id },
  })
  const evidence = {
    villageId,
    meetingId: 1,
    inboxEventId: first.id,
    channel: 'simulator',
    attachment: image,
    addedAt: now,
  }
  await db.meetingPhoto.create({ data: evidence })
  await db.partyBranch.create({ data: { villageId, name: '一支部', secretaryId: liu.id } })
  const asked = { villageId, ticketId, personId: liu.id, channel: 'simulator', conversation: '刘嫂', slot: 'since' }
  await db.question.create({ data: { ...asked, askedAt: now, expiresAt: now } })
  await db.timer.create({
    data: {
      key: `remind:${villageId}`,
      villageId,
      kind: 't',
      ticketId,
      dueAt: now,
      data: json({ text: WORDS, for: '刘嫂' }),
    },
  })
  const drafted = { villageId, channel: 'simulator', private: true, attachments: json([image]), roomIds: json([]) }
  const dates = { createdAt: now, expiresAt: now }
  await db.broadcast.create({
    data: {
      ...drafted,
      ...dates,
      personId: liu.id,
      inboxEventId: first.id,
      conversation: '刘嫂',
      text: WORDS,
      deliveries: { create: { roomId: 1, dueAt: now } },
      receipts: { create: { personId: liu.id, roomId: 1, inboxEventId: first.id, at: now } },
    },
  })
  const ofWorker = { personId: worker.id, inboxEventId: 0, conversation: '老周', text: '刘嫂家停电' }
  await db.broadcast.create({ data: { ...drafted, ...dates, ...ofWorker, attachments: [] } })
  const cleanUp = { ...ofWorker, villageId, channel: 'simulator', private: true, roomIds: json([]), ...dates }
  const { text: title, ...campaign } = cleanUp
  const photo = { villageId, personId: liu.id, inboxEventId: first.id, stage: 'before', official: false, at: now }
  await db.campaign.create({
    data: {
      ...campaign,
      title,
      startsAt: now,
      leadMinutes: [],
      signUp: true,
      result: '刘嫂带了两车垃圾',
      participants: { create: { personId: liu.id, count: 2, inboxEventId: first.id, at: now } },
      photos: { create: { ...photo, attachment: image } },
    },
  })
  const label = { villageId, at: now, kind: 'accepted' }
  await db.label.create({ data: { ...label, ticketId, text: WORDS } })
  await db.label.create({ data: { ...label, ticketId: 0, text: lamp.text } })
  for (const personId of [liu.id, worker.id]) {
    const call = { villageId, personId, inboxEventId: 1, prompt: 'understand@1', model: 'm', outcome: 'ok', at: now }
    await db.llmCall.create({ data: call })
  }
  const say = (key: string, text: string, over: object) =>
    db.outboxMessage.create({
      data: {
        key: `${villageId}:${key}`,
        villageId,
        channel: 'simulator',
        conversation: `grid-${villageId}`,
        private: false,
        kind: 'card',
        text,
        mentions: [],
        attachments: [],
        about: [],
        notBefore: now,
        createdAt: now,
        state: 'sent',
        ...over,
      },
    })
  await say('receipt', '刘嫂，收到', { conversation: '刘嫂', private: true, state: 'pending' })
  await say('card', `#1 ${WORDS}`, { ticketId, mentions: json([{ id: '老周', name: '老周' }]) })
  await say('answer', '记下了电线杆', {
    conversation: `room-${villageId}`,
    about: json([first.messageId]),
    replyTo: first.messageId,
  })
  await say('digest', `今日待办：#1 电线杆要倒了（刘嫂 ${PHONE}）`, {})
  await say('news', '明天停水', {})
  const step = { villageId, at: now, ticketId }
  await db.auditEntry.create({
    data: { ...step, by: '刘嫂', personId: liu.id, event: 'opened', data: json({ status: 'open', text: WORDS }) },
  })
  await db.auditEntry.create({
    data: {
      ...step,
      by: '老周',
      personId: worker.id,
      event: 'resolved',
      data: json({ from: 'open', note: '刘嫂家已好' }),
    },
  })
  return { villageId, liu, zhang, worker, ticketId }
}

async function everything(db: Db): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {}
  for (const name of TABLES) {
    const rows: unknown[] = []
    for await (const row of tableOf(db, name).rows()) rows.push(row)
    all[name] = rows
  }
  return all
}

/** Rows by table, and what in them still names somebody. */
function remains(all: Record<string, unknown[]>, words: readonly string[]): string[] {
  return Object.entries(all).flatMap(([table, rows]) =>
    rows.flatMap((row) =>
      words.filter((word) => JSON.stringify(row).includes(word)).map((word) => `${table}: ${word}`),
    ),
  )
}

describeDatabases('erasing a person', (open) => {
  test('no column of any table holds their name, words or numbers any more', async () => {
    const { db, transaction } = await open()
    const { villageId, liu } = await live(db, '西河村')
    const before = await everything(db)
    const words = ['刘嫂', PHONE, '屋后的电线杆', '电线杆要倒', KEY, '私下说']
    for (const word of words) expect(remains(before, [word])).not.toEqual([])
    const erasure = await transaction((tx) => erasePerson(tx, villageId, liu.id, now))
    expect(erasure).toEqual({ messages: 2, tickets: 1, labels: 1, attachmentKeys: [KEY] })
    const after = await everything(db)
    expect(remains(after, words)).toEqual([])
    const counts = (all: Record<string, unknown[]>) => Object.entries(all).map(([name, rows]) => [name, rows.length])
    expect(Object.fromEntries(counts(after))).toEqual({
      ...Object.fromEntries(counts(before)),
      Identity: (before.Identity?.length ?? 0) - 1,
      Label: (before.Label?.length ?? 0) - 1,
      LlmCall: (before.LlmCall?.length ?? 0) - 1,
      AuditEntry: (before.AuditEntry?.length ?? 0) + 1,
    })
  })

  test('what the village counts, and what others said, stays', async () => {
    const { db, transaction } = await open()
    const { villageId, liu, worker, ticketId } = await live(db, '西河村')
    await transaction((tx) => erasePerson(tx, villageId, liu.id, now))
    expect(await db.person.findUnique({ where: { id: liu.id } })).toMatchObject({ name: '已删除', erasedAt: now })
    expect(await db.meeting.findMany({ orderBy: { id: 'asc' } })).toMatchObject([
      { day: '2026-03-01', attendance: 7, by: '已删除', content: '', chair: '' },
      { day: '2026-03-02', by: '老周', content: '普法', chair: '已删除' },
    ])
    expect(await db.partyBranch.findFirst({ where: { villageId } })).toMatchObject({ secretaryId: null })
    expect(await db.ticket.findUnique({ where: { id: ticketId } })).toMatchObject({
      no: 1,
      status: 'open',
      category: 'power',
      assigneeId: worker.id,
      reporterId: liu.id,
      text: '已删除',
      summary: '已删除',
      contact: null,
      affected: null,
      result: '已给已删除家换了电线杆',
    })
    const texts = await db.inboxEvent.findMany({ orderBy: { id: 'asc' }, select: { text: true, quote: true } })
    expect(texts).toEqual([
      { text: '已删除', quote: null },
      { text: '已删除', quote: null },
      { text: '已删除说得对，我家也是', quote: { messageId: `m${villageId}-1`, text: '已删除' } },
      { text: '转一下：有人要修', quote: { text: '已删除' } },
      { text: '三组路灯不亮', quote: null },
    ])
    const outbox = await db.outboxMessage.findMany({ orderBy: { id: 'asc' } })
    expect(outbox.map(({ text, state }) => [text, state])).toEqual([
      ['已删除', 'dead'],
      ['已删除', 'sent'],
      ['已删除', 'sent'],
      ['今日待办：#1 已删除（已删除 已删除）', 'sent'],
      ['明天停水', 'sent'],
    ])
    expect(await db.campaignParticipant.count()).toBe(1)
    expect((await db.campaignPhoto.findMany()).map(({ attachment }) => attachment)).toEqual([
      { kind: 'image', key: '' },
    ])
    const drafts = await db.broadcast.findMany({ orderBy: { id: 'asc' } })
    expect(drafts.map(({ text, state, attachments }) => [text, state, attachments])).toEqual([
      ['已删除', 'cancelled', []],
      ['已删除家停电', 'draft', []],
    ])
    const audit = await db.auditEntry.findMany({ orderBy: { id: 'asc' } })
    expect(audit.slice(1).map(({ by, event, data }) => [by, event, data])).toEqual([
      ['已删除', 'opened', { status: 'open', text: '已删除' }],
      ['老周', 'resolved', { from: 'open', note: '已删除家已好' }],
      ['', 'person-erased', { person: liu.id }],
    ])
  })

  test('may be repeated, touches no other village, and who writes again is somebody new', async () => {
    const { db, transaction } = await open()
    const [one, other] = [await live(db, '西河村'), await live(db, '南山村')]
    const of = (all: Record<string, unknown[]>) =>
      Object.values(all).flatMap((rows) =>
        rows.filter((row) => (row as { villageId?: number }).villageId === other.villageId),
      )
    const before = of(await everything(db))
    const { attachmentKeys } = await transaction((tx) => erasePerson(tx, one.villageId, one.liu.id, now))
    expect(attachmentKeys).toEqual([]) // the other village refers to the same file
    await transaction((tx) => erasePerson(tx, one.villageId, one.liu.id, now))
    expect(of(await everything(db))).toEqual(before)
    const account = { villageId: one.villageId, channel: 'simulator', externalId: '刘嫂', name: '刘嫂' }
    expect((await ensurePerson(db, account, now)).id).not.toBe(one.liu.id)
    await expect(transaction((tx) => erasePerson(tx, other.villageId, one.liu.id, now))).rejects.toThrow(/no person/)
  })

  test('a nickname that is a common word is not searched for in what others said', async () => {
    const { db, transaction } = await open()
    const { villageId } = await live(db, '西河村')
    const account = { villageId, channel: 'simulator', externalId: '路灯', name: '路灯' }
    const person = await ensurePerson(db, account, now)
    await transaction((tx) => erasePerson(tx, villageId, person.id, now))
    expect(await db.inboxEvent.count({ where: { text: '三组路灯不亮' } })).toBe(1)
    expect(await db.label.count({ where: { text: '三组路灯不亮' } })).toBe(1)
  })

  test('what was kept to learn from is gone where they wrote it, and stays where others did', async () => {
    const { db, transaction } = await open()
    const { villageId, zhang } = await live(db, '西河村')
    await transaction((tx) => erasePerson(tx, villageId, zhang.id, now))
    expect((await db.label.findMany()).map(({ text }) => text)).toEqual(['三组路灯不亮'])
  })
})
