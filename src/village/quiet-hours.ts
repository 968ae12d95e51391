import { fromWallTime, wallTime } from '../clock.ts'

/** Between these hours nobody is written to about anything that is no emergency. Wall time of the village. */
const QUIET_FROM = 22
const QUIET_UNTIL = 7

/** `at`, or the next morning when it falls into the quiet hours of the village. */
export function outsideQuietHours(at: Date, timeZone: string): Date {
  const wall = wallTime(at, timeZone)
  if (wall.hour >= QUIET_UNTIL && wall.hour < QUIET_FROM) return at
  const day = wall.hour >= QUIET_FROM ? wall.day + 1 : wall.day
  return fromWallTime({ year: wall.year, month: wall.month, day, hour: QUIET_UNTIL }, timeZone)
}
