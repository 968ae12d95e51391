import { correct, type NormalText } from './text.ts'

/** One place where a list of phrases was found, as indices of the normalised text. */
export interface Hit {
  start: number
  end: number
}

/** Finds phrases of many named lists in one pass over a text. */
export interface PhraseBook {
  /** Hits by list, in the order of the names given to `compilePhrases`; undefined where there are none. */
  find(text: NormalText): (Hit[] | undefined)[]
}

interface Sequence {
  list: number
  parts: number[]
}

/** Farthest distance between two parts of a phrase joined by `…`. */
const GAP = 12
/** A list repeated beyond this many times says nothing new; the bound keeps nonsense texts cheap. */
const MAX_HITS = 24

/**
 * Compiles lists of phrases separated by white space.
 *
 * `(a|b|)` stands for any of the alternatives, `…` for at most twelve characters of the same sentence.
 */
export function compilePhrases(lists: readonly (readonly [name: string, phrases: string])[]): PhraseBook {
  const words = new Map<string, number[]>()
  const partSets = new Map<string, number>()
  const sequences: Sequence[] = []
  let setCount = lists.length

  lists.forEach(([, phrases], list) => {
    for (const phrase of phrases.split(/\s+/)) {
      if (!phrase) continue
      const parts = phrase.split('…').filter(Boolean)
      if (parts.length === 1) addWords(parts[0] ?? '', list)
      else {
        // An optional last or first part adds nothing to what the others say.
        const needed = parts.filter((part) => !expand(part).includes(''))
        if (needed.length === 1) addWords(needed[0] ?? '', list)
        else if (needed.length > 1) sequences.push({ list, parts: needed.map(partSet) })
      }
    }
  })

  function partSet(part: string): number {
    let set = partSets.get(part)
    if (set === undefined) {
      set = setCount++
      partSets.set(part, set)
      addWords(part, set)
    }
    return set
  }

  function addWords(part: string, set: number): void {
    for (const written of expand(part)) {
      // The lists go through the same changes as the texts they are looked for in.
      const word = correct(written.normalize('NFKC').toLowerCase())
      if (!word) continue
      const sets = words.get(word)
      if (!sets) words.set(word, [set])
      else if (!sets.includes(set)) sets.push(set)
    }
  }

  const trie = buildTrie(words)
  const sequencesOf: (Sequence[] | undefined)[] = []
  for (const sequence of sequences) {
    const last = sequence.parts[sequence.parts.length - 1] ?? 0
    const known = sequencesOf[last]
    if (known) known.push(sequence)
    else sequencesOf[last] = [sequence]
  }

  return {
    find(n) {
      const { text, sentence } = n
      const hits: (Hit[] | undefined)[] = new Array(setCount)
      const seen: number[] = []
      for (let i = 0; i < text.length; i++) {
        let node = trie.roots[text.charCodeAt(i)] ?? 0
        for (let j = i + 1; node !== 0; j++) {
          const end = trie.setsFrom[node + 1] ?? 0
          for (let at = trie.setsFrom[node] ?? 0; at < end; at++) {
            const set = trie.sets[at] ?? 0
            const list = hits[set]
            if (!list) {
              hits[set] = [{ start: i, end: j }]
              seen.push(set)
            } else if (list.length < MAX_HITS) list.push({ start: i, end: j })
          }
          node = childOf(trie, node, text.charCodeAt(j))
        }
      }
      for (const set of seen) {
        for (const sequence of sequencesOf[set] ?? []) {
          const found = follow(sequence.parts, hits, sentence)
          if (!found) continue
          const list = hits[sequence.list]
          if (list) list.push(found)
          else hits[sequence.list] = [found]
        }
      }
      hits.length = lists.length
      return hits
    },
  }
}

