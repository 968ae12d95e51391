/**
 * Trains what the answers have learned: tsx scripts/train-answers.ts --data DIR [--report]
 *
 * DIR holds the articles (village_pack_articles.jsonl) and questions with the articles that answer them
 * (stard_dev.jsonl, lawbench38_dev.jsonl: {question, gold: [{law, num, in_pack}], pack_status}); the cards are added.
 * Questions are kept as hashed terms only. `--report` holds out each fifth of them in turn and says how well unseen ones are
 * answered, beside plain BM25. The same files give the same bytes.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Article } from '../src/features/answers/article.ts'
import { articleKey } from '../src/features/answers/article.ts'
import { shippedCards } from '../src/features/answers/cards.ts'
import { type Learned, store } from '../src/features/answers/search/bank.ts'
import { createLibrary, FIGURES, gather, type Library, largest } from '../src/features/answers/search/library.ts'
import { bucketsOf, type KnownQuestion } from '../src/features/answers/search/neighbours.ts'
import { evaluate, type List, type Network, trainNetwork } from '../src/features/answers/search/network.ts'
import { rank, signsOf } from '../src/features/answers/search/rank.ts'
import { questionTerms } from '../src/features/answers/search/terms.ts'
import { seeded } from '../src/random.ts'

const SEED = 20_261_124
const FOLDS = 5
const OUTPUT = new URL('../src/features/answers/search/learned.json', import.meta.url)

const { values } = parseArgs({ options: { data: { type: 'string' }, report: { type: 'boolean' } } })
const data = values.data
if (!data) throw new Error('--data DIR is missing: where articles and questions are')
const rowsOf = (file: string) =>
  readFileSync(`${data}/${file}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

const articles: Article[] = rowsOf('village_pack_articles.jsonl').map((row) => ({
  law: row.law,
  num: row.num,
  section: row.section ?? '',
  text: row.text,
  effectiveFrom: null,
  effectiveUntil: null,
  source: '',
  scope: 'nation',
}))
const keysHere = new Set(articles.map(articleKey))

interface Question {
  style: 'formal' | 'messy' | 'card'
  text: string
  known: KnownQuestion
  /** Keys that are in the corpus. */
  gold: string[]
}

const asQuestion = (style: Question['style'], text: string, keys: string[], card = -1): Question => ({
  style,
  text,
  known: { buckets: bucketsOf(questionTerms(text)), keys, card },
  gold: keys.filter((key) => keysHere.has(key)),
})
const cards = shippedCards()
const asked: Question[] = [
  ...rowsOf('stard_dev.jsonl').map((row) => asQuestion('formal', row.question, row.gold.map(articleKey))),
  ...rowsOf('lawbench38_dev.jsonl').map((row) => asQuestion('messy', row.question, row.gold.map(articleKey))),
]
/** One way of putting each card, for the ranker to learn from with the card itself hidden. */
const cardQuestions: Question[] = cards.map((card, number) =>
  asQuestion('card', card.questions[number % card.questions.length] ?? '', card.articles.map(articleKey), number),
)

const hiding = (question: Question) => (known: KnownQuestion) =>
  question.style === 'card' ? known.card === question.known.card : known === question.known

const PRIORS = ['article-prior', 'section-prior', 'law-prior'].map((name) =>
  FIGURES.indexOf(name as (typeof FIGURES)[number]),
)

/** The rows of a question that is itself among the known ones: what it added to the priors is taken out again. */
function listOf(library: Library, question: Question): List | null {
  const hits = gather(library, question.text, hiding(question))
  const gold = new Set(question.gold)
  const right = hits.candidates.map((n) => gold.has(articleKey(library.articles[n] as Article)))
  if (!right.some(Boolean)) return null
  const own = question.gold.flatMap((key) => library.byKey.get(key) ?? [])
  const weight = question.style === 'card' ? 0.25 * (cards[question.known.card]?.questions.length ?? 1) : 1
  const added = (same: (n: number) => boolean) => own.filter(same).length * weight
  const without = (value: number, by: number) => Math.log1p(Math.max(0, Math.expm1(value) - by))
  for (const [i, row] of hits.rows.entries()) {
    const n = hits.candidates[i] ?? 0
    const counts = [
      added((m) => m === n),
      added((m) => library.sectionOf[m] === library.sectionOf[n]),
      added((m) => library.lawOf[m] === library.lawOf[n]),
    ]
    for (const [k, at] of PRIORS.entries()) row[at] = without(row[at] ?? 0, counts[k] ?? 0)
  }
  return { rows: hits.rows, right }
}

function learn(library: Library, questions: readonly Question[]): { ranker: Network; gate: Network } {
  const random = seeded(SEED)
  const lists = questions
    .filter((question) => question.gold.length > 0)
    .map((question) => listOf(library, question))
    .filter((list) => list !== null)
  const ranker = trainNetwork(lists, { hidden: 16, epochs: 12, rate: 0.004, decay: 1e-5, random })
  const signs: List[] = questions
    .filter(({ style }, n) => style !== 'card' || n % 3 === 0)
    .map((question) => ({
      rows: [signsOf(library, rank(library, ranker, question.text, hiding(question)))],
      right: [question.gold.length > 0],
    }))
  const gate = trainNetwork(signs, { hidden: 8, epochs: 15, rate: 0.003, decay: 1e-4, random })
  return { ranker, gate }
}

