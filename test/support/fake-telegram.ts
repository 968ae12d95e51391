import { createServer, type IncomingMessage as Request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export const TOKEN = '123456789:AAHfake_token_for_tests_only'

/** JSON as Telegram sends and takes it. Not its types: those are under test. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any

/** What goes wrong with a call: an answer of Telegram, no answer after it was done, no answer at all, or a slow one. */
export type Fault =
  | { code: number; description?: string; parameters?: object }
  | 'done-then-cut'
  | 'cut'
  | 'garbage'
  | { slowMs: number }

export interface FakeTelegram {
  readonly url: string
  readonly me: { id: number; is_bot: true; first_name: string; username: string; can_read_all_group_messages: boolean }
  /** Every call in its order, without getUpdates. */
  readonly calls: { method: string; payload: Json }[]
  /** What the chats show of the assistant, in order. */
  readonly shown: { chat: number; topic?: number; messageId: number; text: string; file?: string; payload: Json }[]
  /** Polls that were answered so far. */
  polls(): number
  /** A message of a person; `more` goes into it as it is. Returns it. */
  message(chat: Json, from: Json, more: Json): Json
  /** An update of any other kind. */
  push(update: Json): Json
  /** Tells everything that was ever told once more, as after a failure on Telegram's side. */
  tellAgain(): void
  /** What the next calls of a method meet. */
  failNext(method: string, fault: Fault, times?: number): void
  /** Nobody can connect; polls that wait are cut. */
  goDown(): Promise<void>
  comeBack(): Promise<void>
  /** Cuts every connection; new ones are taken. */
  cutConnections(): void
  /** A group becomes a supergroup with another id. */
  migrate(chat: number, to: number): void
  deleteTopic(chat: number, topic: number): void
  /** 403 for whatever is sent there. */
  remove(chat: number): void
  /** What getChatMember answers about the assistant; `member` unless told. */
  standing(chat: number, status: string): void
  keepFile(id: string, bytes: Uint8Array): void
  unacknowledged(): number
  close(): Promise<void>
}

/** Telegram's interface for bots on loopback, as far as this program needs it, with everything that can go wrong there. */
export async function createFakeTelegram(now: () => Date): Promise<FakeTelegram> {
  const me = {
    id: 666,
    is_bot: true as const,
    first_name: '小格',
    username: 'Xiaoge_bot',
    can_read_all_group_messages: true,
  }
  const calls: FakeTelegram['calls'] = []
  const shown: FakeTelegram['shown'] = []
  const told: Json[] = []
  const faults = new Map<string, Fault[]>()
  const counters = new Map<number, number>()
  const messages = new Map<string, Json>()
  const migrated = new Map<number, number>()
  const removed = new Set<number>()
  const topicsGone = new Set<string>()
  const standings = new Map<number, string>()
  const files = new Map<string, Uint8Array>()
  let queue: Json[] = []
  let webhook: Json = null
  let lastUpdate = 1000
  let polls = 0
  let albums = 0
  /** The poll that waits; a second one ends it with 409. */
  let waiting: { wake(): void; conflict(): void } | null = null
  let delivering: Promise<void> = Promise.resolve()
  let port = 0
  let server = make()

  const seconds = () => Math.floor(now().getTime() / 1000)
  const ok = (result: Json) => ({ ok: true, result })
  const bad = (error_code: number, description: string, parameters?: object) => ({
    ok: false,
    error_code,
    description,
    ...(parameters && { parameters }),
  })

  function make() {
    const created = createServer((request, response) => void answer(request, response))
    created.keepAliveTimeout = 60_000
    return created
  }

  async function listen(): Promise<void> {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }

  function numbered(chat: number, message: Json): Json {
    const message_id = (counters.get(chat) ?? 0) + 1
    counters.set(chat, message_id)
    const whole = { message_id, date: seconds(), ...message }
    messages.set(`${chat}/${message_id}`, whole)
    return whole
  }

  function push(update: Json): Json {
    const whole = { update_id: ++lastUpdate, ...update }
    told.push(whole)
    if (webhook) deliver(whole)
    else {
      queue.push(whole)
      waiting?.wake()
    }
    return whole
  }

  /** One after the other, again and again until it is taken. */
  function deliver(update: Json): void {
    delivering = delivering.then(async () => {
      for (let tries = 0; tries < 50 && webhook; tries++) {
        const headers = {
          'content-type': 'application/json',
          'X-Telegram-Bot-Api-Secret-Token': webhook.secret_token ?? '',
        }
        const body = JSON.stringify(update)
        const response = await fetch(webhook.url, { method: 'POST', headers, body }).catch(() => null)
        if (response?.ok) return
        await sleep(20)
      }
    })
  }

  function send(payload: Json, content: Json): Json {
    const chat = Number(payload.chat_id)
    const to = migrated.get(chat)
    if (to !== undefined) {
      const why = 'Bad Request: group chat was upgraded to a supergroup chat'
      return bad(400, why, { migrate_to_chat_id: to })
    }
    if (removed.has(chat)) return bad(403, 'Forbidden: bot was kicked from the group chat')
    const text = content.text ?? content.caption ?? ''
    if ('text' in content && text === '') return bad(400, 'Bad Request: message text is empty')
    if (text.length > ('text' in content ? 4096 : 1024)) return bad(400, 'Bad Request: message is too long')
    const topic = payload.message_thread_id === undefined ? undefined : Number(payload.message_thread_id)
    if (topic !== undefined && topicsGone.has(`${chat}/${topic}`)) {
      return bad(400, 'Bad Request: message thread not found')
    }
    const reply = asJson(payload.reply_parameters)
    const original = reply && messages.get(`${chat}/${reply.message_id}`)
    if (reply && !original && !reply.allow_sending_without_reply) {
      return bad(400, 'Bad Request: message to be replied not found')
    }
    const { reply_to_message: _, ...flat } = original ?? {}
    const message = numbered(chat, {
      from: me,
      chat: { id: chat, type: chat > 0 ? 'private' : 'supergroup' },
      ...content,
      ...(original && { reply_to_message: flat }),
      ...(topic !== undefined && { message_thread_id: topic, is_topic_message: true }),
    })
    const file = ['photo', 'voice', 'video', 'document'].map((kind) => content[kind]).find((one) => one !== undefined)
    shown.push({
      chat,
      ...(topic !== undefined && { topic }),
      messageId: message.message_id,
      text,
      ...(file !== undefined && { file }),
      payload,
    })
    return ok(message)
  }

  function call(method: string, payload: Json): Json {
    switch (method) {
      case 'getMe':
        return ok(me)
      case 'setWebhook':
        webhook = payload
        return ok(true)
      case 'deleteWebhook':
        webhook = null
        return ok(true)
      case 'getWebhookInfo':
        return ok({ url: webhook?.url ?? '', pending_update_count: queue.length, has_custom_certificate: false })
      case 'sendMessage':
        return send(payload, { text: payload.text })
      case 'editMessageText': {
        const message = messages.get(`${payload.chat_id}/${payload.message_id}`)
        if (!message) return bad(400, 'Bad Request: message to edit not found')
        const isSame = message.text === payload.text
        if (isSame) return bad(400, 'Bad Request: message is not modified: the content is exactly the same')
        message.text = payload.text
        return ok(message)
      }
      case 'sendPhoto':
        return send(payload, { photo: payload.photo, caption: payload.caption })
      case 'sendVoice':
        return send(payload, { voice: payload.voice, caption: payload.caption })
      case 'sendVideo':
        return send(payload, { video: payload.video, caption: payload.caption })
      case 'sendDocument':
        return send(payload, { document: payload.document, caption: payload.caption })
      case 'sendMediaGroup': {
        const media = asJson(payload.media) as unknown as Json[]
        const kinds = new Set(media.map(({ type }) => (type === 'video' ? 'photo' : type)))
        if (media.length < 2 || media.length > 10 || kinds.size > 1) return bad(400, 'Bad Request: wrong media group')
        if (payload.reply_markup !== undefined) return bad(400, 'Bad Request: media groups have no buttons')
        const group = String(++albums)
        const sent = media.map(({ type, media: file, caption }, n) => {
          const { reply_parameters: _, ...rest } = payload
          const content = { [type]: file, caption, media_group_id: group }
          return send(n === 0 ? payload : rest, content)
        })
        return sent.find(({ ok: taken }) => !taken) ?? ok(sent.map(({ result }) => result))
      }
      case 'getChatMember':
        return ok({ status: standings.get(Number(payload.chat_id)) ?? 'member', user: me })
      case 'getFile': {
        const bytes = files.get(payload.file_id)
        if (!bytes) return bad(400, 'Bad Request: wrong file_id or the file is temporarily unavailable')
        return ok({ file_id: payload.file_id, file_size: bytes.length, file_path: `files/${payload.file_id}` })
      }
      case 'answerCallbackQuery':
      case 'setMyCommands':
      case 'deleteMyCommands':
        return ok(true)
      default:
        return bad(404, 'Not Found: method not found')
    }
  }

  async function updates(payload: Json, request: Request): Promise<Json> {
    if (webhook) return bad(409, "Conflict: can't use getUpdates method while webhook is active")
    if (payload.offset > 0) queue = queue.filter((update) => update.update_id >= payload.offset)
    if (queue.length === 0 && payload.timeout > 0) {
      waiting?.conflict()
      const conflict = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), payload.timeout * 1000)
        const end = (value: boolean) => {
          clearTimeout(timer)
          resolve(value)
        }
        waiting = { wake: () => end(false), conflict: () => end(true) }
        request.socket.once('close', () => end(false))
      })
      if (conflict) return bad(409, 'Conflict: terminated by other getUpdates request')
      waiting = null
    }
    const asked: string[] = payload.allowed_updates ?? []
    polls += 1
    return ok(queue.filter((update) => asked.length === 0 || asked.some((kind) => kind in update)).slice(0, 100))
  }

  async function answer(request: Request, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const path = new URL(request.url ?? '/', 'http://fake').pathname
    if (path.startsWith(`/file/bot${TOKEN}/files/`)) {
      const bytes = files.get(path.split('/').pop() ?? '')
      response.writeHead(bytes ? 200 : 404).end(bytes)
      return
    }
    const [, method = ''] = path.split(`/bot${TOKEN}/`)
    const payload = payloadOf(request, Buffer.concat(chunks))
    if (method !== 'getUpdates') calls.push({ method, payload })
    const fault = faults.get(method)?.shift()
    if (fault === 'cut') return void request.socket.destroy()
    if (fault === 'garbage') return void response.writeHead(502).end('<html>bad gateway</html>')
    if (fault && typeof fault === 'object' && 'slowMs' in fault) await sleep(fault.slowMs)
    const result =
      path === `/bot${TOKEN}/${method}`
        ? fault && typeof fault === 'object' && 'code' in fault
          ? bad(fault.code, fault.description ?? 'an error', fault.parameters)
          : await (method === 'getUpdates' ? updates(payload, request) : call(method, payload))
        : bad(401, 'Unauthorized')
    if (fault === 'done-then-cut') return void request.socket.destroy()
    if (response.destroyed) return
    response.writeHead(result.ok ? 200 : result.error_code, { 'content-type': 'application/json' })
    response.end(JSON.stringify(result))
  }

  await listen()
  return {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    me,
    calls,
    shown,
    polls: () => polls,
    message(chat, from, more) {
      const message = numbered(chat.id, { chat, from, ...more })
      push({ message })
      return message
    },
    push,
    tellAgain() {
      if (webhook) for (const update of told) deliver(update)
      else queue = [...told]
      waiting?.wake()
    },
    failNext(method, fault, times = 1) {
      faults.set(method, [...(faults.get(method) ?? []), ...Array.from({ length: times }, () => fault)])
    },
    async goDown() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      waiting = null
    },
    async comeBack() {
      server = make()
      await listen()
    },
    cutConnections() {
      server.closeAllConnections()
      waiting = null
    },
    migrate(chat, to) {
      migrated.set(chat, to)
      const title = '村民群'
      const old = numbered(chat, { chat: { id: chat, type: 'group', title }, from: me, migrate_to_chat_id: to })
      push({ message: old })
      const fresh = numbered(to, { chat: { id: to, type: 'supergroup', title }, from: me, migrate_from_chat_id: chat })
      push({ message: fresh })
    },
    deleteTopic: (chat, topic) => void topicsGone.add(`${chat}/${topic}`),
    remove: (chat) => void removed.add(chat),
    standing: (chat, status) => void standings.set(chat, status),
    keepFile: (id, bytes) => void files.set(id, bytes),
    unacknowledged: () => queue.length,
    async close() {
      webhook = null
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function payloadOf(request: Request, body: Buffer): Json {
  const type = request.headers['content-type'] ?? ''
  if (type.includes('json')) return asJson(body.toString()) ?? {}
  // A form with a file: the fields by name, and of the file that it came.
  const text = body.toString('latin1')
  const fields = [
    ...text.matchAll(/name="([^"]+)"(?:; filename="([^"]*)")?[^\n]*\r?\n(?:[^\n]+\r?\n)*\r?\n([\s\S]*?)\r?\n--/g),
  ]
  const utf8 = (value: string) => Buffer.from(value, 'latin1').toString('utf8')
  const named = fields.map(([, name = '', file, value = '']) => [
    name,
    file === undefined ? utf8(value) : `upload:${value}`,
  ])
  return Object.fromEntries(named)
}

function asJson(value: Json): Json {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
