/** The only reader of the computer's clock. Everything else is given a Clock, so tests and replays turn time themselves. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

export interface SettableClock extends Clock {
  set(at: Date): void
}

/** A clock that stands still until it is set. */
export function createSettableClock(start: Date): SettableClock {
  let current = start
  return {
    now: () => current,
    set: (at) => {
      current = at
    },
  }
}

export interface ShiftableClock extends Clock {
  /** Moves the clock forward by `ms`. */
  jump(ms: number): void
}

/** The running clock of the demo village, which can be moved forward. */
export function createShiftableClock(base: Clock = systemClock): ShiftableClock {
  let offset = 0
  return {
    now: () => new Date(base.now().getTime() + offset),
    jump: (ms) => {
      offset += ms
    },
  }
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A moment as people of the village read it off the wall. */
export interface WallTime {
  year: number
  /** 1–12. */
  month: number
  day: number
  hour: number
  minute: number
  second: number
  /** 0 is Sunday. */
  weekday: number
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone)
  if (!found) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(timeZone, found)
  }
  return found
}

/** Reads a moment in a time zone. */
export function wallTime(at: Date, timeZone: string): WallTime {
  const parts: Record<string, number> = {}
  for (const part of formatter(timeZone).formatToParts(at)) {
    if (part.type !== 'literal') parts[part.type] = Number(part.value)
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay()
  return { year, month, day, hour, minute, second, weekday }
}

/** Milliseconds the wall of `timeZone` is ahead of UTC at that moment. */
function offsetAt(at: Date, timeZone: string): number {
  const wall = wallTime(at, timeZone)
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second)
  return asUtc - Math.floor(at.getTime() / SECOND) * SECOND
}

/** The moment at which the wall of `timeZone` shows this date and time; out-of-range fields roll over (day 32, hour 24). */
export function fromWallTime(
  wall: { year: number; month: number; day: number; hour?: number; minute?: number },
  timeZone: string,
): Date {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour ?? 0, wall.minute ?? 0)
  const first = asUtc - offsetAt(new Date(asUtc), timeZone)
  return new Date(asUtc - offsetAt(new Date(first), timeZone))
}

/** ISO 8601 with the offset of `timeZone`, for example `2026-03-05T09:00:00+08:00`. */
export function isoInZone(at: Date, timeZone: string): string {
  const offset = offsetAt(at, timeZone)
  const shifted = new Date(at.getTime() + offset).toISOString().slice(0, 19)
  const sign = offset < 0 ? '-' : '+'
  const minutes = Math.abs(offset) / MINUTE
  const pad = (n: number) => String(n).padStart(2, '0')
  return `${shifted}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}
