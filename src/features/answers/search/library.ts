import { type Article, articleKey } from '../article.ts'
import type { Card } from '../cards.ts'
import { createIndex, type Index } from './bm25.ts'
import { bucketsOf, createNeighbours, type KnownQuestion, type Neighbour, type Neighbours } from './neighbours.ts'
import { questionTerms, terms } from './terms.ts'
import { createTopics, type Topics } from './topics.ts'

/** A corpus prepared for questions. Building takes about a second for 4,500 articles. */
export interface Library {
  /** Those of the corpus, then stand-ins for articles that cards rest on and whose laws are not imported. */
  articles: readonly Article[]
  /** So many of them are of the corpus and may be quoted. */
  quotable: number
  cards: readonly Card[]
  /** The cards without the statutes; null where there are none to do without. */
  cardsAlone: Library | null
  byKey: ReadonlyMap<string, readonly number[]>
  laws: ReadonlySet<string>
  whole: Index
  body: Index
  /** For each article the number of its section and of its law, and the indexes over these as one document each. */
  sectionOf: Int32Array
  lawOf: Int32Array
  sections: Index
  lawsIndex: Index
  neighbours: Neighbours
  topics: Topics
  /** How often known questions were answered by an article, its section, its law: a logarithm. */
  prior: { article: Float32Array; section: Float32Array; law: Float32Array }
}

/** Prepares articles, cards and the bank of known questions. */
export function createLibrary(
  given: readonly Article[],
  cards: readonly Card[],
  bank: readonly KnownQuestion[],
): Library {
  const articles = [...given, ...standIns(given, cards)]
  const bodies = articles.map((article) => terms(article.text))
  const heads = articles.map((article) => terms(`${article.law} ${article.section}`))
  const sectionNames = articles.map((article) => `${article.law}|${article.section}`)
  const sectionOf = numbered(sectionNames)
  const lawOf = numbered(articles.map((article) => article.law))
  const together = (of: Int32Array) => {
    const documents: string[][] = []
    for (const [n, body] of bodies.entries()) {
      const document = (documents[of[n] ?? 0] ??= [...(heads[n] ?? [])])
      for (const term of body) document.push(term)
    }
    return createIndex(documents)
  }
  const byKey = new Map<string, number[]>()
  for (const [n, article] of articles.entries()) {
    const key = articleKey(article)
    byKey.set(key, [...(byKey.get(key) ?? []), n])
  }
  const asked: KnownQuestion[] = cards.flatMap((card, number) =>
    card.questions.map((question) => ({
      buckets: bucketsOf(questionTerms(question)),
      keys: card.articles.map(articleKey),
      card: number,
    })),
  )
  const known = [...bank, ...asked]
  return {
    articles,
    quotable: given.length,
    cards,
    cardsAlone: rests(given, cards) ? createLibrary([], cards, bank) : null,
    byKey,
    laws: new Set(given.map((article) => article.law)),
    whole: createIndex(bodies.map((body, n) => [...(heads[n] ?? []), ...body])),
    body: createIndex(bodies),
    sectionOf,
    lawOf,
    sections: together(sectionOf),
    lawsIndex: together(lawOf),
    neighbours: createNeighbours(known),
    topics: createTopics(known, (question) => question.keys.some((key) => byKey.has(key))),
    prior: priors(known, byKey, sectionOf, lawOf),
  }
}

function rests(given: readonly Article[], cards: readonly Card[]): boolean {
  const laws = new Set(given.map(({ law }) => law))
  return cards.some((card) => card.articles.some(({ law }) => laws.has(law)))
}

/** Without a law's text, the words of the cards that rest on an article stand in for it, so that cards are found alike. */
function standIns(given: readonly Article[], cards: readonly Card[]): Article[] {
  const laws = new Set(given.map(({ law }) => law))
  const words = new Map<string, Article>()
  for (const card of cards) {
    for (const { law, num } of card.articles) {
      if (laws.has(law)) continue
      const key = articleKey({ law, num })
      const before = words.get(key)?.text ?? ''
      const section = card.id.replace(/-\d+$/, '')
      const validity = { effectiveFrom: null, effectiveUntil: null, source: '', scope: 'nation' }
      words.set(key, { law, num, section, text: `${before}${card.answer}`, ...validity })
    }
  }
  return [...words.values()]
}

