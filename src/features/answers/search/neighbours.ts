/** Buckets of hashed terms. A power of two. */
const BUCKETS = 65_536
/** A known question and the articles that answered it. Its words are kept as numbers only. */
export interface KnownQuestion {
  buckets: Uint16Array
  /** Keys of articles, also of laws that are not in the corpus. */
  keys: readonly string[]
  /** The number of the card it belongs to; -1 for none. */
  card: number
}

export interface Neighbour {
  question: KnownQuestion
  /** Cosine of the weighted terms, 0 to 1. */
  similarity: number
}

/** The terms of a question as sorted bucket numbers. */
export function bucketsOf(terms: readonly string[]): Uint16Array {
  const buckets = terms.map((term) => {
    let hash = 0x811c9dc5
    for (let i = 0; i < term.length; i++) hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193) >>> 0
    return (hash ^ (hash >>> 16)) & (BUCKETS - 1)
  })
  return Uint16Array.from([...new Set(buckets)].sort((a, b) => a - b))
}

export interface Neighbours {
  /** The most similar known questions, best first. `except` leaves some out: for measuring. */
  nearest(terms: readonly string[], most: number, except?: (question: KnownQuestion) => boolean): Neighbour[]
  /** How much of what the terms say, by weight, is said by no known question that has keys. From 0 to 1. */
  strange(terms: readonly string[]): number
  /** Cosine of two questions, the second one as its buckets, by the same weights. */
  likeness(terms: readonly string[], buckets: Uint16Array): number
}

/** Finds questions that are put like another: cosine over terms weighted by how rare they are among the known ones. */
export function createNeighbours(known: readonly KnownQuestion[]): Neighbours {
  const lists = new Map<number, number[]>()
  for (const [number, { buckets }] of known.entries()) {
    for (const bucket of buckets) {
      const list = lists.get(bucket)
      if (list) list.push(number)
      else lists.set(bucket, [number])
    }
  }
  const weightOf = (bucket: number) => Math.log((known.length + 1) / ((lists.get(bucket)?.length ?? 0) + 0.5))
  const norms = Float32Array.from(known, ({ buckets }) =>
    Math.sqrt(buckets.reduce((sum, bucket) => sum + weightOf(bucket) ** 2, 0)),
  )
  const squares = (buckets: Uint16Array) => buckets.reduce((sum, bucket) => sum + weightOf(bucket) ** 2, 0)
  return {
    likeness(terms, buckets) {
      const asked = bucketsOf(terms)
      const other = new Set(buckets)
      const common = squares(asked.filter((bucket) => other.has(bucket)))
      return common === 0 ? 0 : common / Math.sqrt(squares(asked) * squares(buckets))
    },
    strange(terms) {
      const asked = bucketsOf(terms)
      const unheard = asked.filter((bucket) => !(lists.get(bucket) ?? []).some((n) => known[n]?.keys.length))
      const total = asked.reduce((sum, bucket) => sum + weightOf(bucket), 0)
      return unheard.reduce((sum, bucket) => sum + weightOf(bucket), 0) / (total || 1)
    },
    nearest(terms, most, except = () => false) {
      const asked = bucketsOf(terms)
      const sums = new Map<number, number>()
      let norm = 0
      for (const bucket of asked) {
        const weight = weightOf(bucket) ** 2
        norm += weight
        for (const number of lists.get(bucket) ?? []) sums.set(number, (sums.get(number) ?? 0) + weight)
      }
      const found: Neighbour[] = []
      for (const [number, sum] of sums) {
        const question = known[number]
        if (!question || except(question)) continue
        found.push({ question, similarity: sum / (Math.sqrt(norm) * (norms[number] || 1)) })
      }
      return found.sort((a, b) => b.similarity - a.similarity).slice(0, most)
    },
  }
}
