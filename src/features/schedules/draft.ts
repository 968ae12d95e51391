import type { IsoDay, Rule, TimeOfDay } from './rule.ts'

/** Kinds of what is scheduled. kind-words.ts holds the words that name them. */
export const KINDS = [
  'party-day',
  'branch-committee',
  'party-group',
  'members-meeting',
  'party-class',
  'sanitation',
  'talk',
  'council',
  'other',
] as const
export type Kind = (typeof KINDS)[number]

/** The five themes of a Party day. */
export const THEMES = ['theory', 'preaching', 'integrity', 'law', 'civility'] as const
export type Theme = (typeof THEMES)[number]

/** When to remind: so many minutes before it begins, or at a time of day so many days before. */
export type Lead = { minutes: number } | { daysBefore: number; at: TimeOfDay }

/** A choice made for the writer, to be shown on the card so that it can be put right. */
export type Assumption =
  | { type: 'half-of-day'; said: string; hour: number }
  | { type: 'next-year'; said: string; year: number }
  | { type: 'lunar'; said: string }
  | { type: 'first-day'; day: IsoDay }
  | { type: 'leap-day' }
  | { type: 'short-months'; day: number }
  | { type: 'unannounced'; years: number[] }

/** What a sentence says, before anybody has confirmed it. */
export interface Draft {
  title: string
  kind: Kind
  theme?: Theme
  rule: Rule
  leads: Lead[]
  /** Rooms as they were named; empty when none was. 两个网格群 stays as it is: which rooms those are, the village says. */
  rooms: string[]
  place?: string
  /** What was assumed, for the card. */
  assumptions: Assumption[]
}

/** Why nothing can be scheduled. replies.ts says it in words. */
export type Problem =
  | { type: 'no-date' }
  | { type: 'no-time'; period?: string }
  | { type: 'no-day'; said: string }
  | { type: 'vague'; said: string }
  | { type: 'no-such-day'; said: string; because?: 'month-length' | 'leap-year' | 'month' | 'lunar' | 'weekday' }
  | { type: 'no-such-time'; said: string }
  | { type: 'past'; said: string; nextYear?: boolean }
  | { type: 'weekday-mismatch'; said: string; day: IsoDay }
  | { type: 'ends-before-start'; said: string }
  | { type: 'never' }
  | { type: 'too-long' }

/** A draft; or a problem, which is a question where more words would help and a refusal where they would not. */
export type Reading = { ok: true; draft: Draft } | { ok: false; problem: Problem }
