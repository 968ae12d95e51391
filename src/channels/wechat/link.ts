import { setTimeout as sleep } from 'node:timers/promises'
import { FileBox } from 'file-box'
import { WechatyBuilder } from 'wechaty'
import type { Puppet } from 'wechaty-puppet'
import type { Delivery, IncomingEvent } from '../../message.ts'
import { createEchoes } from './echoes.ts'
import { conversationOf, isSlowedNotice, isUnstable, KIND, type Payload, talkerOf } from './incoming.ts'
import { knock } from './knock.ts'
import { deliveryOf, withMentions } from './outgoing.ts'
import { type FromLink, type GatewaySettings, type Line, type LinkTimes, WECHAT } from './protocol.ts'

/** What an error of the connection looks like; everything else is about one message. */
const BROKEN = /UNAVAILABLE|CANCELLED|RST_STREAM|ALREADY_EXISTS|UNAUTHENTICATED|no grpc manager|NO CLIENT/

const CODE_WAITS = 'a code waits to be scanned with the telephone of the account: see the console or the log'

export interface Link {
  send(line: Line): Promise<Delivery>
  /** The gateway, for as long as somebody is logged in there. */
  puppet(): Puppet | null
  selfId(): string
}

/**
 * Holds a connection to a gateway, for ever. Wechaty reports success where there is none and does not come back by
 * itself after an outage, so each connection is a generation of its own: made only against a gateway that answers, given
 * up when it errs, falls silent or has no login, and never repaired.
 */
