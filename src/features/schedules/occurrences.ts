import { fromWallTime, HOUR, wallTime } from '../../clock.ts'
import {
  type Date3,
  type Day,
  dateOf,
  dayOf,
  daysInMonth,
  isoDay,
  mondayOf,
  parseIsoDay,
  weekdayOf,
} from './calendar.ts'
import { festivalDay } from './festivals.ts'
import { lunarDate } from './lunar.ts'
import { type Days, type IsoDay, type MonthDay, needsHolidays, type Rule, type Session, type Shift } from './rule.ts'
import { isAnnounced, isHoliday, isWorkday, workdaysFrom } from './working-days.ts'

/** One time that a rule names. */
export interface Occurrence {
  at: Date
  end?: Date
  /** The day of the wall on which it begins. */
  day: IsoDay
  /** The day on which it would have been without a shift for holidays. */
  shiftedFrom?: IsoDay
  /** Depends on working days of a year whose holidays are not announced yet. */
  provisional: boolean
}

/** Days looked at in one step; a shift never carries further than MAX_SHIFT. */
const STEP = 64
const MAX_SHIFT = 30
/** The rarest rule, a day of one leap month, comes within two cycles of 19 years. */
const HORIZON = 40 * 366

/**
 * The times of a rule strictly after a moment, ascending, none twice. Ends with the rule, or where nothing more would
 * come within 40 years.
 */
export function* occurrences(rule: Rule, after: Date, timeZone: string): Generator<Occurrence> {
  const today = wallDay(after, timeZone)
  const start = Math.max(today - 1, rule.from ? parseIsoDay(rule.from) - MAX_SHIFT : -Infinity)
  const last = lastDay(rule) + MAX_SHIFT
  let end = Math.min(last, start + HORIZON)
  const first = rule.from ? parseIsoDay(rule.from) : -Infinity
  const until = rule.until ? parseIsoDay(rule.until) : Infinity
  const matchers = rule.parts.map((part) => ({ part, matches: matcher(part.days, rule) }))
  let previous = after.getTime()
  // A day of the wall is not quite a day of the clock where the zone changes: what a step finds beyond its last day waits.
  let found: Occurrence[] = []
  for (let from = start; from <= end; from += STEP) {
    const to = Math.min(from + STEP - 1, end)
    for (let nominal = from === start ? from - MAX_SHIFT : from; nominal <= to; nominal += 1) {
      if (nominal < first || nominal > until) continue
      const date = dateOf(nominal)
      for (const { part, matches } of matchers) {
        if (part.months && !part.months.includes(date.month)) continue
        if (!matches(nominal, date)) continue
        const day = shifted(nominal, rule.shift)
        if (day === null || day < start) continue
        end = Math.min(last, day + HORIZON)
        for (const session of part.sessions) found.push(occurrence(rule, nominal, day, session, timeZone))
      }
    }
    found.sort((a, b) => a.at.getTime() - b.at.getTime())
    const settled = to >= end ? Infinity : (to - MAX_SHIFT) * 24 * HOUR
    const later = found.findIndex(({ at }) => at.getTime() >= settled)
    const ready = later < 0 ? found : found.slice(0, later)
    found = later < 0 ? [] : found.slice(later)
    for (const each of ready) {
      if (each.at.getTime() <= previous) continue
      previous = each.at.getTime()
      yield each
    }
  }
}

/** At most `count` times of a rule strictly after a moment. */
export function nextTimes(rule: Rule, after: Date, count: number, timeZone: string): Occurrence[] {
  const times: Occurrence[] = []
  for (const each of occurrences(rule, after, timeZone)) {
    times.push(each)
    if (times.length === count) break
  }
  return times
}

/** The day on the wall of the zone. */
export function wallDay(at: Date, timeZone: string): Day {
  const { year, month, day } = wallTime(at, timeZone)
  return dayOf(year, month, day)
}

function lastDay(rule: Rule): Day {
  if (rule.until) return parseIsoDay(rule.until)
  const dates = rule.parts.map(({ days }) => (days.type === 'dates' ? days.dates.map(parseIsoDay) : null))
  return dates.includes(null) ? Infinity : Math.max(...dates.flatMap((each) => each ?? []))
}

type Matcher = (day: Day, date: Date3) => boolean

