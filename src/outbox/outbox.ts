import type { Channel } from '../channels/channel.ts'
import { type Clock, MINUTE, SECOND } from '../clock.ts'
import type { Database, OutboxMessage } from '../db/database.ts'
import { faultOf, type Logger } from '../logger.ts'
import type { Attachment, Delivery, Mention, OutgoingAttachment, OutgoingKind, OutgoingMessage } from '../message.ts'
import { cut } from '../text.ts'
import { createFloodGate, refuseFlood } from './flood.ts'

/**
 * Attempts after which a message that surely did not arrive is dead: visible, kept, not tried again by itself. With the
 * back-off this is a day and a night (27 hours) without a network. What the network refuses is dead at once.
 */
const MAX_ATTEMPTS = 120
/** A message that was in flight at so many crashes may be what the program dies of. */
const MAX_CRASHES = 10
const BATCH = 200
/** What is queued within this long is read and delivered together; nobody in a chat notices. Milliseconds. */
const GATHER = 20

export interface Outbox {
  /** Says that something may be due. Returns at once. */
  kick(): void
  /** Delivers everything that is due now and resolves when nothing due is left. */
  settle(): Promise<void>
  /** Stops after the message in flight. */
  stop(): Promise<void>
  /** When something is due next; null when nothing waits. */
  nextDue(): Promise<Date | null>
}

type Open = (attachment: Attachment) => Promise<Uint8Array>

/** How long to wait after the n-th failure. Milliseconds. */
function backOff(attempts: number): number {
  return Math.min(15 * MINUTE, 2 ** attempts * SECOND)
}

