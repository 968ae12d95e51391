import { MINUTE, SECOND } from '../../clock.ts'
import type { Broadcast, Db, Timer, Village } from '../../db/database.ts'
import type { Attachment } from '../../message.ts'
import { type NamedRoom, namedRooms } from '../../village/room-names.ts'
import type { Commit, Reply, Services } from '../feature.ts'
import { change, PACE, startOf, subjectOf, TOO_LATE, turns } from './broadcast.ts'
import * as replies from './replies.ts'

/** How long after the last room's turn it is looked how it went; then in growing intervals. Milliseconds. */
const FIRST_LOOK = 30 * SECOND
const LONGEST_LOOK = 15 * MINUTE
/** The look at which the author hears that it takes longer: about eight minutes after the last turn. */
const TOLD_AT_LOOK = 4

interface DeliverData {
  broadcastId: number
  roomId: number
}
interface LookData {
  broadcastId: number
  look: number
}

/** Gives each room its turn, and plans the look at how it went. The rows of the deliveries are there already. */
export async function planTurns(
  tx: Db,
  broadcast: Broadcast,
  rooms: readonly NamedRoom[],
  village: Village,
  now: Date,
): Promise<void> {
  const planned = turns(broadcast, rooms, now, village.timezone)
  const round = `broadcast:${broadcast.id}:${now.getTime()}`
  await tx.timer.createMany({
    data: planned.map(({ roomId, dueAt }) => ({
      key: `${round}:room:${roomId}`,
      villageId: village.id,
      kind: 'broadcasts.deliver',
      dueAt,
      data: { broadcastId: broadcast.id, roomId },
    })),
  })
  const last = planned.at(-1)?.dueAt ?? now
  await planLook(tx, broadcast, `${round}:look`, 0, new Date(last.getTime() + FIRST_LOOK))
}

async function planLook(tx: Db, broadcast: Broadcast, round: string, look: number, dueAt: Date): Promise<void> {
  const data = { broadcastId: broadcast.id, look }
  const { villageId } = broadcast
  await tx.timer.create({ data: { key: `${round}:${look}`, villageId, kind: 'broadcasts.look', dueAt, data } })
}

function deliveryTo(tx: Db, broadcastId: number, roomId: number) {
  const where = { broadcastId_roomId: { broadcastId, roomId } }
  return tx.broadcastDelivery.findUnique({ where, include: { broadcast: true } })
}

/** A room's turn has come: the notice is queued, once, in the transaction that ends the timer. */
async function deliver(timer: Timer, village: Village, services: Services): Promise<Commit> {
  const now = services.clock.now()
  const { broadcastId, roomId } = timer.data as unknown as DeliverData
  return async (tx) => {
    const delivery = await deliveryTo(tx, broadcastId, roomId)
    if (delivery?.state !== 'planned' || delivery.broadcast.state !== 'sending') return []
    const { broadcast } = delivery
    const end = async (state: string, key: string | null = null): Promise<void> => {
      await tx.broadcastDelivery.update({ where: { id: delivery.id }, data: { state, key, dueAt: now } })
    }
    if (now.getTime() - timer.dueAt.getTime() > TOO_LATE) {
      await end('late')
      return []
    }
    const later = await laterTurn(tx, broadcast, delivery.id, village, now)
    if (later) {
      const { villageId, kind } = timer
      const data = { broadcastId, roomId }
      await tx.timer.create({ data: { key: `${timer.key}+`, villageId, kind, dueAt: later, data } })
      return []
    }
    const room = await tx.room.findUnique({ where: { id: roomId } })
    if (!room?.conversation) {
      await end('unbound')
      return []
    }
    await end('queued', `t:${timer.key}:notice`)
    const notice: Reply = {
      to: { room },
      key: 'notice',
      kind: 'broadcast',
      text: replies.notice(broadcast),
      attachments: broadcast.attachments as unknown as Attachment[],
      choices: replies.NOTICE_CHOICES,
      subject: subjectOf(broadcast),
      about: [],
    }
    return [notice]
  }
}

/** After a downtime turns come in a heap, or in the night: another moment then, in the old order; else null. */
async function laterTurn(
  tx: Db,
  broadcast: Broadcast,
  deliveryId: number,
  village: Village,
  now: Date,
): Promise<Date | null> {
  const [least] = broadcast.urgent ? PACE.urgent : PACE.calm
  const before = await tx.broadcastDelivery.count({
    where: { broadcastId: broadcast.id, state: 'planned', id: { lt: deliveryId } },
  })
  const start = startOf(broadcast, now, village.timezone)
  if (start > now) return new Date(start.getTime() + before * least)
  const last = await tx.broadcastDelivery.findFirst({
    where: { broadcastId: broadcast.id, state: 'queued' },
    orderBy: { dueAt: 'desc' },
  })
  const since = now.getTime() - (last?.dueAt.getTime() ?? 0)
  // The clock ticks once a second, so a gap may be a little shorter than planned.
  return since >= 0 && since < least * 0.6 ? new Date(now.getTime() + (before + 1) * least - since) : null
}

