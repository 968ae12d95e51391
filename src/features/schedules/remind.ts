import { HOUR, MINUTE } from '../../clock.ts'
import { ASSISTANT } from '../../db/audit.ts'
import type { Db, Occurrence, Room, Schedule, Village } from '../../db/database.ts'
import { outsideQuietHours } from '../../quiet-hours.ts'
import { peopleWithRight } from '../../village/people.ts'
import type { Commit, DailyJob, Feature, Reply } from '../feature.ts'
import { leadKey, type Moment, momentsOf } from './leads.ts'
import { LONGEST_LEAD } from './planning.ts'
import * as replies from './replies.ts'
import { change, move, subjectOf, termsOf } from './schedule.ts'
import { sourceOf } from './source.ts'

const NOTHING: Commit = async () => []

/** A reminder that leaves later than this says that it is late. */
const GRACE = 5 * MINUTE
/** How long what was missed is gathered before it is told. */
const GATHER = MINUTE

type TimerHandler = NonNullable<Feature['timers']>[string]

/** What a reply to a reminder points at. */
export function occurrenceSubject(occurrence: Pick<Occurrence, 'id'>): string {
  return `occurrence:${occurrence.id}`
}

/** What becomes of one room's reminders of one occurrence. */
type Outcome =
  | { outcome: 'sent' | 'late' | 'missed' | 'unreachable'; moments: Moment[] }
  /** Night has come: it is looked at again in the morning. */
  | { outcome: 'wait'; moments: Moment[] }

/** A schedule is woken: everything that has fallen due since is done with, once, and the next wake is planned. */
const remind: TimerHandler = async (timer, village, services) => {
  const { scheduleId, version } = timer.data as { scheduleId: number; version: number }
  const now = services.clock.now()
  return async (tx) => {
    const schedule = await tx.schedule.findUnique({ where: { id: scheduleId } })
    if (!schedule || schedule.status !== 'armed' || schedule.version !== version) return []
    return wake(tx, village, schedule, now)
  }
}

async function wake(tx: Db, village: Village, schedule: Schedule, now: Date): Promise<Reply[]> {
  const { leads, roomIds } = termsOf(schedule)
  const since = schedule.remindedUntil ?? now
  const rooms = await tx.room.findMany({ where: { id: { in: roomIds } }, orderBy: { id: 'asc' } })
  const near = await tx.occurrence.findMany({
    where: {
      scheduleId: schedule.id,
      status: 'planned',
      at: { gt: since, lte: new Date(now.getTime() + LONGEST_LEAD) },
    },
    orderBy: { at: 'asc' },
    include: { reminders: true },
  })
  const said: Reply[] = []
  const done: { occurrence: Occurrence; room: Room; outcome: Outcome; folded: boolean; moment: Moment }[] = []
  let handledUntil = now
  for (const occurrence of near) {
    const due = momentsOf(occurrence, leads, { timeZone: village.timezone, urgent: schedule.urgent }).filter(
      ({ at }) => at > since && at <= now,
    )
    for (const room of rooms) {
      const open = due.filter(
        ({ lead }) => !occurrence.reminders.some((row) => row.roomId === room.id && row.lead === leadKey(lead)),
      )
      const last = open.at(-1)
      if (!last) continue
      const outcome = outcomeOf(occurrence, room, open, last, { now, village, urgent: schedule.urgent })
      if (outcome.outcome === 'wait') {
        const first = open[0]?.at ?? now
        if (first <= handledUntil) handledUntil = new Date(first.getTime() - 1)
        continue
      }
      for (const moment of open) done.push({ occurrence, room, outcome, moment, folded: moment !== last })
      if (outcome.outcome === 'missed' || outcome.outcome === 'unreachable') continue
      const late = outcome.outcome === 'late'
      const text = replies.reminder(schedule, occurrence, { now, late, timeZone: village.timezone })
      const key = `reminder:${occurrence.id}:${room.id}:${leadKey(last.lead)}`
      const about = await sourceOf(tx, schedule)
      said.push({ to: { room }, key, kind: 'reminder', text, about, subject: occurrenceSubject(occurrence) })
    }
  }
  if (done.length > 0) {
    await tx.reminder.createMany({
      data: done.map(({ occurrence, room, outcome, moment, folded }) => ({
        villageId: village.id,
        occurrenceId: occurrence.id,
        roomId: room.id,
        lead: leadKey(moment.lead),
        dueAt: moment.at,
        outcome: folded ? 'folded' : outcome.outcome,
        at: now,
      })),
    })
  }
  const failed = done.filter(({ outcome }) => outcome.outcome === 'missed' || outcome.outcome === 'unreachable')
  if (failed.length > 0) await planSummary(tx, village, now)
  const sent = said.map(({ key }) => key)
  const step = { by: ASSISTANT, at: now, ...(sent.length > 0 && { data: { sent } }) }
  const woken = await change(tx, village, schedule, { remindedUntil: handledUntil }, { ...step, event: 'reminded' })
  const left = await tx.occurrence.count({ where: { scheduleId: schedule.id, status: 'planned', at: { gt: now } } })
  if (left === 0) await move(tx, village, woken, 'end', { wakesAt: null }, { by: ASSISTANT, at: now })
  return said
}

