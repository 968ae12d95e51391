import { z } from 'zod'
import { systemClock } from '../clock.ts'
import { answerQuestion } from '../features/answers/answer.ts'
import { shippedCards } from '../features/answers/cards.ts'
import { readCorpus, shippedRules } from '../features/answers/corpus-files.ts'
import { shippedLearning } from '../features/answers/search/bank.ts'
import { createLibrary } from '../features/answers/search/library.ts'
import { type Io, parse } from './command.ts'
import { eachLine } from './json-lines.ts'

export const usage = `[--passages N] [--corpus FILE|DIR] [--village FILE] < QUESTIONS
Reads {"id","question","at"?} lines, writes {"id","outcome","citations","answer","passages"} lines.`

const Input = z.object({ id: z.unknown(), question: z.string(), at: z.iso.datetime({ offset: true }).optional() })
const MOST_PASSAGES = 100

/** Answers each question from the corpus, or says that it cannot. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values } = parse(args, {
    options: { passages: { type: 'string' }, corpus: { type: 'string' }, village: { type: 'string' } },
  })
  const most = Math.min(MOST_PASSAGES, Math.max(0, Number(values.passages ?? 0) || 0))
  const { articles, problems } = values.corpus
    ? await readCorpus(values.corpus)
    : { articles: await shippedRules(), problems: [] }
  for (const problem of problems.slice(0, 20)) io.stderr.write(`${problem}\n`)
  const learned = shippedLearning()
  const library = createLibrary(articles, shippedCards(), learned.bank)
  await eachLine(io, Input, ({ id, question, at }) => {
    const outcome = answerQuestion({ library, learned }, question, at ? new Date(at) : systemClock.now())
    const citations = outcome.kind === 'answer' ? outcome.citations : []
    const cited = new Set(citations.map(({ law, num }) => `${law}|${num}`))
    const considered = outcome.passages
      .map((number) => library.articles[number])
      .filter((article) => article !== undefined)
    const shown = most > 0 ? considered.slice(0, most) : considered.filter(({ law, num }) => cited.has(`${law}|${num}`))
    return {
      id,
      outcome: outcome.kind === 'answer' ? 'answer' : 'refuse',
      citations,
      answer: outcome.text,
      passages: shown.map(({ law, num, text }) => ({ law, num, text })),
    }
  })
  return 0
}
