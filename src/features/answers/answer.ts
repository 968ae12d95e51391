import { isoInZone } from '../../clock.ts'
import { type Article, articleKey } from './article.ts'
import type { Card } from './cards.ts'
import { OTHER_TOPIC } from './inquiry.ts'
import { lookUp } from './look-up.ts'
import * as replies from './replies.ts'
import { dangerIn, unsafeIn } from './safety.ts'
import type { Learned } from './search/bank.ts'
import { fused } from './search/dense.ts'
import type { Library } from './search/library.ts'
import { evaluateAll } from './search/network.ts'
import { type Ranked, rank, signsOf } from './search/rank.ts'
import type { OwnCard } from './village-cards.ts'

/** A card this much like a question answers it by itself. Cosine. */
const CARD_ENOUGH = 0.62
/** A card less like a question is not worth asking about. */
const CARD_LIKE = 0.35
/** What is asked in so few terms could mean several things: it is asked about, also where cards are less like it. */
const FEW_TERMS = 3
const CARD_LIKE_IF_VAGUE = 0.2
/** BM25 of an article by the weight of the question's terms: about 1 where it has all of them once. */
const OWN_WORDS = 1
/** A card this much like a question at least tells its subject. */
const TOPIC_LIKE = 0.2
/** A card this much like a question answers it if the ranking leads to the same article. */
const NEAR_CARD = 0.4
/** So many ways to understand a question are offered. */
const MOST_OFFERED = 3
/** An article follows the first into the citations while its score is this close. */
const CLOSE = 1
const MOST_CITED = 3

export interface Citation {
  law: string
  num: string
}

type Decision = {
  text: string
  /** Numbers of articles of the library that were considered, best first. */
  passages: readonly number[]
} /** `articles` are those whose words are the answer where neither a card nor the asker names it; else empty. */ & (
  | { kind: 'answer'; citations: readonly Citation[]; byCard: boolean; articles: readonly Article[] }
  | { kind: 'clarify'; cards: readonly Card[] }
  | { kind: 'handover' }
  | { kind: 'refuse'; reason: string }
  | { kind: 'danger'; reason: string }
)

/** What is decided about a question, and its subject: the name of a file of cards, or `other`. */
export type Outcome = Decision & { topic: string }

/** What questions are answered from. */
export interface Corpus {
  library: Library
  learned: Learned
  /** What the village itself has adopted. */
  own?: readonly OwnCard[] | undefined
  /** Numbers of articles near to the question by meaning, best first, where that is known. */
  dense?: readonly number[] | null
}

/**
 * Decides whether a question can be answered from the corpus as it was in force at `at`, and how. Every citation is an
 * article of the library or one that a card names; none is made up.
 */
export function answerQuestion({ library, learned, own = [], dense }: Corpus, question: string, at: Date): Outcome {
  const nothing = { passages: [], topic: OTHER_TOPIC }
  const danger = dangerIn(question)
  if (danger) return { kind: 'danger', reason: danger, text: replies.DANGER[danger] ?? replies.handover, ...nothing }
  const unsafe = unsafeIn(question)
  if (unsafe) return { kind: 'refuse', reason: unsafe, text: replies.UNSAFE[unsafe] ?? replies.handover, ...nothing }
  const byWords = rank(library, learned.ranker, question)
  const ranked = dense ? { ...byWords, articles: fused(byWords.articles, dense) } : byWords
  const valid = (number: number) => inForce(library.articles[number], at)
  const ordered = ranked.articles.map(({ number }) => number).filter(valid)
  const passages = ordered.filter((number) => number < library.quotable)
  const considered = { passages, topic: topicOf(library, ranked) }
  const named = lookUp(library, question)
  if (named) return { ...considered, ...answerNamed(library, named.found.filter(valid), named, passages) }
  const likeness = ranked.card?.similarity ?? 0
  const mine = ownCardFor(library, own, ranked.hits.terms)
  if (mine && mine.similarity >= Math.max(CARD_ENOUGH, likeness))
    return {
      kind: 'answer',
      citations: [],
      byCard: true,
      articles: [],
      text: replies.ownCardAnswer(mine.card),
      ...considered,
    }
  const card = cardFor(library, ranked.card)
  if (card) return { ...considered, ...answerFromCard(library, card, ordered, valid) }
  const chance = chanceOf(library, learned, byWords)
  const thresholds = isBare(library) ? learned.thresholds.cardsAlone : learned.thresholds.withLaws
  const vague = ranked.hits.terms.length <= FEW_TERMS
  if (chance >= thresholds.answer && ordered.length > 0 && !vague) {
    const near = nearestCard(library, ranked, ordered)
    const answer = near ? answerFromCard(library, near, ordered, valid) : answerByArticles(library, ranked, valid)
    return { ...considered, ...answer }
  }
  const found = vague ? null : foundByWords(library, byWords, valid)
  if (found !== null) {
    const first = { number: found, score: (ranked.articles[0]?.score ?? 0) + 2 * CLOSE }
    const articles = [first, ...ranked.articles.filter(({ number }) => number !== found)]
    return { ...considered, ...answerByArticles(library, { ...ranked, articles }, valid) }
  }
  // Statutes that are imported must not hide what the cards answer without them.
  const alone = library.cardsAlone && !vague ? cardByItself(library.cardsAlone, learned, question) : null
  if (alone && isCovered(library, alone)) return { ...considered, ...answerFromCard(library, alone, ordered, valid) }
  const offered = cardsLike(library, ranked, vague ? CARD_LIKE_IF_VAGUE : CARD_LIKE)
  if (offered.length > 0 && (chance >= thresholds.clarify || (vague && offered.length > 1)))
    return {
      kind: 'clarify',
      cards: offered,
      text: replies.clarify(offered.map((one) => one.questions[0] ?? '')),
      ...considered,
    }
  return { kind: 'handover', text: replies.handover, ...considered }
}

