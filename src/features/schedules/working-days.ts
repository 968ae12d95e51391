import chineseDays from 'chinese-days'
import { type Day, dateOf, isoDay, weekdayOf } from './calendar.ts'
import { festivalDay } from './festivals.ts'

/**
 * The holidays of the law (全国年节及纪念日放假办法, 2024 version): festival, and how many days from it are free. They hold
 * in years whose make-up days are not announced yet.
 */
const BY_LAW = [
  ['new-year', 1],
  ['new-years-eve', 4],
  ['qingming', 1],
  ['labour-day', 2],
  ['dragon-boat', 1],
  ['mid-autumn', 1],
  ['national-day', 3],
] as const

interface Status {
  working: boolean
  /** Belongs to an official holiday, the weekends next to the festival included. */
  holiday: boolean
}

const statuses = new Map<Day, Status>()
const announced = new Map<number, boolean>()

/** Whether the official calendar of that year, with its free and make-up days, is known. */
export function isAnnounced(year: number): boolean {
  let known = announced.get(year)
  if (known === undefined) {
    known = isNamed(`${year}-10-01`)
    announced.set(year, known)
  }
  return known
}

/** Whether people work on that day: by the official calendar, or by law and weekday where it is not announced. */
export function isWorkday(day: Day): boolean {
  return statusOf(day).working
}

/** Whether that day is free for an official holiday. */
export function isHoliday(day: Day): boolean {
  return statusOf(day).holiday
}

/** The n-th working day after (before, when negative) that day. */
export function workdaysFrom(day: Day, count: number): Day {
  const step = Math.sign(count)
  let found = day
  for (let left = Math.abs(count); left > 0; ) {
    found += step
    if (isWorkday(found)) left -= 1
  }
  return found
}

function statusOf(day: Day): Status {
  let status = statuses.get(day)
  if (!status) {
    status = findStatus(day)
    statuses.set(day, status)
  }
  return status
}

function findStatus(day: Day): Status {
  const { year } = dateOf(day)
  const iso = isoDay(day)
  if (isAnnounced(year)) {
    const working = chineseDays.isWorkday(iso)
    return { working, holiday: !working && isNamed(iso) }
  }
  const holiday = BY_LAW.some(([name, length]) =>
    [year - 1, year].some((each) => {
      const first = festivalDay(name, each)
      return day >= first && day < first + length
    }),
  )
  return { working: !holiday && weekdayOf(day) <= 5, holiday }
}

/** The library names days of holidays "English,Chinese,length" and all others by their weekday. */
function isNamed(iso: string): boolean {
  return chineseDays.getDayDetail(iso).name.includes(',')
}
