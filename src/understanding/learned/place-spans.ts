import type { Hit } from '../phrases.ts'
import { type CompiledGazetteer, type Mention, mentions } from '../places.ts'
import type { Reading } from '../reading.ts'

/** Buckets of the hashed features of one character. A power of two. */
export const SPAN_BUCKETS = 65_536

/** What a character is: outside, the first of a place, a later one. */
export const TAGS = 3
const OUTSIDE = 0
const FIRST = 1
const INSIDE = 2

/** Longest text that is looked at. Characters. */
const LONGEST = 160

/** Weights of the tagger: for each feature and tag, and for a tag after a tag. */
export interface SpanHead {
  /** Tag-major: SPAN_BUCKETS weights for each tag, in units of `scale`. */
  weights: Int8Array | Float32Array
  scale: number
  /** `transitions[before * TAGS + after]`. */
  transitions: Float32Array
}

/** One letter for each character of a text, three times: places the rules see, things and what is wrong with them, the rules' choice. */
export interface Marks {
  places: string
  things: string
  chosen: string
}

const LETTERS = { group: 'g', listed: 'z', house: 'h', generic: 'c', named: 'n', own: 'o' } as const

/** What the rules make of each character. */
export function marksOf(reading: Reading, mentioned: readonly Mention[], chosen: Hit | null): Marks {
  const blank = () => Array<string>(reading.text.length).fill('-')
  const paint = (row: string[], { start, end }: Hit, letter: string) => {
    for (let i = start; i < end; i++) row[i] = i === start ? letter.toUpperCase() : letter
  }
  const places = blank()
  for (const mention of mentioned) paint(places, mention, LETTERS[mention.kind])
  const things = blank()
  for (const { hits } of reading.categories) {
    for (const hit of [...hits.nouns, ...hits.services]) paint(things, hit, 't')
  }
  for (const { hits } of reading.categories) for (const hit of [...hits.bad, ...hits.strong]) paint(things, hit, 'w')
  const rule = blank()
  if (chosen) paint(rule, chosen, 'r')
  return { places: places.join(''), things: things.join(''), chosen: rule.join('') }
}

/** Windows of characters and marks around a character: which row, from where to where. */
const TEMPLATES: readonly (readonly (readonly [row: 'text' | keyof Marks, from: number, to: number])[])[] = [
  ...[-3, -2, -1, 0, 1, 2, 3].map((at) => [['text', at, at]] as const),
  ...[-2, -1, 0, 1].map((at) => [['text', at, at + 1]] as const),
  ...[-3, -2, -1, 0, 1].map((at) => [['text', at, at + 2]] as const),
  [['places', 0, 0]],
  [['places', -1, 1]],
  [['places', -3, -1]],
  [['places', 1, 3]],
  [
    ['places', 0, 0],
    ['text', 0, 0],
  ],
  [
    ['places', -1, 0],
    ['text', 0, 0],
  ],
  [
    ['places', 0, 1],
    ['text', 1, 1],
  ],
  [['things', 0, 0]],
  [['things', -1, 1]],
  [['things', 1, 3]],
  [
    ['things', 0, 0],
    ['text', 0, 0],
  ],
  [
    ['things', 1, 1],
    ['text', 0, 0],
  ],
  [
    ['things', 0, 0],
    ['places', 0, 0],
  ],
  [['chosen', 0, 0]],
  [['chosen', -1, 1]],
  [
    ['chosen', 0, 0],
    ['text', 0, 0],
  ],
  [
    ['chosen', -1, 0],
    ['text', 0, 1],
  ],
]

/** The features of each character of a normalised text as bucket numbers: itself, those around it, and their marks. */
export function spanFeatures(text: string, marks: Marks): Int32Array[] {
  const pad = '~~~'
  const rows = {
    text: pad + text.slice(0, LONGEST).replace(/[0-9]/g, '0') + pad,
    places: pad + marks.places.slice(0, LONGEST) + pad,
    things: pad + marks.things.slice(0, LONGEST) + pad,
    chosen: pad + marks.chosen.slice(0, LONGEST) + pad,
  }
  return Array.from({ length: rows.text.length - 2 * pad.length }, (_, i) =>
    Int32Array.from(TEMPLATES, (parts, template) => {
      let value = Math.imul(0x811c9dc5 ^ template, 0x01000193) >>> 0
      for (const [row, from, to] of parts) {
        for (let at = i + pad.length + from; at <= i + pad.length + to; at++) {
          value = Math.imul(value ^ rows[row].charCodeAt(at), 0x01000193) >>> 0
        }
      }
      return (value ^ (value >>> 16)) & (SPAN_BUCKETS - 1)
    }),
  )
}

