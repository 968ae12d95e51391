import type { Problem } from '../draft.ts'
import type { Every, Point, Span } from './token.ts'

/** Thrown within the reading of one sentence when it cannot go on; readSentence turns it into a Reading. */
export class Unreadable extends Error {
  override name = 'Unreadable'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.type)
    this.problem = problem
  }
}

/** A place on the calendar as named, with the words for messages. */
export type Where = (Point | Span | Edge | Moment) & { said: string }
export type Edge = { type: 'edge'; edge: 'year-end' | 'month-end'; month?: number; year?: number }
export type Moment = { type: 'after'; days?: number; months?: number }

/** Minutes of the day; 1440 and more is the next day. `bare` when nobody said morning or afternoon. */
export interface Hours {
  at: number
  end?: number
  bare: boolean
  said: string
}

/** Days and the times that belong to them. */
export interface Group {
  every: Every | null
  /** Only in these months of each year. */
  months: number[] | null
  points: Where[]
  spans: Where[]
  hours: Hours[]
}

/** A sentence cut into its parts, before anything is looked up in the calendar. */
export interface Plan {
  groups: Group[]
  from: Where | 'now' | null
  until: Where | null
  /** `from` and `until` named days of one event, nothing that recurs. */
  repeat: { count: number; unit: 'times' | 'day' | 'week' | 'month' } | null
  /** Months and weekdays that are left out. */
  except: { months: number[]; weekdays: number[] }
  /** Minutes from now: both day and time. */
  inMinutes: number | null
  /** Words of time that are no time, for the question back. */
  vague: string[]
  /** What stands before the first hour. */
  before: string
  /** A part of the day without an hour. */
  period: string | null
  /** Pairs that must be the same day: 3月5日（周四）. */
  checks: [Where, Where][]
}

/** What is known of the sentence besides its tokens. */
export interface Scene {
  text: string
  /** The sentence speaks of something that is done in the evening. */
  evening: boolean
}
