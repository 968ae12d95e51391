import { isoInZone } from '../src/clock.ts'
import type { Reading } from '../src/features/schedules/draft.ts'
import { nextTimes } from '../src/features/schedules/occurrences.ts'
import { isRecurring } from '../src/features/schedules/rule.ts'

/** A sentence and what it means, as in test/data/schedules/. */
export interface Sentence {
  id: string
  author?: string
  family?: string
  text: string
  now: string
  /** Up to three next times. */
  next?: string[]
  recurring?: boolean
  /** It cannot mean anything: a date that is none, is past, or is not said. */
  refused?: boolean
  /** Asking and reading it are both right, but what was taken for granted must be told. */
  doubtful?: boolean
  kind?: string
  theme?: string
  leads?: unknown[]
}

/** `silent` is the worst: times that were not meant, without a word of doubt. */
export type Verdict = 'right' | 'refused' | 'silent' | 'told'

export const ZONE = 'Asia/Shanghai'

/** The times that a reading arms, as ISO times with their offset. */
export function timesOf(reading: Reading, { now }: Sentence): string[] {
  if (!reading.ok) return []
  return nextTimes(reading.draft.rule, new Date(now), 3, ZONE).map(({ at }) => isoInZone(at, ZONE))
}

/** Holds a reading against what the sentence means. */
export function judge(reading: Reading, sentence: Sentence): Verdict {
  const told = reading.ok && reading.draft.assumptions.length > 0
  if (sentence.doubtful) return !reading.ok || told ? 'right' : 'silent'
  if (!reading.ok) return sentence.refused ? 'right' : 'refused'
  if (sentence.refused) return told ? 'told' : 'silent'
  const same = JSON.stringify(timesOf(reading, sentence)) === JSON.stringify(sentence.next ?? [])
  const rhythm = sentence.recurring === undefined || sentence.recurring === isRecurring(reading.draft.rule)
  if (same && rhythm) return 'right'
  return told ? 'told' : 'silent'
}

/** What besides the times is not as expected: kind, theme, leads. */
export function slips(reading: Reading, { kind, theme, leads }: Sentence): string[] {
  if (!reading.ok) return []
  const { draft } = reading
  const checks: [string, unknown, unknown][] = [
    ['kind', kind, draft.kind],
    ['theme', theme, draft.theme],
    ['leads', leads, draft.leads],
  ]
  return checks
    .filter(([, expected, got]) => expected !== undefined && JSON.stringify(expected) !== JSON.stringify(got))
    .map(([name, , got]) => `${name} ${JSON.stringify(got)}`)
}
