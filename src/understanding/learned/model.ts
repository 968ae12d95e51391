import { readFileSync } from 'node:fs'
import { BUCKETS } from './features.ts'
import { SPAN_BUCKETS, type SpanHead, TAGS } from './place-spans.ts'

/** One question the model answers: weights for hashed runs (8 bits each), for facts, and for what only some outputs have. */
export interface Head {
  outputs: number
  /** Output-major: BUCKETS weights for each output, in units of `scale`. */
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

/** Probabilities from which something counts. */
export interface Thresholds {
  ticket: number
  maybe: number
  /** For what the rules have not seen as one. */
  emergency: number
  /** Below this, what the rules have seen as an emergency is none. */
  emergencyRefuted: number
  sensitive: number
}

export interface Model {
  version: string
  thresholds: Thresholds
  heads: Record<HeadName, Head>
  /** Which words of a text are its place. */
  place: SpanHead
}

interface Header {
  version: string
  thresholds: Thresholds
  heads: Record<HeadName, { outputs: number; scale: number; facts: number[]; own: number[]; bias: number[] }>
  place: { scale: number; transitions: number[] }
}

/** The sums of one head for a text, one for each output. */
export function sums(head: Head, runs: Int32Array, facts: Float32Array, own?: readonly Float32Array[]): Float64Array {
  const result = new Float64Array(head.outputs)
  // Long texts have more runs; each counts less.
  const unit = head.scale / Math.sqrt(runs.length || 1)
  for (let output = 0; output < head.outputs; output++) {
    const base = output * BUCKETS
    let words = 0
    for (const run of runs) words += head.weights[base + run] ?? 0
    let sum = (head.bias[output] ?? 0) + words * unit
    const factBase = output * facts.length
    for (let i = 0; i < facts.length; i++) sum += (head.facts[factBase + i] ?? 0) * (facts[i] ?? 0)
    const figures = own?.[output]
    if (figures) for (let i = 0; i < figures.length; i++) sum += (head.own[i] ?? 0) * (figures[i] ?? 0)
    result[output] = sum
  }
  return result
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** Reads a model from its two files. Throws when they do not fit together. */
function readModel(header: URL, weights: URL): Model {
  const { version, thresholds, heads, place } = JSON.parse(readFileSync(header, 'utf8')) as Header
  const bytes = readFileSync(weights)
  let at = 0
  const read = HEADS.map((name): [HeadName, Head] => {
    const { outputs, scale, facts, own, bias } = heads[name]
    const size = outputs * BUCKETS
    if (at + size > bytes.length) throw new Error('the learned model is cut off: run npm run train:understanding')
    const part = new Int8Array(bytes.buffer, bytes.byteOffset + at, size)
    at += size
    return [
      name,
      {
        outputs,
        scale,
        weights: part,
        facts: Float32Array.from(facts),
        own: Float32Array.from(own),
        bias: Float32Array.from(bias),
      },
    ]
  })
  const size = SPAN_BUCKETS * TAGS
  if (at + size > bytes.length) throw new Error('the learned model is cut off: run npm run train:understanding')
  return {
    version,
    thresholds,
    heads: Object.fromEntries(read) as Record<HeadName, Head>,
    place: {
      weights: new Int8Array(bytes.buffer, bytes.byteOffset + at, size),
      scale: place.scale,
      transitions: Float32Array.from(place.transitions),
    },
  }
}

let shipped: Model | null = null

/** The model that comes with the program. */
export function shippedModel(): Model {
  shipped ??= readModel(new URL('./model.json', import.meta.url), new URL('./model.bin', import.meta.url))
  return shipped
}