export function createLink(
  gateway: GatewaySettings,
  times: LinkTimes,
  hooks: {
    tell(message: FromLink): void
    take(payload: Payload): void
    event(event: IncomingEvent): void
    loggedIn(): void
  },
): Link {
  const echoes = createEchoes()
  let puppet: Puppet | null = null
  let self = ''
  let reading: Promise<void> = Promise.resolve()

  async function keepUp(): Promise<never> {
    for (let failures = 0; ; failures++) {
      await untilItAnswers()
      const { reason, wasUp } = await oneGeneration()
      puppet = null
      if (wasUp) failures = 0
      hooks.tell({ type: 'state', state: 'down', reason })
      await sleep(Math.min(times.longestPause, times.firstPause * 2 ** Math.min(failures, 16)))
    }
  }

  async function untilItAnswers(): Promise<void> {
    for (;;) {
      const reason = await knock(gateway, times.knockLimit)
      if (reason === null) return
      hooks.tell({ type: 'state', state: 'down', reason })
      await sleep(times.knock)
    }
  }

  /** One connection from its making to its loss. Resolves with why it was lost. */
  function oneGeneration(): Promise<{ reason: string; wasUp: boolean }> {
    return new Promise((resolve) => {
      const { token, endpoint, plaintext, caCert } = gateway
      const tls = { disable: plaintext, ...(caCert !== undefined && { caCert }) }
      // Wechaty's own watchdog tries once and never again.
      const options = { token, endpoint, tls, timeoutSeconds: 24 * 3600 }
      const bot = WechatyBuilder.build({ puppet: 'wechaty-puppet-service', puppetOptions: options as never })
      let here: Puppet | null = null
      let alive = true
      let wasUp = false
      let lastSign = performance.now()
      const lose = (reason: string) => {
        if (!alive) return
        alive = false
        clearTimeout(login)
        clearInterval(watch)
        // Its own stop would stop and log out the account at the gateway, so the line is cut before.
        cut(here)
        void Promise.resolve(bot.stop()).catch(() => {})
        resolve({ reason, wasUp })
      }
      const noLogin = () => lose('the gateway takes the connection, but nobody is logged in and it shows no code')
      let login = setTimeout(noLogin, times.login)
      const watch = setInterval(
        () => {
          const silent = performance.now() - lastSign
          if (silent > times.silence) lose('the gateway has fallen silent')
          else if (silent > times.ask && wasUp) here?.ding('xiaoge')
        },
        Math.max(200, times.ask / 5),
      )

      const sign = () => {
        lastSign = performance.now()
      }
      bot.on('error', (error: unknown) => {
        const words = wordsOf(error)
        if (!alive || !BROKEN.test(words)) return
        if (/UNAUTHENTICATED/.test(words)) lose('the gateway refuses WECHATY_PUPPET_SERVICE_TOKEN')
        else lose(`the connection broke (${/\d+ [A-Z_]+/.exec(words)?.[0] ?? 'no answer'})`)
      })
      bot.on('puppet', (made) => {
        if (!alive) return
        here = made as unknown as Puppet
        here.on('heartbeat', sign)
        here.on('message', ({ messageId }) => {
          sign()
          if (alive && here) read(here, messageId)
        })
        here.on('scan', ({ qrcode = '' }) => {
          if (!alive) return
          // Now it is a person's turn, and that may take hours.
          clearTimeout(login)
          hooks.tell({ type: 'state', state: 'needs-login', reason: CODE_WAITS })
          if (qrcode) void draw(qrcode).then((drawn) => hooks.tell({ type: 'scan', code: qrcode, drawn }))
        })
        here.on('login', ({ contactId }) => {
          if (!alive) return
          clearTimeout(login)
          wasUp = true
          puppet = here
          self = contactId
          hooks.tell({ type: 'state', state: 'up', readOnly: isUnstable(contactId) })
          hooks.loggedIn()
        })
        here.on('logout', () => {
          if (!alive) return
          puppet = null
          hooks.tell({ type: 'state', state: 'needs-login', reason: 'the account was logged out at the gateway' })
          login = setTimeout(noLogin, times.login * 10)
        })
        here.on('room-join', ({ inviteeIdList, inviterId, roomId, timestamp }) => {
          if (alive && inviteeIdList.includes(self)) joined(roomId, inviterId, timestamp)
        })
        here.on('room-leave', ({ removeeIdList }) => {
          if (!alive || !removeeIdList.includes(self)) return
          hooks.tell({ type: 'note', level: 'warn', words: 'the assistant was taken out of a room' })
        })
      })
      Promise.resolve(bot.start()).catch((error: unknown) =>
        lose(`the connection could not be made (${nameOf(error)})`),
      )
    })
  }

  /** Fetches what messages are, several at a time, and passes them on in the order in which they came. */
  function read(from: Puppet, messageId: string): void {
    const fetched = payloadOf(from, messageId)
    reading = reading.then(async () => {
      const payload = await fetched
      if (payload) heard(payload)
      else hooks.tell({ type: 'note', level: 'error', words: 'a message could not be fetched', about: { messageId } })
    })
  }

  /** What the account itself has said only tells the ids of what was sent. */
  function heard(payload: Payload): void {
    if (isSlowedNotice(payload, self)) return hooks.tell({ type: 'slowed' })
    if (talkerOf(payload) !== self) return hooks.take(payload)
    const text = payload.type === KIND.Text ? (payload.text ?? '') : null
    echoes.heard(conversationOf(payload, self), text, payload.id)
  }

  async function payloadOf(from: Puppet, messageId: string): Promise<Payload | null> {
    for (let attempt = 1; attempt <= 3; attempt++) {
      try {
        return (await within(times.lookup, from.messagePayload(messageId))) as Payload
      } catch {
        await sleep(attempt * 200)
      }
    }
    return null
  }

  function joined(roomId: string, inviterId: string, timestamp: number): void {
    const at = new Date(timestamp < 1e11 ? timestamp * 1000 : timestamp)
    hooks.event({
      type: 'join',
      channel: WECHAT,
      conversation: roomId,
      messageId: `join-${timestamp}`,
      private: false,
      sender: { ...(inviterId && { id: inviterId }), name: '' },
      sentAt: at,
    })
  }

  async function send(line: Line): Promise<Delivery> {
    const to = puppet
    if (!to) return { ok: false, retry: 'after', ms: 1000, reason: 'not connected' }
    const { text, ids } = withMentions(line)
    const echo = echoes.expect(line.conversation, line.file ? null : text, times.send + times.echo)
    const sending = line.file
      ? to.messageSendFile(line.conversation, boxOf(line.file))
      : to.messageSendText(line.conversation, text, ids)
    // The echo is as good an answer as the answer itself, and sometimes the only one.
    const echoed = echo.then((id) => id ?? new Promise<never>(() => {}))
    try {
      const id = (await within(times.send, Promise.race([sending, echoed]))) || (await soon(echo))
      return { ok: true, ...(id && { messageId: id }) }
    } catch (error) {
      const { slowed, ...delivery } = deliveryOf(wordsOf(error))
      if (slowed) hooks.tell({ type: 'slowed' })
      const arrived = !delivery.ok && delivery.retry === 'unknown' ? await soon(echo) : undefined
      return arrived ? { ok: true, messageId: arrived } : delivery
    }
  }

  function soon(echo: Promise<string | undefined>): Promise<string | undefined> {
    return Promise.race([echo, sleep(times.echo, undefined)])
  }

  void keepUp()
  return { send, puppet: () => puppet, selfId: () => self }
}

interface Wire {
  eventStream?: { cancel(): void }
  stopStream(): void
  destroyClient(): void
}

/** Cuts the line of a connection that is given up, without a word to the gateway. */
function cut(puppet: Puppet | null): void {
  try {
    // Wechaty has no door for this: its own `stop` says stop to the gateway.
    const line = (puppet as { grpcManager?: Wire } | null)?.grpcManager
    // Closing alone would leave the stream open, and the gateway would tell everything there and nothing to the next one.
    line?.eventStream?.cancel()
    line?.stopStream()
    line?.destroyClient()
  } catch {
    // There was no line yet.
  }
}

function boxOf(file: NonNullable<Line['file']>) {
  return FileBox.fromBase64(Buffer.from(file.bytes).toString('base64'), file.name)
}

/** A code as a terminal shows it. */
async function draw(code: string): Promise<string> {
  const { default: qrcode } = await import('qrcode')
  return qrcode.toString(code, { type: 'terminal', small: true })
}

/** Rejects when something takes longer. `ms` are milliseconds. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const limit = new AbortController()
  try {
    const late = sleep(ms, undefined, { signal: limit.signal }).then(() => Promise.reject(new Error('timeout')))
    late.catch(() => {})
    return await Promise.race([work, late])
  } finally {
    limit.abort()
    work.catch(() => {})
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof Error) return error.message
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'a fault'
}
