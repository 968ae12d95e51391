import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startAssistant } from '../../src/cli/start.ts'
import { systemClock } from '../../src/clock.ts'
import { parseConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/database.ts'
import { ticketState } from '../../src/features/tickets/state.ts'
import { createCode } from '../../src/village/binding.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { villageFile } from '../support/conversation.ts'
import { createDatabase } from '../support/database.ts'
import { createFakeTelegram, TOKEN } from '../support/fake-telegram.ts'

const SECRET = 'a-secret-of-the-village'
const VILLAGERS = { id: -1001, type: 'supergroup', title: '清河村村民群' }
const GRID = { id: -1002, type: 'supergroup', title: '网格员工作群' }

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The whole program on a fake of Telegram, with a village nobody of which is bound yet. */
async function aProgram(mode: 'polling' | 'webhook') {
  const server = await createFakeTelegram(() => systemClock.now())
  onTestFinished(() => server.close())
  const { url, remove } = await createDatabase('sqlite')
  onTestFinished(remove)
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  const village = await database.transaction((tx) =>
    importVillage(tx, villageFile('qinghe'), { now: systemClock.now() }),
  )
  const port = await freePort()
  const webhook = { TELEGRAM_WEBHOOK_URL: `http://127.0.0.1:${port}/telegram`, TELEGRAM_WEBHOOK_SECRET: SECRET }
  const config = parseConfig({
    DATABASE_URL: url,
    PORT: String(port),
    LOG_LEVEL: 'silent',
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: server.url,
    ...(mode === 'webhook' && webhook),
  })
  const running = await startAssistant(config, { demo: false, clock: systemClock })
  onTestFinished(() => running.stop())
  let taps = 0
  const accounts = new Map<string, number>()
  const account = (name: string) => {
    if (!accounts.has(name)) accounts.set(name, 5000 + accounts.size)
    return { id: accounts.get(name) as number, is_bot: false, first_name: name }
  }
  const direct = (name: string) => ({ id: account(name).id, type: 'private', first_name: name })
  const codeFor = async (what: { room: string } | { person: string }) => {
    const { db } = database
    const options = { villageId: village.id, now: systemClock.now() }
    if ('room' in what) {
      const room = await db.room.findFirstOrThrow({ where: { villageId: village.id, key: what.room } })
      return createCode(db, { ...options, roomId: room.id })
    }
    const person = await db.person.findFirstOrThrow({ where: { villageId: village.id, name: what.person } })
    return createCode(db, { ...options, personId: person.id })
  }
  return {
    server,
    database,
    url: running.url,
    account,
    direct,
    says: (chat: object, name: string, text: string, more = {}) =>
      server.message(chat, account(name), { text, ...more }),
    replies: (chat: object, name: string, to: { messageId: number; text: string }, text: string) =>
      server.message(chat, account(name), {
        text,
        reply_to_message: { message_id: to.messageId, chat, date: 1, from: server.me, text: to.text },
      }),
    taps: (chat: object, name: string, on: { messageId: number }, data: string) =>
      server.push({
        callback_query: {
          id: String(++taps),
          from: account(name),
          data,
          message: { message_id: on.messageId, date: 1, chat },
        },
      }),
    /** The newest message in a chat that holds all the words, when it comes. */
    async hears(chat: { id: number }, ...words: string[]) {
      const find = () =>
        server.shown.findLast((one) => one.chat === chat.id && words.every((word) => one.text.includes(word)))
      await expect.poll(find, { timeout: 15_000, message: `${chat.id} should hear ${words.join(' + ')}` }).toBeDefined()
      return find() as NonNullable<ReturnType<typeof find>>
    },
    async bindAll() {
      this.says(VILLAGERS, '李书记', `/绑定 ${await codeFor({ room: 'villagers' })}`)
      await this.hears(VILLAGERS, '绑定好了')
      this.says(GRID, '李书记', `/绑定 ${await codeFor({ room: 'grid' })}`)
      await this.hears(GRID, '绑定好了')
      for (const person of ['老周', '小杨']) {
        // As a link does it: https://t.me/BOT?start=CODE
        this.says(direct(person), person, `/start ${await codeFor({ person })}`)
        await this.hears(direct(person), '绑定好了', person)
      }
    },
    async ticket(no: number) {
      const row = await database.db.ticket.findUniqueOrThrow({ where: { villageId_no: { villageId: village.id, no } } })
      return ticketState(database.db, row)
    },
  }
}

test.each(['polling', 'webhook'] as const)(
  'from the invitation to a satisfied villager, over Telegram by %s',
  { timeout: 90_000 },
  async (mode) => {
    const village = await aProgram(mode)
    const { server, account, says, replies, taps, hears, direct } = village
    await expect
      .poll(() => server.calls.some(({ method }) => method === 'setMyCommands'), { timeout: 10_000 })
      .toBe(true)
    const membership = {
      from: account('李书记'),
      date: 1,
      old_chat_member: { status: 'left' },
      new_chat_member: { status: 'member' },
    }
    server.push({ my_chat_member: { chat: VILLAGERS, ...membership } })
    await hears(VILLAGERS, '我是小格', '/绑定')
    says(direct('陌生人'), '陌生人', '/start')
    await hears(direct('陌生人'), '还不知道您是哪个村的')
    await village.bindAll()

    const report = says(VILLAGERS, '刘嫂', '三组桥头路灯坏了')
    const receipt = await hears(VILLAGERS, '1号')
    expect(receipt.payload.reply_parameters.message_id).toBe(report.message_id)
    const card = await hears(GRID, '#1', '三组桥头')
    expect(card.payload.reply_markup.inline_keyboard[0].map((button: { text: string }) => button.text)).toContain('收')

    taps(GRID, '路人', card, '收')
    taps(GRID, '老周', card, '收')
    const taken = await hears(GRID, '#1', '老周接单')
    expect(taken.payload.reply_parameters.message_id).toBe(card.messageId)
    replies(GRID, '老周', taken, '派 小杨')
    const assigned = await hears(GRID, '#1', '小杨')
    await hears(direct('小杨'), '#1')
    replies(GRID, '小杨', assigned, '办结 换了灯泡')
    const result = await hears(VILLAGERS, '换了灯泡')
    expect(result.text).toContain('@刘嫂')
    expect(result.payload.entities).toMatchObject([{ type: 'text_mention', user: { id: account('刘嫂').id } }])
    taps(VILLAGERS, '刘嫂', result, '满意')
    await expect.poll(async () => (await village.ticket(1)).status, { timeout: 15_000 }).toBe('closed')
    const ticket = await village.ticket(1)
    expect(ticket.history.map(({ by, event }) => `${by} ${event}`)).toEqual([
      '刘嫂 opened',
      '老周 confirm',
      '老周 assign',
      '小杨 resolve',
      '刘嫂 satisfied',
    ])

    const health = (await (await fetch(`${village.url}healthz`)).json()) as { channels: Record<string, unknown> }
    expect(health.channels.telegram).toMatchObject({
      state: 'up',
      lastIn: expect.any(String),
      lastOut: expect.any(String),
    })
    // Nobody but Telegram delivers.
    const foreign = await fetch(`${village.url}telegram`, { method: 'POST', body: '{"update_id":1}' })
    expect(foreign.status).toBe(mode === 'webhook' ? 401 : 403)
  },
)

test('an album is one report with all its photos', { timeout: 60_000 }, async () => {
  const village = await aProgram('polling')
  const { server, account, hears } = village
  await village.bindAll()
  for (const n of [1, 2, 3]) {
    server.message(VILLAGERS, account('刘嫂'), {
      photo: [{ file_id: `p${n}` }],
      media_group_id: 'album',
      ...(n === 1 && { caption: '三组桥头栏杆断了' }),
    })
  }
  const card = await hears(GRID, '#1')
  expect(card.text).toContain('3')
  expect((await village.ticket(1)).attachments).toBe(3)
  // The worker's own album is the result, and reaches whoever reported it.
  for (const n of [4, 5]) {
    server.message(GRID, account('老周'), {
      photo: [{ file_id: `p${n}` }],
      media_group_id: 'done',
      reply_to_message: { message_id: card.messageId, chat: GRID, date: 1, from: server.me, text: card.text },
      ...(n === 4 && { caption: '办结 焊好了' }),
    })
  }
  await hears(VILLAGERS, '焊好了')
  const photos = () => server.shown.filter((one) => one.chat === VILLAGERS.id && one.file !== undefined)
  await expect.poll(() => photos().map((one) => one.file), { timeout: 10_000 }).toEqual(['p4', 'p5'])
  // It arrives as one album, below the words with their buttons.
  expect(server.calls.filter(({ method }) => method === 'sendMediaGroup').length).toBe(1)
  expect(server.calls.some(({ method }) => method === 'sendPhoto')).toBe(false)
})

test('a group that becomes a supergroup in the middle of a matter loses nothing', { timeout: 60_000 }, async () => {
  const village = await aProgram('polling')
  const { server, account, hears } = village
  await village.bindAll()
  server.message(VILLAGERS, account('刘嫂'), { text: '三组桥头路灯坏了' })
  await hears(VILLAGERS, '1号')
  server.migrate(VILLAGERS.id, -1009)
  server.message(GRID, account('老周'), { text: '1 办结 换了灯泡' })
  const moved = { ...VILLAGERS, id: -1009 }
  const result = await hears(moved, '换了灯泡')
  server.message(moved, account('刘嫂'), {
    text: '满意',
    reply_to_message: { message_id: result.messageId, chat: moved, date: 1, from: server.me, text: result.text },
  })
  await expect.poll(async () => (await village.ticket(1)).status, { timeout: 10_000 }).toBe('closed')
  server.message(moved, account('王婶'), { text: '五组晒谷场的水管爆了' })
  await hears(moved, '2号')
})

test('a message forwarded to the assistant is a report out of a group it is not in', { timeout: 60_000 }, async () => {
  const village = await aProgram('polling')
  const { server, account, direct, hears } = village
  await village.bindAll()
  const origin = {
    type: 'hidden_user',
    sender_user_name: '阿强🌾',
    date: Math.floor(systemClock.now().getTime() / 1000),
  }
  server.message(direct('老周'), account('老周'), { text: '三组桥头路灯坏了', forward_origin: origin })
  const copy = await hears(direct('老周'), '请复制到')
  expect(copy.text).toContain('回阿强🌾')
  expect((await hears(GRID, '#1')).text).toContain('阿强🌾')
  expect(server.shown.filter((one) => one.chat === VILLAGERS.id && one.text.includes('1号'))).toEqual([])
})
