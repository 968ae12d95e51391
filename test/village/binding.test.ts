import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import type { Db, InboxEvent } from '../../src/db/database.ts'
import { codeIn } from '../../src/features/binding/binding.ts'
import { binding, bindUnbound, WELCOME } from '../../src/features/binding/index.ts'
import type { Request, Services } from '../../src/features/feature.ts'
import { createCode, redeemCode } from '../../src/village/binding.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { ensurePerson, findPerson } from '../../src/village/people.ts'
import { parseVillageFile } from '../../src/village/village-file.ts'
import { describeDatabases } from '../support/database.ts'

const now = new Date('2026-03-02T00:00:00Z')
const later = (ms: number) => new Date(now.getTime() + ms)
const file = parseVillageFile({
  name: '西河村',
  rooms: [
    { id: 'villagers', kind: 'villagers' },
    { id: 'grid', kind: 'grid' },
  ],
  people: [{ name: '老周', role: 'grid-worker' }],
})

const chat = { channel: 'telegram', conversation: '-100', private: false }
const direct = { channel: 'telegram', conversation: '42', private: true }
const sender = { externalId: '42' }

async function village(db: Db, name = '西河村') {
  const { id } = await importVillage(db, { ...file, name }, { now })
  const room = (key: string) => db.room.findUniqueOrThrow({ where: { villageId_key: { villageId: id, key } } })
  const person = await db.person.findFirstOrThrow({ where: { villageId: id } })
  return { villageId: id, villagers: await room('villagers'), grid: await room('grid'), person, room }
}

let count = 0
async function say(db: Db, text: string, over: Partial<InboxEvent> = {}, at = now): Promise<string | null> {
  count += 1
  const event = await db.inboxEvent.create({
    data: {
      ...chat,
      messageId: `m${count}`,
      type: 'message',
      senderId: '42',
      senderName: '刘嫂',
      text,
      attachments: [],
      sentAt: at,
      receivedAt: at,
      ...(over as object),
    },
  })
  return (await bindUnbound(db, event, at)).replyText
}

test.each([
  ['/绑定 ABCD3467', 'ABCD3467'],
  ['／绑定　ＡＢＣＤ３４６７', 'ABCD3467'],
  ['  绑定   abcd-3467 ', 'abcd-3467'],
  ['/绑定:abcd 3467', 'abcd 3467'],
  ['/绑定@xiaoge_bot ABCD3467', 'ABCD3467'],
  ['@小格\u2005/绑定 ABCD3467', 'ABCD3467'],
  ['/绑定', ''],
  ['/绑定 <ABCD3467>', 'ABCD3467'],
  ['绑定手机怎么弄', null],
  ['绑定', null],
  ['手机绑定 ABCD3467', null],
  ['今天开会', null],
])('the code in %j', (text, code) => {
  expect(codeIn(text)).toBe(code)
})