/** Delivers queued messages: one at a time for each channel, in order within a conversation, at the channel's pace. */
export function createOutbox(parts: {
  database: Database
  channels: readonly Channel[]
  /** Where attachments come from that no channel has. */
  origins?: ReadonlyMap<string, Open>
  clock: Clock
  logger: Logger
}): Outbox {
  const { database, clock, logger } = parts
  const { db } = database
  const origins = new Map([
    ...parts.channels.map((channel): [string, Open] => [channel.name, (attachment) => channel.open(attachment)]),
    ...(parts.origins ?? []),
  ])
  const lanes = parts.channels.map((channel) => createLane(channel))
  let stopped = false

  function createLane(channel: Channel) {
    const lastSent = new Map<string, number>()
    const gate = createFloodGate()
    const lock = `outbox:${channel.name}`
    let mine = false
    let running: Promise<void> | null = null
    let again = false
    /** Ends the gathering at once. */
    let hurry: (() => void) | null = null
    let hurried = false
    /** The result of the last attempt, written together with the next claim: one commit for each message. */
    let unwritten: { row: OutboxMessage; delivery: Delivery } | null = null
    /** Whether rows may be in flight that nobody is sending: after a start or a fault, never in between. */
    let lookInFlight = true
    /**
     * Messages whose fate the network left unknown once. They are sent once more: a repetition is better than a loss,
     * many are not.
     */
    const uncertainOnce = new Set<number>()
    /** Whether some message may be waiting after a failure. */
    let lookBackOff = true

    /** While the channel says that nothing can leave, everything waits as it is: no attempt is made, none is counted. */
    function isOpen(): boolean {
      return !stopped && !['down', 'needs-login'].includes(channel.health().state)
    }

    /** Of several processes one delivers on a channel; when it is gone another finds what it left in flight. */
    async function isMine(): Promise<boolean> {
      const now = await database.exclusive.hold(lock)
      if (now && !mine) {
        lookInFlight = true
        lookBackOff = true
      }
      mine = now
      return now
    }

    async function run(): Promise<void> {
      try {
        do {
          await gather()
          again = false
          while (isOpen() && (await isMine()) && (await deliverBatch())) {
            // go on until nothing is due
          }
        } while (again && !stopped)
        await writeDown(null)
      } catch (error) {
        lookInFlight = true
        logger.error({ channel: channel.name, fault: faultOf(error) }, 'delivery stopped by a fault, will go on')
      }
    }

    /** Waits for what else is about to be queued, unless somebody waits for it to be delivered. */
    async function gather(): Promise<void> {
      if (hurried || stopped) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, GATHER)
        hurry = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      hurry = null
    }

    /** What is due, oldest first, without the conversations that have to wait. */
    async function oldest(now: Date): Promise<OutboxMessage[]> {
      // A result that is not written yet would look like a message in flight.
      if (lookInFlight) await writeDown(null)
      const query = { orderBy: { id: 'asc' }, take: BATCH } as const
      const inFlight = lookInFlight
        ? await db.outboxMessage.findMany({ where: { channel: channel.name, state: 'sending' }, ...query })
        : []
      lookInFlight = inFlight.length > 0
      const pending = await db.outboxMessage.findMany({
        where: {
          channel: channel.name,
          state: 'pending',
          notBefore: { lte: now },
          conversation: { notIn: [...(await backingOff(now)), ...pacing(now)] },
        },
        ...query,
      })
      return [...inFlight, ...pending].sort((a, b) => a.id - b.id)
    }

    /** Conversations whose first message waits after a failure: it holds back those behind it. */
    async function backingOff(now: Date): Promise<string[]> {
      const waiting = await failedHeads()
      return waiting.filter(({ notBefore }) => notBefore > now).map(({ conversation }) => conversation)
    }

    /** The first message of each conversation that has failed before. */
    async function failedHeads(): Promise<{ conversation: string; notBefore: Date }[]> {
      if (!lookBackOff) return []
      const waiting = await db.outboxMessage.findMany({
        where: { channel: channel.name, state: 'pending', attempts: { gt: 0 } },
        distinct: ['conversation'],
        select: { conversation: true, notBefore: true },
        orderBy: { id: 'asc' },
      })
      lookBackOff = waiting.length > 0
      return waiting
    }

    /** Conversations that have just been written to. A clock that was set back says nothing about the pace. */
    function pacing(now: Date): string[] {
      const soon = ([, at]: [string, number]) => now.getTime() >= at && now.getTime() - at < channel.capabilities.paceMs
      return channel.capabilities.paceMs === 0 ? [] : [...lastSent].filter(soon).map(([conversation]) => conversation)
    }

    /** Delivers what is due among the oldest waiting messages; says whether more may be due behind them. */
    async function deliverBatch(): Promise<boolean> {
      const now = clock.now()
      const rows = await oldest(now)
      const blocked = new Set<string>()
      let delivered = false
      for (const row of rows) {
        if (!isOpen()) break
        if (blocked.has(row.conversation)) continue
        const ok = await deliver(row, now)
        delivered = true
        if (!ok) lookBackOff = true
        if (!ok || channel.capabilities.paceMs > 0) blocked.add(row.conversation)
      }
      // A failure decides what is due next; a success is written with the next claim or when nothing is left.
      if (unwritten && !unwritten.delivery.ok) await writeDown(null)
      return delivered && (rows.length >= BATCH || blocked.size > 0)
    }

    async function deliver(row: OutboxMessage, now: Date): Promise<boolean> {
      // Found in flight after a crash: sent again, since it may never have left, but not for ever.
      if (row.state === 'sending' && row.crashes + 1 >= MAX_CRASHES) {
        await writeDown(null)
        await db.outboxMessage.update({ where: { id: row.id }, data: { state: 'unknown' } })
        return true
      }
      if (row.attempts === 0 && !gate.admits(row, now)) {
        await writeDown(null)
        await database.transaction((tx) => refuseFlood(tx, row, now))
        return true
      }
      await writeDown(row)
      const message = { ...toMessage(row), ...(await replacedBy(row)), attachments: await fetched(row) }
      const delivery = await channel.send(message).catch((error: unknown): Delivery => {
        logger.error({ outbox: row.id, fault: faultOf(error) }, 'the channel threw while sending')
        return { ok: false, retry: 'unknown', reason: faultOf(error).message }
      })
      if (delivery.ok) lastSent.set(row.conversation, now.getTime())
      unwritten = { row: { ...row, attempts: row.attempts + 1 }, delivery }
      return delivery.ok
    }

    /** Which message a row changes: none where the channel cannot do that, or where that message never arrived. */
    async function replacedBy(row: OutboxMessage): Promise<{ edits?: string }> {
      if (row.replaces === null || !channel.capabilities.edits) return {}
      const shown = await db.outboxMessage.findUnique({ where: { key: row.replaces } })
      return shown?.messageId && shown.conversation === row.conversation ? { edits: shown.messageId } : {}
    }

    /** The attachments with the bytes of those that come from another channel; what cannot be had any more is left out. */
    async function fetched(row: OutboxMessage): Promise<OutgoingAttachment[]> {
      const had: OutgoingAttachment[] = []
      for (const attachment of row.attachments as unknown as Attachment[]) {
        const origin = attachment.channel ?? channel.name
        if (origin === channel.name || channel.capabilities.handsOn) had.push(attachment)
        else {
          const bytes = await origins
            .get(origin)?.(attachment)
            .catch((error: unknown) => {
              logger.warn({ outbox: row.id, origin, fault: faultOf(error) }, 'an attachment could not be passed on')
            })
          if (bytes) had.push({ ...attachment, bytes })
        }
      }
      return had
    }

    /** The common case as one statement: it is done for each message that leaves. */
    async function writeSentAndClaim(
      row: OutboxMessage,
      { messageId }: Extract<Delivery, { ok: true }>,
      next: OutboxMessage,
    ): Promise<void> {
      uncertainOnce.delete(row.id)
      await db.$executeRaw`
        UPDATE "OutboxMessage" SET
          "state" = CASE WHEN "id" = ${row.id} THEN 'sent' ELSE 'sending' END,
          "attempts" = CASE WHEN "id" = ${row.id} THEN "attempts" ELSE "attempts" + 1 END,
          "sentAt" = CASE WHEN "id" = ${row.id} THEN ${clock.now()} ELSE "sentAt" END,
          "messageId" = CASE WHEN "id" = ${row.id} THEN ${messageId ?? null} ELSE "messageId" END,
          "error" = CASE WHEN "id" = ${row.id} THEN NULL ELSE "error" END
        WHERE "id" IN (${row.id}, ${next.id})`
    }

    /** Writes the last result and, in the same transaction, that `next` is about to be sent. */
    async function writeDown(next: OutboxMessage | null): Promise<void> {
      const result = unwritten
      if (!result && !next) return
      if (next && result?.delivery.ok && next.state === 'pending')
        await writeSentAndClaim(result.row, result.delivery, next)
      else {
        const claim = next
          ? db.outboxMessage.updateMany({
              where: { id: next.id },
              data: {
                state: 'sending',
                attempts: { increment: 1 },
                ...(next.state === 'sending' && { crashes: { increment: 1 } }),
              },
            })
          : null
        const write = result
          ? db.outboxMessage.updateMany({
              where: { id: result.row.id },
              data: outcome(channel, result, uncertainOnce, clock.now()),
            })
          : null
        await db.$transaction([write, claim].filter((statement) => statement !== null))
      }
      unwritten = null
      if (result && !result.delivery.ok) {
        const { id, attempts } = result.row
        logger.warn({ outbox: id, attempts, retry: result.delivery.retry }, 'a message was not delivered')
      }
    }

    return {
      kick(): void {
        if (stopped) return
        if (running) {
          again = true
          return
        }
        running = run().finally(() => {
          running = null
        })
      },
      async settle(): Promise<void> {
        hurried = true
        hurry?.()
        try {
          this.kick()
          while (running) await running
        } finally {
          hurried = false
        }
      },
      leave: async () => {
        while (running) await running
        mine = false
        await database.exclusive.release(lock)
      },
      /** The earliest moment at which some conversation may hear its next message. */
      async nextDue(): Promise<Date | null> {
        if (!isOpen()) return null
        const here = { channel: channel.name }
        const inFlight = await db.outboxMessage.findFirst({ where: { ...here, state: 'sending' } })
        if (inFlight) return inFlight.notBefore
        const waiting = await db.outboxMessage.groupBy({
          by: ['conversation'],
          where: { ...here, state: 'pending' },
          _min: { notBefore: true },
        })
        const heads = new Map(
          (await failedHeads()).map(({ conversation, notBefore }) => [conversation, notBefore.getTime()]),
        )
        const now = clock.now().getTime()
        const times = waiting.map(({ conversation, _min }) => {
          const sent = lastSent.get(conversation) ?? now + 1
          const paced = sent <= now ? sent + channel.capabilities.paceMs : 0
          return Math.max(heads.get(conversation) ?? _min.notBefore?.getTime() ?? now, paced)
        })
        return times.length === 0 ? null : new Date(Math.min(...times))
      },
    }
  }

  return {
    kick() {
      for (const lane of lanes) lane.kick()
    },
    async settle() {
      await Promise.all(lanes.map((lane) => lane.settle()))
    },
    async stop() {
      stopped = true
      await Promise.all(lanes.map((lane) => lane.leave()))
    },
    async nextDue() {
      const times = await Promise.all(lanes.map((lane) => lane.nextDue()))
      return times.filter((time) => time !== null).sort((a, b) => a.getTime() - b.getTime())[0] ?? null
    },
  }
}

