import { DAY } from '../../clock.ts'
import type { Db, Occurrence, Schedule } from '../../db/database.ts'
import { outsideQuietHours } from '../../quiet-hours.ts'
import type { Lead } from './draft.ts'
import { momentsOf } from './leads.ts'
import { nextTimes, occurrences } from './occurrences.ts'
import type { Rule } from './rule.ts'

/** How far ahead occurrences are stored: beyond the end of next month, and any lead that is usual. */
const AHEAD = 100 * DAY
/** When this part of the time they are stored for is over, more are stored. */
const USED_UP = 0.35
/** At least so many are stored, however rare they are. */
const LEAST = 3
/** At most so many: twice a day. */
const MOST = 200
/** No lead is longer, so no reminder of what lies further off is due. */
export const LONGEST_LEAD = 32 * DAY

/** When a schedule has something to do next, and until when its occurrences are stored. */
export interface Wake {
  at: Date
  plannedUntil: Date
}

type Armed = Omit<Schedule, 'rule' | 'leads'> & { rule: Rule; leads: Lead[] }

/**
 * Stores the occurrences of the coming months that are not stored yet, drops those that the rule no longer names, and
 * says when there is something to do next: a reminder, more occurrences to be stored, or the end.
 */
export async function planAhead(tx: Db, schedule: Armed, now: Date, timeZone: string): Promise<Wake> {
  const stored = await tx.occurrence.findMany({ where: { scheduleId: schedule.id, at: { gt: now } } })
  const wanted = comingTimes(schedule.rule, now, timeZone)
  const byTime = new Map(stored.map((row) => [row.at.getTime(), row]))
  const missing = wanted.filter(({ at }) => !byTime.has(at.getTime()))
  if (missing.length > 0) {
    const common = { villageId: schedule.villageId, scheduleId: schedule.id }
    await tx.occurrence.createMany({
      data: missing.map(({ at, end }) => ({ ...common, at, endsAt: end ?? null })),
    })
  }
  const named = new Set(wanted.map(({ at }) => at.getTime()))
  const again = stored.filter((row) => row.status === 'dropped' && named.has(row.at.getTime()))
  const gone = stored.filter((row) => row.status === 'planned' && !row.byHand && !named.has(row.at.getTime()))
  await setStatus(tx, again, 'planned')
  await setStatus(tx, gone, 'dropped')
  const planned = await tx.occurrence.findMany({
    where: { scheduleId: schedule.id, status: 'planned', at: { gt: now } },
    orderBy: { at: 'asc' },
  })
  const last = wanted.at(-1)?.at ?? now
  const ends = nextTimes(schedule.rule, last, 1, timeZone).length === 0
  const plannedUntil = wanted.length < MOST ? new Date(Math.max(last.getTime(), now.getTime() + AHEAD)) : last
  const after = schedule.remindedUntil ?? now
  const next = planned
    .flatMap((row) => momentsOf(row, schedule.leads, { timeZone, urgent: schedule.urgent }))
    .filter(({ at }) => at > after)
    // What is due and was not handled waits for the end of the night.
    .map(({ at }) => (at > now ? at : outsideQuietHours(now, timeZone)).getTime())
    .reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY)
  const more = now.getTime() + USED_UP * (plannedUntil.getTime() - now.getTime())
  const end = ends ? (planned.at(-1)?.at ?? now).getTime() : more
  return { at: new Date(Math.min(next, end)), plannedUntil }
}

/** The times of a rule that are to be stored. */
function comingTimes(rule: Rule, now: Date, timeZone: string): { at: Date; end?: Date }[] {
  const until = now.getTime() + AHEAD
  const times: { at: Date; end?: Date }[] = []
  for (const each of occurrences(rule, now, timeZone)) {
    if (times.length >= MOST || (each.at.getTime() > until && times.length >= LEAST)) break
    times.push(each)
  }
  return times
}

async function setStatus(tx: Db, rows: readonly Occurrence[], status: string): Promise<void> {
  if (rows.length === 0) return
  await tx.occurrence.updateMany({ where: { id: { in: rows.map((row) => row.id) } }, data: { status } })
}
