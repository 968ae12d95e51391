import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createTelegramChannel, type TelegramSettings } from '../../src/channels/telegram/telegram.ts'
import { systemClock } from '../../src/clock.ts'
import type { IncomingEvent, OutgoingMessage } from '../../src/message.ts'
import { createFakeTelegram, TOKEN } from '../support/fake-telegram.ts'

const GROUP = { id: -1001, type: 'supergroup', title: '村民群' }
const LIU = { id: 5, is_bot: false, first_name: '刘嫂' }
const TIMES = {
  pollSeconds: 2,
  sendMs: 1000,
  probeMs: 1000,
  firstPause: 20,
  longestPause: 100,
  refusedPause: 100,
  paceMs: 0,
}

/** A channel on a fake server, with what it heard and what it logged. */
async function aConnection(settings: Partial<TelegramSettings> = {}) {
  const server = await createFakeTelegram(() => systemClock.now())
  const heard: IncomingEvent[] = []
  let log = ''
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log += chunk.toString()
      done()
    },
  })
  const logger = pino({ level: 'debug' }, sink)
  const refusals: number[] = []
  const receive = async (event: IncomingEvent) => {
    if ((refusals.pop() ?? 0) > 0) throw new Error('the disk is full')
    heard.push(event)
  }
  const open = () =>
    createTelegramChannel(
      { token: TOKEN, apiRoot: server.url, ...settings },
      { clock: systemClock, logger, times: TIMES },
    )
  const channel = open()
  onTestFinished(async () => {
    await channel.stop()
    await server.close()
    // Whatever happened, the token is in no line of the log.
    expect(log).not.toContain(TOKEN.split(':')[1])
  })
  const state = () => channel.health().state
  return {
    server,
    channel,
    heard,
    refusals,
    receive,
    open,
    log: () => log,
    texts: () => heard.flatMap((event) => (event.type === 'message' ? [event.text] : [])),
    say: (text: string, more = {}) => server.message(GROUP, LIU, { text, ...more }),
    becomes: (wanted: string) => expect.poll(state, { timeout: 8000 }).toBe(wanted),
    send: (text: string, more: Partial<OutgoingMessage> = {}) =>
      channel.send({
        key: 'k',
        channel: 'telegram',
        conversation: '-1001',
        private: false,
        kind: 'other',
        text,
        mentions: [],
        attachments: [],
        about: [],
        ...more,
      }),
  }
}

type Connection = Awaited<ReturnType<typeof aConnection>>

async function started(settings?: Partial<TelegramSettings>): Promise<Connection> {
  const connection = await aConnection(settings)
  await connection.channel.start(connection.receive)
  await connection.becomes('up')
  return connection
}

const hears = (connection: Connection, ...texts: string[]) =>
  expect.poll(connection.texts, { timeout: 8000 }).toEqual(texts)

test('an update that cannot be stored is tried again before the next, and acknowledged only then', async () => {
  const connection = await started()
  const { server, refusals, say, log } = connection
  refusals.push(1, 1, 1)
  say('甲')
  say('乙')
  await hears(connection, '甲', '乙')
  expect(log()).toContain('the disk is full')
  await expect.poll(server.unacknowledged, { timeout: 8000 }).toBe(0)
})

test('while an update cannot be stored it stays unacknowledged, and is heard after the next start', async () => {
  const connection = await started()
  const { server, refusals, say, channel } = connection
  refusals.push(...Array.from({ length: 100 }, () => 1))
  say('甲')
  await connection.becomes('limited')
  expect(channel.health().reason).toContain('cannot be stored')
  await channel.stop()
  expect(server.unacknowledged()).toBe(1)
  refusals.length = 0
  await channel.start(connection.receive)
  await hears(connection, '甲')
})

test('an update whose delivery was cut is told again and heard once it arrives', async () => {
  const connection = await started()
  connection.server.failNext('getUpdates', 'done-then-cut', 2)
  connection.say('甲')
  await hears(connection, '甲')
})

test.each([
  ['500', { code: 500, description: 'Internal Server Error' }],
  ['no JSON', 'garbage'],
  ['429', { code: 429, description: 'Too Many Requests', parameters: { retry_after: 1 } }],
  ['a cut connection', 'cut'],
  ['no answer for long', { slowMs: 1500 }],
] as const)('goes on receiving after %s', async (_what, fault) => {
  const connection = await started()
  connection.server.failNext('getUpdates', fault, 2)
  connection.say('甲')
  await hears(connection, '甲')
  connection.say('乙')
  await hears(connection, '甲', '乙')
  await connection.becomes('up')
})

test('another program that receives for the same bot is named, and when it is gone all goes on', async () => {
  const connection = await started()
  connection.server.failNext(
    'getUpdates',
    { code: 409, description: 'Conflict: terminated by other getUpdates request' },
    8,
  )
  connection.say('甲')
  await connection.becomes('limited')
  expect(connection.channel.health().reason).toContain('another program receives for this bot')
  await hears(connection, '甲')
  await connection.becomes('up')
})