/**
 * The article of a law that no known question was about (a village's own rule), if it has nearly all telling words of the
 * question: of such laws the gate has learned nothing.
 */
function foundByWords(library: Library, { hits }: Ranked, valid: (number: number) => boolean): number | null {
  const total = hits.bestWords / (hits.covered || 1)
  const best = hits.candidates
    .map((number, n) => ({ number, covered: (hits.rows[n]?.[0] ?? 0) / total }))
    .filter(({ number }) => number < library.quotable && library.prior.law[number] === 0 && valid(number))
    .sort((a, b) => b.covered - a.covered)[0]
  return best && best.covered >= OWN_WORDS ? best.number : null
}

/** The card that answers a question as if there were only cards; null where the gate lets none pass. */
function cardByItself(cards: Library, learned: Learned, question: string): Card | null {
  const ranked = rank(cards, learned.ranker, question)
  if (chanceOf(cards, learned, ranked) < learned.thresholds.cardsAlone.answer) return null
  return nearestCard(
    cards,
    ranked,
    ranked.articles.map(({ number }) => number),
  )
}

/** How sure the gate is that the library has the answer, 0 to 1. */
function chanceOf(library: Library, learned: Learned, ranked: Ranked): number {
  return 1 / (1 + Math.exp(-evaluateAll(learned.gate, signsOf(library, ranked))))
}

/** Whether the cards have to do without the words of the laws they rest on. */
function isBare(library: Library): boolean {
  return library.articles.length - library.quotable > library.quotable
}

/** The answer of a card that was chosen. */
export function answerByCard(library: Library, card: Card, at: Date): Outcome {
  const valid = (number: number) => inForce(library.articles[number], at)
  return { topic: topicOfCard(card), ...answerFromCard(library, card, [], valid) }
}

/** Different cards somewhat like the question, most alike first. */
function cardsLike(library: Library, { hits }: Ranked, least: number): Card[] {
  const numbers = hits.neighbours
    .filter(({ question, similarity }) => question.card >= 0 && similarity >= least)
    .map(({ question }) => question.card)
  return [...new Set(numbers)].flatMap((number) => library.cards[number] ?? []).slice(0, MOST_OFFERED)
}

function topicOfCard(card: Card): string {
  return card.id.replace(/-\d+$/, '')
}

function topicOf(library: Library, { card }: Ranked): string {
  const found = card && card.similarity >= TOPIC_LIKE ? library.cards[card.number] : undefined
  return found ? topicOfCard(found) : OTHER_TOPIC
}

/** The village's own card that is most like a question. */
function ownCardFor(library: Library, own: readonly OwnCard[], terms: readonly string[]) {
  return own
    .map((card) => ({ card, similarity: library.neighbours.likeness(terms, card.buckets) }))
    .sort((a, b) => b.similarity - a.similarity)[0]
}

