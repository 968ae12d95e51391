import { type Day, dateOf, dayOf, daysInMonth, mondayOf, weekdayOf } from '../calendar.ts'
import type { Assumption } from '../draft.ts'
import { festivalDay } from '../festivals.ts'
import { fromLunar, lunarDate } from '../lunar.ts'
import type { MonthDay } from '../rule.ts'
import { isHoliday, workdaysFrom } from '../working-days.ts'
import { Unreadable, type Where } from './plan.ts'

/** Where the writer stands. */
export interface Today {
  day: Day
  /** Minutes of the day now. */
  minutes: number
  assume(assumption: Assumption): void
}

/** A year is taken for the coming one only when that is nearer than this; else the date is a slip. */
const ROLL_OVER = 183

/**
 * The days that one named place on the calendar means, once. `hoursLeft` tells whether an hour of the sentence still
 * lies ahead today. Throws Unreadable for days that do not exist, lie in the past or are not days.
 */
export function daysOf(where: Where, today: Today, hoursLeft: boolean): Day[] {
  const { said } = where
  const earliest = hoursLeft ? today.day : today.day + 1
  const here = dateOf(today.day)
  switch (where.type) {
    case 'day':
      return [notPast(today.day + where.offset, where, today)]
    case 'after':
      return [addMonths(today.day, where.months ?? 0) + (where.days ?? 0)]
    case 'date':
      return where.days.map((day) => dateDay(where, day, today, earliest))
    case 'weekday':
      return weekdayDays(where, today, earliest)
    case 'within-month':
      return where.on.map((on) => monthDayOf(on, where, today, earliest))
    case 'lunar':
      if (where.days.length === 0) throw new Unreadable({ type: 'no-day', said })
      return where.days.map((day) => lunarDay(where, day, today, earliest))
    case 'festival': {
      const offset = (day: Day) => (where.unit === 'workdays' ? workdaysFrom(day, where.offset) : day + where.offset)
      if (where.year !== undefined) {
        const year = here.year + (where.year > 1000 ? where.year - here.year : where.year)
        const inYear = where.name === 'new-years-eve' || where.name === 'laba' || where.name === 'little-new-year'
        const found = inYear
          ? lastLunarMonth(where.name, year, today.day, where.year < 1000)
          : festivalDay(where.name, year)
        return [notPast(offset(found), where, today)]
      }
      const coming = [here.year - 1, here.year, here.year + 1, here.year + 2].map((year) =>
        offset(festivalDay(where.name, year)),
      )
      const found = coming.find((day) => day >= earliest)
      if (found === undefined) throw new Unreadable({ type: 'past', said })
      return [found]
    }
    case 'holiday-day': {
      const [first, last] = stretchOf({ ...where, type: 'holiday' }, today)
      return [notPast(where.nth > 0 ? first + where.nth - 1 : last, where, today)]
    }
    case 'edge':
      return [edgeDay(where, today)]
    default:
      throw new Unreadable({ type: 'no-day', said })
  }
}

function weekdayDays(where: Where & { type: 'weekday' }, today: Today, earliest: Day): Day[] {
  const { week, weekdays } = where
  if (week === null) return weekdays.map((weekday) => earliest + ((weekday - weekdayOf(earliest) + 7) % 7))
  const days = weekdays.map((weekday) => mondayOf(today.day) + 7 * week + weekday - 1)
  // 本周一至周五 said on Wednesday: the rest of it.
  const left = days.filter((day) => day >= earliest)
  return days.length > 2 && left.length > 0 ? left : days.map((day) => notPast(day, where, today))
}

/** 今年腊八 said in January is the one of this winter. */
function lastLunarMonth(name: string, year: number, today: Day, relative: boolean): Day {
  const [before, after] = [festivalDay(name, year - 1), festivalDay(name, year)]
  if (relative && dateOf(today).year === year && before >= today) return before
  return dateOf(before).year === year && !relative ? before : after
}