function numbered(names: readonly string[]): Int32Array {
  const numbers = new Map<string, number>()
  return Int32Array.from(names, (name) => {
    const number = numbers.get(name) ?? numbers.size
    numbers.set(name, number)
    return number
  })
}

function priors(
  known: readonly KnownQuestion[],
  byKey: ReadonlyMap<string, readonly number[]>,
  sectionOf: Int32Array,
  lawOf: Int32Array,
): Library['prior'] {
  const article = new Float32Array(sectionOf.length)
  const section = new Map<number, number>()
  const law = new Map<number, number>()
  for (const { keys, card } of known) {
    // A card is put in several ways but is one question.
    const weight = card < 0 ? 1 : 0.25
    for (const number of keys.flatMap((key) => byKey.get(key) ?? [])) {
      article[number] = (article[number] ?? 0) + weight
      const inSection = sectionOf[number] ?? 0
      section.set(inSection, (section.get(inSection) ?? 0) + weight)
      const inLaw = lawOf[number] ?? 0
      law.set(inLaw, (law.get(inLaw) ?? 0) + weight)
    }
  }
  return {
    article: article.map((count) => Math.log1p(count)),
    section: Float32Array.from(sectionOf, (number) => Math.log1p(section.get(number) ?? 0)),
    law: Float32Array.from(lawOf, (number) => Math.log1p(law.get(number) ?? 0)),
  }
}

/** What a question was found to touch, before anything is decided. */
export interface Hits {
  terms: readonly string[]
  /** Numbers of articles worth ranking. */
  candidates: readonly number[]
  /** For each candidate its figures, in the order of FIGURES. */
  rows: readonly Float32Array[]
  neighbours: readonly Neighbour[]
  /** How known questions like it vote, a share of all votes; `elsewhere` are those for what is not here. */
  votes: { article: Float32Array; section: Float32Array; law: Float32Array; elsewhere: number }
  /** See neighbours.ts. */
  strange: number
  /** Whether the corpus answers questions in such words: see topics.ts. */
  topic: number
  /** Best raw score of the words, and how much of the question's weight the best article covers. */
  bestWords: number
  covered: number
}

/** What a row of figures says of an article. */
export const FIGURES = [
  'whole',
  'body',
  'section',
  'law',
  'beside',
  'bank',
  'cards',
  'spread',
  'length',
  'article-prior',
  'section-prior',
  'law-prior',
  'law-named',
  'whole-share',
  'body-share',
  'section-share',
  'law-share',
  'bank-share',
  'cards-share',
  'spread-share',
  'covered',
  'votes-article',
  'votes-section',
  'votes-law',
] as const

const FROM_WORDS = 150
const FROM_SPREAD = 60
const FROM_VOTES = 60
/** So many of the most similar known questions speak for articles, and so many for sections and laws. */
const NEAREST = 20
const VOTERS = 200

