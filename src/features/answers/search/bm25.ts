const K1 = 1.2
const B = 0.75

/** An inverted index over short documents. */
export interface Index {
  size: number
  /** How telling a term is: 0 for one that occurs nowhere. */
  idf(term: string): number
  /** BM25 (Robertson and Zaragoza 2009) of every document for a question's terms, by document number. */
  scores(question: readonly string[]): Float32Array
}

interface Postings {
  documents: number[]
  counts: number[]
}

/** Builds an index; the n-th list of terms is document n. */
export function createIndex(documents: readonly (readonly string[])[]): Index {
  const postings = new Map<string, Postings>()
  const lengths = new Float32Array(documents.length)
  for (const [number, document] of documents.entries()) {
    lengths[number] = document.length
    for (const term of document) {
      let list = postings.get(term)
      if (!list) {
        list = { documents: [], counts: [] }
        postings.set(term, list)
      }
      const last = list.documents.length - 1
      if (list.documents[last] === number) list.counts[last] = (list.counts[last] ?? 0) + 1
      else {
        list.documents.push(number)
        list.counts.push(1)
      }
    }
  }
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, documents.length)
  const norms = lengths.map((length) => K1 * (1 - B + (B * length) / (mean || 1)))

  function idf(term: string): number {
    const count = postings.get(term)?.documents.length ?? 0
    return count === 0 ? 0 : Math.log(1 + (documents.length - count + 0.5) / (count + 0.5))
  }

  return {
    size: documents.length,
    idf,
    scores(question) {
      const result = new Float32Array(documents.length)
      for (const term of question) {
        const list = postings.get(term)
        if (!list) continue
        const weight = idf(term)
        for (let i = 0; i < list.documents.length; i++) {
          const document = list.documents[i] ?? 0
          const count = list.counts[i] ?? 0
          result[document] = (result[document] ?? 0) + (weight * count * (K1 + 1)) / (count + (norms[document] ?? 1))
        }
      }
      return result
    },
  }
}
