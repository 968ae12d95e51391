import { isoInZone } from '../../clock.ts'
import type { Db, Schedule, Village } from '../../db/database.ts'
import { nextTimes } from './occurrences.ts'
import { isRecurring } from './rule.ts'
import { termsOf } from './schedule.ts'

/** A schedule as the command line shows it. */
export interface ScheduleState {
  no: number
  title: string
  kind: string
  recurring: boolean
  next: string[]
  rooms: string[]
  status: string
}

const SHOWN = 3

/** The schedule with its next times after `now`, ISO with the village's offset. Empty for what is over or off. */
export async function scheduleState(db: Db, village: Village, row: Schedule, now: Date): Promise<ScheduleState> {
  const { rule, roomIds } = termsOf(row)
  const rooms = await db.room.findMany({ where: { id: { in: roomIds } }, orderBy: { id: 'asc' } })
  const { no, title, kind, status } = row
  const next = await nextOf(db, village, row, now)
  return {
    no,
    title,
    kind,
    recurring: rule !== null && isRecurring(rule),
    next: next.map((at) => isoInZone(at, village.timezone)),
    rooms: rooms.map((room) => room.key),
    status,
  }
}

async function nextOf(db: Db, village: Village, row: Schedule, now: Date): Promise<Date[]> {
  const { rule } = termsOf(row)
  if (row.status === 'armed') {
    const planned = await db.occurrence.findMany({
      where: { scheduleId: row.id, status: 'planned', at: { gt: now } },
      orderBy: { at: 'asc' },
      take: SHOWN,
    })
    return planned.map(({ at }) => at)
  }
  if (row.status !== 'draft' || rule === null) return []
  return nextTimes(rule, now, SHOWN, village.timezone).map(({ at }) => at)
}
