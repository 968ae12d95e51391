import type { Db, Occurrence, Reminder, Room, Schedule, Village } from '../../db/database.ts'
import { outsideQuietHours } from '../../quiet-hours.ts'
import type { Reply, Request } from '../feature.ts'
import { speaker } from '../feature.ts'
import { momentsOf } from './leads.ts'
import { occurrenceSubject } from './remind.ts'
import * as replies from './replies.ts'
import { asJson, change, type ScheduleChange, termsOf } from './schedule.ts'
import { sourceOf } from './source.ts'

/** What undoing a step brings back. */
export interface Snapshot {
  schedule: Pick<Schedule, (typeof RESTORABLE)[number]>
  occurrences: Pick<Occurrence, 'id' | 'status' | 'byHand'>[]
}

const RESTORABLE = [
  'status',
  'title',
  'place',
  'rule',
  'leads',
  'roomIds',
] as const satisfies readonly (keyof Schedule)[]

export async function snapshotOf(tx: Db, schedule: Schedule, now: Date): Promise<Snapshot> {
  const { status, title, place, rule, leads, roomIds } = schedule
  const occurrences = await tx.occurrence.findMany({
    where: { scheduleId: schedule.id, at: { gt: now } },
    select: { id: true, status: true, byHand: true },
  })
  return { schedule: { status, title, place, rule, leads, roomIds }, occurrences }
}

/** A change of an armed schedule: of all of it, or of one occurrence that is left out or put elsewhere. */
export interface Alteration {
  event: string
  update?: ScheduleChange
  occurrence?: { row: Occurrence; to: Date | null }
}

type WithReminders = Occurrence & { reminders: Reminder[] }

/**
 * Makes the change so that it can be undone, and tells the rooms of it as far as they had been reminded of what now is
 * otherwise, or would not hear of the new time in time.
 */
export async function alter(
  tx: Db,
  request: Request,
  schedule: Schedule,
  { event, update = {}, occurrence }: Alteration,
): Promise<{ schedule: Schedule; told: Reply[] }> {
  const { village, now } = request
  const before = await snapshotOf(tx, schedule, now)
  const ahead = await plannedAhead(tx, schedule, now)
  if (occurrence) await setAside(tx, occurrence.row, occurrence.to)
  const step = { event, by: speaker(request), at: now, data: { before, alsoOccurrence: occurrence?.row.id ?? null } }
  const changed = await change(tx, village, schedule, update, step)
  if (changed.status === 'cancelled') {
    await tx.occurrence.updateMany({
      where: { scheduleId: schedule.id, status: 'planned', at: { gt: now } },
      data: { status: 'cancelled' },
    })
  }
  const after = await plannedAhead(tx, changed, now)
  const gone = ahead.filter((row) => !after.some(({ id }) => id === row.id))
  const fresh = after.filter((row) => !ahead.some(({ id }) => id === row.id))
  const told: Reply[] = []
  for (const [index, row] of gone.entries()) {
    const to = fresh[index] ?? null
    const rooms = await roomsToTell(tx, village, changed, row, to, now)
    const text = to
      ? replies.movedInRoom(changed, row.at, to.at, village.timezone)
      : replies.cancelledInRoom(changed, row.at, village.timezone)
    told.push(...(await announce(tx, request, changed, rooms, to ?? row, text)))
  }
  return { schedule: changed, told }
}

function plannedAhead(tx: Db, schedule: Schedule, now: Date): Promise<WithReminders[]> {
  return tx.occurrence.findMany({
    where: { scheduleId: schedule.id, status: 'planned', at: { gt: now } },
    orderBy: { at: 'asc' },
    include: { reminders: true },
  })
}

/** Takes an occurrence from its time; to another one, or to none. */
async function setAside(tx: Db, row: Occurrence, to: Date | null): Promise<void> {
  await tx.occurrence.update({ where: { id: row.id }, data: { status: to ? 'moved' : 'cancelled' } })
  if (!to) return
  const { villageId, scheduleId } = row
  const endsAt = row.endsAt && new Date(to.getTime() + row.endsAt.getTime() - row.at.getTime())
  const there = await tx.occurrence.findUnique({ where: { scheduleId_at: { scheduleId, at: to } } })
  if (there) await tx.occurrence.update({ where: { id: there.id }, data: { status: 'planned', byHand: true } })
  else await tx.occurrence.create({ data: { villageId, scheduleId, at: to, endsAt, byHand: true } })
}

