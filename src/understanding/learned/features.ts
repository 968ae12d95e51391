/** Buckets of the hashed character features. A power of two. */
export const BUCKETS = 16_384

/** Longest run of characters that is one feature. */
const LONGEST = 3

/**
 * The character runs of a normalised text as bucket numbers, each once. Digits count as one character: 三组 and 12号 are
 * facts of a village, not of the language.
 */
export function hashedRuns(text: string): Int32Array {
  const plain = `^${text.slice(0, 200).replace(/[0-9]/g, '0')}$`
  const seen = new Set<number>()
  for (let start = 0; start < plain.length; start++) {
    let hash = 0x811c9dc5
    for (let length = 1; length <= LONGEST && start + length <= plain.length; length++) {
      hash = Math.imul(hash ^ plain.charCodeAt(start + length - 1), 0x01000193) >>> 0
      seen.add((hash ^ (hash >>> 15)) & (BUCKETS - 1))
    }
  }
  return Int32Array.from(seen)
}
