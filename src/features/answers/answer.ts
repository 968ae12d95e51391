import { isoInZone } from '../../clock.ts'
import { type Article, articleKey } from './article.ts'
import type { Card } from './cards.ts'
import { lookUp } from './look-up.ts'
import * as replies from './replies.ts'
import { dangerIn, unsafeIn } from './safety.ts'
import type { Learned } from './search/bank.ts'
import type { Library } from './search/library.ts'
import { evaluate } from './search/network.ts'
import { type Ranked, rank, signsOf } from './search/rank.ts'

/** A card this much like a question answers it by itself. Cosine. */
const CARD_ENOUGH = 0.62
/** A card less like a question is not worth asking about. */
const CARD_LIKE = 0.35
/** An article follows the first into the citations while its score is this close. */
const CLOSE = 1
const MOST_CITED = 3

export interface Citation {
  law: string
  num: string
}

export type Outcome = {
  text: string
  /** Numbers of articles of the library that were considered, best first. */
  passages: readonly number[]
} /** `articles` are those whose words are the answer where neither a card nor the asker names it; else empty. */ & (
  | { kind: 'answer'; citations: readonly Citation[]; card: Card | null; articles: readonly Article[] }
  | { kind: 'clarify'; about: string }
  | { kind: 'handover' }
  | { kind: 'refuse'; reason: string }
  | { kind: 'danger'; reason: string }
)

/**
 * Decides whether a question can be answered from the corpus as it was in force at `at`, and how. Every citation is an
 * article of the library or one that a card names; none is made up.
 */
export function answerQuestion(library: Library, learned: Learned, question: string, at: Date): Outcome {
  const danger = dangerIn(question)
  if (danger) return { kind: 'danger', reason: danger, text: replies.DANGER[danger] ?? replies.handover, passages: [] }
  const unsafe = unsafeIn(question)
  if (unsafe) return { kind: 'refuse', reason: unsafe, text: replies.UNSAFE[unsafe] ?? replies.handover, passages: [] }
  const ranked = rank(library, learned.ranker, question)
  const valid = (number: number) => inForce(library.articles[number], at)
  const ordered = ranked.articles.map(({ number }) => number).filter(valid)
  const named = lookUp(library, question)
  if (named) return answerNamed(library, named.found.filter(valid), named, ordered)
  const card = cardFor(library, ranked)
  if (card) return answerByCard(library, card, ordered, valid)
  const chance = 1 / (1 + Math.exp(-evaluate(learned.gate, signsOf(library, ranked))))
  if (chance >= learned.thresholds.answer && ordered.length > 0) {
    const near = nearestCard(library, ranked, ordered)
    return near ? answerByCard(library, near, ordered, valid) : answerByArticles(library, ranked, ordered, valid)
  }
  const like = ranked.card && ranked.card.similarity >= CARD_LIKE ? ranked.card.number : -1
  const about = library.cards[like]?.questions[0]
  if (about && chance >= learned.thresholds.clarify)
    return { kind: 'clarify', about, text: replies.clarify(about), passages: ordered }
  return { kind: 'handover', text: replies.handover, passages: ordered }
}

function inForce(article: Article | undefined, at: Date): boolean {
  if (!article) return false
  // What begins on a day holds from its midnight in China.
  const day = isoInZone(at, 'Asia/Shanghai').slice(0, 10)
  const begun = article.effectiveFrom === null || article.effectiveFrom <= day
  return begun && (article.effectiveUntil === null || day < article.effectiveUntil)
}

function answerNamed(library: Library, found: readonly number[], named: Citation, ordered: readonly number[]): Outcome {
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
  return { kind: 'answer', citations, card: null, articles: [], text: replies.articleAnswer(article, true), passages }
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

function answerByCard(
  library: Library,
  card: Card,
  ordered: readonly number[],
  valid: (number: number) => boolean,
): Outcome {
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
    card,
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
): Outcome {
  const scored = ranked.articles.filter(({ number }) => valid(number))
  const top = scored[0]?.score ?? 0
  const cited = scored.slice(0, MOST_CITED).filter(({ score }) => top - score <= CLOSE)
  const articles = cited.map(({ number }) => library.articles[number] as Article)
  const citations = articles.map(({ law, num }) => ({ law, num }))
  const text = replies.articleAnswer(articles[0] as Article, false)
  return { kind: 'answer', citations, card: null, articles, text, passages: ordered }
}
