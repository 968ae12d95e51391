import { CATEGORY_CODES, categoryOf } from '../src/understanding/categories.ts'
import { FACT_COUNT } from '../src/understanding/facts.ts'
import { hashedRuns } from '../src/understanding/learned/features.ts'
import { fitHeads, lessonOf, prepare } from '../src/understanding/learned/fit.ts'
import {
  BUCKETS_OF,
  HEADS,
  type Head,
  type HeadName,
  type Model,
  sigmoid,
  sums,
} from '../src/understanding/learned/model.ts'
import { OWN_COUNT } from '../src/understanding/learned/opinion.ts'
import { SPAN_BUCKETS, TAGS } from '../src/understanding/learned/place-spans.ts'
import type { Said } from '../src/understanding/measure.ts'
import { normalise } from '../src/understanding/text.ts'
import { ANY_VILLAGE, readTrainingLines } from '../src/understanding/training-lines.ts'

/** More than a probability can be: never reached. */
const NEVER = 2

/** A model that knows nothing and agrees with the rules in everything. */
export function agreeingModel(): Model {
  const blank = (outputs: number, buckets: number): Head => ({
    outputs,
    buckets,
    weights: new Int8Array(outputs * buckets),
    scale: 0,
    facts: new Float32Array(outputs * FACT_COUNT),
    own: new Float32Array(OWN_COUNT),
    bias: new Float32Array(outputs),
  })
  const heads = Object.fromEntries(
    HEADS.map((name) => [name, blank(name === 'category' ? CATEGORY_CODES.length : 1, BUCKETS_OF[name])]),
  ) as Record<HeadName, Head>
  // Of a category's own figures the last one says that the rules prefer it.
  heads.category.own[OWN_COUNT - 1] = 1
  return {
    version: 'none',
    thresholds: {
      ticket: NEVER,
      maybe: NEVER,
      emergency: NEVER,
      emergencyRefuted: 0,
      sensitive: NEVER,
      unsureProblem: NEVER,
      unsureCategory: 0,
    },
    heads,
    place: { weights: new Int8Array(SPAN_BUCKETS * TAGS), scale: 0, transitions: new Float32Array(TAGS * TAGS) },
  }
}

/** From these chances on the model alone makes a candidate, or a ticket. Nothing is tuned here. */
const MAYBE = 0.5
const TICKET = 0.8

const NO_FACTS = new Float32Array(FACT_COUNT)
const NO_FIGURES = CATEGORY_CODES.map(() => new Float32Array(OWN_COUNT))

/** The same kind of model on words alone, without any rule or lexicon, trained on the same lines. */
export function wordsAlone(): (text: string) => Said {
  const lessons = readTrainingLines().flatMap(({ lines }) => lines.map(lessonOf))
  const heads = fitHeads(
    lessons.map((lesson) => ({ lesson, runs: prepare(lesson, ANY_VILLAGE).runs, facts: NO_FACTS, own: NO_FIGURES })),
  )
  return (text) => {
    const runs = hashedRuns(normalise(text).text)
    const chance = (head: 'problem' | 'emergency' | 'sensitive') => sigmoid(sums(heads[head], runs, NO_FACTS)[0] ?? 0)
    const emergency = chance('emergency') >= MAYBE
    const problem = emergency ? 1 : chance('problem')
    const gate = problem >= TICKET ? 'ticket' : problem >= MAYBE ? 'maybe' : 'none'
    const totals = sums(heads.category, runs, NO_FACTS)
    const category = CATEGORY_CODES[totals.indexOf(Math.max(...totals))] ?? 'other'
    return {
      gate,
      intent: gate === 'none' ? 'chatter' : 'report',
      category,
      urgency: gate === 'none' ? null : emergency ? 'emergency' : categoryOf(category).urgency,
      place: null,
      group: null,
      sensitive: chance('sensitive') >= MAYBE,
    }
  }
}
