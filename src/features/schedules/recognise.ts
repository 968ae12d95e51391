import type { Request } from '../feature.ts'
import { ACTIVITY, ADDRESS, CHANGE, MOVE_BY, NO_ORDER, RECURRING, REMIND } from './command-words.ts'
import type { Reading } from './draft.ts'
import { KIND_WORDS } from './kind-words.ts'
import { readSentence } from './reading/read-sentence.ts'

/** No order to schedule something is longer. In UTF-16 units. */
const LONGEST = 400

/** What is said, without the assistant's name and around it. */
export function wordsOf(text: string): string {
  return text.normalize('NFC').replace(ADDRESS, '').trim()
}

/** A sentence that plainly orders something to be scheduled, read; null for talk. */
export function plainSchedule(request: Request): Reading | null {
  const text = wordsOf(request.text)
  if (text.length < 4 || text.length > LONGEST || NO_ORDER.test(text)) return null
  const { understanding: said, addressed } = request
  if (said.urgency === 'emergency') return null
  const ordered = REMIND.test(text) || RECURRING.test(text)
  const kind = KIND_WORDS.some(([, words]) => words.test(text))
  if (said.gate === 'ticket' && !ordered && !kind) return null
  const active = kind || ACTIVITY.test(text)
  // Among others only what leaves no doubt is taken up; directly, or spoken to, a meeting with a time is enough.
  if (addressed ? !(ordered || active) : !(active && (ordered || kind))) return null
  const reading = readSentence(text, { now: request.now, timeZone: request.village.timezone })
  if (reading.ok) return reading
  switch (reading.problem.type) {
    case 'too-long':
      return null
    case 'no-date':
      // Not a word of time: 把党课的照片发群里 is none of ours.
      return addressed && RECURRING.test(text) ? reading : null
    case 'no-day':
    case 'vague':
      return addressed || ordered ? reading : null
    default:
      return reading
  }
}

/** 改到…, 推迟一天: to be taken as a change where a card or reminder is quoted. */
export function isChange(text: string): boolean {
  const words = wordsOf(text)
  return words.length < 60 && (CHANGE.test(words) || MOVE_BY.test(words))
}