interface Result {
  style: Question['style']
  inCorpus: boolean
  recall5: number
  recall10: number
  hit5: boolean
  plain10: number
  chance: number
}

const share = (found: readonly string[], gold: readonly string[]) =>
  gold.filter((key) => found.includes(key)).length / Math.max(1, gold.length)

function measure(library: Library, ranker: Network, gate: Network, question: Question): Result {
  const ranked = rank(library, ranker, question.text, question.style === 'card' ? hiding(question) : undefined)
  const keyOf = (n: number) => articleKey(library.articles[n] as Article)
  const best = ranked.articles.slice(0, 10).map(({ number }) => keyOf(number))
  const plain = largest(library.whole.scores(questionTerms(question.text)), 10).map(keyOf)
  return {
    style: question.style,
    inCorpus: question.gold.length > 0,
    recall5: share(best.slice(0, 5), question.gold),
    recall10: share(best, question.gold),
    hit5: question.gold.some((key) => best.slice(0, 5).includes(key)),
    plain10: share(plain, question.gold),
    chance: 1 / (1 + Math.exp(-evaluate(gate, signsOf(library, ranked)))),
  }
}

/** Each question answered by what was learned from the other four fifths. */
function heldOut(): Result[] {
  return Array.from({ length: FOLDS }, (_, fold) => fold).flatMap((fold) => {
    const isHeld = (_: Question, n: number) => n % FOLDS === fold
    const others = asked.filter((question, n) => !isHeld(question, n))
    const library = createLibrary(
      articles,
      cards,
      others.map(({ known }) => known),
    )
    const { ranker, gate } = learn(library, [...others, ...cardQuestions.filter((question, n) => !isHeld(question, n))])
    return [...asked, ...cardQuestions]
      .filter((question, n) => (n < asked.length ? n : n - asked.length) % FOLDS === fold)
      .map((question) => measure(library, ranker, gate, question))
  })
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / Math.max(1, numbers.length)
const percent = (value: number) => `${(100 * value).toFixed(1)} %`

function report(results: readonly Result[], thresholds: Learned['thresholds']): void {
  for (const style of ['formal', 'messy', 'card'] as const) {
    const inside = results.filter((result) => result.style === style && result.inCorpus)
    const outside = results.filter((result) => result.style === style && !result.inCorpus)
    const answered = inside.filter(({ chance }) => chance >= thresholds.answer)
    console.log(
      `${style}: ${inside.length} with an answer here, R@5 ${percent(mean(inside.map((r) => r.recall5)))}, R@10 ${percent(mean(inside.map((r) => r.recall10)))}, Hit@5 ${percent(mean(inside.map((r) => Number(r.hit5))))} (plain BM25 R@10 ${percent(mean(inside.map((r) => r.plain10)))}); answered ${percent(answered.length / Math.max(1, inside.length))}, of these right in five ${percent(mean(answered.map((r) => Number(r.hit5))))}; of ${outside.length} without an answer here answered ${percent(mean(outside.map((r) => Number(r.chance >= thresholds.answer))))}`,
    )
  }
}

/** The chance from which on at most this share of the questions without an answer here would be answered. */
function thresholdFor(results: readonly Result[], most: number): number {
  const outside = results.filter((result) => !result.inCorpus && result.style === 'formal').map(({ chance }) => chance)
  const sorted = outside.sort((a, b) => b - a)
  return Math.min(0.95, Math.max(0.3, sorted[Math.floor(most * sorted.length)] ?? 0.5))
}

const results = heldOut()
const thresholds = { answer: thresholdFor(results, 0.05), clarify: thresholdFor(results, 0.12) }
report(results, thresholds)
const library = createLibrary(
  articles,
  cards,
  asked.map(({ known }) => known),
)
const { ranker, gate } = learn(library, [...asked, ...cardQuestions])
const round = (network: Network): Network => ({
  ...network,
  mean: network.mean.map((value) => Number(value.toFixed(4))),
  spread: network.spread.map((value) => Number(value.toFixed(4))),
  weights: network.weights.map((value) => Number(value.toFixed(4))),
})
const learned: Omit<Learned, 'version'> = {
  bank: asked.map(({ known }) => known),
  ranker: round(ranker),
  gate: round(gate),
  thresholds: { answer: Number(thresholds.answer.toFixed(3)), clarify: Number(thresholds.clarify.toFixed(3)) },
}
const version = `answers-${createHash('sha256')
  .update(store({ version: '', ...learned }))
  .digest('hex')
  .slice(0, 8)}`
const bytes = store({ version, ...learned })
writeFileSync(OUTPUT, bytes)
console.log(
  `${version}: ${asked.length} questions, ${cards.length} cards, ${(bytes.length / 1e6).toFixed(2)} MB; answer from ${thresholds.answer.toFixed(2)}, ask back from ${thresholds.clarify.toFixed(2)}`,
)
