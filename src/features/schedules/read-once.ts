import { nextTimes } from './occurrences.ts'
import { readSentence } from './reading/read-sentence.ts'
import { problem } from './replies.ts'
import { isRecurring } from './rule.ts'

/** The one time a sentence means; whether it means several; or in words what is missing or wrong. */
type Once = { at: Date; recurring: boolean; leadMinutes: number[] } | { problem: string }

/** Reads when something begins, for features that happen once. `now` is the moment of writing. */
export function readOnce(sentence: string, now: Date, timeZone: string): Once {
  const reading = readSentence(sentence, { now, timeZone })
  if (!reading.ok) return { problem: problem(reading.problem) }
  const { rule, leads } = reading.draft
  const [first] = nextTimes(rule, now, 1, timeZone)
  if (!first) return { problem: problem({ type: 'never' }) }
  const leadMinutes = leads.flatMap((lead) => ('minutes' in lead ? lead.minutes : []))
  return { at: first.at, recurring: isRecurring(rule), leadMinutes }
}
