import type { IsoDay } from './rule.ts'

/**
 * Days as plain numbers: days since 1 January 1970, whatever the time zone. Sums of days are then sums of numbers, and
 * a wall's date never slips into its neighbour.
 */
export type Day = number

export interface Date3 {
  year: number
  /** 1–12. */
  month: number
  day: number
}

const MS = 86_400_000

/** The day of a date; fields out of range roll over (month 13, day 0). */
export function dayOf(year: number, month: number, day: number): Day {
  return Date.UTC(year, month - 1, day) / MS
}

/** Planning asks for the same days over and over; days from 1970 to 2079 are worked out once. */
const LAST_KEPT = 40_000
const dates: Readonly<Date3>[] = []
const isoDays: IsoDay[] = []

export function dateOf(day: Day): Readonly<Date3> {
  const kept = dates[day]
  if (kept !== undefined) return kept
  const date = new Date(day * MS)
  const found = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
  if (day >= 0 && day < LAST_KEPT) dates[day] = found
  return found
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: Day): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** The Monday of the day's week. */
export function mondayOf(day: Day): Day {
  return day - weekdayOf(day) + 1
}

export function daysInMonth(year: number, month: number): number {
  return dateOf(dayOf(year, month + 1, 0)).day
}

export function isoDay(day: Day): IsoDay {
  const kept = isoDays[day]
  if (kept !== undefined) return kept
  const found = new Date(day * MS).toISOString().slice(0, 10)
  if (day >= 0 && day < LAST_KEPT) isoDays[day] = found
  return found
}

export function parseIsoDay(iso: IsoDay): Day {
  return Date.parse(`${iso}T00:00:00Z`) / MS
}