/** The best row of tags for a text, by Viterbi. */
function bestTags(head: SpanHead, features: readonly Int32Array[]): Uint8Array {
  const length = features.length
  const tags = new Uint8Array(length)
  if (length === 0) return tags
  const back = new Uint8Array(length * TAGS)
  let before = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < length; i++) {
    const now = [0, 0, 0]
    for (let tag = 0; tag < TAGS; tag++) {
      let best = Number.NEGATIVE_INFINITY
      for (let previous = 0; previous < TAGS; previous++) {
        if (tag === INSIDE && (i === 0 || previous === OUTSIDE)) continue
        const score = (before[previous] ?? 0) + (head.transitions[previous * TAGS + tag] ?? 0)
        if (score > best) {
          best = score
          back[i * TAGS + tag] = previous
        }
      }
      let sum = 0
      for (const bucket of features[i] ?? []) sum += head.weights[tag * SPAN_BUCKETS + bucket] ?? 0
      now[tag] = best + sum * head.scale
    }
    before = now
  }
  let tag = before.indexOf(Math.max(...before))
  for (let i = length - 1; i >= 0; i--) {
    tags[i] = tag
    tag = back[i * TAGS + tag] ?? OUTSIDE
  }
  return tags
}

/** The place that a row of tags marks, the longest where there are several; null where there is none. */
function longestSpan(tags: Uint8Array): Hit | null {
  let best: Hit | null = null
  for (let start = 0; start < tags.length; start++) {
    if (tags[start] !== FIRST) continue
    let end = start + 1
    while (tags[end] === INSIDE) end++
    if (!best || end - start > best.end - best.start) best = { start, end }
  }
  return best
}

/** Where a text says that something is; null where it does not say. */
export function findSpan(
  head: SpanHead,
  reading: Reading,
  gazetteer: CompiledGazetteer,
  chosen: Hit | null,
): Hit | null {
  const mentioned = mentions(reading.text, gazetteer)
  const span = longestSpan(bestTags(head, spanFeatures(reading.text, marksOf(reading, mentioned, chosen))))
  if (!span) return null
  // 12组 is one word, and so is the name of a place the village has told of.
  const whole = mentioned.filter(
    ({ kind, start, end }) => (kind === 'group' || kind === 'listed') && start < span.end && span.start < end,
  )
  return {
    start: Math.min(span.start, ...whole.map(({ start }) => start)),
    end: Math.max(span.end, ...whole.map(({ end }) => end)),
  }
}

/** The row of tags of a text with one place. */
export function tagsOf(length: number, span: Hit | null): Uint8Array {
  const tags = new Uint8Array(Math.min(length, LONGEST))
  if (span)
    for (let i = span.start; i < Math.min(span.end, tags.length); i++) tags[i] = i === span.start ? FIRST : INSIDE
  return tags
}

export interface TaggedText {
  features: Int32Array[]
  tags: Uint8Array
}

/**
 * Trains the tagger as an averaged structured perceptron (Collins 2002). The same texts in the same order, shuffled by
 * the same numbers, give the same weights.
 */
export function trainSpans(
  texts: readonly TaggedText[],
  epochs: number,
  shuffled: (items: number[]) => void,
): SpanHead {
  const size = TAGS * SPAN_BUCKETS
  const weights = new Float32Array(size)
  const totals = new Float64Array(size)
  const transitions = new Float32Array(TAGS * TAGS)
  const transitionTotals = new Float64Array(TAGS * TAGS)
  const order = texts.map((_, index) => index)
  let step = 1
  const update = ({ features }: TaggedText, tags: Uint8Array, by: number) => {
    let previous = OUTSIDE
    for (const [i, tag] of tags.entries()) {
      for (const bucket of features[i] ?? []) {
        weights[tag * SPAN_BUCKETS + bucket] = (weights[tag * SPAN_BUCKETS + bucket] ?? 0) + by
        totals[tag * SPAN_BUCKETS + bucket] = (totals[tag * SPAN_BUCKETS + bucket] ?? 0) + by * step
      }
      const at = previous * TAGS + tag
      transitions[at] = (transitions[at] ?? 0) + by
      transitionTotals[at] = (transitionTotals[at] ?? 0) + by * step
      previous = tag
    }
  }
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffled(order)
    for (const index of order) {
      const text = texts[index] as TaggedText
      const guessed = bestTags({ weights, scale: 1, transitions }, text.features)
      if (guessed.some((tag, i) => tag !== text.tags[i])) {
        update(text, text.tags, 1)
        update(text, guessed, -1)
      }
      step++
    }
  }
  const averaged = weights.map((weight, i) => weight - (totals[i] ?? 0) / step)
  const scale =
    Math.max(
      1e-9,
      averaged.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0),
    ) / 127
  return {
    weights: Int8Array.from(averaged, (weight) => Math.round(weight / scale)),
    scale,
    transitions: transitions.map((weight, i) => weight - (transitionTotals[i] ?? 0) / step),
  }
}