/** First and last day of a named stretch of time. */
export function stretchOf(where: Where, today: Today): [Day, Day] {
  const here = dateOf(today.day)
  switch (where.type) {
    case 'week': {
      const monday = mondayOf(today.day) + 7 * where.offset
      return [monday, monday + 6]
    }
    case 'month-offset':
      return monthStretch(here.year, here.month + where.offset)
    case 'year':
      return yearStretch(yearOf(where.year, today))
    case 'months': {
      const [first = 1] = where.months
      const last = where.months.at(-1) ?? first
      const year = where.year === undefined ? comingYear(last, today) : yearOf(where.year, today)
      const [start] = monthStretch(year, first)
      const [, end] = monthStretch(last < first ? year + 1 : year, last)
      return [start, end]
    }
    case 'holiday': {
      const coming = [here.year, here.year + 1].map((year) => {
        const festival = festivalDay(
          where.name === 'spring-festival' ? 'new-years-eve' : where.name,
          where.name === 'spring-festival' ? year - 1 : year,
        )
        let [first, last] = [festival, festival]
        while (isHoliday(first - 1)) first -= 1
        while (isHoliday(last + 1)) last += 1
        return [first, last] as [Day, Day]
      })
      return coming.find(([, last]) => last >= today.day) ?? [today.day, today.day]
    }
    default: {
      const [day = today.day] = daysOf(where, today, true)
      return [day, day]
    }
  }
}

/** A year in digits, or counted from this one. */
export function yearOf(year: number, today: Today): number {
  return year > 1000 ? year : dateOf(today.day).year + year
}

/** The year of the next time that month is not over. */
function comingYear(month: number, today: Today): number {
  const here = dateOf(today.day)
  return month >= here.month ? here.year : here.year + 1
}

function monthStretch(year: number, month: number): [Day, Day] {
  return [dayOf(year, month, 1), dayOf(year, month + 1, 0)]
}

function yearStretch(year: number): [Day, Day] {
  return [dayOf(year, 1, 1), dayOf(year, 12, 31)]
}

/** The same day so many months later; the last of a shorter month. */
export function addMonths(day: Day, months: number): Day {
  const { year, month, day: number } = dateOf(day)
  const target = dateOf(dayOf(year, month + months, 1))
  return dayOf(target.year, target.month, Math.min(number, daysInMonth(target.year, target.month)))
}

function notPast(day: Day, { said }: Where, today: Today): Day {
  if (day < today.day) throw new Unreadable({ type: 'past', said })
  return day
}

function dateDay(where: Where & { type: 'date' }, number: number, today: Today, earliest: Day): Day {
  const { said } = where
  const here = dateOf(today.day)
  if (number < 1 || number > 31) throw new Unreadable({ type: 'no-such-day', said, because: 'month-length' })
  if (where.month !== undefined && (where.month < 1 || where.month > 12)) {
    throw new Unreadable({ type: 'no-such-day', said, because: 'month' })
  }
  if (where.monthOffset !== undefined) {
    const { year, month } = dateOf(dayOf(here.year, here.month + where.monthOffset, 1))
    return notPast(existing(year, month, number, said), where, today)
  }
  if (where.month === undefined) {
    const base = where.year === undefined ? here : { year: yearOf(where.year, today), month: here.month }
    const day = existing(base.year, base.month, number, said)
    if (day >= earliest) return day
    const next = dateOf(dayOf(here.year, here.month + 1, 1))
    return existing(next.year, next.month, number, said)
  }
  if (where.year !== undefined) {
    return notPast(existing(yearOf(where.year, today), where.month, number, said), where, today)
  }
  // The 29th of February is always one of a leap year; every other date of February must be in each.
  const day = existing(here.year, where.month, number, said)
  if (day >= today.day) return day
  const next = existing(here.year + 1, where.month, number, said)
  if (next - today.day > ROLL_OVER) throw new Unreadable({ type: 'past', said, nextYear: true })
  today.assume({ type: 'next-year', said, year: here.year + 1 })
  return next
}

function existing(year: number, month: number, day: number, said: string): Day {
  if (day > daysInMonth(year, month)) {
    const because = month === 2 && day === 29 ? 'leap-year' : 'month-length'
    throw new Unreadable({ type: 'no-such-day', said, because })
  }
  return dayOf(year, month, day)
}

