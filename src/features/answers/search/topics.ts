import { bucketsOf, type KnownQuestion } from './neighbours.ts'

/** Whether the terms of a question are those of questions that have an answer in the corpus. */
export interface Topics {
  /** Mean logarithm of the odds over the question's terms (naive Bayes): positive where the corpus answers such questions. */
  odds(terms: readonly string[], except?: (question: KnownQuestion) => boolean): number
}

/** Counts in which known questions each term stands: those with an article here, and the others. */
export function createTopics(known: readonly KnownQuestion[], isHere: (question: KnownQuestion) => boolean): Topics {
  const here = known.map(isHere)
  const lists = new Map<number, number[]>()
  const totals = [0, 0]
  for (const [number, { buckets, card }] of known.entries()) {
    const side = here[number] ? 1 : 0
    totals[side] = (totals[side] ?? 0) + weightOf(card) * buckets.length
    for (const bucket of buckets) {
      const list = lists.get(bucket)
      if (list) list.push(number)
      else lists.set(bucket, [number])
    }
  }
  const balance = Math.log((totals[1] ?? 0) + 1) - Math.log((totals[0] ?? 0) + 1)
  return {
    odds(terms, except = () => false) {
      const buckets = bucketsOf(terms)
      let sum = 0
      for (const bucket of buckets) {
        const counts = [0.5, 0.5]
        for (const number of lists.get(bucket) ?? []) {
          const question = known[number]
          if (!question || except(question)) continue
          const side = here[number] ? 1 : 0
          counts[side] = (counts[side] ?? 0) + weightOf(question.card)
        }
        sum += Math.log(counts[1] ?? 1) - Math.log(counts[0] ?? 1) - (counts[0] === counts[1] ? 0 : balance)
      }
      return sum / Math.sqrt(Math.max(1, buckets.length))
    },
  }
}

/** A card is put in several ways but is one question. */
function weightOf(card: number): number {
  return card < 0 ? 1 : 0.25
}
