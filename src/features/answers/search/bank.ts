import { readFileSync } from 'node:fs'
import type { KnownQuestion } from './neighbours.ts'
import type { Network } from './network.ts'

/** What was learned from questions people asked: their terms as numbers, and the weights of ranking and of the gate. */
export interface Learned {
  version: string
  bank: KnownQuestion[]
  /** Several networks each, trained from different beginnings; their mean decides. */
  ranker: Network[]
  gate: Network[]
  /** Where the statutes are imported, and where the cards stand alone. */
  thresholds: { withLaws: Thresholds; cardsAlone: Thresholds }
}

/** From this chance on a question is answered; from the lower one on it is asked about. */
export interface Thresholds {
  answer: number
  clarify: number
}

interface Stored extends Omit<Learned, 'bank'> {
  keys: string[]
  /** For each question its buckets as base64 of 16-bit numbers, and numbers of keys. */
  questions: [string, number[]][]
}

/** The form in which it is shipped. */
export function store({ bank, ...rest }: Learned): string {
  const keys = [...new Set(bank.flatMap((question) => question.keys))].sort()
  const numberOf = new Map(keys.map((key, number) => [key, number]))
  const questions = bank.map(({ buckets, keys: of }): [string, number[]] => [
    Buffer.from(buckets.buffer, buckets.byteOffset, buckets.byteLength).toString('base64'),
    of.map((key) => numberOf.get(key) ?? 0),
  ])
  const stored: Stored = { ...rest, keys, questions }
  return `${JSON.stringify(stored)}\n`
}

let shipped: Learned | null = null

/** What comes with the program, made by `npm run train:answers`. */
export function shippedLearning(): Learned {
  if (shipped) return shipped
  const { keys, questions, ...rest } = JSON.parse(
    readFileSync(new URL('./learned.json', import.meta.url), 'utf8'),
  ) as Stored
  const bank = questions.map(([words, of]): KnownQuestion => {
    const bytes = Buffer.from(words, 'base64')
    return {
      buckets: new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)),
      keys: of.map((number) => keys[number] ?? ''),
      card: -1,
    }
  })
  shipped = { ...rest, bank }
  return shipped
}
