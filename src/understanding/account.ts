import { CATEGORY_CODES, type CategoryCode } from './categories.ts'
import { factsOf } from './facts.ts'
import { examine } from './findings.ts'
import { hashedRuns, visitRuns } from './learned/features.ts'
import { type Head, type Model, runsFor, sums, type Thresholds } from './learned/model.ts'
import { ownFigures } from './learned/opinion.ts'
import type { CompiledGazetteer } from './places.ts'
import { asWritten, type NormalText } from './text.ts'
import { understand } from './understand.ts'
import type { Situation, Understanding } from './understanding.ts'

/** Words and how much they moved the model: positive towards a problem. */
export interface LearnedWords {
  words: string
  weight: number
}

/** What an understanding rests on, beyond the evidence that is kept with it. */
export interface Account {
  said: Understanding
  thresholds: Thresholds
  /** Whether any word of any category occurs. */
  hasTopic: boolean
  /** The words that the model has learned most from, strongest first. */
  learned: LearnedWords[]
  /** Categories as the model ranks them, with its chance for each. */
  categories: { code: CategoryCode; chance: number }[]
  /** By the village's list (or a group), by the way of speaking, or by what the model has learned of places. */
  placeBy: 'listed' | 'pattern' | 'learned' | null
  /** Words that make it more pressing, and less. */
  raised: string[]
  lowered: string[]
}

/** Reads a text once more and keeps what the reading rests on. Slower than `understand`; for explanations. */
export function accountOf(text: string, gazetteer: CompiledGazetteer, situation: Situation, model: Model): Account {
  const said = understand(text, gazetteer, situation, model)
  const examined = examine(text, gazetteer, situation)
  const { reading, place, scores } = examined
  const listed = place?.known === true && (said.placeKey === place.key || said.place?.includes(place.words) === true)
  const wordsOf = (signal: 'raise' | 'press' | 'lower') => reading.signal(signal).map((hit) => reading.words(hit))
  return {
    said,
    thresholds: model.thresholds,
    hasTopic: scores.length > 0,
    learned: learnedWords(model.heads.problem, reading.normal),
    categories: rankCategories(
      sums(model.heads.category, hashedRuns(reading.text), factsOf(examined), ownFigures(scores)),
    ),
    placeBy: said.place === null ? null : listed ? 'listed' : said.place === place?.words ? 'pattern' : 'learned',
    raised: [...new Set([...wordsOf('raise'), ...wordsOf('press')])],
    lowered: [...new Set(wordsOf('lower'))],
  }
}

function rankCategories(totals: Float64Array): { code: CategoryCode; chance: number }[] {
  const top = Math.max(...totals)
  const powers = Array.from(totals, (sum) => Math.exp(sum - top))
  const all = powers.reduce((sum, power) => sum + power, 0)
  return CATEGORY_CODES.map((code, index) => ({ code, chance: (powers[index] ?? 0) / all }))
    .sort((a, b) => b.chance - a.chance)
    .slice(0, 3)
}

/** Less than this moves nothing. */
const NOTABLE = 0.2

/** A single character is no word that somebody would recognise. */
const WORDS = /[\p{L}\p{N}].*[\p{L}\p{N}]/su

/**
 * What the model's weights for runs of characters say of the words they lie in: each run's weight is spread over its
 * characters, and neighbours that speak for the same side are one piece.
 */
function learnedWords(head: Head, normal: NormalText): LearnedWords[] {
  const { text } = normal
  const unit = head.scale / Math.sqrt(runsFor(head.buckets, hashedRuns(text)).length || 1)
  const share = new Float64Array(Math.min(text.length, 200) + 2)
  const seen = new Set<number>()
  visitRuns(text, (bucket, start, length) => {
    if (bucket >= head.buckets || seen.has(bucket)) return
    seen.add(bucket)
    const each = ((head.weights[bucket] ?? 0) * unit) / length
    for (let at = start; at < start + length; at++) share[at] = (share[at] ?? 0) + each
  })
  const pieces: LearnedWords[] = []
  // The first and last characters stand for the ends of the text.
  for (let start = 1; start < share.length - 1; ) {
    const sign = Math.sign(share[start] ?? 0)
    let end = start
    let weight = 0
    while (end < share.length - 1 && Math.sign(share[end] ?? 0) === sign) weight += share[end++] ?? 0
    const words = asWritten(normal, start - 1, end - 1)
    if (Math.abs(weight) >= NOTABLE && WORDS.test(words)) pieces.push({ words, weight })
    start = end
  }
  return pieces.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
}
