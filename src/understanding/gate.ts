import type { CategoryScore } from './category.ts'
import type { Signal } from './lexicon/signals.ts'
import type { Place } from './places.ts'
import type { Reading } from './reading.ts'
import type { Evidence, Gate } from './understanding.ts'

const TICKET = 2.2
const MAYBE = 1.55

/** Whether somebody tells what they have only heard. */
export function isHearsay(text: string): boolean {
  return HEARSAY.test(text)
}

const HEARSAY = /听说|听(人|别个|别人|他们|她们)(家|)(说|讲)|据说|不(晓得|知道)是不是我(听|看|搞|弄)/

export interface GateDecision {
  gate: Gate
  /** 0–1. */
  score: number
  evidence: Evidence[]
}

/** What makes a text with the words of a problem less likely to be one, with the weight of each kind. */
const AGAINST: readonly [Signal, number][] = [
  ['notice', 2.6],
  ['sale', 2],
  ['borrow', 1.8],
  ['joke', 1.2],
  ['praise', 1.4],
  ['private', 1.6],
  ['far', 1.5],
  ['chatter', 1],
  ['hypothetical', 0.8],
]

const FOR: readonly [Signal, number][] = [
  ['appeal', 0.5],
  ['grievance', 0.5],
  ['duration', 0.3],
  ['communal', 0.35],
]

/** Decides whether a text is something for the village; `addressed` skips the doubt. */
export function decideGate(
  r: Reading,
  best: CategoryScore | undefined,
  place: Place | null,
  addressed: boolean,
): GateDecision {
  const evidence: Evidence[] = []
  const add = (weight: number, rule: string, words: string): number => {
    evidence.push({ part: 'gate', words, weight, rule })
    return weight
  }
  let score = 0
  const problem = best?.problem ?? 0
  if (best && problem > 0) score += add(Math.min(3.2, problem), best.rule, r.words(best.why))
  const sarcasm = r.signal('sarcasm')
  if (problem > 0 || addressed) {
    for (const [signal, weight] of FOR) {
      const hit = r.signal(signal)[0]
      if (hit) score += add(weight, signal, r.words(hit))
    }
    if (place) score += add(place.known ? 0.6 : 0.2, 'place', place.words)
    if (best && best.row.work !== 2 && r.signal('stake').length > 0) score += add(0.25, 'stake', '')
    if (sarcasm[0]) score += add(0.6, 'sarcasm', r.words(sarcasm[0]))
  } else if (best && (best.row.work === 2 || best.row.work === 3) && best.total >= 0.5) {
    // The thing and a complaint, but none of the known problems: worth a look when it is said to be here.
    score += add(best.total, 'topic', r.words(best.why))
    for (const [signal, weight] of FOR) {
      const hit = r.signal(signal)[0]
      if (hit) score += add(weight, signal, r.words(hit))
    }
    if (place?.known) score += add(0.6, 'place', place.words)
    score = Math.min(score, TICKET - 0.01)
  } else if (r.signal('appeal').length > 0 && (place?.known || best) && r.signal('grievance').length > 0) {
    score += add(1.6, 'appeal without a category', r.words(r.signal('appeal')[0] ?? { start: 0, end: 0 }))
  }
  for (const [signal, weight] of AGAINST) {
    const hits = r.signal(signal)
    if (!hits[0]) continue
    // Sarcasm praises; what sounds like praise is then part of the complaint.
    if ((signal === 'praise' || signal === 'joke') && sarcasm.length > 0) continue
    score -= add(weight + Math.min(0.4, 0.2 * (hits.length - 1)), signal, r.words(hits[0]))
  }
  const past = r.signal('past')[0]
  if (past && r.signal('now').length === 0) score -= add(2.2, 'past', r.words(past))
  const solved = r.signal('solved')[0]
  if (
    solved &&
    !/(没|不|又|还|未|什么时候|几时|能|要)/.test(r.text.slice(Math.max(0, solved.start - 4), solved.end + 4))
  ) {
    score -= add(1.3, 'solved', r.words(solved))
  }
  // Talk between two people, not to the village.
  if (/你(?!们)/.test(r.text) && !place?.known) score -= add(0.5, 'you', '')
  const gate: Gate =
    addressed && (problem > 0 || score >= 1) ? 'ticket' : score >= TICKET ? 'ticket' : score >= MAYBE ? 'maybe' : 'none'
  return { gate, score: Math.max(0, Math.min(1, score / 4)), evidence }
}