/** Those that have been reminded of the old time; all of them where the new one comes without a reminder. */
async function roomsToTell(
  tx: Db,
  village: Village,
  schedule: Schedule,
  row: WithReminders,
  to: Occurrence | null,
  now: Date,
): Promise<Room[]> {
  const { leads, roomIds } = termsOf(schedule)
  const { timezone: timeZone } = village
  const unheard = to !== null && !momentsOf(to, leads, { timeZone, urgent: schedule.urgent }).some(({ at }) => at > now)
  const reminded = row.reminders
    .filter(({ outcome }) => outcome === 'sent' || outcome === 'late')
    .map((each) => each.roomId)
  const ids = unheard ? roomIds : reminded
  return tx.room.findMany({ where: { id: { in: ids } }, orderBy: { id: 'asc' } })
}

/** Says something in rooms, by day unless it would be too late then. */
async function announce(
  tx: Db,
  request: Request,
  schedule: Schedule,
  rooms: readonly Room[],
  occurrence: Occurrence,
  text: string,
): Promise<Reply[]> {
  const { village, now } = request
  const morning = outsideQuietHours(now, village.timezone)
  const waits = !schedule.urgent && morning > now && morning < occurrence.at
  const about = await sourceOf(tx, schedule)
  return rooms.map((room) => ({
    to: { room },
    key: `altered:${occurrence.id}:${room.id}`,
    kind: 'broadcast',
    text,
    about,
    subject: occurrenceSubject(occurrence),
    ...(waits && { notBefore: morning }),
  }))
}

/** Brings back what a snapshot holds, and tells the rooms that had heard of the step. */
export async function restore(
  tx: Db,
  request: Request,
  schedule: Schedule,
  before: Snapshot,
  step: { event: string; at: Date },
): Promise<{ schedule: Schedule; told: Reply[] }> {
  const { village, now } = request
  const ahead = await plannedAhead(tx, schedule, now)
  const rows = await tx.occurrence.findMany({
    where: { scheduleId: schedule.id, at: { gt: now } },
    include: { reminders: true },
  })
  for (const row of rows) {
    const known = before.occurrences.find(({ id }) => id === row.id)
    const was = known ?? { status: 'dropped', byHand: false }
    if (was.status === row.status && was.byHand === row.byHand) continue
    await tx.occurrence.update({ where: { id: row.id }, data: { status: was.status, byHand: was.byHand } })
  }
  const { status, title, place, rule, leads, roomIds } = before.schedule
  const fields: ScheduleChange = {
    status,
    title,
    place,
    leads: asJson(leads),
    roomIds: asJson(roomIds),
    ...(rule !== null && { rule: asJson(rule) }),
  }
  const data = { step: step.event }
  const restored = await change(tx, village, schedule, fields, {
    event: 'schedule-undone',
    by: speaker(request),
    at: now,
    data,
  })
  if (restored.status !== 'armed') return { schedule: restored, told: [] }
  const after = await plannedAhead(tx, restored, now)
  const back = after.filter((row) => !ahead.some(({ id }) => id === row.id))
  const told: Reply[] = []
  for (const row of back) {
    const heard = await tx.outboxMessage.findMany({
      where: {
        villageId: village.id,
        kind: 'broadcast',
        createdAt: { gte: step.at },
        subject: { in: [row, ...ahead].map(occurrenceSubject) },
      },
      select: { channel: true, conversation: true },
    })
    const rooms = await tx.room.findMany({ where: { id: { in: termsOf(restored).roomIds } }, orderBy: { id: 'asc' } })
    const reached = rooms.filter((room) =>
      heard.some((one) => one.channel === room.channel && one.conversation === room.conversation),
    )
    told.push(
      ...(await announce(
        tx,
        request,
        restored,
        reached,
        row,
        replies.asBeforeInRoom(restored, row.at, village.timezone),
      )),
    )
  }
  return { schedule: restored, told }
}
