import chineseDays from 'chinese-days'
import { fromWallTime, HOUR, MINUTE, type WallTime, wallTime } from '../../clock.ts'

/** End of the working day on which something is due. Wall time of the village. */
const DUE_HOUR = 18
/** When the day's work begins. Wall time of the village. */
const OFFICE_FROM = 8

function isoDay(wall: Pick<WallTime, 'year' | 'month' | 'day'>): string {
  const pad = (n: number) => String(n).padStart(2, '0')
  return `${wall.year}-${pad(wall.month)}-${pad(wall.day)}`
}

/**
 * The end of the n-th working day after the day of `from`, on the official Chinese calendar with its make-up workdays.
 * For years whose holidays are not announced yet, Monday to Friday are working days.
 */
export function workdaysLater(from: Date, days: number, timeZone: string): Date {
  const day = chineseDays.findWorkday(days, isoDay(wallTime(from, timeZone)))
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return fromWallTime({ year, month, day: date, hour: DUE_HOUR }, timeZone)
}

/** Whether the day of `at` is a working day of the village. */
function isWorkingDay(at: Date, timeZone: string): boolean {
  return chineseDays.isWorkday(isoDay(wallTime(at, timeZone)))
}

/** `at`, or the morning of the next working day when it falls outside office hours: nothing of this can wait less. */
export function insideOfficeHours(at: Date, timeZone: string): Date {
  const wall = wallTime(at, timeZone)
  if (isWorkingDay(at, timeZone) && wall.hour >= OFFICE_FROM && wall.hour < DUE_HOUR) return at
  const early = isWorkingDay(at, timeZone) && wall.hour < OFFICE_FROM
  const day = early ? at : workdaysLater(at, 1, timeZone)
  return fromWallTime({ ...wallTime(day, timeZone), hour: OFFICE_FROM, minute: 0 }, timeZone)
}

/** When an emergency that nobody has answered is told to the secretary. Milliseconds. */
export const ESCALATE_AFTER = 5 * MINUTE
/** How long a reporter may answer a result before it is closed. Milliseconds. */
export const CLOSE_AFTER = 72 * HOUR
/** How long a candidate waits for a worker. Milliseconds. */
export const LAPSE_AFTER = 72 * HOUR
/** How long a worker may take back a step. Milliseconds. */
export const UNDO_WITHIN = 5 * MINUTE