function outcomeOf(
  occurrence: Occurrence,
  room: Room,
  moments: Moment[],
  last: Moment,
  { now, village, urgent }: { now: Date; village: Village; urgent: boolean },
): Outcome {
  const late = now.getTime() - last.at.getTime() > GRACE
  if (late && occurrence.at <= now) return { outcome: 'missed', moments }
  const morning = outsideQuietHours(now, village.timezone)
  if (late && !urgent && morning > now) return { outcome: morning < occurrence.at ? 'wait' : 'missed', moments }
  if (room.channel === null) return { outcome: 'unreachable', moments }
  return { outcome: late ? 'late' : 'sent', moments }
}

/** Told once, together, by day. */
async function planSummary(tx: Db, village: Village, now: Date): Promise<void> {
  const dueAt = outsideQuietHours(new Date(now.getTime() + GATHER), village.timezone)
  const key = `schedules.summary:${village.id}:${Math.floor(dueAt.getTime() / GATHER)}`
  await tx.timer.upsert({
    where: { key },
    create: { key, villageId: village.id, kind: 'schedules.summary', dueAt, data: {} },
    update: {},
  })
}

/** Tells those who keep schedules what could not be reminded of. */
const summary: TimerHandler = async (_timer, village, services) => {
  const now = services.clock.now()
  return async (tx) => {
    const rows = await tx.reminder.findMany({
      where: { villageId: village.id, outcome: { in: ['missed', 'unreachable'] }, toldAt: null },
      include: { occurrence: { include: { schedule: true } } },
      orderBy: { dueAt: 'asc' },
    })
    if (rows.length === 0) return []
    await tx.reminder.updateMany({ where: { id: { in: rows.map((row) => row.id) } }, data: { toldAt: now } })
    const occurrences = [...new Map(rows.map((row) => [row.occurrenceId, row])).values()].map((row) => ({
      schedule: row.occurrence.schedule,
      at: row.occurrence.at,
      unreachable: row.outcome === 'unreachable',
    }))
    const text = replies.missed(occurrences, village.timezone)
    const people = await peopleWithRight(tx, village.id, 'broadcast')
    return people.map(({ id }) => ({ to: { person: id }, key: `missed:p${id}`, kind: 'alarm', text, about: [] }))
  }
}

/** A draft nobody has confirmed for a day is let go, with a word to its author. */
const lapse: TimerHandler = async (timer, village, services) => {
  const { scheduleId } = timer.data as { scheduleId: number }
  const schedule = await services.db.schedule.findUnique({ where: { id: scheduleId } })
  if (!schedule || (schedule.status !== 'asked' && schedule.status !== 'draft')) return NOTHING
  const now = services.clock.now()
  return async (tx) => {
    await move(tx, village, schedule, 'lapse', {}, { by: ASSISTANT, at: now })
    const about = await sourceOf(tx, schedule)
    const to = { person: schedule.authorId }
    return [{ to, key: 'lapsed', kind: 'other', text: replies.lapsed(schedule), about, subject: subjectOf(schedule) }]
  }
}

export const scheduleTimers: Record<string, TimerHandler> = {
  'schedules.remind': remind,
  'schedules.summary': summary,
  'schedules.lapse': lapse,
}

/** A schedule whose timer failed would never be heard of again: each night such are woken anew. */
export const wakeSleepers: DailyJob = {
  name: 'schedules',
  hour: 4,
  minute: 0,
  async run(village, _day, services) {
    const now = services.clock.now()
    const overslept = await services.db.schedule.findMany({
      where: { villageId: village.id, status: 'armed', wakesAt: { lt: new Date(now.getTime() - HOUR) } },
    })
    return async (tx) => {
      const said: Reply[] = []
      for (const schedule of overslept) said.push(...(await wake(tx, village, schedule, now)))
      return said
    }
  },
}
