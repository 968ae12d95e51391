import { CATEGORY_CODES, type CategoryCode } from '../categories.ts'
import type { CategoryScore } from '../category.ts'
import { type Findings, factsOf } from '../facts.ts'
import { hashedRuns } from './features.ts'
import { type Model, sigmoid, sums } from './model.ts'

/** How many figures each category has of its own for the category head. */
export const OWN_COUNT = 3

/** Of a category the rules have not seen. Shared, because most are such. */
const NOTHING = new Float32Array(OWN_COUNT)

/** What the rules say of each category, in the order of the table: how much in all, how much of a problem, whether most. */
export function ownFigures(scores: readonly CategoryScore[]): Float32Array[] {
  const best = scores[0]
  return CATEGORY_CODES.map((code) => {
    const score = scores.find((candidate) => candidate.code === code)
    if (!score) return NOTHING
    return Float32Array.of(Math.min(3, score.total) / 3, Math.min(2.5, score.problem) / 2.5, score === best ? 1 : 0)
  })
}

/** What the learned model makes of the words and of what the rules have found in them. */
export interface Opinion {
  /** Probability that this is something for the village. */
  problem: number
  emergency: number
  sensitive: number
  category: CategoryCode
  /** Probability that the category is the right one, of something that is for the village. */
  categoryChance: number
}

/** Asks the model about one text. */
export function opinionOf(model: Model, found: Findings, scores: readonly CategoryScore[]): Opinion {
  const runs = hashedRuns(found.reading.text)
  const facts = factsOf(found)
  const chance = (head: 'problem' | 'emergency' | 'sensitive') => sigmoid(sums(model.heads[head], runs, facts)[0] ?? 0)
  const categories = sums(model.heads.category, runs, facts, ownFigures(scores))
  return {
    problem: chance('problem'),
    emergency: chance('emergency'),
    sensitive: chance('sensitive'),
    category: CATEGORY_CODES[largest(categories)] ?? 'other',
    categoryChance: chanceOfLargest(categories),
  }
}

/** The largest of the sums as a probability. */
export function chanceOfLargest(values: Float64Array): number {
  const top = values[largest(values)] ?? 0
  return 1 / values.reduce((sum, value) => sum + Math.exp(value - top), 0)
}

function largest(values: Float64Array): number {
  let at = 0
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[at] ?? 0)) at = i
  return at
}