function monthDayOf(on: MonthDay, where: Where & { type: 'within-month' }, today: Today, earliest: Day): Day {
  if (!where.of) return comingMonthDay(on, today, earliest)
  const { year, month } = dateOf(stretchOf({ ...where.of, said: where.said }, today)[0])
  const day = monthDay(on, year, month)
  if (day !== null && where.of.type === 'months' && where.of.year === undefined) return comingSoon(day, where, today)
  if (day === null) throw new Unreadable({ type: 'no-such-day', said: where.said, because: 'month-length' })
  return notPast(day, where, today)
}

function comingMonthDay(on: MonthDay, today: Today, earliest: Day): Day {
  const here = dateOf(today.day)
  for (let ahead = 0; ahead < 12; ahead += 1) {
    const { year, month } = dateOf(dayOf(here.year, here.month + ahead, 1))
    const day = monthDay(on, year, month)
    if (day !== null && day >= earliest) return day
  }
  throw new Unreadable({ type: 'never' })
}

/** The day of a month that is told by weekday, working day or number; null where the month has none. */
function monthDay(on: MonthDay, year: number, month: number): Day | null {
  const [first, last] = monthStretch(year, month)
  if ('day' in on) return on.day < 0 ? last + 1 + on.day : on.day <= last - first + 1 ? first + on.day - 1 : null
  let day: Day
  if ('workday' in on) day = workdaysFrom(on.workday > 0 ? first - 1 : last + 1, on.workday)
  else if (on.nth > 0) day = first + ((on.weekday - weekdayOf(first) + 7) % 7) + 7 * (on.nth - 1)
  else day = last - ((weekdayOf(last) - on.weekday + 7) % 7) + 7 * (on.nth + 1)
  return day >= first && day <= last ? day : null
}

function lunarDay(where: Where & { type: 'lunar' }, number: number, today: Today, earliest: Day): Day {
  const { said, month } = where
  if (number < 1 || number > 30) throw new Unreadable({ type: 'no-such-day', said, because: 'lunar' })
  if (month !== undefined && (Math.abs(month) < 1 || Math.abs(month) > 12)) {
    throw new Unreadable({ type: 'no-such-day', said, because: 'month' })
  }
  const now = lunarDate(today.day)
  if (month === undefined) {
    for (let day = earliest; day < earliest + 120; day += 1) if (lunarDate(day).day === number) return day
    throw new Unreadable({ type: 'never' })
  }
  if (where.year !== undefined) {
    const year = yearOf(where.year, today)
    const day = fromLunar(year, month, number)
    if (day === null) throw new Unreadable({ type: 'no-such-day', said, because: 'lunar' })
    return notPast(day, where, today)
  }
  // A leap month may be years away.
  for (let year = now.year; year < now.year + (month < 0 ? 40 : 2); year += 1) {
    const day = fromLunar(year, month, number)
    if (day !== null && day >= earliest) return day
    if (day === null && month > 0 && fromLunar(year, month, 1) !== null && year > now.year - 1) {
      const last = fromLunar(year, month, number - 1)
      // 腊月三十 is the last day of the year, however many days its month has.
      if (month === 12 && number === 30 && last !== null && last >= earliest) return last
      if (last !== null && last >= earliest) throw new Unreadable({ type: 'no-such-day', said, because: 'lunar' })
    }
  }
  throw new Unreadable({ type: 'no-such-day', said, because: 'lunar' })
}

function edgeDay(where: Where & { type: 'edge' }, today: Today): Day {
  const here = dateOf(today.day)
  if (where.edge === 'year-end') return dayOf(where.year === undefined ? here.year : yearOf(where.year, today), 12, 31)
  const month = where.month ?? here.month
  const year =
    where.year === undefined
      ? where.month === undefined
        ? here.year
        : comingYear(month, today)
      : yearOf(where.year, today)
  const day = dayOf(year, month + 1, 0)
  return where.month !== undefined && where.year === undefined ? comingSoon(day, where, today) : day
}

/** 8月底 said in September is over, 1月底 said in December is not. */
function comingSoon(day: Day, { said }: Where, today: Today): Day {
  if (dateOf(day).year === dateOf(today.day).year) return day
  if (day - today.day > ROLL_OVER) throw new Unreadable({ type: 'past', said, nextYear: true })
  today.assume({ type: 'next-year', said, year: dateOf(day).year })
  return day
}