test('a refused token says where to get another, and is tried again', async () => {
  const connection = await aConnection()
  connection.server.failNext('getMe', { code: 401, description: 'Unauthorized' }, 6)
  await connection.channel.start(connection.receive)
  await connection.becomes('needs-login')
  expect(connection.channel.health().reason).toContain('@BotFather')
  await connection.becomes('up')
})

test('starts without a network, and is there when the network is', async () => {
  const connection = await aConnection()
  await connection.server.goDown()
  await connection.channel.start(connection.receive)
  await connection.becomes('down')
  connection.say('甲')
  await connection.server.comeBack()
  await hears(connection, '甲')
})

test.each([
  ['done and cut', 'done-then-cut', 'unknown'],
  ['cut', 'cut', 'unknown'],
  ['500', { code: 500 }, 'unknown'],
  ['no JSON', 'garbage', 'unknown'],
  ['no answer for long', { slowMs: 1500 }, 'unknown'],
  ['429', { code: 429, parameters: { retry_after: 7 } }, 'after'],
  ['an old token', { code: 401 }, 'after'],
  ['removed from the group', { code: 403, description: 'Forbidden: bot was kicked' }, 'never'],
  ['no such chat', { code: 400, description: 'Bad Request: chat not found' }, 'never'],
] as const)('a message that meets %s is sent once and told to be: %s → %s', async (_what, fault, retry) => {
  const connection = await started()
  connection.server.failNext('sendMessage', fault)
  const delivery = await connection.send('通知')
  expect(delivery).toMatchObject({ ok: false, retry })
  if (retry === 'after' && 'parameters' in (fault as object)) expect(delivery).toMatchObject({ ms: 7000 })
  expect(JSON.stringify(delivery)).not.toContain(TOKEN)
  expect(connection.server.calls.filter(({ method }) => method === 'sendMessage').length).toBe(1)
})

test('where nothing listens a message has surely not arrived', async () => {
  const connection = await started()
  await connection.server.goDown()
  expect(await connection.send('通知')).toMatchObject({ ok: false, retry: 'after' })
  await connection.becomes('down')
  await connection.server.comeBack()
  await connection.becomes('up')
})

test('a message answers, mentions, offers choices and shows no preview', async () => {
  const connection = await started()
  const { server, send, say } = connection
  const { message_id: id } = say('三组路灯坏了')
  const message = { replyTo: String(id), mentions: [{ id: '5', name: '刘嫂' }], choices: ['满意', '没好'] }
  expect(await send('@刘嫂 1号办好了', message)).toEqual({ ok: true, messageId: String(id + 1) })
  expect(server.shown[0]?.payload).toMatchObject({
    reply_parameters: { message_id: id, allow_sending_without_reply: true },
    entities: [{ type: 'text_mention', offset: 0, length: 3, user: { id: 5 } }],
    reply_markup: {
      inline_keyboard: [
        [
          { text: '满意', callback_data: '满意' },
          { text: '没好', callback_data: '没好' },
        ],
      ],
    },
    link_preview_options: { is_disabled: true },
  })
  // Whoever is not named in the words is named before them.
  await send('1号办好了', {
    mentions: [
      { id: '5', name: '刘嫂' },
      { id: '6', name: '👍嫂' },
    ],
  })
  expect(server.shown[1]).toMatchObject({
    text: '@刘嫂 @👍嫂 1号办好了',
    payload: {
      entities: [
        { offset: 0, length: 3, user: { id: 5 } },
        { offset: 4, length: 4, user: { id: 6 } },
      ],
    },
  })
  const crowd = Array.from({ length: 100 }, (_, n) => ({ id: String(n + 10), name: `${'长'.repeat(38)}${n}` }))
  expect(await send('好'.repeat(connection.channel.capabilities.maxLength), { mentions: crowd })).toMatchObject({
    ok: true,
  })
  // The message that is answered may be gone.
  expect(await send('再说一次', { replyTo: '999' })).toMatchObject({ ok: true })
})

test('photos go by id where Telegram has them, and by their bytes where it has not', async () => {
  const { server, send } = await started()
  await send('换好了', { attachments: [{ kind: 'image', key: 'photo:file1', channel: 'telegram' }] })
  const bytes = new TextEncoder().encode('JPEG')
  await send('', { attachments: [{ kind: 'image', key: 'f00', channel: 'simulator', bytes }] })
  expect(
    server.shown.map(({ text, file }) => ({ text, file: file?.includes('upload') ? 'upload' : file })),
  ).toMatchObject([{ text: '换好了', file: 'file1' }, { text: '' }])
  expect(server.calls.filter(({ method }) => method === 'sendPhoto').length).toBe(2)
})

test('what was said in a deleted topic is said in its group', async () => {
  const { server, send } = await started()
  expect(await send('甲', { conversation: '-1001/44' })).toMatchObject({ ok: true })
  server.deleteTopic(-1001, 44)
  expect(await send('乙', { conversation: '-1001/44' })).toMatchObject({ ok: true })
  expect(server.shown.map(({ topic, text }) => ({ topic, text }))).toEqual([
    { topic: 44, text: '甲' },
    { topic: undefined, text: '乙' },
  ])
})