describeDatabases('binding', (open) => {
  test('a code binds a room once, and the room can move', async () => {
    const { db } = await open()
    const { villageId, villagers, grid } = await village(db)
    const code = await createCode(db, { villageId, roomId: villagers.id, now })
    expect(code).toMatch(/^[34679ACDEFGHJKMNPQRTWXY]{8}$/)
    expect(JSON.stringify(await db.bindingCode.findMany())).not.toContain(code)
    expect(await redeemCode(db, code, direct, sender, now)).toEqual({ outcome: 'wrong-place', belongs: 'room' })
    expect(await redeemCode(db, code.toLowerCase(), chat, sender, now)).toMatchObject({
      outcome: 'bound-room',
      room: { key: 'villagers', channel: 'telegram', conversation: '-100' },
    })
    expect(await redeemCode(db, code, chat, sender, now)).toEqual({ outcome: 'used' })

    const again = await createCode(db, { villageId, roomId: villagers.id, now })
    const moved = await redeemCode(db, again, { ...chat, conversation: '-200' }, sender, now)
    expect(moved).toMatchObject({ outcome: 'bound-room', room: { conversation: '-200' } })

    const other = await createCode(db, { villageId, roomId: grid.id, now })
    expect(await redeemCode(db, other, { ...chat, conversation: '-200' }, sender, now)).toMatchObject({
      room: { key: 'grid', conversation: '-200' },
    })
    expect(await db.room.findUnique({ where: { id: villagers.id } })).toMatchObject({ channel: null, boundAt: null })
    expect(await db.auditEntry.count({ where: { event: 'room-bound' } })).toBe(3)
  })

  test('a code ends after a day, and a newer one replaces it', async () => {
    const { db } = await open()
    const { villageId, villagers } = await village(db)
    const first = await createCode(db, { villageId, roomId: villagers.id, now })
    const second = await createCode(db, { villageId, roomId: villagers.id, now })
    expect(await redeemCode(db, first, chat, sender, now)).toEqual({ outcome: 'unknown' })
    expect(await redeemCode(db, second, chat, sender, later(DAY))).toEqual({ outcome: 'expired' })
    expect(await redeemCode(db, second, chat, sender, later(DAY - 1))).toMatchObject({ outcome: 'bound-room' })
  })

  test('a conversation of one village cannot be taken by another', async () => {
    const { db } = await open()
    const [one, other] = [await village(db), await village(db, '南山村')]
    const code = await createCode(db, { villageId: one.villageId, roomId: one.villagers.id, now })
    await redeemCode(db, code, chat, sender, now)
    const foreign = await createCode(db, { villageId: other.villageId, roomId: other.grid.id, now })
    expect(await redeemCode(db, foreign, chat, sender, now)).toEqual({ outcome: 'taken' })
    expect(await one.room('villagers')).toMatchObject({ conversation: '-100' })
  })

  test('a person’s account is theirs, with what it reported before', async () => {
    const { db } = await open()
    const { villageId, person, villagers } = await village(db)
    const before = await ensurePerson(db, { villageId, channel: 'telegram', externalId: '42', name: '周哥' }, now)
    const ticket = { villageId, no: 1, status: 'open', category: 'x', urgency: 'normal', placeKey: '', text: 't' }
    const reporter = { personId: before.id, name: '周哥', ...direct, addedAt: now }
    await db.ticket.create({
      data: {
        ...ticket,
        summary: 's',
        accusedIds: [],
        openedAt: now,
        updatedAt: now,
        reporterId: before.id,
        roomId: villagers.id,
        reporters: { create: reporter },
      },
    })
    const code = await createCode(db, { villageId, personId: person.id, now })
    expect(await redeemCode(db, code, direct, sender, now)).toMatchObject({ outcome: 'bound-person' })
    expect(await findPerson(db, villageId, 'telegram', '42')).toMatchObject({ name: '老周', role: 'grid-worker' })
    expect(await db.person.count()).toBe(1)
    expect(await db.ticket.findFirst({ include: { reporters: true } })).toMatchObject({
      reporterId: person.id,
      reporters: [{ personId: person.id, name: '老周' }],
    })

    const again = await createCode(db, { villageId, personId: person.id, now })
    await redeemCode(db, again, { ...direct, conversation: '43' }, { externalId: '43' }, now)
    expect(await findPerson(db, villageId, 'telegram', '42')).toBeNull()
    expect(await findPerson(db, villageId, 'telegram', '43')).toMatchObject({ id: person.id })
  })

  test('a person’s code that a whole room has read is spent', async () => {
    const { db } = await open()
    const { villageId, person } = await village(db)
    const code = await createCode(db, { villageId, personId: person.id, now })
    expect(await redeemCode(db, code, chat, sender, now)).toEqual({ outcome: 'wrong-place', belongs: 'person' })
    expect(await redeemCode(db, code, direct, sender, now)).toEqual({ outcome: 'used' })
  })

  test('in a room that is not bound it says who it is and then only answers codes', async () => {
    const { db } = await open()
    const { villageId, villagers } = await village(db)
    const code = await createCode(db, { villageId, roomId: villagers.id, now })
    expect(await say(db, '', { type: 'join' })).toBe(WELCOME)
    expect(await say(db, '三组路灯坏了')).toBeNull()
    expect(await say(db, `/绑定 ${code}`)).toMatch(/^绑定好了，本群是村民群/)
    expect(await say(db, `/绑定 ${code}`)).toMatch(/用过/)
  })

  test('five wrong codes within an hour, then silence, even for the right one', async () => {
    const { db } = await open()
    const { villageId, villagers, grid } = await village(db)
    const right = await createCode(db, { villageId, roomId: villagers.id, now })
    const other = await createCode(db, { villageId, roomId: grid.id, now })
    for (let i = 0; i < 4; i++) expect(await say(db, `/绑定 AAAAAAA${i}`)).toMatch(/不对/)
    expect(await say(db, `/绑定 ${right}`)).toMatch(/绑定好了/)
    expect(await say(db, '绑定 AAAAAAA9', direct)).toMatch(/不对/) // the fifth: what bound does not count
    expect(await say(db, `/绑定 ${other}`)).toBeNull()
    expect(await say(db, '/绑定')).toBeNull()
    expect(await say(db, `/绑定 ${other}`, { senderId: '43' }, later(MINUTE))).toMatch(/绑定好了/)
    expect(await say(db, '/绑定 AAAAAAAA', {}, later(HOUR))).toMatch(/不对/)
  })

  test('as a feature it leaves everything else alone and answers a code where it was sent', async () => {
    const { db } = await open()
    const { villageId, grid } = await village(db)
    const code = await createCode(db, { villageId, roomId: grid.id, now })
    const ask = async (text: string) => {
      const event = await db.inboxEvent.create({
        data: {
          ...chat,
          messageId: text,
          type: 'message',
          senderId: '42',
          senderName: '刘嫂',
          text,
          attachments: [],
          sentAt: now,
          receivedAt: now,
        },
      })
      const conversation = { channel: chat.channel, conversation: chat.conversation }
      const request = { messages: [event], conversation, private: false, now } as unknown as Request
      const answer = await binding.handle(request, {} as Services)
      return typeof answer === 'function' ? answer(db) : answer
    }
    expect(await ask('路灯坏了')).toBeNull()
    const replies = await ask(`/绑定 ${code}`)
    expect(replies).toMatchObject([
      { text: expect.stringMatching(/^绑定好了，本群是网格群/), replyTo: `/绑定 ${code}` },
    ])
    expect(JSON.stringify((replies as { text: string }[]).map(({ text }) => text))).not.toContain(code)
    expect(await ask('/绑定 QQQQQQQQ')).toMatchObject([{ text: expect.stringMatching(/不对/) }])
  })
})
