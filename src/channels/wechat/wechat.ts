import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, MINUTE, SECOND } from '../../clock.ts'
import { faultOf, type Logger } from '../../logger.ts'
import type { Delivery, IncomingEvent, OutgoingAttachment, OutgoingMessage } from '../../message.ts'
import type { Channel, ChannelHealth, Receive } from '../channel.ts'
import { readKept } from '../kept-files.ts'
import { homeIn, journalIn } from './home.ts'
import { type Heard, type Supervised, superviseLink } from './link-supervisor.ts'
import { MAX_LENGTH } from './outgoing.ts'
import { createPace, type PACE, type Pace } from './pace.ts'
import { type GatewaySettings, LINK_TIMES, type Line, type LinkTimes, WECHAT } from './protocol.ts'
import { needsLogin } from './replies.ts'

export interface WechatSettings extends GatewaySettings {
  /** Most messages of a day; beyond it only alarms go out. */
  perDay: number
}

export interface WechatChannel extends Channel {
  /** The number of the process that holds the connection; null while there is none. */
  linkPid(): number | null
}

/** Least time between two messages to one conversation. Milliseconds. */
const PACE_MS = 4 * SECOND
const UNSTABLE =
  'the ids of this gateway change at each login, so rooms and people cannot be bound: the assistant listens and says ' +
  'nothing. Remedy: a gateway with lasting ids (rooms like 123@chatroom)'

/**
 * WeChat, by whatever gateway speaks Wechaty’s puppet service. There is no official way into ordinary groups, so all of
 * this may fail at any time: the connection lives in a process of its own, and what WeChat says about too many messages
 * is obeyed. What was said while the gateway was away is lost; what has arrived is not.
 */