function matcher(days: Days, rule: Rule): Matcher {
  const origin = rule.from ? parseIsoDay(rule.from) : 0
  switch (days.type) {
    case 'dates': {
      const dates = new Set(days.dates.map(parseIsoDay))
      return (day) => dates.has(day)
    }
    case 'daily':
      return (day) => (day - origin) % days.every === 0
    case 'workdays':
      return isWorkday
    case 'weekly': {
      // Weeks are counted from that of the first day that fits: from a Saturday on, every second Monday begins on the next.
      const first = Array.from({ length: 7 }, (_, n) => origin + n).find((day) =>
        days.weekdays.includes(weekdayOf(day)),
      )
      const week = mondayOf(first ?? origin)
      return (day) => days.weekdays.includes(weekdayOf(day)) && ((mondayOf(day) - week) / 7) % days.every === 0
    }
    case 'monthly':
      return (day, date) => days.on.some((on) => isMonthDay(on, day, date))
    case 'lunar':
      return (day) => {
        const lunar = lunarDate(day)
        if (days.months && !days.months.includes(lunar.month)) return false
        return days.days.includes(lunar.day) || (lunar.day === lunar.length && days.days.includes(-1))
      }
    case 'festival':
      return (day, { year }) =>
        [year - 1, year, year + 1].some((each) => {
          const festival = festivalDay(days.name, each)
          // Counting working days is dear; sixty of them lie within 100 days.
          if (days.unit === 'days' || days.offset === 0) return festival + days.offset === day
          return Math.abs(festival - day) < 100 && workdaysFrom(festival, days.offset) === day
        })
  }
}

function isMonthDay(on: MonthDay, day: Day, { year, month, day: number }: Date3): boolean {
  if ('day' in on) return on.day > 0 ? on.day === number : number === daysInMonth(year, month) + 1 + on.day
  if ('nth' in on) {
    if (weekdayOf(day) !== on.weekday) return false
    if (on.nth > 0) return Math.ceil(number / 7) === on.nth
    return Math.ceil((daysInMonth(year, month) - number + 1) / 7) === -on.nth
  }
  if (!isWorkday(day)) return false
  const edge = on.workday > 0 ? dayOf(year, month, 0) : dayOf(year, month + 1, 1)
  return workdaysFrom(edge, on.workday) === day
}

/** Where a day moves; null when it is left out. */
function shifted(day: Day, shift: Shift | undefined): Day | null {
  if (!shift || !isShifted(day, shift.on)) return day
  switch (shift.to) {
    case 'nowhere':
      return null
    case 'next-workday':
      return workdaysFrom(day, 1)
    case 'previous-workday':
      return workdaysFrom(day, -1)
    case 'next-week':
      return day + 7
    case 'previous-friday':
    case 'next-monday': {
      const [step, weekday] = shift.to === 'next-monday' ? [1, 1] : [-1, 5]
      let moved = day + step
      while (weekdayOf(moved) !== weekday) moved += step
      // A Monday that is free itself is no help: then the nearest working day in that direction.
      return isWorkday(moved) ? moved : workdaysFrom(moved, step)
    }
  }
}

function isShifted(day: Day, on: Shift['on']): boolean {
  if (on === 'holidays') return isHoliday(day)
  return !isWorkday(day) && (on === 'free-days' || weekdayOf(day) >= 6)
}

function occurrence(rule: Rule, nominal: Day, day: Day, session: Session, timeZone: string): Occurrence {
  const end = session.end && momentOf(session.end > session.at ? day : day + 1, session.end, timeZone)
  return {
    at: momentOf(day, session.at, timeZone),
    ...(end && { end }),
    day: isoDay(day),
    ...(day !== nominal && { shiftedFrom: isoDay(nominal) }),
    provisional: needsHolidays(rule) && !(isAnnounced(dateOf(day).year) && isAnnounced(dateOf(nominal).year)),
  }
}

/** What UTC lags behind the wall on days on which that does not change; asking Intl for each time is dear. */
const steadyOffsets = new Map<string, Map<Day, number | null>>()

/** The moment at which the wall shows that day and time. */
export function momentOf(day: Day, time: string, timeZone: string): Date {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const steady = steadyOffset(day, timeZone)
  if (steady !== null) return new Date(day * 24 * HOUR + hour * HOUR + minute * 60_000 - steady)
  return fromWallTime({ ...dateOf(day), hour, minute }, timeZone)
}

function steadyOffset(day: Day, timeZone: string): number | null {
  let zone = steadyOffsets.get(timeZone)
  if (!zone) {
    zone = new Map()
    steadyOffsets.set(timeZone, zone)
  }
  let offset = zone.get(day)
  if (offset === undefined) {
    const midnights = [day - 1, day, day + 1, day + 2].map((each) => {
      return each * 24 * HOUR - fromWallTime(dateOf(each), timeZone).getTime()
    })
    offset = new Set(midnights).size === 1 ? (midnights[0] ?? null) : null
    zone.set(day, offset)
  }
  return offset
}
