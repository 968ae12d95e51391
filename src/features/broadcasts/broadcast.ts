import { DAY, HOUR, MINUTE, SECOND, wallTime } from '../../clock.ts'
import { actorOf, audit } from '../../db/audit.ts'
import type { Broadcast, Db, Person, Prisma } from '../../db/database.ts'
import { outsideQuietHours } from '../../quiet-hours.ts'
import { seeded } from '../../random.ts'
import type { NamedRoom } from '../../village/room-names.ts'
import { StaleError } from '../feature.ts'

/** How long a draft waits for its 确认. Milliseconds. */
export const DRAFT_LIVES = 12 * HOUR
/** The same words within this time are asked about again. Milliseconds. */
export const SAME_WITHIN = HOUR
/** What is sent so much later than planned is news no more: it is left out, and its author told. Milliseconds. */
export const TOO_LATE = 3 * HOUR
/** So long after a broadcast a bare 收到 may be about it, and its author may ask who has read it. Milliseconds. */
export const RECEIPTS_WITHIN = DAY
export const ASKED_WITHIN = 7 * DAY
/** Broadcasts that one room hears a day; what is urgent has room beyond that. */
export const MOST_A_DAY = 5
export const MOST_URGENT_A_DAY = 20
/** Longer texts are not read in a chat. In UTF-16 units. */
export const MAX_LENGTH = 1000

/** Time between two rooms, from and to: networks take bursts for spam. Milliseconds. */
export const PACE = { calm: [15 * SECOND, 35 * SECOND], urgent: [3 * SECOND, 6 * SECOND] } as const

/** How messages about a broadcast are found again. */
export const subjectOf = (broadcast: Pick<Broadcast, 'id'>) => `broadcast:${broadcast.id}`

/** The broadcast a subject names; null where it names something else. */
export function idIn(subject: string | null): number | null {
  const [, id] = /^broadcast:(\d+)$/.exec(subject ?? '') ?? []
  return id === undefined ? null : Number(id)
}

/** When each room has its turn, in their order: spread out, and never in the quiet hours unless it is urgent. */
export function turns(
  broadcast: Pick<Broadcast, 'id' | 'urgent'>,
  rooms: readonly NamedRoom[],
  from: Date,
  timeZone: string,
): { roomId: number; dueAt: Date }[] {
  const random = seeded(broadcast.id)
  const [least, most] = broadcast.urgent ? PACE.urgent : PACE.calm
  let at = startOf(broadcast, from, timeZone)
  return rooms.map(({ room }, n) => {
    if (n > 0) at = startOf(broadcast, new Date(at.getTime() + least + random() * (most - least)), timeZone)
    return { roomId: room.id, dueAt: at }
  })
}

/** When the first room may hear it. */
export function startOf(broadcast: Pick<Broadcast, 'urgent'>, from: Date, timeZone: string): Date {
  return broadcast.urgent ? from : outsideQuietHours(from, timeZone)
}

/** The most time it takes from room to room. Minutes, rounded up. */
export function minutesFor(broadcast: Pick<Broadcast, 'urgent'>, rooms: number): number {
  const [, most] = broadcast.urgent ? PACE.urgent : PACE.calm
  return Math.ceil(((rooms - 1) * most) / MINUTE)
}

/** The beginning of the day of `now` on the village's wall. */
export function startOfDay(now: Date, timeZone: string): Date {
  const { hour, minute, second } = wallTime(now, timeZone)
  const into = (hour * 60 + minute) * MINUTE + second * SECOND
  return new Date(now.getTime() - into - (now.getTime() % SECOND))
}

export function roomIdsOf(broadcast: Broadcast): number[] {
  return broadcast.roomIds as unknown as number[]
}

/** The rooms it goes to that are bound, and those of them that are not. */
export function roomsOf(broadcast: Broadcast, named: readonly NamedRoom[]) {
  const chosen = named.filter(({ room }) => roomIdsOf(broadcast).includes(room.id))
  const isBound = ({ room }: NamedRoom) => room.conversation !== null
  return { bound: chosen.filter(isBound), unbound: chosen.filter((one) => !isBound(one)) }
}

/** Writes one change with its audit row. Throws StaleError when somebody else was faster. */
export async function change(
  tx: Db,
  broadcast: Broadcast,
  data: Prisma.BroadcastUncheckedUpdateManyInput,
  step: { event: string; by: Person | null; at: Date; inboxEventId?: number },
): Promise<Broadcast> {
  const [written] = await tx.broadcast.updateManyAndReturn({
    where: { id: broadcast.id, version: broadcast.version },
    data: { ...data, version: { increment: 1 } },
  })
  if (!written) throw new StaleError(`broadcast ${broadcast.id} has changed`)
  await record(tx, broadcast, step)
  return written
}

export async function record(
  tx: Db,
  broadcast: Pick<Broadcast, 'id' | 'villageId'>,
  step: { event: string; by: Person | null; at: Date; inboxEventId?: number; data?: Record<string, unknown> },
): Promise<void> {
  const { at, by, event, inboxEventId } = step
  const data = { broadcast: broadcast.id, ...step.data }
  await audit(tx, { villageId: broadcast.villageId, at, by: by && actorOf(by), event, inboxEventId, data })
}
