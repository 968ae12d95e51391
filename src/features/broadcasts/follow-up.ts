import type { Broadcast, Db } from '../../db/database.ts'
import { may } from '../../village/roles.ts'
import { type NamedRoom, namedRooms } from '../../village/room-names.ts'
import {
  type Answer,
  answerHere,
  type Commit,
  type Reply,
  type Request,
  refusePrivately,
  type Services,
} from '../feature.ts'
import { ASKED_WITHIN, change, subjectOf, turns } from './broadcast.ts'
import { type FollowUp, readDecision, readFollowUp } from './command-words.ts'
import { meantBroadcast, stepOf } from './decide.ts'
import { canRetry, fatesOf, isOpen, planTurns } from './deliver.ts'
import { speakersIn } from './draft.ts'
import * as replies from './replies.ts'

/** The choice under which each question was offered. */
const OFFERED: Record<FollowUp, string> = {
  stop: '停',
  progress: '停',
  unread: '谁没看',
  nudge: '再提醒一次',
  retry: '重发',
}

/** What somebody with the right asks about a broadcast that is under way or over. Null where it is nothing of it. */
export async function takeFollowUp(request: Request, services: Services): Promise<Answer> {
  const asked = readFollowUp(request.text) ?? (readDecision(request.text)?.decision === 'cancel' ? 'stop' : null)
  if (!asked) return null
  const { room, person, quote } = request
  const isWorkRoom = request.private || room?.kind === 'grid'
  if (!quote && !(isWorkRoom && may(person.role, 'broadcast'))) return null
  const broadcast =
    (await meantBroadcast(request, services.db, OFFERED[asked])) ?? (await newestOf(request, services.db, asked))
  if (!broadcast || broadcast.state === 'draft' || broadcast.state === 'cancelled') return null
  if (!may(person.role, 'broadcast'))
    return isWorkRoom ? refusePrivately(request, services, replies.NOT_YOUR_RIGHT) : null
  const named = await namedRooms(services.db, request.village.id)
  switch (asked) {
    case 'stop':
      return broadcast.state === 'sending' ? stop(request, broadcast, named) : null
    case 'progress':
      return progress(request, services.db, broadcast, named)
    case 'retry':
      return retry(request, services.db, broadcast, named)
    case 'unread':
      return unread(request, services, broadcast, named)
    case 'nudge':
      return nudge(request, services.db, broadcast, named)
  }
}

/** 谁没看 and 发到哪了 need no card: they are asked of the newest one. Whatever has an effect does. */
async function newestOf({ village, person, now, quote }: Request, db: Db, asked: FollowUp): Promise<Broadcast | null> {
  if (quote || (asked !== 'unread' && asked !== 'progress')) return null
  const since = new Date(now.getTime() - ASKED_WITHIN)
  const where = { villageId: village.id, personId: person.id, confirmedAt: { gte: since } }
  return db.broadcast.findFirst({ where, orderBy: { id: 'desc' } })
}

function answer(request: Request, broadcast: Broadcast, text: string, choices: string[] = []): Reply {
  const said = answerHere(request, { key: 'broadcast', kind: 'answer', text })
  return { ...said, subject: subjectOf(broadcast), ...(choices.length > 0 && { choices }) }
}

/** What has not had its turn is not sent. */
function stop(request: Request, broadcast: Broadcast, named: readonly NamedRoom[]): Commit {
  return async (tx) => {
    const fates = await fatesOf(tx, broadcast, named)
    const planned = fates.filter(({ fate }) => fate === 'planned')
    if (planned.length === 0) return [answer(request, broadcast, replies.NOTHING_TO_STOP)]
    const none = planned.length === fates.length
    await change(tx, broadcast, none ? { state: 'cancelled' } : {}, stepOf(request, 'broadcast-stopped'))
    await tx.broadcastDelivery.updateMany({
      where: { broadcastId: broadcast.id, state: 'planned' },
      data: { state: 'stopped' },
    })
    return [answer(request, broadcast, none ? replies.CANCELLED : replies.stopped(fates))]
  }
}

