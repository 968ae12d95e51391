import { wallTime } from '../../clock.ts'

/** A date of the village's wall, YYYY-MM-DD: they compare as text. */
export type IsoDay = string

/** A month (`2026-03`), a quarter (`2026Q1`) or a year (`2026`), with its first and last day. */
export interface Period {
  key: string
  type: 'month' | 'quarter' | 'year'
  year: number
  /** Of a month 1–12, of a quarter 1–4, of a year 1. */
  number: number
  from: IsoDay
  until: IsoDay
}

const MS = 86_400_000
const pad = (n: number) => String(n).padStart(2, '0')

/** The date of a moment on the wall of `timeZone`. */
export function dayOf(at: Date, timeZone: string): IsoDay {
  const { year, month, day } = wallTime(at, timeZone)
  return `${year}-${pad(month)}-${pad(day)}`
}

/** The day of these numbers; null where the calendar has none (30 February). */
export function existingDay(year: number, month: number, day: number): IsoDay | null {
  const at = new Date(Date.UTC(year, month - 1, day))
  const exists = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
  return exists ? `${year}-${pad(month)}-${pad(day)}` : null
}

export function addDays(day: IsoDay, days: number): IsoDay {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * MS).toISOString().slice(0, 10)
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: IsoDay): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7
}

export function yearMonthDay(day: IsoDay): [number, number, number] {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return [year, month, date]
}

export function monthOf(year: number, month: number): Period {
  const first = `${year}-${pad(month)}-01`
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
  return { key: first.slice(0, 7), type: 'month', year, number: month, from: first, until: last }
}

export function quarterOf(year: number, quarter: number): Period {
  const [first, last] = [monthOf(year, quarter * 3 - 2), monthOf(year, quarter * 3)]
  return { key: `${year}Q${quarter}`, type: 'quarter', year, number: quarter, from: first.from, until: last.until }
}

export function yearOf(year: number): Period {
  return { key: String(year), type: 'year', year, number: 1, from: `${year}-01-01`, until: `${year}-12-31` }
}

/** The period of a type that a day lies in. */
export function periodOf(type: Period['type'], day: IsoDay): Period {
  const [year, month] = yearMonthDay(day)
  if (type === 'month') return monthOf(year, month)
  return type === 'quarter' ? quarterOf(year, Math.ceil(month / 3)) : yearOf(year)
}

/** Reads `2026Q3`, `2026-03` or `2026`; null for anything else. */
export function parsePeriod(key: string): Period | null {
  const [, year, quarter, month] = /^(20\d\d)(?:Q([1-4])|-(0[1-9]|1[0-2]))?$/i.exec(key) ?? []
  if (year === undefined) return null
  if (quarter !== undefined) return quarterOf(Number(year), Number(quarter))
  return month === undefined ? yearOf(Number(year)) : monthOf(Number(year), Number(month))
}

/** The months or quarters that a period is made of; itself where it is one. A month has no quarters. */
export function partsOf(period: Period, type: 'month' | 'quarter'): Period[] {
  if (period.type === type) return [period]
  if (period.type === 'month') return []
  const numbers = (count: number, from: number) => Array.from({ length: count }, (_, n) => from + n)
  if (type === 'quarter') return numbers(4, 1).map((quarter) => quarterOf(period.year, quarter))
  const first = period.type === 'quarter' ? period.number * 3 - 2 : 1
  return numbers(period.type === 'quarter' ? 3 : 12, first).map((month) => monthOf(period.year, month))
}
