/**
 * What a Party organisation owes, by the kind of meeting: who meets, and how often.
 *
 * 《中国共产党支部工作条例（试行）》 (2018): a members' meeting is held once a quarter as a rule (article 11), a committee
 * meeting once a month (article 12), a Party group's meeting once a month (article 13), a Party day once a month (article
 * 16). For Party classes it names no number; once a quarter is the village's own plan under 三会一课 (article 15).
 */
export const DUTY_KINDS = {
  'branch-committee': { body: 'branch', every: 'month', lesson: true },
  'party-group': { body: 'group', every: 'month', lesson: true },
  'members-meeting': { body: 'branch', every: 'quarter', lesson: true },
  'party-class': { body: 'branch', every: 'quarter', lesson: true },
  /** Kept and counted beside 三会一课, of which it is no part. */
  'party-day': { body: 'branch', every: 'month', lesson: false },
} as const satisfies Record<string, { body: 'branch' | 'group'; every: 'month' | 'quarter'; lesson: boolean }>

export type DutyKind = keyof typeof DUTY_KINDS
export const KIND_CODES = Object.keys(DUTY_KINDS) as DutyKind[]

export function isDutyKind(code: string): code is DutyKind {
  return code in DUTY_KINDS
}

/** The five themes of a Party day. */
export const THEMES = ['theory', 'preaching', 'integrity', 'law', 'civility'] as const
export type Theme = (typeof THEMES)[number]
