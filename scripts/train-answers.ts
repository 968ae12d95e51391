/**
 * Trains what the answers have learned: tsx scripts/train-answers.ts --data DIR [--folds N]
 *
 * DIR holds the articles (village_pack_articles.jsonl) and questions with the articles that answer them
 * (stard_dev.jsonl, lawbench38_dev.jsonl: {question, gold: [{law, num, in_pack}], pack_status}); the cards are added, and
 * what is no question of law for this corpus: off-topic.txt and talk from the training of understanding.
 * Questions are kept as hashed terms only. Each fifth of them is held out in turn to say how well unseen ones are answered,
 * beside plain BM25, with the articles and with cards alone. `--folds N` measures N fifths and writes nothing. The same files
 * give the same bytes.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { cardFor } from '../src/features/answers/answer.ts'
import type { Article } from '../src/features/answers/article.ts'
import { articleKey } from '../src/features/answers/article.ts'
import { shippedCards } from '../src/features/answers/cards.ts'
import { type Learned, store, type Thresholds } from '../src/features/answers/search/bank.ts'
import {
  createLibrary,
  FIGURES,
  gather,
  type Hits,
  type Library,
  largest,
} from '../src/features/answers/search/library.ts'
import { bucketsOf, type KnownQuestion } from '../src/features/answers/search/neighbours.ts'
import { evaluateAll, type List, type Network, trainNetwork } from '../src/features/answers/search/network.ts'
import { type Ranked, rank, rankHits, signsOf } from '../src/features/answers/search/rank.ts'
import { questionTerms } from '../src/features/answers/search/terms.ts'
import { seeded } from '../src/random.ts'

const SEED = 20_261_124
const FOLDS = 5
/** Networks that decide together. */
const TOGETHER = 3
const OUTPUT = new URL('../src/features/answers/search/learned.json', import.meta.url)

const { values } = parseArgs({ options: { data: { type: 'string' }, folds: { type: 'string' } } })
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

interface Question {
  style: 'formal' | 'messy' | 'card' | 'aside'
  text: string
  known: KnownQuestion
}

