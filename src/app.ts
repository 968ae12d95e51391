import cron from 'node-cron'
import type { Channel } from './channels/channel.ts'
import { createRelayChannel } from './channels/relay.ts'
import type { Clock } from './clock.ts'
import type { Database, Db } from './db/database.ts'
import type { Services } from './features/feature.ts'
import { features } from './features/index.ts'
import { createInbox } from './inbox/inbox.ts'
import { createLanes } from './inbox/lanes.ts'
import { createTimers } from './inbox/timers.ts'
import type { Embedder } from './llm/embeddings.ts'
import type { Llm } from './llm/llm.ts'
import { faultOf, type Logger } from './logger.ts'
import { type Attachment, RELAY } from './message.ts'
import type { Metrics } from './metrics.ts'
import { createEnqueue } from './outbox/enqueue.ts'
import { createHandOver } from './outbox/hand-over.ts'
import { createOutbox } from './outbox/outbox.ts'
import { createWatch } from './outbox/watch-connections.ts'
import type { Model } from './understanding/learned/model.ts'
import { directConversation } from './village/people.ts'
import { presenceOn } from './village/presence.ts'

export interface App {
  /** Takes up what was left undone, then opens the channels. */
  start(): Promise<void>
  /** Closes the channels, finishes what is under way and stops. What is not finished is taken up at the next start. */
  stop(): Promise<void>
  /** Does everything that is due at the clock's present moment and resolves when nothing due is left. */
  settle(): Promise<void>
  /** The next moment at which something falls due; null when nothing is planned. */
  nextDue(): Promise<Date | null>
}

/** Ticks between two looks for villages without planned jobs. */
const PLAN_EVERY = 600
/** Ticks between two looks where the assistant is at home: a room may have been bound. */
const ATTEND_EVERY = 60
/** Ticks between two looks at the connections. */
const WATCH_EVERY = 10

/** Everything the program is made of, joined. The only place that knows all parts. */
export function createApp(parts: {
  database: Database
  channels: readonly Channel[]
  clock: Clock
  logger: Logger
  metrics?: Metrics
  /** Absent where no language model is configured. */
  llm?: Llm | undefined
  /** Absent where no embeddings are configured. */
  embedder?: Embedder | undefined
  /** Models of villages that have one of their own; the others are read by the one that comes with the program. */
  models?: ReadonlyMap<number, Model>
  /** After how many days what opened nothing is deleted; it is kept when absent. */
  retentionDays?: number
  /** A replay or test turns the clock itself and calls settle. */
  manual?: boolean
}): App {
  const { database, clock, logger, metrics } = parts
  const { db } = database
  const channels: Channel[] = [...parts.channels]
  const enqueue = createEnqueue(channels)
  const handOver = createHandOver({ database, clock, enqueue, canReach, onQueued })
  // A test may bring its own.
  if (!channels.some(({ name }) => name === RELAY)) channels.push(createRelayChannel(handOver))
  const byName = new Map(channels.map((channel) => [channel.name, channel]))
  const services: Services = {
    db,
    clock,
    logger,
    canReach,
    canEdit,
    open,
    llm: parts.llm,
    embedder: parts.embedder,
    retentionDays: parts.retentionDays ?? null,
  }
  const lanes = createLanes()
  const origins = new Map(
    features.map(({ name, open }) => [
      `feature:${name}`,
      async (attachment: Attachment) => {
        if (!open) throw new Error(`the feature ${name} makes no attachments`)
        return open(attachment, services)
      },
    ]),
  )
  const outbox = createOutbox({ database, channels, origins, clock, logger })
  const shared = { database, features, services, clock, logger, lanes, enqueue, onQueued }
  const onUnderstood = (ms: number) => metrics?.observeUnderstanding(ms / 1000)
  const inbox = createInbox({ ...shared, onUnderstood, models: parts.models ?? new Map() })
  const timers = createTimers(shared)
  const watch = createWatch({ database, channels, clock, logger, enqueue, canReach, onQueued })
  let tick: ReturnType<typeof cron.schedule> | null = null
  let ticking: Promise<void> | null = null
  let ticks = 0

  /** Whether something was queued that the outbox has not been told of. */
  let queued = false

  function onQueued(): void {
    queued = true
    if (!parts.manual) outbox.kick()
  }

  async function open(attachment: Attachment): Promise<Uint8Array> {
    const origin = byName.get(attachment.channel ?? '')
    if (!origin) throw new Error(`there is no channel ${attachment.channel}`)
    return origin.open(attachment)
  }

  function canEdit(channel: string): boolean {
    return byName.get(channel)?.capabilities.edits ?? false
  }

  /** Somebody is reachable who has an account on a channel that may write first, or who has written there before. */
  async function canReach(reader: Db, personId: number): Promise<boolean> {
    const to = await directConversation(reader, personId)
    if (!to) return false
    if (byName.get(to.channel)?.capabilities.writesFirst) return true
    const heard = await reader.inboxEvent.findFirst({ where: { ...to, private: true }, select: { id: true } })
    return heard !== null
  }

  /** Tells the channels where the assistant is at home. Nothing waits for it, and nothing depends on it. */
  async function attend(): Promise<void> {
    for (const channel of channels) {
      await channel
        .attend?.(await presenceOn(db, channel.name))
        .catch((error: unknown) => logger.warn({ channel: channel.name, fault: faultOf(error) }, 'not attended'))
    }
  }

  async function settle(): Promise<void> {
    await inbox.settle()
    await inbox.flushDue()
    await inbox.settle()
    await timers.runDue()
    await watch.look()
    do {
      // What one channel sends may be handed to another.
      queued = false
      await outbox.settle()
    } while (queued)
  }

  function onTickFailed(error: unknown): void {
    logger.error({ fault: faultOf(error) }, 'a tick failed, the next one goes on')
  }

  async function onTick(): Promise<void> {
    if (ticking) return
    ticking = (async () => {
      // A village may have been imported by another process since.
      if (++ticks % PLAN_EVERY === 0) await timers.planDaily()
      if (ticks % WATCH_EVERY === 0) await watch.look()
      if (ticks % ATTEND_EVERY === 1) void attend().catch(onTickFailed)
      await inbox.flushDue()
      await timers.runDue()
      outbox.kick()
    })()
      .catch(onTickFailed)
      .finally(() => {
        ticking = null
      })
    await ticking
  }

  return {
    settle,
    async start() {
      await timers.planDaily()
      await inbox.recover()
      for (const channel of channels) await channel.start(inbox.receive)
      if (parts.manual) return
      outbox.kick()
      tick = cron.schedule('* * * * * *', onTick, { name: 'tick' })
    },
    async stop() {
      await tick?.destroy()
      for (const channel of channels) await channel.stop()
      inbox.callOff()
      await ticking
      await inbox.settle()
      await outbox.stop()
    },
    async nextDue() {
      const times = await Promise.all([inbox.nextDue(), timers.nextDue(), outbox.nextDue()])
      return times.filter((time) => time !== null).sort((a, b) => a.getTime() - b.getTime())[0] ?? null
    },
  }
}
