import { seeded, shuffle } from '../../random.ts'
import { CATEGORY_CODES, type CategoryCode } from '../categories.ts'
import { FACT_COUNT, factsOf } from '../facts.ts'
import { type Examination, examine } from '../findings.ts'
import { type CompiledGazetteer, mentions } from '../places.ts'
import { normalise } from '../text.ts'
import type { LabelledLine } from '../training-lines.ts'
import { hashedRuns, type Runs } from './features.ts'
import { BUCKETS_OF, HEADS, type Head, type HeadName, runsFor } from './model.ts'
import { OWN_COUNT, ownFigures } from './opinion.ts'
import { marksOf, type SpanHead, spanFeatures, tagsOf, trainSpans } from './place-spans.ts'
import { type Sample, trainHead } from './training.ts'

const SEED = 20_261_124
const SPAN_EPOCHS = 10

const COMMON = { epochs: 20, rate: 0.08, decay: 2e-5, hidden: 0.5, factCount: FACT_COUNT, seed: SEED }
const OPTIONS: Record<HeadName, typeof COMMON & { outputs: number; buckets: number; ownCount: number }> = {
  problem: { ...COMMON, buckets: BUCKETS_OF.problem, outputs: 1, ownCount: 0 },
  emergency: { ...COMMON, buckets: BUCKETS_OF.emergency, outputs: 1, ownCount: 0 },
  sensitive: { ...COMMON, buckets: BUCKETS_OF.sensitive, outputs: 1, ownCount: 0 },
  category: { ...COMMON, buckets: BUCKETS_OF.category, outputs: CATEGORY_CODES.length, ownCount: OWN_COUNT },
}

/** What there is to learn from a text; null for what it does not tell. */
export interface Lesson {
  text: string
  problem: boolean | null
  emergency: boolean | null
  sensitive: boolean | null
  category: CategoryCode | null
  place: string | null
  /** How much it counts beside one line of the training lines. */
  weight: number
}

/** A lesson as the trainers of the heads look at it. */
export interface Figured {
  lesson: Lesson
  runs: Runs
  facts: Float32Array
  own: Float32Array[]
}

/** The same with the rules' reading of its text, which is large. */
export interface Prepared extends Figured {
  examined: Examination
}

/** What a labelled line teaches. */
export function lessonOf(line: LabelledLine): Lesson {
  const problem = line.gate_expected === 'problem'
  return {
    text: line.text,
    problem,
    emergency: line.urgency === 'emergency',
    sensitive: line.sensitive,
    category: problem ? line.category : null,
    place: line.place,
    weight: 1,
  }
}

/** Reads a text with the rules, as the village it was said in would. */
export function prepare(lesson: Lesson, gazetteer: CompiledGazetteer): Prepared {
  const examined = examine(lesson.text, gazetteer, { addressed: false, attachments: [] })
  const runs = hashedRuns(examined.reading.text)
  return { lesson, examined, runs, facts: factsOf(examined), own: ownFigures(examined.scores) }
}

/** How much more a line counts that is an emergency or sensitive: there are few, and missing one is worse. */
const RARE = { emergency: 3, sensitive: 2 }

/** The samples of one head; lessons that say nothing about it are left out. */
function samplesFor(head: HeadName, from: readonly Figured[]): Sample[] {
  return from.flatMap(({ lesson, runs: all, facts, own }): Sample[] => {
    const { weight } = lesson
    const runs = runsFor(BUCKETS_OF[head], all)
    if (head === 'category') {
      const label = lesson.category === null ? -1 : CATEGORY_CODES.indexOf(lesson.category)
      return label < 0 ? [] : [{ runs, facts, own, label, weight }]
    }
    const is = lesson[head]
    if (is === null) return []
    const rare = is && head !== 'problem' ? RARE[head] : 1
    return [{ runs, facts, label: is ? 1 : 0, weight: weight * rare }]
  })
}

/** Trains all heads. The same lessons in the same order give the same heads. */
export function fitHeads(from: readonly Figured[]): Record<HeadName, Head> {
  const heads = HEADS.map((head): [HeadName, Head] => [head, trainHead(samplesFor(head, from), OPTIONS[head])])
  return Object.fromEntries(heads) as Record<HeadName, Head>
}

/** Where a lesson says that something is, in its normal form. */
export function placeSpanOf({ lesson, examined }: Prepared): { start: number; end: number } | null {
  const words = lesson.place ? normalise(lesson.place).text : ''
  const start = words === '' ? -1 : examined.reading.text.indexOf(words)
  return start < 0 ? null : { start, end: start + words.length }
}

/** Trains the tagger of places. Only what is a problem has its place marked in the training lines. */
export function fitPlaces(from: readonly Prepared[], gazetteer: CompiledGazetteer): SpanHead {
  const texts = from
    .filter(({ lesson }) => lesson.problem)
    .map((item) => {
      const { reading, place } = item.examined
      return {
        features: spanFeatures(reading.text, marksOf(reading, mentions(reading.text, gazetteer), place?.span ?? null)),
        tags: tagsOf(reading.text.length, placeSpanOf(item)),
      }
    })
  const random = seeded(SEED)
  return trainSpans(texts, SPAN_EPOCHS, (order) => shuffle(order, random))
}
