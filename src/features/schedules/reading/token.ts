import type { MonthDay } from '../rule.ts'
import type { PeriodName } from './when-words.ts'

/** What repeats. `monthsOf` limits it to months of the year. */
export interface Every {
  type: 'every'
  unit: 'day' | 'workday' | 'week' | 'month' | 'quarter' | 'year' | 'half-month' | 'half-year' | 'each'
  every: number
  months?: number[]
}

/** A day, or several that share a month or week, as named; what is not said is left open. */
export type Point =
  | { type: 'day'; offset: number }
  | { type: 'date'; year?: number; month?: number; monthOffset?: number; inMonths?: number[]; days: number[] }
  | { type: 'weekday'; week: number | null; weekdays: number[] }
  | { type: 'within-month'; on: MonthDay[]; of?: Span }
  | { type: 'lunar'; year?: number; month?: number; days: number[] }
  /** The n-th day, or the last, of the free days around a festival. */
  | { type: 'holiday-day'; name: string; nth: number }
  | { type: 'festival'; name: string; offset: number; unit: 'days' | 'workdays'; year?: number }

/** Longer than a day, without saying which day of it. */
export type Span =
  | { type: 'months'; months: number[]; year?: number }
  | { type: 'month-offset'; offset: number }
  | { type: 'week'; offset: number }
  | { type: 'year'; year: number }
  /** A holiday with the free days around it. */
  | { type: 'holiday'; name: string }

/** One thing that was recognised. */
export type Meaning =
  | Every
  | Point
  | Span
  | { type: 'period'; period: PeriodName }
  | { type: 'clock'; hour: number; minute: number; literal: boolean }
  /** So long from now: minutes, or days, or months. */
  | { type: 'after'; minutes?: number; days?: number; months?: number }
  /** So many times, or for so many days, weeks or months. */
  | { type: 'repeat'; count: number; unit: 'times' | 'day' | 'week' | 'month' }
  | { type: 'edge'; edge: 'year-end' | 'year-start' | 'month-end' | 'half-year-end' }
  | { type: 'now' | 'from' | 'to' | 'start' | 'until' | 'and' | 'break' | 'before' }
  /** 不对，是…; 或者; 不是. */
  | { type: 'correction' | 'or' | 'not' }
  | { type: 'lunar-flag' }
  | { type: 'number'; value: number }
  /** Time words that name no time. */
  | { type: 'vague' }
  | { type: 'no-such-day'; because: 'weekday' }
  | { type: 'no-such-time' }

/** A meaning and where it stands in the text. */
export type Token = Meaning & { said: string; start: number; end: number }