const asQuestion = (style: Question['style'], text: string, keys: string[], card = -1): Question => ({
  style,
  text,
  known: { buckets: bucketsOf(questionTerms(text)), keys, card },
})
const cards = shippedCards()
const asked: Question[] = [
  ...rowsOf('stard_dev.jsonl').map((row) => asQuestion('formal', row.question, row.gold.map(articleKey))),
  ...rowsOf('lawbench38_dev.jsonl').map((row) => asQuestion('messy', row.question, row.gold.map(articleKey))),
]
const linesOf = (path: string) =>
  readFileSync(new URL(path, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
/** Every fourth line of talk that is nothing for the village, and of reports of what only breaks. */
const TALK = ['chatter', 'everyday', 'hard-cases', 'mixed', 'north', 'southeast', 'southwest']
const BREAKS = new Set([
  'light',
  'power',
  'water',
  'road',
  'garbage',
  'telecom',
  'bus',
  'sewage',
  'storm',
  'facility',
  'parcel',
])
const talk = TALK.flatMap((file) => linesOf(`../src/understanding/training/${file}.jsonl`))
  .map((line) => JSON.parse(line) as { text: string; gate_expected: string; category: string | null })
  .filter(({ gate_expected, category }) => gate_expected === 'not' || BREAKS.has(category ?? ''))
  .filter((_, n) => n % 4 === 0)
  .map(({ text }) => text)
asked.push(
  ...[...linesOf('../src/features/answers/training/off-topic.txt'), ...talk].map((text) =>
    asQuestion('aside', text, []),
  ),
)

/** One way of putting each card, for the ranker to learn from with the card itself hidden. */
const cardQuestions: Question[] = cards.map((card, number) =>
  asQuestion('card', card.questions[number % card.questions.length] ?? '', card.articles.map(articleKey), number),
)

const hiding = (question: Question) => (known: KnownQuestion) =>
  question.style === 'card' ? known.card === question.known.card : known === question.known

/** Only this wording of a card, not its others: how the gate will be asked. */
const hidingWording = (question: Question) => (known: KnownQuestion) =>
  question.style === 'card'
    ? known.card === question.known.card && String(known.buckets) === String(question.known.buckets)
    : known === question.known

const PRIORS = ['article-prior', 'section-prior', 'law-prior'].map((name) =>
  FIGURES.indexOf(name as (typeof FIGURES)[number]),
)

/** What is gathered for a question that is itself among the known ones: what it added to the priors is taken out again. */
function hitsOf(library: Library, question: Question, hides = hiding(question)): Hits {
  const hits = gather(library, question.text, hides)
  const own = question.known.keys.flatMap((key) => library.byKey.get(key) ?? [])
  if (own.length === 0) return hits
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
  return hits
}

/** The ranker learns from what is hard to tell apart: so many articles that look most promising, and the right ones. */
const HARDEST = 100
const SHARES = (['whole-share', 'bank-share', 'cards-share', 'spread-share', 'votes-article'] as const).map((name) =>
  FIGURES.indexOf(name),
)

interface Example {
  question: Question
  hits: Hits
}

function listOf(library: Library, { question, hits }: Example): List | null {
  const gold = new Set(question.known.keys)
  const right = hits.candidates.map((n) => gold.has(articleKey(library.articles[n] as Article)))
  if (!right.some(Boolean)) return null
  const promise = hits.rows.map((row) => SHARES.reduce((sum, at) => sum + (row[at] ?? 0), 0))
  const least = [...promise].sort((a, b) => b - a)[HARDEST - 1] ?? 0
  const kept = hits.rows.map((_, n) => right[n] || (promise[n] ?? 0) >= least)
  return { rows: hits.rows.filter((_, n) => kept[n]), right: right.filter((_, n) => kept[n]) }
}

/** Whether a library has an article, or a card, that answers a question. */
const isHere = (library: Library, { known }: Question) => known.keys.some((key) => library.byKey.has(key))

interface Both {
  ranker: Network[]
  gate: Network[]
}

/**
 * The gate learns from the library of articles and from the one of cards alone, so that it holds for both, and from what a
 * ranker says of questions that it was not trained on, because that is how it will be asked.
 */
function learn(library: Library, bare: Library, questions: readonly Question[]): Both {
  const random = seeded(SEED)
  const several = (count: number, train: () => Network) => Array.from({ length: count }, train)
  const trained = (count: number, lists: readonly List[]) =>
    several(count, () => trainNetwork(lists, { hidden: 16, epochs: 12, rate: 0.004, decay: 1e-5, random }))
  const examples = questions.map((question) => ({ question, hits: hitsOf(library, question) }))
  const listsOf = (of: readonly Example[]) => of.map((one) => listOf(library, one)).filter((list) => list !== null)
  const halves = [0, 1].map((half) => examples.filter((_, n) => n % 2 === half)) as [Example[], Example[]]
  const strangers = halves.map((half) => trained(1, listsOf(half))) as [Network[], Network[]]
  const signs: List[] = []
  for (const [n, { question, hits }] of examples.entries()) {
    // A third of the cards: there are so many of them, and each is close to its own other wordings.
    if (question.style === 'card' && n % 3 !== 0) continue
    const ranker = strangers[1 - (n % 2)] as Network[]
    for (const one of [library, bare]) {
      const known = one === library && question.style !== 'card'
      const found = known ? hits : hitsOf(one, question, hidingWording(question))
      signs.push({ rows: [signsOf(one, rankHits(ranker, found))], right: [isHere(one, question)] })
    }
  }
  const gate = several(TOGETHER, () => trainNetwork(signs, { hidden: 2, epochs: 20, rate: 0.003, decay: 1e-2, random }))
  return { ranker: trained(TOGETHER, listsOf(examples)), gate }
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

function measure(library: Library, { ranker, gate }: Both, question: Question): Result {
  const ranked = rank(library, ranker, question.text, question.style === 'card' ? hidingWording(question) : undefined)
  const keyOf = (n: number) => articleKey(library.articles[n] as Article)
  const best = ranked.articles.slice(0, 10).map(({ number }) => keyOf(number))
  const gold = question.known.keys.filter((key) => library.byKey.has(key))
  const plain = largest(library.whole.scores(questionTerms(question.text)), 10).map(keyOf)
  return {
    style: question.style,
    inCorpus: isHere(library, question),
    recall5: share(best.slice(0, 5), gold),
    recall10: share(best, gold),
    hit5: gold.some((key) => best.slice(0, 5).includes(key)),
    plain10: share(plain, gold),
    chance: sureOf(library, ranked) ? 1 : 1 / (1 + Math.exp(-evaluateAll(gate, signsOf(library, ranked)))),
  }
}

/** A card plainly meant is answered without the gate. */
const sureOf = (library: Library, { card }: Ranked) => cardFor(library, card) !== null

/** Each question answered by what was learned from the other four fifths: with the articles, and with cards alone. */
function heldOut(folds: number): { whole: Result[]; bare: Result[] } {
  const found: { whole: Result[]; bare: Result[] } = { whole: [], bare: [] }
  for (let fold = 0; fold < folds; fold++) {
    const isHeld = (_: Question, n: number) => n % FOLDS === fold
    const bank = asked.filter((question, n) => !isHeld(question, n)).map(({ known }) => known)
    const library = createLibrary(articles, cards, bank)
    const bare = createLibrary([], cards, bank)
    const others = [asked, cardQuestions].flatMap((of) => of.filter((question, n) => !isHeld(question, n)))
    const both = learn(library, bare, others)
    for (const question of [asked, cardQuestions].flatMap((of) => of.filter(isHeld))) {
      found.whole.push(measure(library, both, question))
      found.bare.push(measure(bare, both, question))
    }
  }
  return found
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / Math.max(1, numbers.length)
const percent = (value: number) => `${(100 * value).toFixed(1)} %`

function report(results: readonly Result[], thresholds: Thresholds): void {
  for (const style of ['formal', 'messy', 'card', 'aside'] as const) {
    const inside = results.filter((result) => result.style === style && result.inCorpus)
    const outside = results.filter((result) => result.style === style && !result.inCorpus)
    const answered = inside.filter(({ chance }) => chance >= thresholds.answer)
    console.log(
      `${style}: ${inside.length} with an answer here, R@5 ${percent(mean(inside.map((r) => r.recall5)))}, R@10 ${percent(mean(inside.map((r) => r.recall10)))}, Hit@5 ${percent(mean(inside.map((r) => Number(r.hit5))))} (plain BM25 R@10 ${percent(mean(inside.map((r) => r.plain10)))}); answered ${percent(answered.length / Math.max(1, inside.length))}, of these right in five ${percent(mean(answered.map((r) => Number(r.hit5))))}; of ${outside.length} without an answer here answered ${percent(mean(outside.map((r) => Number(r.chance >= thresholds.answer))))}`,
    )
  }
}

/** The chance from which on at most this share, of plain questions of law and of everything else alike, of the questions without an answer here would be answered. */
function thresholdFor(results: readonly Result[], most: number): number {
  const outside = results.filter((result) => !result.inCorpus && result.style !== 'messy')
  return Math.max(
    ...['formal', 'aside'].map((style) => {
      const sorted = outside.filter((result) => result.style === style).map(({ chance }) => chance)
      sorted.sort((a, b) => b - a)
      return Math.min(0.98, Math.max(0.3, sorted[Math.floor(most * sorted.length)] ?? 0.5))
    }),
  )
}

const results = heldOut(Math.min(FOLDS, Number(values.folds ?? FOLDS)))
const rounded = (value: number) => Number(value.toFixed(3))
const thresholdsOf = (of: readonly Result[]) => ({
  answer: rounded(thresholdFor(of, 0.05)),
  clarify: rounded(thresholdFor(of, 0.12)),
})
const thresholds = { withLaws: thresholdsOf(results.whole), cardsAlone: thresholdsOf(results.bare) }
report(results.whole, thresholds.withLaws)
const outsiders = results.whole.flatMap((result, n) =>
  result.style === 'formal' && !result.inCorpus ? [[result, results.bare[n] as Result] as const] : [],
)
const insiders = results.whole.flatMap((result, n) =>
  result.style === 'formal' && result.inCorpus ? [[result, results.bare[n] as Result] as const] : [],
)
const either = ([whole, bare]: readonly [Result, Result]) =>
  Number(whole.chance >= thresholds.withLaws.answer || bare.chance >= thresholds.cardsAlone.answer)
console.log(
  `either way, formal: answered ${percent(mean(insiders.map(either)))}, of those without an answer here ${percent(mean(outsiders.map(either)))}`,
)
console.log('with cards alone:')
report(results.bare, thresholds.cardsAlone)
if (values.folds) process.exit(0)
const bank = asked.map(({ known }) => known)
const library = createLibrary(articles, cards, bank)
const { ranker, gate } = learn(library, createLibrary([], cards, bank), [...asked, ...cardQuestions])
const round = (network: Network): Network => ({
  ...network,
  mean: network.mean.map((value) => Number(value.toFixed(4))),
  spread: network.spread.map((value) => Number(value.toFixed(4))),
  weights: network.weights.map((value) => Number(value.toFixed(4))),
})
const learned: Omit<Learned, 'version'> = {
  bank: asked.map(({ known }) => known),
  ranker: ranker.map(round),
  gate: gate.map(round),
  thresholds,
}
const version = `answers-${createHash('sha256')
  .update(store({ version: '', ...learned }))
  .digest('hex')
  .slice(0, 8)}`
const bytes = store({ version, ...learned })
writeFileSync(OUTPUT, bytes)
console.log(
  `${version}: ${asked.length} questions, ${cards.length} cards, ${(bytes.length / 1e6).toFixed(2)} MB; ${JSON.stringify(thresholds)}`,
)
