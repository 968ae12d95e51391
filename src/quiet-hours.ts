import { fromWallTime, wallTime } from './clock.ts'

/** Between these hours no room hears anything that is no emergency. Wall time of the village. */
const QUIET_FROM = 22
const QUIET_UNTIL = 7

/** `at`, or the next morning when it falls into the quiet hours. */
export function outsideQuietHours(at: Date, timeZone: string): Date {
  const wall = wallTime(at, timeZone)
  if (wall.hour >= QUIET_UNTIL && wall.hour < QUIET_FROM) return at
  const day = wall.hour >= QUIET_FROM ? wall.day + 1 : wall.day
  return fromWallTime({ year: wall.year, month: wall.month, day, hour: QUIET_UNTIL }, timeZone)
}

/** `at`, or the evening before, half an hour ahead of the quiet hours that it falls into. */
export function beforeQuietHours(at: Date, timeZone: string): Date {
  const wall = wallTime(at, timeZone)
  if (wall.hour >= QUIET_UNTIL && wall.hour < QUIET_FROM) return at
  const day = wall.hour >= QUIET_FROM ? wall.day : wall.day - 1
  return fromWallTime({ year: wall.year, month: wall.month, day, hour: QUIET_FROM, minute: -30 }, timeZone)
}
