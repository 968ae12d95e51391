import { isoInZone } from '../../clock.ts'
import { type Article, articleKey } from './article.ts'
import type { Card } from './cards.ts'
import { OTHER_TOPIC } from './inquiry.ts'
import { lookUp } from './look-up.ts'
import * as replies from './replies.ts'
import { dangerIn, unsafeIn } from './safety.ts'
import type { Learned } from './search/bank.ts'
import type { Library } from './search/library.ts'
import { evaluate } from './search/network.ts'
import { type Ranked, rank, signsOf } from './search/rank.ts'
import type { OwnCard } from './village-cards.ts'

/** A card this much like a question answers it by itself. Cosine. */
const CARD_ENOUGH = 0.62
/** A card less like a question is not worth asking about. */
const CARD_LIKE = 0.35
/** A card this much like a question at least tells its subject. */
const TOPIC_LIKE = 0.2
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
}

/**
 * Decides whether a question can be answered from the corpus as it was in force at `at`, and how. Every citation is an
 * article of the library or one that a card names; none is made up.
 */
export function answerQuestion({ library, learned, own = [] }: Corpus, question: string, at: Date): Outcome {
  const nothing = { passages: [], topic: OTHER_TOPIC }
  const danger = dangerIn(question)
  if (danger) return { kind: 'danger', reason: danger, text: replies.DANGER[danger] ?? replies.handover, ...nothing }
  const unsafe = unsafeIn(question)
  if (unsafe) return { kind: 'refuse', reason: unsafe, text: replies.UNSAFE[unsafe] ?? replies.handover, ...nothing }
  const ranked = rank(library, learned.ranker, question)
  const valid = (number: number) => inForce(library.articles[number], at)
  const ordered = ranked.articles.map(({ number }) => number).filter(valid)
  const considered = { passages: ordered, topic: topicOf(library, ranked) }
  const named = lookUp(library, question)
  if (named) return { ...considered, ...answerNamed(library, named.found.filter(valid), named, ordered) }
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
  const card = cardFor(library, ranked)
  if (card) return { ...considered, ...answerFromCard(library, card, ordered, valid) }
  const chance = 1 / (1 + Math.exp(-evaluate(learned.gate, signsOf(library, ranked))))
  if (chance >= learned.thresholds.answer && ordered.length > 0) {
    const near = nearestCard(library, ranked, ordered)
    const answer = near
      ? answerFromCard(library, near, ordered, valid)
      : answerByArticles(library, ranked, ordered, valid)
    return { ...considered, ...answer }
  }
  const offered = cardsLike(library, ranked)
  if (offered.length > 0 && chance >= learned.thresholds.clarify)
    return {
      kind: 'clarify',
      cards: offered,
      text: replies.clarify(offered.map((one) => one.questions[0] ?? '')),
      ...considered,
    }
  return { kind: 'handover', text: replies.handover, ...considered }
}

/** The answer of a card that was chosen. */
export function answerByCard(library: Library, card: Card, at: Date): Outcome {
  const valid = (number: number) => inForce(library.articles[number], at)
  return { topic: topicOfCard(card), ...answerFromCard(library, card, [], valid) }
}

/** Different cards somewhat like the question, most alike first. */
function cardsLike(library: Library, { hits }: Ranked): Card[] {
  const numbers = hits.neighbours
    .filter(({ question, similarity }) => question.card >= 0 && similarity >= CARD_LIKE)
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
function cardFor(library: Library, { card }: Ranked): Card | null {
  if (!card || card.similarity < CARD_ENOUGH) return null
  const found = library.cards[card.number]
  return found && isCovered(library, found) ? found : null
}

/** With statutes imported a card must rest on articles that are there; without any it speaks for itself. */
function isCovered(library: Library, card: Card): boolean {
  const lawsHere = card.articles.some(({ law }) => library.laws.has(law))
  return !lawsHere || card.articles.some((article) => library.byKey.has(articleKey(article)))
}

/** A card that is somewhat like the question and rests on one of the best articles. */
function nearestCard(library: Library, { card }: Ranked, ordered: readonly number[]): Card | null {
  const found = card && card.similarity >= 0.4 ? library.cards[card.number] : undefined
  if (!found) return null
  const best = ordered.slice(0, 3).map((number) => articleKey(library.articles[number] as Article))
  return found.articles.some((article) => best.includes(articleKey(article))) ? found : null
}

function answerFromCard(
  library: Library,
  card: Card,
  ordered: readonly number[],
  valid: (number: number) => boolean,
): Decision {
  const known = card.articles.map((article) => {
    const number = (library.byKey.get(articleKey(article)) ?? []).filter(valid).at(-1)
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
    passages: [...numbers, ...ordered.filter((number) => !numbers.includes(number))],
  }
}

function answerByArticles(
  library: Library,
  ranked: Ranked,
  ordered: readonly number[],
  valid: (number: number) => boolean,
): Decision {
  const scored = ranked.articles.filter(({ number }) => valid(number))
  const top = scored[0]?.score ?? 0
  const cited = scored.slice(0, MOST_CITED).filter(({ score }) => top - score <= CLOSE)
  const articles = cited.map(({ number }) => library.articles[number] as Article)
  const citations = articles.map(({ law, num }) => ({ law, num }))
  const text = replies.articleAnswer(articles[0] as Article, false)
  return { kind: 'answer', citations, byCard: false, articles, text, passages: ordered }
}
