import type { FoundAct } from './acts.ts'
import type { CategoryScore } from './category.ts'
import type { GateDecision } from './gate.ts'
import { SIGNALS, type Signal } from './lexicon/signals.ts'
import type { Place } from './places.ts'
import type { Reading } from './reading.ts'
import { ACTS } from './understanding.ts'
import type { Emergency } from './urgency.ts'

const SIGNAL_NAMES = Object.keys(SIGNALS) as Signal[]

/** What the rules have found in a text, before anything is decided. */
export interface Findings {
  reading: Reading
  decision: GateDecision
  best: CategoryScore | undefined
  second: CategoryScore | undefined
  place: Place | null
  act: FoundAct | null
  emergency: Emergency | null
}

/** How many figures `factsOf` gives. */
export const FACT_COUNT = 15 + SIGNAL_NAMES.length + ACTS.length

/** The findings of the rules as figures of about the same size, for the learned model to weigh beside the words. */
export function factsOf(found: Findings): Float32Array {
  const { reading, decision, best, second, place, act, emergency } = found
  const length = reading.text.length
  const is = (condition: boolean) => (condition ? 1 : 0)
  return Float32Array.from([
    decision.score * 2,
    is(decision.gate === 'ticket'),
    is(decision.gate === 'maybe'),
    Math.min(2, best?.problem ?? 0) / 2,
    Math.min(2, (best?.total ?? 0) - (best?.problem ?? 0)) / 2,
    Math.min(2, second?.problem ?? 0) / 2,
    is(best?.question === true),
    is(place !== null),
    is(place?.known === true),
    is(emergency !== null),
    is(reading.emergencies.length > 0),
    is(reading.sensitive.length > 0),
    is(length <= 6),
    is(length > 25),
    is(length > 60),
    ...SIGNAL_NAMES.map((name) => is(reading.signal(name).length > 0)),
    ...ACTS.map((name) => is(act?.act === name)),
  ])
}
