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

interface Node {
  next: Map<number, Node>
  sets: number[]
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
  const root: Node = { next: new Map(), sets: [] }
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
      let node = root
      for (let i = 0; i < word.length; i++) {
        const code = word.charCodeAt(i)
        let child = node.next.get(code)
        if (!child) {
          child = { next: new Map(), sets: [] }
          node.next.set(code, child)
        }
        node = child
      }
      if (!node.sets.includes(set)) node.sets.push(set)
    }
  }

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
        let node = root.next.get(text.charCodeAt(i))
        for (let j = i + 1; node; j++) {
          for (const set of node.sets) {
            const list = hits[set]
            if (!list) {
              hits[set] = [{ start: i, end: j }]
              seen.push(set)
            } else if (list.length < MAX_HITS) list.push({ start: i, end: j })
          }
          node = node.next.get(text.charCodeAt(j))
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
export function expand(pattern: string): string[] {
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