/** All words as one tree in flat arrays: a tenth of the memory of a tree of objects. Node 0 is "no node". */
interface Trie {
  /** The node of a first character, by its code. */
  roots: Int32Array
  /** The character that leads to each node; the children of a node stand side by side, in the order of their codes. */
  codes: Uint16Array
  firstChild: Int32Array
  childCount: Uint16Array
  /** The lists that a word ending at node n belongs to: `sets` from `setsFrom[n]` to before `setsFrom[n + 1]`. */
  setsFrom: Int32Array
  sets: Int32Array
}

function buildTrie(words: ReadonlyMap<string, readonly number[]>): Trie {
  const sorted = [...words.keys()].sort((a, b) => (a < b ? -1 : 1))
  const codes = [0]
  const firstChild = [0]
  const childCount = [0]
  const setsFrom = [0]
  const sets: number[] = []
  const roots = new Int32Array(65_536)
  interface Range {
    from: number
    to: number
    depth: number
    parent: number
  }
  let level: Range[] = [{ from: 0, to: sorted.length, depth: 0, parent: 0 }]
  while (level.length > 0) {
    const next: Range[] = []
    for (const { from, to, depth, parent } of level) {
      for (let at = from; at < to; ) {
        const word = sorted[at] ?? ''
        const code = word.charCodeAt(depth)
        let end = at + 1
        while (end < to && sorted[end]?.charCodeAt(depth) === code) end++
        const node = codes.push(code) - 1
        firstChild.push(0)
        childCount.push(0)
        setsFrom.push(sets.length)
        if (depth === 0) roots[code] = node
        else {
          if (childCount[parent] === 0) firstChild[parent] = node
          childCount[parent] = (childCount[parent] ?? 0) + 1
        }
        // A word that ends here is the first of its range.
        const ends = word.length === depth + 1
        if (ends) sets.push(...(words.get(word) ?? []))
        const rest = at + (ends ? 1 : 0)
        if (rest < end) next.push({ from: rest, to: end, depth: depth + 1, parent: node })
        at = end
      }
    }
    level = next
  }
  setsFrom.push(sets.length)
  return {
    roots,
    codes: Uint16Array.from(codes),
    firstChild: Int32Array.from(firstChild),
    childCount: Uint16Array.from(childCount),
    setsFrom: Int32Array.from(setsFrom),
    sets: Int32Array.from(sets),
  }
}

/** The child of a node by a character, 0 where there is none. */
function childOf(trie: Trie, node: number, code: number): number {
  let low = trie.firstChild[node] ?? 0
  let high = low + (trie.childCount[node] ?? 0) - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = trie.codes[middle] ?? 0
    if (found === code) return middle
    if (found < code) low = middle + 1
    else high = middle - 1
  }
  return 0
}

/** The first way to find all parts one after the other, near enough and in one sentence. */
function follow(parts: readonly number[], hits: readonly (Hit[] | undefined)[], sentence: Uint16Array): Hit | null {
  let open: Hit[] = hits[parts[0] ?? -1] ?? []
  for (let p = 1; p < parts.length && open.length > 0; p++) {
    const next: Hit[] = []
    for (const hit of hits[parts[p] ?? -1] ?? []) {
      for (const before of open) {
        const gap = hit.start - before.end
        if (gap >= 0 && gap <= GAP && sentence[before.end] === sentence[hit.start]) {
          next.push({ start: before.start, end: hit.end })
          break
        }
      }
    }
    open = next
  }
  return open[0] ?? null
}

/** All words a pattern without `…` stands for. */
function expand(pattern: string): string[] {
  const open = pattern.indexOf('(')
  if (open < 0) return [pattern]
  const close = pattern.indexOf(')', open)
  if (close < 0 || pattern.slice(open + 1, close).includes('(')) throw new Error(`Brackets do not match in ${pattern}`)
  const head = pattern.slice(0, open)
  const tails = expand(pattern.slice(close + 1))
  return pattern
    .slice(open + 1, close)
    .split('|')
    .flatMap((option) => tails.map((tail) => head + option + tail))
}