function toMessage(row: OutboxMessage): Omit<OutgoingMessage, 'attachments'> {
  return {
    key: row.key,
    channel: row.channel,
    conversation: row.conversation,
    private: row.private,
    kind: row.kind as OutgoingKind,
    text: row.text,
    ...(row.replyTo !== null && { replyTo: row.replyTo }),
    mentions: row.mentions as unknown as Mention[],
    about: row.about as unknown as string[],
    ...(row.choices !== null && { choices: row.choices as unknown as string[] }),
  }
}

/** The row's next state after an attempt. */
function outcome(
  channel: Channel,
  result: { row: OutboxMessage; delivery: Delivery },
  uncertainOnce: Set<number>,
  now: Date,
) {
  const { row, delivery } = result
  if (delivery.ok || delivery.retry === 'never') uncertainOnce.delete(row.id)
  if (delivery.ok) return { state: 'sent', sentAt: now, messageId: delivery.messageId ?? null, error: null }
  const error = cut(delivery.reason, 500)
  if (delivery.retry === 'never') return { state: 'dead', error }
  if (delivery.retry === 'unknown' && !channel.capabilities.idempotent) {
    if (uncertainOnce.has(row.id)) return { state: 'unknown', error }
    uncertainOnce.add(row.id)
  }
  if (row.attempts >= MAX_ATTEMPTS) return { state: 'dead', error }
  const wait = Math.max(delivery.retry === 'after' ? delivery.ms : 0, backOff(row.attempts))
  return { state: 'pending', error, notBefore: new Date(now.getTime() + wait) }
}
