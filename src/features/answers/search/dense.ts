import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Embedder } from '../../../llm/embeddings.ts'
import type { Article } from '../article.ts'

/** Texts in one request. Its reply stays below what is read of one. */
const TOGETHER = 8
const LONGEST = 600
/** A request that takes longer is given up. Milliseconds. */
const QUESTION_WITHIN = 2500
const ARTICLES_WITHIN = 20_000
const MOST = 100
/** How much a place in a list is worth (Cormack and others 2009). */
const RANK_CONSTANT = 60

/** Finds articles by what they mean, as far as their vectors are there. */
export interface Dense {
  /** Numbers of the articles nearest to a question, best first; null where that cannot be said now. */
  nearest(question: string, signal: AbortSignal): Promise<readonly number[] | null>
  /** Fetches and keeps the vectors that are missing; false where the service failed before the end. */
  fill(): Promise<boolean>
}

/** Vectors are kept in a file, in one byte a figure, by the hash of what they stand for. Articles come in order of number. */
export function createDense(embedder: Embedder, articles: readonly Article[]): Dense {
  const name = createHash('sha256').update(embedder.model).digest('hex').slice(0, 12)
  const file = join(embedder.directory, `embeddings-${name}.jsonl`)
  const texts = articles.map(({ law, text }) => `《${law}》${text}`.slice(0, LONGEST))
  const hashes = texts.map((text) => createHash('sha256').update(text).digest('base64url').slice(0, 22))
  const vectors: (Int8Array | undefined)[] = []
  let filling: Promise<boolean> | null = null
  let pauses = 0
  let failures = 0

  async function readKept(): Promise<void> {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
    const kept = new Map<string, string>()
    for (const line of lines) {
      // A line that a crash cut short stands for nothing.
      const [hash, vector] = line.split(' ')
      if (hash && vector) kept.set(hash, vector)
    }
    for (const [n, hash] of hashes.entries()) {
      const vector = kept.get(hash)
      if (vector) vectors[n] = new Int8Array(Buffer.from(vector, 'base64'))
    }
  }

  async function fetchMissing(): Promise<boolean> {
    if (vectors.length === 0) await readKept()
    await mkdir(embedder.directory, { recursive: true })
    const missing = texts.map((_, n) => n).filter((n) => vectors[n] === undefined)
    for (let from = 0; from < missing.length; from += TOGETHER) {
      const numbers = missing.slice(from, from + TOGETHER)
      const signal = AbortSignal.timeout(ARTICLES_WITHIN)
      const found = await embedder.embed(
        numbers.map((n) => texts[n] ?? ''),
        signal,
      )
      const lines = numbers.map((n, k) => {
        const bytes = inBytes(found[k] as Float32Array)
        vectors[n] = bytes
        return `${hashes[n]} ${Buffer.from(bytes.buffer).toString('base64')}\n`
      })
      await appendFile(file, lines.join(''))
    }
    return true
  }

  function fill(): Promise<boolean> {
    filling ??= fetchMissing()
      .then(() => {
        failures = 0
        return true
      })
      .catch(() => {
        // After each failure twice as many questions pass before the next attempt.
        pauses = 2 ** Math.min(8, ++failures)
        return false
      })
      .finally(() => {
        if (failures > 0) filling = null
      })
    return filling
  }

  return {
    fill,
    async nearest(question, signal) {
      if (filling === null && pauses-- <= 0) void fill()
      const known = vectors.reduce((count, vector) => count + (vector ? 1 : 0), 0)
      // With half of the law unknown the nearest of the rest would be misleading.
      if (known < articles.length / 2 || known === 0) return null
      const within = AbortSignal.any([signal, AbortSignal.timeout(QUESTION_WITHIN)])
      const asked = await embedder.embed([question.slice(0, LONGEST)], within).catch(() => null)
      const wanted = asked?.[0]
      if (!wanted) return null
      const scores = vectors.map((vector) => (vector?.length === wanted.length ? product(vector, wanted) : -Infinity))
      return vectors
        .map((_, n) => n)
        .filter((n) => (scores[n] ?? -Infinity) > 0)
        .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
        .slice(0, MOST)
    },
  }
}

function inBytes(vector: Float32Array): Int8Array {
  const most = vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-9)
  return Int8Array.from(vector, (value) => Math.round((127 * value) / most))
}

/** Cosine, up to the length of the question. */
function product(bytes: Int8Array, wanted: Float32Array): number {
  let sum = 0
  let square = 0
  for (let i = 0; i < bytes.length; i++) {
    const value = bytes[i] ?? 0
    sum += value * (wanted[i] ?? 0)
    square += value * value
  }
  return sum / Math.sqrt(square || 1)
}

/** Two orders made one by the places in both: what both put first comes first. The scores stay what they were. */
export function fused<T extends { number: number; score: number }>(
  ranked: readonly T[],
  dense: readonly number[],
): { number: number; score: number }[] {
  const worth = new Map<number, number>()
  const add = (number: number, place: number) =>
    worth.set(number, (worth.get(number) ?? 0) + 1 / (RANK_CONSTANT + place + 1))
  for (const [place, { number }] of ranked.entries()) add(number, place)
  for (const [place, number] of dense.entries()) add(number, place)
  const scores = new Map(ranked.map(({ number, score }) => [number, score]))
  const lowest = ranked.at(-1)?.score ?? 0
  return [...worth].sort(([, a], [, b]) => b - a).map(([number]) => ({ number, score: scores.get(number) ?? lowest }))
}
