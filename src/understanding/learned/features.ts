/** Buckets of the hashed character features. A power of two. */
export const BUCKETS = 16_384

/** Longest run of characters that is one feature. */
const LONGEST = 3

/** Calls `visit` with the bucket of each run of characters and where it lies in `^text$`, the shortest first at each place. */
export function visitRuns(text: string, visit: (bucket: number, start: number, length: number) => void): void {
  const plain = `^${text.slice(0, 200).replace(/[0-9]/g, '0')}$`
  for (let start = 0; start < plain.length; start++) {
    let hash = 0x811c9dc5
    for (let length = 1; length <= LONGEST && start + length <= plain.length; length++) {
      hash = Math.imul(hash ^ plain.charCodeAt(start + length - 1), 0x01000193) >>> 0
      visit((hash ^ (hash >>> 15)) & (BUCKETS - 1), start, length)
    }
  }
}

/**
 * The character runs of a normalised text as bucket numbers, each once. Digits count as one character: 三组 and 12号 are
 * facts of a village, not of the language.
 */
export function hashedRuns(text: string): Int32Array {
  const seen = new Set<number>()
  visitRuns(text, (bucket) => seen.add(bucket))
  return Int32Array.from(seen)
}
