/**
 * Measures what a language model adds: npm run eval:llm [-- FILE…] [options]
 *
 * Reads labelled lines (default: test/data/understanding/*.jsonl) with the rules alone and, where the rules are unsure,
 * with the advice of the configured model (LLM_BASE_URL, LLM_MODEL …), in the same way as in a village: with the same
 * prompt, masks, bounds and limits. Prints both side by side, then what was asked, what it cost and how long it took.
 *
 *   --answers FILE   also questions of law, {"question"} a line: how many that articles answer get words that stand the checks
 *   --corpus PATH    the statutes for these; the village rules that come with the program when absent
 *   --record DIR     keeps the service's replies            --replay DIR  uses kept ones and asks nobody
 *   --by-hand FILE   replies that somebody has written, {"about","reply"} a line: to try the program, not a model
 *   --price-in, --price-cached, --price-out   yuan per million tokens (default 1, 0.02, 4)
 *   --limit N        only the first N lines of each file
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/clock.ts'
import { type LlmConfig, readConfig } from '../src/config.ts'
import { openDatabase } from '../src/db/database.ts'
import { answerQuestion } from '../src/features/answers/answer.ts'
import { shippedCards } from '../src/features/answers/cards.ts'
import { readCorpus, shippedRules } from '../src/features/answers/corpus-files.ts'
import { shippedLearning } from '../src/features/answers/search/bank.ts'
import { createLibrary } from '../src/features/answers/search/library.ts'
import { createWorder } from '../src/features/answers/wording.ts'
import { createAdviser, isWorthAdvice } from '../src/inbox/advice.ts'
import { boundedFetch } from '../src/llm/bounded-fetch.ts'
import { callsSince } from '../src/llm/calls.ts'
import { openChat } from '../src/llm/chat.ts'
import { createLlm } from '../src/llm/llm.ts'
import { createLogger } from '../src/logger.ts'
import { heed } from '../src/understanding/heed.ts'
import {
  type Expected,
  FIGURES,
  type FigureName,
  type Score,
  score,
  share,
  total,
} from '../src/understanding/measure.ts'
import { ANY_VILLAGE } from '../src/understanding/training-lines.ts'
import { understand } from '../src/understanding/understand.ts'
import { handWrittenFetch, recordingFetch, replayingFetch } from './recordings.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    record: { type: 'string' },
    replay: { type: 'string' },
    'by-hand': { type: 'string' },
    'price-in': { type: 'string', default: '1' },
    'price-cached': { type: 'string', default: '0.02' },
    'price-out': { type: 'string', default: '4' },
    answers: { type: 'string' },
    corpus: { type: 'string' },
    limit: { type: 'string', default: '1000000' },
  },
})
const SETS = 'test/data/understanding'
const files =
  positionals.length > 0
    ? positionals
    : readdirSync(SETS)
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => join(SETS, name))
const lines = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, Number(options.limit))
    .map((line) => JSON.parse(line) as Expected),
)

const nobody: LlmConfig = {
  baseUrl: 'http://127.0.0.1:9/v1',
  apiKey: 'none',
  model: 'none',
  format: 'json',
  dailyCalls: 0,
}
const asksNobody = options.replay !== undefined || options['by-hand'] !== undefined
const configured = readConfig().llm ?? (asksNobody ? nobody : null)
if (!configured) {
  console.error('No language model is configured: set LLM_BASE_URL and LLM_MODEL, or give --replay DIR.')
  process.exit(1)
}
// A measurement asks as often as it takes.
const config = { ...configured, dailyCalls: 1_000_000 }
let missing = 0
const missed = () => void (missing += 1)
const fetched = options['by-hand']
  ? handWrittenFetch(options['by-hand'], missed)
  : options.replay
    ? replayingFetch(options.replay, missed)
    : options.record
      ? recordingFetch(options.record, `${config.model} at ${new URL(config.baseUrl).host}`, boundedFetch)
      : boundedFetch

const directory = mkdtempSync(join(tmpdir(), 'xiaoge-eval-'))
const database = await openDatabase(`file:${join(directory, 'calls.db')}`)
const began = systemClock.now()
const chat = await openChat(config, fetched)
const llm = createLlm({ config, chat, db: database.db, clock: systemClock, logger: createLogger('silent') })
const adviser = createAdviser(llm)
const [alone, advised]: [Score[], Score[]] = [[], []]
const times = { alone: [] as number[], asked: [] as number[] }
let asked = 0
let heard = 0
for (const [index, line] of lines.entries()) {
  const started = performance.now()
  const said = understand(line.text, ANY_VILLAGE)
  times.alone.push(performance.now() - started)
  alone.push(score(line, said))
  let told = said
  if (isWorthAdvice({ understanding: said, room: null, text: line.text, quote: null })) {
    asked += 1
    // Each line is somebody else's, so that no person's budget ends the measurement.
    const caller = { villageId: 1, personId: index, roomId: null, inboxEventId: index }
    const advice = await adviser(line.text, [], caller, new AbortController().signal)
    times.asked.push(performance.now() - started)
    if (advice) heard += 1
    if (advice) told = heed(said, advice, line.text, ANY_VILLAGE)
  }
  advised.push(score(line, told))
}
const worded = { questions: 0, byArticles: 0, worded: 0 }
if (options.answers) {
  const { articles } = options.corpus ? await readCorpus(options.corpus) : { articles: await shippedRules() }
  const learned = shippedLearning()
  const library = createLibrary(articles, shippedCards(), learned.bank)
  const word = createWorder(llm)
  for (const [index, line] of readFileSync(options.answers, 'utf8').split('\n').filter(Boolean).entries()) {
    const { question } = JSON.parse(line) as { question: string }
    worded.questions += 1
    const outcome = answerQuestion({ library, learned }, question, began)
    if (outcome.kind !== 'answer' || outcome.articles.length === 0) continue
    worded.byArticles += 1
    const caller = { villageId: 2, personId: index, roomId: null, inboxEventId: index }
    const started = performance.now()
    if (await word(question, outcome.articles, { names: [], caller, signal: new AbortController().signal }))
      worded.worded += 1
    times.asked.push(performance.now() - started)
  }
}
const { outcomes, tokens } = await callsSince(database.db, began)
await database.close()
rmSync(directory, { recursive: true, force: true })

if (options['by-hand'])
  console.log('REPLIES WRITTEN BY HAND: what follows tries the program and says nothing about any model.\n')
else console.log(`${config.model}${options.replay ? `, replayed from ${options.replay}` : ''}\n`)
const figures = { alone: total(alone), advised: total(advised) }
/** Lower is better. */
const FAULTS: ReadonlySet<FigureName> = new Set(['falseTickets', 'falseCandidates', 'overEscalated', 'falseSensitive'])
const percent = (part: number) => `${(100 * part).toFixed(1)} %`.padStart(8)
console.log(`${'figure'.padEnd(16)}${'rules'.padStart(8)}${'advised'.padStart(9)}${'gain'.padStart(8)}  of`)
for (const name of FIGURES) {
  const [before, after] = [share(figures.alone[name]), share(figures.advised[name])]
  const gain = (100 * (after - before) * (FAULTS.has(name) ? -1 : 1)).toFixed(1)
  console.log(`${name.padEnd(16)}${percent(before)} ${percent(after)}${gain.padStart(8)}  ${figures.advised[name].of}`)
}
const quantile = (of: number[], part: number) => [...of].sort((a, b) => a - b)[Math.floor(of.length * part)] ?? 0
const seconds = (of: number[]) => `half ${quantile(of, 0.5).toFixed(0)} ms, 95 % ${quantile(of, 0.95).toFixed(0)} ms`
const [priceIn, priceCached, priceOut] = (['price-in', 'price-cached', 'price-out'] as const).map((name) =>
  Number(options[name]),
)
const yuan =
  ((tokens.in - tokens.cached) * (priceIn ?? 0) + tokens.cached * (priceCached ?? 0) + tokens.out * (priceOut ?? 0)) /
  1e6
console.log(`
lines            ${lines.length}, asked about ${asked} (${percent(asked / Math.max(1, lines.length)).trim()}), advice for ${heard}
calls            ${
  Object.entries(outcomes)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ') || 'none'
}${missing > 0 ? `; ${missing} not recorded` : ''}
tokens           ${tokens.in} in (${tokens.cached} cached), ${tokens.out} out
cost             ${yuan.toFixed(4)} yuan at ${priceIn}, ${priceCached}, ${priceOut} a million; ${((1000 * yuan) / Math.max(1, lines.length)).toFixed(3)} for 1,000 messages
time             rules ${seconds(times.alone)}; with advice ${seconds(times.asked)}`)
if (options.answers) {
  const { questions, byArticles, worded: found } = worded
  console.log(
    `answers          ${questions} questions, ${byArticles} answered by articles, ${found} of these in words that stand the checks`,
  )
}
if (missing > 0 && options.replay) process.exitCode = 1
