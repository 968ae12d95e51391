import { timingSafeEqual } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Api, GrammyError, HttpError } from 'grammy'
import type { Update } from 'grammy/types'
import { type Clock, SECOND } from '../../clock.ts'
import { faultOf, type Logger } from '../../logger.ts'
import type { Delivery } from '../../message.ts'
import type { Channel, ChannelHealth, Receive } from '../channel.ts'
import { createAttendance } from './attendance.ts'
import { download } from './download.ts'
import { eventOf, moveEvent, type Self, TELEGRAM, UPDATES } from './incoming.ts'
import { ALBUM, deliveryOf, MAX_CAPTION, MAX_LENGTH, movedTo, reasonOf, transmit } from './outgoing.ts'
import { tapped, VILLAGERS_MENU } from './replies.ts'

export interface TelegramSettings {
  token: string
  /** Without a slash at its end. */
  apiRoot: string
  /** Where Telegram is to deliver; absent for long polling, which needs no public address. */
  webhook?: { url: string; secret: string }
}

/** A path of the page on which a network delivers. */
export interface Webhook {
  path: string
  handle(request: Request): Promise<Response>
}

export interface TelegramChannel extends Channel {
  /** Absent with long polling. */
  readonly webhook?: Webhook
}

/** Waiting times. Milliseconds, but for `pollSeconds`. */
const TIMES = {
  pollSeconds: 25,
  sendMs: 30_000,
  probeMs: 10_000,
  firstPause: 250,
  /** While nothing is reached: to be there soon after the network is. */
  longestPause: 2 * SECOND,
  /** While somebody has to do something: a token is refused, another program receives. */
  refusedPause: 30 * SECOND,
  paceMs: SECOND,
}

/** Where it is said what to do about a token that is refused. */
const REFUSED = 'TELEGRAM_BOT_TOKEN is refused: copy it anew from @BotFather'

/**
 * Telegram, by its official interface for bots. An update is acknowledged only after it is stored; sending is tried once
 * and never again by itself. While Telegram cannot be reached the health says so, and the outbox waits.
 */
