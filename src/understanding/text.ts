import { HOMOPHONES } from './lexicon/homophones.ts'

/** Only the beginning of a message decides; what follows in a very long one is neither read nor paid for. */
const READ_CHARS = 1000

/** A text made comparable, and the way back to the words that were really written. */
export interface NormalText {
  original: string
  /** Half-width, lower case, without spaces and invisible characters, common mishearings corrected. */
  text: string
  /** Whether the sentence ends before index i of `text`, as a running count of breaks: same count, same sentence. */
  sentence: Uint16Array
  /** For index i of `text`: where its character starts and ends in `original`. */
  starts: Uint16Array
  ends: Uint16Array
}

// Zero-width characters, direction marks, control characters except line breaks, lone surrogates.
const INVISIBLE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd\ud800-\udfff]/
const SPACE = /\s/
const SENTENCE_END = new Set(['。', '!', '?', '；', ';', '\n'])

/** They choose the look of the character before them and say nothing. */
function isVariationSelector(code: number): boolean {
  return code >= 0xfe00 && code <= 0xfe0f
}

/** Normalises the first part of a text, keeping for every character the place where it was written. */
export function normalise(original: string): NormalText {
  const chars: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const char of original.length > READ_CHARS ? original.slice(0, READ_CHARS) : original) {
    const start = at
    at += char.length
    if (char === '\n' || char === '\r') {
      push('\n', start, at)
      continue
    }
    const code = char.charCodeAt(0)
    // The common case first: Chinese characters need no work.
    if (code >= 0x4e00 && code <= 0x9fff) push(char, start, at)
    else if (char.length > 1 || !(isVariationSelector(code) || INVISIBLE.test(char) || SPACE.test(char))) {
      for (const part of char.normalize('NFKC').toLowerCase()) {
        if (part !== ' ') push(part.length === 1 ? part : '\ufffc', start, at)
      }
    }
  }
  function push(char: string, start: number, end: number): void {
    chars.push(char)
    starts.push(start)
    ends.push(end)
  }
  const text = correct(chars.join(''))
  const sentence = new Uint16Array(text.length + 1)
  for (let i = 0, count = 0; i < text.length; i++) {
    sentence[i] = count
    if (SENTENCE_END.has(text[i] ?? '')) count++
    sentence[i + 1] = count
  }
  return { original, text, sentence, starts: Uint16Array.from(starts), ends: Uint16Array.from(ends) }
}

/** The words as they were written for a stretch of the normalised text. */
export function asWritten(n: NormalText, start: number, end: number): string {
  if (end <= start) return ''
  return n.original.slice(n.starts[start] ?? 0, n.ends[end - 1] ?? 0)
}

const WRONG = new Map(HOMOPHONES.map((h) => [h.wrong, h]))
const WRONG_PATTERN = new RegExp(
  [...WRONG.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).join('|'),
  'g',
)

/** Replaces mishearings and dialect by the usual word of the same length, so that positions stay valid. */
export function correct(text: string): string {
  return text.replace(WRONG_PATTERN, (found, at: number) => {
    const entry = WRONG.get(found)
    if (!entry) return found
    if (entry.notBefore?.includes(text[at + found.length] ?? '\n')) return found
    if (entry.notAfter?.includes(text[at - 1] ?? '\n')) return found
    return entry.right
  })
}