/** Looks how it went, until no room is open any more; then the author hears the result. */
async function look(timer: Timer, village: Village, services: Services): Promise<Commit> {
  const now = services.clock.now()
  const { broadcastId, look: count } = timer.data as unknown as LookData
  return async (tx) => {
    const broadcast = await tx.broadcast.findUnique({ where: { id: broadcastId } })
    if (broadcast?.state !== 'sending') return []
    const fates = await fatesOf(tx, broadcast, await namedRooms(tx, village.id))
    if (fates.some(isOpen)) {
      const next = new Date(now.getTime() + Math.min(LONGEST_LOOK, FIRST_LOOK * 2 ** count))
      await planLook(tx, broadcast, timer.key.slice(0, timer.key.lastIndexOf(':')), count + 1, next)
      return count === TOLD_AT_LOOK
        ? [
            tell(broadcast, {
              key: 'progress',
              kind: 'answer',
              text: replies.progress(fates),
              choices: replies.SENDING_CHOICES,
            }),
          ]
        : []
    }
    await change(tx, broadcast, { state: 'done', finishedAt: now }, { event: 'broadcast-finished', by: null, at: now })
    const failed = fates.some(canRetry)
    const choices = [...(failed ? [replies.RETRY_CHOICE] : []), ...replies.RESULT_CHOICES]
    return [tell(broadcast, { key: 'result', kind: 'result', text: replies.result(fates), choices })]
  }
}

export const isOpen = ({ fate }: replies.RoomFate) => fate === 'planned' || fate === 'under-way'
/** What surely did not arrive may be sent again. */
export const canRetry = ({ fate }: replies.RoomFate) => fate === 'failed' || fate === 'late' || fate === 'unbound'

/** Something said to where the broadcast was drafted. */
function tell(broadcast: Broadcast, said: Pick<Reply, 'key' | 'kind' | 'text' | 'choices'>): Reply {
  const { channel, conversation } = broadcast
  const to = { conversation: { channel, conversation }, private: broadcast.private }
  return { ...said, to, subject: subjectOf(broadcast), about: [] }
}

/** How it stands with each room, as the outbox knows it. */
export async function fatesOf(
  tx: Db,
  broadcast: Pick<Broadcast, 'id'>,
  named: readonly NamedRoom[],
): Promise<(replies.RoomFate & { roomId: number })[]> {
  const deliveries = await tx.broadcastDelivery.findMany({
    where: { broadcastId: broadcast.id },
    orderBy: { id: 'asc' },
  })
  const sent = await tx.outboxMessage.findMany({ where: { subject: subjectOf(broadcast), kind: 'broadcast' } })
  return deliveries.map(({ roomId, state, key }) => {
    const name = named.find(({ room }) => room.id === roomId)?.name ?? ''
    if (state !== 'queued') return { roomId, name, fate: state as replies.Fate, error: null }
    // What was too long for one message went as several: all of them must have arrived.
    const parts = sent.filter((message) => message.key === key || message.key.startsWith(`${key}/`))
    const dead = parts.find((part) => part.state === 'dead')
    if (dead) return { roomId, name, fate: 'failed', error: dead.error }
    if (parts.length === 0 || parts.some((part) => part.state === 'unknown'))
      return { roomId, name, fate: 'unknown', error: null }
    return { roomId, name, fate: parts.every((part) => part.state === 'sent') ? 'arrived' : 'under-way', error: null }
  })
}

/** The turn of a room's one reminder. */
async function nudge(timer: Timer, village: Village, services: Services): Promise<Commit> {
  const now = services.clock.now()
  const { broadcastId, roomId } = timer.data as unknown as DeliverData
  return async (tx) => {
    const delivery = await deliveryTo(tx, broadcastId, roomId)
    const room = await tx.room.findUnique({ where: { id: roomId } })
    if (!delivery || !room?.conversation || now.getTime() - timer.dueAt.getTime() > TOO_LATE) return []
    const { broadcast, key } = delivery
    if (startOf(broadcast, now, village.timezone) > now) return []
    const first = key === null ? null : await tx.outboxMessage.findUnique({ where: { key } })
    const isThere = first?.messageId && first.conversation === room.conversation
    const reminder: Reply = {
      to: { room },
      key: 'nudge',
      kind: 'reminder',
      text: replies.reminder(broadcast),
      choices: replies.NOTICE_CHOICES,
      subject: subjectOf(broadcast),
      about: [],
      ...(isThere && first.messageId && { replyTo: first.messageId }),
    }
    return [reminder]
  }
}

export const broadcastTimers = {
  'broadcasts.deliver': deliver,
  'broadcasts.look': look,
  'broadcasts.nudge': nudge,
}
