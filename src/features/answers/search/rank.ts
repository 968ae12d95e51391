import { articleKey } from '../article.ts'
import { FIGURES, gather, type Hits, type Library } from './library.ts'
import type { KnownQuestion, Neighbour } from './neighbours.ts'
import { evaluateAll, type Network } from './network.ts'

export interface Ranked {
  hits: Hits
  /** Numbers of articles, best first, with the ranker's score. */
  articles: { number: number; score: number }[]
  /** The most similar card, if any of the known questions belongs to one. */
  card: { number: number; similarity: number } | null
}

/** The articles of a library in the order in which they answer a question. */
export function rank(
  library: Library,
  ranker: readonly Network[],
  question: string,
  except?: (known: KnownQuestion) => boolean,
): Ranked {
  return rankHits(ranker, gather(library, question, except))
}

/** The same for what was gathered before. */
export function rankHits(ranker: readonly Network[], hits: Hits): Ranked {
  const articles = hits.candidates
    .map((number, n) => ({ number, score: evaluateAll(ranker, hits.rows[n] ?? new Float32Array(0)) }))
    .sort((a, b) => b.score - a.score)
  const nearest = hits.neighbours.find((neighbour) => neighbour.question.card >= 0)
  return { hits, articles, card: nearest ? { number: nearest.question.card, similarity: nearest.similarity } : null }
}

/**
 * What the gate weighs: whether the corpus has an answer at all. In order: similarity of the two best cards, of the best known
 * question with an article here and of the best without, the share of similar questions answered here, the ranker's chance of
 * the first and of the first three, the share of the words covered and their score, how many words there are, whether a
 * similar card rests on the first article, how many of the first five stand in its section, the topic; then the ranker's
 * score of the first and its lead, how much the words, the cards and the bank agree with it, how strange the words are, how
 * the known questions vote for its law and section and for none here, and the similarity of what is off the topic.
 */
export function signsOf(library: Library, { hits, articles }: Ranked): Float32Array {
  const here = ({ question }: Neighbour) => question.keys.some((key) => library.byKey.has(key))
  const cards = distinctCards(hits.neighbours)
  const bank = hits.neighbours.filter(({ question }) => question.card < 0)
  const mass = (of: readonly Neighbour[]) => of.reduce((sum, { similarity }) => sum + similarity ** 2, 0)
  const chances = chancesOf(articles.slice(0, 30).map(({ score }) => score))
  const first = library.articles[articles[0]?.number ?? -1]
  const firstKey = first ? articleKey(first) : ''
  const sections = articles.slice(0, 5).map(({ number }) => library.sectionOf[number])
  return Float32Array.of(
    cards[0]?.similarity ?? 0,
    cards[1]?.similarity ?? 0,
    bank.find(here)?.similarity ?? 0,
    bank.find((neighbour) => !here(neighbour))?.similarity ?? 0,
    mass(hits.neighbours.filter(here)) / (mass(hits.neighbours) + 0.02),
    chances[0] ?? 0,
    (chances[0] ?? 0) + (chances[1] ?? 0) + (chances[2] ?? 0),
    hits.covered,
    Math.log1p(hits.bestWords),
    Math.log1p(hits.terms.length),
    cards.some(({ question }) => question.keys.includes(firstKey)) ? 1 : 0,
    sections.filter((section) => section === sections[0]).length / 5,
    hits.topic,
    articles[0]?.score ?? 0,
    (articles[0]?.score ?? 0) - (articles[5]?.score ?? 0),
    agreement(articles, hits.candidates, (n) => hits.rows[n]?.[WHOLE] ?? 0),
    agreement(articles, hits.candidates, (n) => (hits.rows[n]?.[CARDS] ?? 0) + (hits.rows[n]?.[BANK] ?? 0)),
    hits.strange,
    hits.votes.law[library.lawOf[articles[0]?.number ?? -1] ?? -1] ?? 0,
    hits.votes.section[library.sectionOf[articles[0]?.number ?? -1] ?? -1] ?? 0,
    hits.votes.elsewhere,
    hits.neighbours.find(({ question }) => question.keys.length === 0)?.similarity ?? 0,
  )
}

const [WHOLE, BANK, CARDS] = (['whole', 'bank', 'cards'] as const).map((name) => FIGURES.indexOf(name)) as [
  number,
  number,
  number,
]

/** How many of the first five are also among the five that one of the signs puts first. */
function agreement(
  articles: Ranked['articles'],
  candidates: readonly number[],
  sign: (candidate: number) => number,
): number {
  const by = candidates
    .map((number, n) => ({ number, value: sign(n) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, 5)
  return articles.slice(0, 5).filter(({ number }) => by.some((one) => one.number === number)).length / 5
}

function distinctCards(neighbours: readonly Neighbour[]): Neighbour[] {
  const seen = new Set<number>()
  return neighbours.filter(({ question }) => question.card >= 0 && !seen.has(question.card) && seen.add(question.card))
}

function chancesOf(scores: readonly number[]): number[] {
  const top = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - top))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}