export function createWechatChannel(
  settings: WechatSettings,
  parts: {
    clock: Clock
    logger: Logger
    /** Where attachments are kept, and where that process may keep what it needs (`home.ts`). */
    dataDirectory: string
    /** How many messages have gone out since midnight. */
    sentToday?: () => Promise<number>
    /** Tells those who look after the assistant what they have to do; that it is not well they hear anyway. */
    alarm?: (words: string) => void
    /** Shows a code to whoever sits in front of the computer. */
    show?: (drawn: string) => void
    times?: Partial<LinkTimes>
    pace?: Partial<typeof PACE>
    paceMs?: number
  },
): WechatChannel {
  const { clock, logger, alarm = () => {}, show = () => {} } = parts
  const times = { ...LINK_TIMES, ...parts.times }
  const home = homeIn(parts.dataDirectory)
  // That process is somewhere else only if it is told so.
  const attachments = resolve(parts.dataDirectory, 'attachments')
  const { perDay, ...gateway } = settings

  let health: ChannelHealth = { state: 'down', reason: 'not connected yet' }
  let readOnly = false
  let receive: Receive | null = null
  let link: Supervised | null = null
  let pace: Pace = createPace({ perDay, sentToday: 0, now: clock.now() })
  let storing: Promise<void> = Promise.resolve()
  let stopping = new AbortController()
  let lastLeft = Number.NEGATIVE_INFINITY
  let shownCode = ''
  let sends = 0
  const waiting = new Map<number, (delivery: Delivery) => void>()

  function set(state: ChannelHealth['state'], reason?: string): void {
    if (state !== health.state) {
      const line = { channel: WECHAT, state, ...(reason !== undefined && { reason }) }
      if (state === 'up') logger.info(line, 'a channel is up')
      else logger.warn(line, 'a channel is not up')
    }
    health = { state, ...(reason !== undefined && { reason }) }
  }

  function hear(message: Heard): void {
    switch (message.type) {
      case 'state':
        if (message.state === 'up' && message.readOnly && !readOnly) logger.warn({ channel: WECHAT }, UNSTABLE)
        if (message.state === 'up') {
          readOnly = message.readOnly === true
          shownCode = ''
        }
        return set(message.state, message.reason)
      case 'scan':
        return onCode(message.code, message.drawn)
      case 'event':
        storing = storing.then(() => store(message.event, message.entry))
        return
      case 'sent':
        waiting.get(message.id)?.(message.delivery)
        return
      case 'slowed':
        return onSlowed()
      case 'note':
        logger[message.level]({ channel: WECHAT, ...message.about }, message.words)
    }
  }

  /** A code is renewed every minute or so; people are told once, the log always has the one that counts. */
  function onCode(code: string, drawn: string): void {
    logger.warn({ channel: WECHAT, code }, 'scan this code with the telephone of the WeChat account')
    show(drawn)
    if (shownCode === '') alarm(needsLogin(code))
    shownCode = code
  }

  function onSlowed(): void {
    if (pace.pausedUntil(clock.now())) return
    pace.slowed(clock.now())
    const until = pace.pausedUntil(clock.now())
    const minutes = Math.ceil(((until?.getTime() ?? 0) - clock.now().getTime()) / MINUTE)
    logger.warn({ channel: WECHAT, minutes }, 'WeChat says that it is too much: nothing is sent for a while')
  }

  /** The gateway will not tell it again, so storing is tried here until it is done; until then it stands in the journal. */
  async function store(event: IncomingEvent, entry: string): Promise<void> {
    for (let failures = 1; receive; failures++) {
      try {
        await receive(event)
        link?.tell({ type: 'stored', entry })
        return
      } catch (error) {
        logger.error({ channel: WECHAT, fault: faultOf(error) }, 'a message waits to be stored')
        const ms = Math.min(2 * SECOND, 100 * 2 ** Math.min(failures, 10))
        await sleep(ms, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }

  function ended(reason: string): void {
    for (const answer of waiting.values()) answer({ ok: false, retry: 'unknown', reason })
    set('down', reason)
  }

  async function transmit(line: Line): Promise<Delivery> {
    const id = ++sends
    const limit = times.send + 2 * times.echo + 5 * SECOND
    try {
      return await new Promise<Delivery>((answer) => {
        waiting.set(id, answer)
        if (!link?.tell({ type: 'send', id, line }))
          answer({ ok: false, retry: 'after', ms: SECOND, reason: 'not connected' })
        setTimeout(() => answer({ ok: false, retry: 'unknown', reason: 'no answer in time' }), limit).unref()
      })
    } finally {
      waiting.delete(id)
    }
  }

  return {
    name: WECHAT,
    capabilities: {
      // The gateway may tell them; what a person quotes comes without, as words.
      sentIds: true,
      writesFirst: false,
      idempotent: false,
      maxLength: MAX_LENGTH,
      maxCaption: 0,
      maxAttachments: 1,
      paceMs: parts.paceMs ?? PACE_MS,
    },
    async start(given) {
      receive = given
      stopping = new AbortController()
      const sentToday = (await parts.sentToday?.()) ?? 0
      pace = createPace({ perDay, sentToday, now: clock.now(), ...(parts.pace && { pace: parts.pace }) })
      const journal = journalIn(parts.dataDirectory)
      const begin = { type: 'begin', gateway, times, home, journal, attachments } as const
      link = superviseLink({ home, logger, begin, hear, ended })
    },
    async stop() {
      receive = null
      stopping.abort()
      await link?.stop()
      link = null
      await storing
      ended('stopped')
    },
    async send(message) {
      if (readOnly) return { ok: false, retry: 'never', reason: UNSTABLE }
      const wait = pace.wait(message.kind, clock.now())
      if (wait) return { ok: false, retry: 'after', ...wait }
      const line = await lineOf(message, attachments)
      if (!line) return { ok: true }
      const rest = lastLeft + pace.rest() - performance.now()
      if (rest > 0) await sleep(rest, undefined, { signal: stopping.signal }).catch(() => {})
      const delivery = await transmit(line)
      lastLeft = performance.now()
      if (delivery.ok) pace.sent(message.kind, clock.now())
      const paused = pace.pausedUntil(clock.now())
      // Said instead of the message: it surely did not arrive, and will not before the pause is over.
      if (!delivery.ok && delivery.retry === 'after' && paused) {
        return { ...delivery, ms: paused.getTime() - clock.now().getTime() }
      }
      return delivery
    },
    open: (attachment) => readKept(attachments, attachment.key),
    linkPid: () => link?.pid() ?? null,
    health() {
      if (health.state !== 'up') return health
      if (readOnly) return { state: 'limited', reason: UNSTABLE }
      const until = pace.pausedUntil(clock.now())
      return until
        ? { state: 'limited', reason: `WeChat says too much was sent: silent until ${until.toISOString()}` }
        : health
    },
  }
}

/** What is to be sent in one call; null where nothing is left of it. */
async function lineOf(message: OutgoingMessage, directory: string): Promise<Line | null> {
  const { conversation, text, mentions } = message
  const [attachment] = message.attachments
  const file = attachment && (await fileOf(attachment, directory))
  if (file) return { conversation, text: '', mentions: [], file }
  return text === '' ? null : { conversation, text, mentions }
}

async function fileOf(attachment: OutgoingAttachment, directory: string): Promise<Line['file']> {
  const bytes = attachment.bytes ?? (await readKept(directory, attachment.key).catch(() => undefined))
  return bytes && { bytes, name: attachment.name ?? `${attachment.kind}.${endingOf(attachment)}` }
}

const ENDINGS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'audio/wav': 'wav',
  'audio/ogg': 'ogg',
  'video/mp4': 'mp4',
}

/** Gateways tell photos from files by the ending of the name. */
function endingOf({ mime = '', kind }: OutgoingAttachment): string {
  return ENDINGS[mime] ?? { image: 'jpg', voice: 'ogg', video: 'mp4', file: 'bin', location: 'txt' }[kind]
}