function inForce(article: Article | undefined, at: Date): boolean {
  if (!article) return false
  // What begins on a day holds from its midnight in China.
  const day = isoInZone(at, 'Asia/Shanghai').slice(0, 10)
  const begun = article.effectiveFrom === null || article.effectiveFrom <= day
  return begun && (article.effectiveUntil === null || day < article.effectiveUntil)
}

function answerNamed(
  library: Library,
  found: readonly number[],
  named: Citation,
  ordered: readonly number[],
): Decision {
  const article = library.articles[found.at(-1) ?? -1]
  if (!article)
    return {
      kind: 'refuse',
      reason: 'no such article',
      text: replies.noSuchArticle(named.law, named.num),
      passages: ordered,
    }
  const passages = [...found, ...ordered.filter((number) => !found.includes(number))]
  const citations = [{ law: article.law, num: article.num }]
  return {
    kind: 'answer',
    citations,
    byCard: false,
    articles: [],
    text: replies.articleAnswer(article, true),
    passages,
  }
}

/** The card that is plainly meant. */
export function cardFor(library: Library, card: Ranked['card']): Card | null {
  if (!card || card.similarity < CARD_ENOUGH) return null
  const found = library.cards[card.number]
  return found && isCovered(library, found) ? found : null
}

/** Where a card's law is imported it must rest on an article that is there; else the card speaks for itself. */
function isCovered(library: Library, card: Card): boolean {
  return card.articles.some((article) => library.byKey.has(articleKey(article)))
}

/**
 * A card that is somewhat like the question and rests on one of the best articles. Where the best one has no words here,
 * the most similar card that rests on it.
 */
function nearestCard(library: Library, { hits }: Ranked, ordered: readonly number[]): Card | null {
  const keysOf = (numbers: readonly number[]) =>
    numbers.map((number) => articleKey(library.articles[number] as Article))
  const best = keysOf(ordered.slice(0, 3))
  const standIn = (ordered[0] ?? 0) >= library.quotable ? keysOf(ordered.slice(0, 1)) : []
  for (const { question, similarity } of hits.neighbours) {
    const card = library.cards[question.card]
    if (!card) continue
    const rests = (keys: readonly string[]) => card.articles.some((article) => keys.includes(articleKey(article)))
    if ((similarity >= NEAR_CARD && rests(best)) || rests(standIn)) return card
  }
  return library.cards.find((card) => card.articles.some((article) => standIn.includes(articleKey(article)))) ?? null
}

function answerFromCard(
  library: Library,
  card: Card,
  ordered: readonly number[],
  valid: (number: number) => boolean,
): Decision {
  const quotable = (number: number) => number < library.quotable && valid(number)
  const known = card.articles.map((article) => {
    const number = (library.byKey.get(articleKey(article)) ?? []).filter(quotable).at(-1)
    return { ...article, number, effectiveFrom: library.articles[number ?? -1]?.effectiveFrom ?? null }
  })
  // What the corpus has comes before what a card only names; a corpus without the law's words still has the card.
  const here = known.filter(({ number }) => number !== undefined)
  const cited = here.length > 0 ? here : known
  const quoted = library.articles[here[0]?.number ?? -1] ?? null
  const numbers = here.map(({ number }) => number as number)
  return {
    kind: 'answer',
    citations: cited.map(({ law, num }) => ({ law, num })),
    byCard: true,
    articles: [],
    text: replies.cardAnswer(card, cited, quoted),
    passages: [...numbers, ...ordered.filter((number) => number < library.quotable && !numbers.includes(number))],
  }
}

function answerByArticles(library: Library, ranked: Ranked, valid: (number: number) => boolean): Decision {
  const scored = ranked.articles.filter(({ number }) => number < library.quotable && valid(number))
  const top = scored[0]?.score ?? 0
  const cited = scored.slice(0, MOST_CITED).filter(({ score }) => top - score <= CLOSE)
  const articles = cited.map(({ number }) => library.articles[number] as Article)
  const citations = articles.map(({ law, num }) => ({ law, num }))
  const text = replies.articleAnswer(articles[0] as Article, false)
  return { kind: 'answer', citations, byCard: false, articles, text, passages: scored.map(({ number }) => number) }
}
