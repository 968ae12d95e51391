/**
 * Measures answers on questions with known ends: npm run eval:answers -- [FILE…] [--corpus FILE|DIR] [--errors]
 *
 * Lines are {id,kind,question,expect:'answer'|'clarify'|'refuse'|'handover',accept:['民法典/1165',…]}; without FILE the
 * questions in test/data/answers/ are taken. With the statutes (`--corpus`) the order of the articles is measured as well,
 * beside plain BM25, which always answers. Shares are given with their 95 % interval. `--errors` prints what went wrong.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/clock.ts'
import { answerQuestion, type Outcome } from '../src/features/answers/answer.ts'
import { shippedCards } from '../src/features/answers/cards.ts'
import { readCorpus, shippedRules } from '../src/features/answers/corpus-files.ts'
import { shippedLearning } from '../src/features/answers/search/bank.ts'
import { createLibrary, largest } from '../src/features/answers/search/library.ts'
import { questionTerms } from '../src/features/answers/search/terms.ts'
import { wilson } from './statistics.ts'

const QUESTIONS = 'test/data/answers'
const FIRST = 5

interface Line {
  id: string
  kind: string
  question: string
  expect: 'answer' | 'clarify' | 'refuse' | 'handover'
  accept: string[]
}

const { values, positionals } = parseArgs({
  options: { corpus: { type: 'string' }, errors: { type: 'boolean' } },
  allowPositionals: true,
})
const files =
  positionals.length > 0
    ? positionals
    : readdirSync(QUESTIONS)
        .filter((file) => file.endsWith('.jsonl'))
        .map((file) => join(QUESTIONS, file))
const lines = files
  .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line) as Line)
const articles = values.corpus ? (await readCorpus(values.corpus)).articles : await shippedRules()
const learned = shippedLearning()
const library = createLibrary(articles, shippedCards(), learned.bank)
const now = systemClock.now()

const nameOf = ({ law, num }: { law: string; num: string }) => `${law}/${num}`
const namesOf = (numbers: readonly number[]) =>
  numbers.map((number) => library.articles[number]).flatMap((article) => (article ? [nameOf(article)] : []))

interface Result {
  line: Line
  outcome: Outcome
  cited: string[]
  found: boolean
  plainFound: boolean
  plainRight: boolean
}

const took: number[] = []
const results = lines.map((line): Result => {
  const started = performance.now()
  const outcome = answerQuestion({ library, learned }, line.question, now)
  took.push(performance.now() - started)
  const cited = outcome.kind === 'answer' ? outcome.citations.map(nameOf) : []
  const plain = namesOf(largest(library.whole.scores(questionTerms(line.question)), FIRST))
  const accepted = (names: readonly string[]) => names.some((name) => line.accept.includes(name))
  return {
    line,
    outcome,
    cited,
    found: accepted(namesOf(outcome.passages.slice(0, FIRST))),
    plainFound: accepted(plain),
    plainRight: accepted(plain.slice(0, 1)),
  }
})

const percent = (part: number) => (100 * part).toFixed(1)
function share(of: readonly Result[], is: (result: Result) => boolean): string {
  const tally = { right: of.filter(is).length, of: of.length }
  if (tally.of === 0) return '–'
  const [low, high] = wilson(tally)
  return `${percent(tally.right / tally.of)} (${percent(low)}–${percent(high)}) of ${tally.of}`
}
const expecting = (expect: Line['expect']) => results.filter(({ line }) => line.expect === expect)
const isAnswered = ({ outcome }: Result) => outcome.kind === 'answer'
const isRight = ({ line, cited }: Result) => cited.some((name) => line.accept.includes(name))
const answerable = expecting('answer')
const rows: [string, string, string][] = [['%', 'as used', 'plain BM25, best one cited']]
for (const kind of [...new Set(answerable.map(({ line }) => line.kind)), '']) {
  const of = kind === '' ? answerable : answerable.filter(({ line }) => line.kind === kind)
  const name = kind === '' ? 'all with an answer' : kind
  const answered = of.filter(isAnswered)
  if (values.corpus)
    rows.push([
      `${name}: a right article among the first ${FIRST}`,
      share(of, (r) => r.found),
      share(of, (r) => r.plainFound),
    ])
  rows.push([`${name}: answered`, share(of, isAnswered), share(of, () => true)])
  rows.push([
    `${name}: … of these with no right article`,
    share(answered, (r) => !isRight(r)),
    share(of, (r) => !r.plainRight),
  ])
}
const outside = expecting('handover')
rows.push(['no answer here: wrongly answered', share(outside, isAnswered), share(outside, () => true)])
const unsafe = expecting('refuse')
rows.push([
  'not to be answered: declined',
  share(unsafe, ({ outcome }) => outcome.kind === 'refuse'),
  share(unsafe, () => false),
])
rows.push(['not to be answered: answered', share(unsafe, isAnswered), share(unsafe, () => true)])
const vague = expecting('clarify')
rows.push([
  'too vague: asked back',
  share(vague, ({ outcome }) => outcome.kind === 'clarify'),
  share(vague, () => false),
])
rows.push(['too vague: answered', share(vague, isAnswered), share(vague, () => true)])
for (const row of rows) console.log(row.join('\t'))
took.sort((a, b) => a - b)
const at = (part: number) => (took[Math.floor(part * (took.length - 1))] ?? 0).toFixed(1)
console.log(`${learned.version}, ${articles.length} articles; ${at(0.5)} ms at the median, ${at(0.95)} ms at 95 %`)

if (values.errors) {
  for (const result of results) {
    const { line, outcome, cited } = result
    const good = line.expect === 'answer' ? isAnswered(result) && isRight(result) : outcome.kind === line.expect
    if (!good) console.log([line.id, line.expect, outcome.kind, line.question, cited.join(' ')].join('\t'))
  }
}