async function progress(request: Request, db: Db, broadcast: Broadcast, named: readonly NamedRoom[]): Promise<Commit> {
  const fates = await fatesOf(db, broadcast, named)
  const open = fates.some(isOpen)
  const text = open ? replies.progress(fates) : replies.result(fates)
  return async () => [answer(request, broadcast, text, open ? replies.SENDING_CHOICES : replies.RESULT_CHOICES)]
}

async function retry(
  request: Request,
  db: Db,
  broadcast: Broadcast,
  named: readonly NamedRoom[],
): Promise<Commit | null> {
  const { village, now } = request
  if (broadcast.state !== 'done') return null
  const failed = (await fatesOf(db, broadcast, named)).filter(canRetry).map(({ roomId }) => roomId)
  const rooms = named.filter(({ room }) => failed.includes(room.id))
  if (rooms.length === 0) return async () => [answer(request, broadcast, replies.NOTHING_TO_RETRY)]
  return async (tx) => {
    const sending = await change(tx, broadcast, { state: 'sending' }, stepOf(request, 'broadcast-retried'))
    await tx.broadcastDelivery.updateMany({
      where: { broadcastId: broadcast.id, roomId: { in: failed } },
      data: { state: 'planned', key: null, dueAt: now },
    })
    await planTurns(tx, sending, rooms, village, now)
    return [answer(request, broadcast, replies.retrying(rooms.length), replies.SENDING_CHOICES)]
  }
}

/** Who has spoken in the rooms and not said that they read it: names are for whoever asks, in private. */
async function unread(
  request: Request,
  services: Services,
  broadcast: Broadcast,
  named: readonly NamedRoom[],
): Promise<Commit> {
  const { db } = services
  const { person } = request
  const receipts = await db.broadcastReceipt.findMany({
    where: { broadcastId: broadcast.id },
    select: { personId: true },
  })
  const received = new Set(receipts.map(({ personId }) => personId))
  const arrived = (await fatesOf(db, broadcast, named)).filter(({ fate }) => fate === 'arrived')
  const speakers = new Set<number>()
  for (const { room } of named.filter(({ room: { id } }) => arrived.some(({ roomId }) => roomId === id)))
    for (const id of await speakersIn(db, room)) speakers.add(id)
  const missing = await db.person.findMany({
    where: {
      id: { in: [...speakers].filter((id) => !received.has(id) && id !== broadcast.personId) },
      erasedAt: null,
    },
    orderBy: { name: 'asc' },
    select: { name: true },
  })
  const text = replies.unread(
    broadcast,
    received.size,
    missing.map(({ name }) => name),
  )
  const choices = broadcast.nudgedAt === null && missing.length > 0 ? ['再提醒一次'] : []
  const reply = answer(request, broadcast, text, choices)
  if (request.private) return async () => [reply]
  const { replyTo: _, ...direct } = reply
  if (await services.canReach(db, person.id)) return async () => [{ ...direct, to: { person: person.id } }]
  return async () => [answer(request, broadcast, replies.WRITE_DIRECTLY)]
}

/** One reminder to all rooms it reached, without names, once. */
async function nudge(
  request: Request,
  db: Db,
  broadcast: Broadcast,
  named: readonly NamedRoom[],
): Promise<Commit | null> {
  const { village, now } = request
  if (broadcast.state !== 'done') return null
  if (!broadcast.confirmedAt || now.getTime() - broadcast.confirmedAt.getTime() > ASKED_WITHIN)
    return async () => [answer(request, broadcast, replies.TOO_OLD)]
  if (broadcast.nudgedAt) return async () => [answer(request, broadcast, replies.NUDGED_BEFORE)]
  const arrived = (await fatesOf(db, broadcast, named)).filter(({ fate }) => fate === 'arrived')
  const rooms = named.filter(({ room }) => arrived.some(({ roomId }) => roomId === room.id))
  return async (tx) => {
    await change(tx, broadcast, { nudgedAt: now }, stepOf(request, 'broadcast-nudged'))
    await tx.timer.createMany({
      data: turns(broadcast, rooms, now, village.timezone).map(({ roomId, dueAt }) => ({
        key: `broadcast:${broadcast.id}:nudge:${roomId}`,
        villageId: village.id,
        kind: 'broadcasts.nudge',
        dueAt,
        data: { broadcastId: broadcast.id, roomId },
      })),
    })
    return [answer(request, broadcast, replies.NUDGED)]
  }
}