export function createTelegramChannel(
  settings: TelegramSettings,
  parts: { clock: Clock; logger: Logger; times?: Partial<typeof TIMES> },
): TelegramChannel {
  const { clock, logger } = parts
  const times = { ...TIMES, ...parts.times }
  const api = (ms: number) => new Api(settings.token, { apiRoot: settings.apiRoot, timeoutSeconds: ms / SECOND })
  const sending = api(times.sendMs)
  const probing = api(times.probeMs)
  const polling = api(times.pollSeconds * SECOND + times.probeMs)

  let self: (Self & { readsAll: boolean }) | null = null
  let health: ChannelHealth = { state: 'down', reason: 'not connected yet' }
  let receive: Receive | null = null
  let running: Promise<void> = Promise.resolve()
  let stopping = new AbortController()
  /** Ends the wait for updates, so that the connection is looked at. */
  let interruption = new AbortController()
  let offset = 0
  const attendance = createAttendance({ api: probing, logger })

  function set(state: ChannelHealth['state'], reason?: string): void {
    if (state !== health.state) {
      const line = { channel: TELEGRAM, state, ...(reason !== undefined && { reason }) }
      if (state === 'up') logger.info(line, 'a channel is up')
      else logger.warn(line, 'a channel is not up')
    }
    health = { state, ...(reason !== undefined && { reason }) }
  }

  /** Asks who the assistant is there: the cheapest way to know that Telegram can be reached and the token is good. */
  async function connect(): Promise<void> {
    const me = await probing.getMe()
    if (!self) logger.info({ channel: TELEGRAM, bot: me.username }, 'connected')
    self = { id: me.id, username: me.username, readsAll: me.can_read_all_group_messages }
    set('up')
  }

  async function introduce(): Promise<void> {
    const { webhook } = settings
    if (webhook) {
      // One at a time: only so do they come in their order.
      const how = { secret_token: webhook.secret, max_connections: 1, allowed_updates: UPDATES }
      await probing.setWebhook(webhook.url, how)
    } else await probing.deleteWebhook()
    await probing.setMyCommands(VILLAGERS_MENU.map(({ command, description }) => ({ command, description })))
    if (self) await attendance.begin(self)
  }

  async function run(signal: AbortSignal): Promise<void> {
    let failures = 0
    let introduced = false
    while (!signal.aborted) {
      try {
        if (!isConnected(health)) await connect()
        if (!introduced) await introduce()
        introduced = true
        await listen(signal)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        if (interruption.signal.aborted) {
          interruption = new AbortController()
          continue
        }
        failures += 1
        fails(error)
        await pause(failures, error, signal)
      }
    }
  }

  /** Takes in what there is, or what comes within the time of one poll. */
  async function listen(signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, interruption.signal])
    if (settings.webhook) {
      await sleep(times.pollSeconds * SECOND, undefined, { signal: either })
      return connect()
    }
    const updates = await polling.getUpdates(
      { offset, timeout: times.pollSeconds, allowed_updates: UPDATES },
      either as never,
    )
    if (health.state !== 'up') set('up')
    for (const update of updates) {
      if (!(await takeUntilStored(update, signal))) return
      // The next poll acknowledges it.
      offset = update.update_id + 1
    }
  }

  /** Telegram would tell it again only after a restart, so storing is tried here until it is done. */
  async function takeUntilStored(update: Update, signal: AbortSignal): Promise<boolean> {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        await take(update)
        if (failures > 1) set('up')
        return true
      } catch (error) {
        set('limited', 'what comes in cannot be stored: see the log')
        logger.error(
          { channel: TELEGRAM, update: update.update_id, fault: faultOf(error) },
          'an update waits to be stored',
        )
        await pause(failures, error, signal)
      }
    }
    return false
  }

  /** Stores what an update says. Rejects only when it cannot be stored. */
  async function take(update: Update): Promise<void> {
    if (!self || !receive) throw new Error('not started')
    const event = readable(update, self)
    if (event) await receive(event)
    const { callback_query: query, my_chat_member: membership } = update
    if (membership) attendance.changed(String(membership.chat.id))
    if (!query) return
    const note = query.data ? { text: tapped(query.data).slice(0, 200) } : {}
    // The button stops waiting; whether it hears that in time is of no importance.
    void probing.answerCallbackQuery(query.id, note).catch(() => {})
  }

  /** An update that this program cannot read would otherwise hold up everything behind it for ever. */
  function readable(update: Update, me: Self) {
    try {
      return eventOf(update, me, clock.now())
    } catch (error) {
      logger.error({ channel: TELEGRAM, update: update.update_id, fault: faultOf(error) }, 'an update cannot be read')
      return null
    }
  }

  function fails(error: unknown): void {
    const code = error instanceof GrammyError ? error.error_code : 0
    if (code === 401 || code === 404) set('needs-login', REFUSED)
    else if (code === 409) set('limited', `another program receives for this bot, stop it: ${reasonOf(error)}`)
    else if (error instanceof GrammyError || error instanceof HttpError) set('down', reasonOf(error))
    else {
      set('down', reasonOf(error))
      logger.error({ channel: TELEGRAM, fault: faultOf(error) }, 'the connection failed by a fault')
    }
  }

  async function pause(failures: number, error: unknown, signal: AbortSignal): Promise<void> {
    const asked = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * SECOND : 0
    const refused = error instanceof GrammyError && [401, 404, 409].includes(error.error_code)
    const longest = refused ? times.refusedPause : times.longestPause
    const ms = Math.max(asked, Math.min(longest, times.firstPause * 2 ** Math.min(failures - 1, 16)))
    await sleep(ms, undefined, { signal }).catch(() => {})
  }

  async function handle(request: Request): Promise<Response> {
    const { webhook } = settings
    if (!webhook || !isSame(request.headers.get('X-Telegram-Bot-Api-Secret-Token') ?? '', webhook.secret)) {
      return new Response('wrong secret', { status: 401 })
    }
    const update: unknown = await request.json().catch(() => null)
    if (!isUpdate(update)) return new Response('not an update', { status: 400 })
    try {
      await take(update)
      return new Response('ok')
    } catch (error) {
      logger.error(
        { channel: TELEGRAM, update: update.update_id, fault: faultOf(error) },
        'Telegram will tell it again',
      )
      return new Response('try again', { status: 500 })
    }
  }

  return {
    name: TELEGRAM,
    capabilities: {
      edits: true,
      sentIds: true,
      writesFirst: false,
      idempotent: false,
      maxLength: MAX_LENGTH,
      maxCaption: MAX_CAPTION,
      maxAttachments: 1,
      album: ALBUM,
      paceMs: times.paceMs,
    },
    ...(settings.webhook && { webhook: { path: new URL(settings.webhook.url).pathname, handle } }),
    async start(given) {
      receive = given
      stopping = new AbortController()
      running = run(stopping.signal)
    },
    async stop() {
      stopping.abort()
      await running
      if (health.state === 'up' && offset > 0) {
        // So that a start of the program does not have the last update told again; it would know it anyway.
        await probing.getUpdates({ offset, limit: 1, timeout: 0, allowed_updates: UPDATES }).catch(() => {})
      }
      set('down', 'stopped')
      receive = null
    },
    async send(message): Promise<Delivery> {
      try {
        return { ok: true, messageId: await transmit(sending, message) }
      } catch (error) {
        const to = movedTo(error)
        if (to !== null && receive) {
          await receive(moveEvent(message.conversation, to, clock.now()))
          return { ok: false, retry: 'after', ms: SECOND, reason: reasonOf(error) }
        }
        if (error instanceof HttpError) {
          set('down', reasonOf(error))
          interruption.abort()
        }
        return deliveryOf(error)
      }
    },
    open: (attachment) => download(sending, settings, attachment),
    attend: (presence) => attendance.attend(presence),
    health: () => {
      const reason = health.state === 'up' ? attendance.trouble() : null
      return reason === null ? health : { state: 'limited', reason }
    },
  }
}

function isConnected({ state }: ChannelHealth): boolean {
  return state === 'up' || state === 'limited'
}

function isSame(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function isUpdate(value: unknown): value is Update {
  return typeof value === 'object' && value !== null && 'update_id' in value && typeof value.update_id === 'number'
}