/** Gathers the articles a question may mean and what speaks for each. `except` leaves out known questions: for measuring. */
export function gather(library: Library, question: string, except?: (known: KnownQuestion) => boolean): Hits {
  const asked = questionTerms(question)
  const { articles, sectionOf, lawOf, byKey } = library
  const whole = library.whole.scores(asked)
  const body = library.body.scores(asked)
  const sections = library.sections.scores(asked)
  const laws = library.lawsIndex.scores(asked)
  const heard = library.neighbours.nearest(asked, VOTERS, except)
  const neighbours = heard.slice(0, NEAREST)
  const votes = votesOf(library, heard)
  const bank = new Float32Array(articles.length)
  const cards = new Float32Array(articles.length)
  const seenCards = new Set<number>()
  for (const { question: known, similarity } of neighbours) {
    if (known.card >= 0 && seenCards.has(known.card)) continue
    seenCards.add(known.card)
    const row = known.card < 0 ? bank : cards
    for (const number of known.keys.flatMap((key) => byKey.get(key) ?? [])) {
      row[number] = (row[number] ?? 0) + similarity ** 2
    }
  }
  const spread = spreadOf(library, bank, cards)
  const beside = whole.map((_, n) =>
    Math.max(lawOf[n - 1] === lawOf[n] ? (whole[n - 1] ?? 0) : 0, lawOf[n + 1] === lawOf[n] ? (whole[n + 1] ?? 0) : 0),
  )
  const candidates = [
    ...new Set([
      ...largest(whole, FROM_WORDS),
      ...largest(body, FROM_WORDS),
      ...largest(bank, FROM_WORDS),
      ...largest(cards, FROM_WORDS),
      ...largest(spread, FROM_SPREAD),
      ...largest(votes.article, FROM_VOTES),
    ]),
  ]
  const named = new Set([...library.laws].filter((law) => question.includes(law)))
  const most = (row: Float32Array) => row.reduce((best, value) => Math.max(best, value), 1e-6)
  const [wholeMost, bodyMost, bankMost, cardsMost, spreadMost] = [whole, body, bank, cards, spread].map(most) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const [sectionMost, lawMost] = [most(sections), most(laws)]
  const total = asked.reduce((sum, term) => sum + library.whole.idf(term), 1e-6)
  const rows = candidates.map((n) => {
    const inSection = sections[sectionOf[n] ?? 0] ?? 0
    const inLaw = laws[lawOf[n] ?? 0] ?? 0
    const at = (row: Float32Array) => row[n] ?? 0
    return Float32Array.of(
      at(whole),
      at(body),
      inSection,
      inLaw,
      at(beside),
      at(bank),
      at(cards),
      at(spread),
      Math.log1p(articles[n]?.text.length ?? 0),
      at(library.prior.article),
      at(library.prior.section),
      at(library.prior.law),
      named.size === 0 ? 0 : named.has(articles[n]?.law ?? '') ? 1 : -1,
      at(whole) / wholeMost,
      at(body) / bodyMost,
      inSection / sectionMost,
      inLaw / lawMost,
      at(bank) / bankMost,
      at(cards) / cardsMost,
      at(spread) / spreadMost,
      at(whole) / total,
      at(votes.article),
      votes.section[sectionOf[n] ?? 0] ?? 0,
      votes.law[lawOf[n] ?? 0] ?? 0,
    )
  })
  const topic = library.topics.odds(asked, except)
  const strange = library.neighbours.strange(asked)
  return {
    terms: asked,
    candidates,
    rows,
    neighbours,
    votes,
    topic,
    strange,
    bestWords: wholeMost,
    covered: wholeMost / total,
  }
}

/** Each known question votes with the square of its likeness; a card put in several ways votes once. */
function votesOf(library: Library, heard: readonly Neighbour[]): Hits['votes'] {
  const { articles, byKey, sectionOf, lawOf } = library
  const votes = {
    article: new Float32Array(articles.length),
    section: new Float32Array(library.sections.size),
    law: new Float32Array(library.lawsIndex.size),
  }
  let total = 0.01
  let elsewhere = 0
  const seen = new Set<number>()
  for (const { question, similarity } of heard) {
    if (question.card >= 0 && seen.has(question.card)) continue
    seen.add(question.card)
    const weight = similarity ** 2
    total += weight
    const here = question.keys.flatMap((key) => byKey.get(key) ?? [])
    if (here.length === 0) elsewhere += weight
    for (const n of here) votes.article[n] = (votes.article[n] ?? 0) + weight
    for (const section of new Set(here.map((n) => sectionOf[n] ?? 0)))
      votes.section[section] = (votes.section[section] ?? 0) + weight
    for (const law of new Set(here.map((n) => lawOf[n] ?? 0))) votes.law[law] = (votes.law[law] ?? 0) + weight
  }
  for (const row of [votes.article, votes.section, votes.law])
    for (let n = 0; n < row.length; n++) row[n] = (row[n] ?? 0) / total
  return { ...votes, elsewhere: elsewhere / total }
}

/** Words of the articles that answered similar questions, as a question of their own: it finds their kin. */
function spreadOf(library: Library, bank: Float32Array, cards: Float32Array): Float32Array {
  const sum = bank.map((value, n) => value + (cards[n] ?? 0))
  const sources = largest(sum, 4)
  if (sources.length === 0) return new Float32Array(library.articles.length)
  const weights = new Map<string, number>()
  for (const n of sources) {
    for (const term of new Set(terms(library.articles[n]?.text ?? ''))) {
      weights.set(term, (weights.get(term) ?? 0) + (sum[n] ?? 0) * library.body.idf(term))
    }
  }
  const words = [...weights].sort((a, b) => b[1] - a[1]).slice(0, 25)
  return library.body.scores(words.map(([term]) => term))
}

/** Numbers of the largest positive values, largest first. */
export function largest(values: Float32Array, count: number): number[] {
  const found: number[] = []
  for (let n = 0; n < values.length; n++) if ((values[n] ?? 0) > 0) found.push(n)
  return found.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0)).slice(0, count)
}
