import { soundOf } from '../sounds.ts'

/** Buckets of the hashed runs of characters, and of all features: sounds have as many of their own. Powers of two. */
export const WORD_BUCKETS = 16_384
export const ALL_BUCKETS = 2 * WORD_BUCKETS

/** Longest run of characters that is one feature. */
const LONGEST = 3
/** Shortest and longest run of sounds that is one feature: a single syllable says nothing. */
const SHORTEST_SOUNDS = 2
const LONGEST_SOUNDS = 3
/** Only the beginning of a text counts. */
const MOST_CHARS = 200

/** What a model reads of a text: bucket numbers, each once. */
export interface Runs {
  words: Int32Array
  /** The same and the runs of sounds. */
  heard: Int32Array
}

type Visit = (bucket: number, start: number, length: number) => void

/** Calls `visit` with the bucket of each run of characters, then of sounds, and where it lies in `^text$`. */
export function visitRuns(text: string, visit: Visit): void {
  const plain = marked(text)
  visitWords(plain, visit)
  visitSounds(plain, visit)
}

/** Digits count as one character: 三组 and 12号 are facts of a village, not of the language. */
function marked(text: string): string {
  return `^${text.slice(0, MOST_CHARS).replace(/[0-9]/g, '0')}$`
}

function visitWords(plain: string, visit: Visit): void {
  for (let start = 0; start < plain.length; start++) {
    let hash = 0x811c9dc5
    for (let length = 1; length <= LONGEST && start + length <= plain.length; length++) {
      hash = Math.imul(hash ^ plain.charCodeAt(start + length - 1), 0x01000193) >>> 0
      visit((hash ^ (hash >>> 15)) & (WORD_BUCKETS - 1), start, length)
    }
  }
}

/** What is left of a word when a phone has misheard it. */
function visitSounds(plain: string, visit: Visit): void {
  const sounds = Array.from(plain, soundOf)
  for (let start = 0; start < sounds.length; start++) {
    let hash = 0x9e3779b9
    for (let length = 1; length <= LONGEST_SOUNDS && start + length <= sounds.length; length++) {
      const sound = sounds[start + length - 1] ?? 0
      if (sound === 0) break
      hash = Math.imul(hash ^ sound, 0x01000193) >>> 0
      if (length >= SHORTEST_SOUNDS) visit(WORD_BUCKETS + ((hash ^ (hash >>> 13)) & (WORD_BUCKETS - 1)), start, length)
    }
  }
}

/** The runs of a normalised text. */
export function hashedRuns(text: string): Runs {
  const plain = marked(text)
  const seen = new Set<number>()
  const add = (bucket: number) => seen.add(bucket)
  visitWords(plain, add)
  const words = Int32Array.from(seen)
  visitSounds(plain, add)
  return { words, heard: Int32Array.from(seen) }
}
