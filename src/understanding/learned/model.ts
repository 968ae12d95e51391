import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ALL_BUCKETS, type Runs, WORD_BUCKETS } from './features.ts'
import { SPAN_BUCKETS, type SpanHead, TAGS } from './place-spans.ts'

/** One question the model answers: weights for hashed runs (8 bits each), for facts, and for what only some outputs have. */
export interface Head {
  outputs: number
  /** How many buckets it looks at: those of words, or of sounds too. */
  buckets: number
  /** Output-major: `buckets` weights for each output, in units of `scale`. */
  weights: Int8Array
  scale: number
  /** Output-major: one weight for each fact and output. */
  facts: Float32Array
  /** Weights shared by all outputs for the figures that each output has of its own. */
  own: Float32Array
  bias: Float32Array
}

export const HEADS = ['problem', 'emergency', 'sensitive', 'category'] as const
export type HeadName = (typeof HEADS)[number]

/** Sounds tell whether something is the matter; which of 63 kinds it is they rather confuse. */
export const BUCKETS_OF: Record<HeadName, number> = {
  problem: ALL_BUCKETS,
  emergency: ALL_BUCKETS,
  sensitive: ALL_BUCKETS,
  category: WORD_BUCKETS,
}

/** Probabilities from which something counts. */
export interface Thresholds {
  ticket: number
  maybe: number
  /** For what the rules have not seen as one. */
  emergency: number
  /** Below this, what the rules have seen as an emergency is none. */
  emergencyRefuted: number
  sensitive: number
  /** From here on what opens nothing is not surely nothing. */
  unsureProblem: number
  /** Below this a category is not surely the right one. */
  unsureCategory: number
}

export interface Model {
  version: string
  thresholds: Thresholds
  heads: Record<HeadName, Head>
  /** Which words of a text are its place. */
  place: SpanHead
}

/** What stands beside the weights. */
export interface Header {
  version: string
  thresholds: Thresholds
  heads: Record<HeadName, { outputs: number; scale: number; facts: number[]; own: number[]; bias: number[] }>
  place: { scale: number; transitions: number[] }
}

/** The sums of one head for a text, one for each output. */
export function sums(head: Head, runs: Runs, facts: Float32Array, own?: readonly Float32Array[]): Float64Array {
  const { buckets } = head
  const seen = runsFor(buckets, runs)
  const result = new Float64Array(head.outputs)
  // Long texts have more runs; each counts less.
  const unit = head.scale / Math.sqrt(seen.length || 1)
  for (let output = 0; output < head.outputs; output++) {
    const base = output * buckets
    let words = 0
    for (const run of seen) words += head.weights[base + run] ?? 0
    let sum = (head.bias[output] ?? 0) + words * unit
    const factBase = output * facts.length
    for (let i = 0; i < facts.length; i++) sum += (head.facts[factBase + i] ?? 0) * (facts[i] ?? 0)
    const figures = own?.[output]
    if (figures) for (let i = 0; i < figures.length; i++) sum += (head.own[i] ?? 0) * (figures[i] ?? 0)
    result[output] = sum
  }
  return result
}

/** What a head with so many buckets reads of a text. */
export function runsFor(buckets: number, runs: Runs): Int32Array {
  return buckets > WORD_BUCKETS ? runs.heard : runs.words
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

const rounded = (values: Float32Array) => Array.from(values, (value) => Number(value.toFixed(4)))

/** A model as it is stored: a header in JSON and the weights, which are most of it. The same model gives the same bytes. */
export function encodeModel(model: Omit<Model, 'version'>): { header: Omit<Header, 'version'>; weights: Buffer } {
  const { thresholds, heads, place } = model
  const parts = [...HEADS.map((name) => heads[name].weights), place.weights]
  return {
    header: {
      thresholds: Object.fromEntries(
        Object.entries(thresholds).map(([name, value]: [string, number]) => [name, Number(value.toFixed(4))]),
      ) as unknown as Thresholds,
      heads: Object.fromEntries(
        HEADS.map((name) => {
          const { outputs, scale, facts, own, bias } = heads[name]
          return [name, { outputs, scale, facts: rounded(facts), own: rounded(own), bias: rounded(bias) }]
        }),
      ) as Header['heads'],
      place: { scale: place.scale, transitions: rounded(place.transitions) },
    },
    weights: Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength))),
  }
}

/** Puts a model together again. Throws when its two parts do not fit each other. */
export function decodeModel(header: Header, bytes: Buffer): Model {
  const { version, thresholds, heads, place } = header
  let at = 0
  const take = (size: number): Int8Array => {
    if (at + size > bytes.length) throw new Error('the learned model is cut off')
    at += size
    return new Int8Array(bytes.buffer, bytes.byteOffset + at - size, size)
  }
  const read = HEADS.map((name): [HeadName, Head] => {
    const { outputs, scale, facts, own, bias } = heads[name]
    const buckets = BUCKETS_OF[name]
    const weights = take(outputs * buckets)
    return [
      name,
      {
        outputs,
        buckets,
        scale,
        weights,
        facts: Float32Array.from(facts),
        own: Float32Array.from(own),
        bias: Float32Array.from(bias),
      },
    ]
  })
  return {
    version,
    thresholds,
    heads: Object.fromEntries(read) as Record<HeadName, Head>,
    place: {
      weights: take(SPAN_BUCKETS * TAGS),
      scale: place.scale,
      transitions: Float32Array.from(place.transitions),
    },
  }
}

/** The name of a model: what its weights are decides, so the same weights have the same name. */
export function nameOf(weights: Buffer): string {
  return createHash('sha256').update(weights).digest('hex').slice(0, 8)
}

let shipped: Model | null = null

/** The model that comes with the program. */
export function shippedModel(): Model {
  shipped ??= decodeModel(
    JSON.parse(readFileSync(new URL('./model.json', import.meta.url), 'utf8')) as Header,
    readFileSync(new URL('./model.bin', import.meta.url)),
  )
  return shipped
}