test('privacy mode and absence are named with their remedy, room by room', async () => {
  const connection = await aConnection()
  const { server, channel, log } = connection
  server.me.can_read_all_group_messages = false
  server.standing(-1002, 'administrator')
  await channel.start(connection.receive)
  await connection.becomes('up')
  expect(log()).toContain('/setprivacy')
  await channel.attend?.({ rooms: ['-1002'], work: [] })
  expect(channel.health().state).toBe('up')
  await channel.attend?.({ rooms: ['-1001', '-1002'], work: [] })
  expect(channel.health()).toMatchObject({ state: 'limited' })
  expect(channel.health().reason).toContain('/setprivacy')
  // It is made an administrator.
  server.standing(-1001, 'administrator')
  server.push({
    my_chat_member: {
      chat: GROUP,
      from: LIU,
      date: 1,
      old_chat_member: { status: 'member' },
      new_chat_member: { status: 'administrator' },
    },
  })
  await expect
    .poll(async () => {
      await channel.attend?.({ rooms: ['-1001', '-1002'], work: [] })
      return channel.health().state
    })
    .toBe('up')
  server.standing(-1003, 'left')
  await channel.attend?.({ rooms: ['-1003'], work: [] })
  expect(channel.health().reason).toContain('add it to the group again')
})

test('workers have their own menu where they work, villagers theirs everywhere, each once', async () => {
  const { server, channel } = await started()
  const menus = () => server.calls.filter(({ method }) => method.endsWith('MyCommands'))
  await expect.poll(() => menus().length).toBe(1)
  await channel.attend?.({ rooms: [], work: ['-1002', '5'] })
  await channel.attend?.({ rooms: [], work: ['-1002', '5'] })
  await channel.attend?.({ rooms: [], work: ['-1002'] })
  expect(menus().map(({ method, payload }) => [method, payload.scope?.chat_id])).toEqual([
    ['setMyCommands', undefined],
    ['setMyCommands', -1002],
    ['setMyCommands', 5],
    ['deleteMyCommands', 5],
  ])
  for (const { payload } of menus().slice(0, 3)) {
    for (const { command, description } of payload.commands) {
      expect(command).toMatch(/^[a-z]+$/)
      expect(description).toMatch(/\p{Script=Han}/u)
    }
  }
})

test('a tapped button is answered, and stored once however often it is told', async () => {
  const connection = await started()
  const { server, heard } = connection
  const message = { message_id: 3, date: 1, chat: GROUP }
  server.push({ callback_query: { id: '99', from: LIU, data: '收', message } })
  await hears(connection, '收')
  await expect.poll(() => server.calls.some(({ method }) => method === 'answerCallbackQuery')).toBe(true)
  expect(heard[0]).toMatchObject({ sender: { id: '5' }, quote: { messageId: '3' } })
})

test('files are fetched up to their bound, and an error does not tell the token', async () => {
  const { server, channel } = await started()
  server.keepFile('small', new Uint8Array(10))
  server.keepFile('large', new Uint8Array(21 * 1024 * 1024))
  expect((await channel.open({ kind: 'image', key: 'photo:small' })).length).toBe(10)
  for (const key of ['photo:large', 'photo:gone', 'nonsense', 'photo:../../etc/passwd']) {
    const error = await channel.open({ kind: 'image', key }).catch((fault: unknown) => fault)
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).not.toContain(TOKEN)
  }
  await expect(channel.open({ kind: 'file', key: 'document:small', size: 1e9 })).rejects.toThrow('20 MB')
})

test('a webhook takes what carries the secret, in order, and asks for it again while it cannot be stored', async () => {
  const secret = 'a-secret-of-the-village'
  const connection = await started({ webhook: { url: 'http://127.0.0.1:9/telegram', secret } })
  const { channel, refusals, heard } = connection
  const post = (update: unknown, given = secret) =>
    channel.webhook?.handle(
      new Request('http://127.0.0.1/telegram', {
        method: 'POST',
        headers: { 'X-Telegram-Bot-Api-Secret-Token': given },
        body: typeof update === 'string' ? update : JSON.stringify(update),
      }),
    )
  const update = { update_id: 1, message: { message_id: 1, date: 1, chat: GROUP, from: LIU, text: '甲' } }
  expect((await post(update, 'wrong'))?.status).toBe(401)
  expect((await post(update, ''))?.status).toBe(401)
  expect((await post('{broken'))?.status).toBe(400)
  expect((await post('null'))?.status).toBe(400)
  refusals.push(1)
  expect((await post(update))?.status).toBe(500)
  expect(heard).toEqual([])
  expect((await post(update))?.status).toBe(200)
  expect((await post({ update_id: 2, message: 5 }))?.status).toBe(200)
  expect(connection.texts()).toEqual(['甲'])
  const set = connection.server.calls.find(({ method }) => method === 'setWebhook')
  expect(set?.payload).toMatchObject({ secret_token: secret, max_connections: 1 })
})
