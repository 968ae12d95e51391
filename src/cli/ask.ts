import { z } from 'zod'
import { type Io, parse } from './command.ts'
import { eachLine } from './json-lines.ts'
import { NO_ANSWERS_YET } from './replies.ts'

export const usage = `[--passages N] [--corpus FILE|DIR] [--village FILE] < QUESTIONS
Reads {"id","question"} lines, writes {"id","outcome","citations","answer","passages"} lines.`

const Input = z.object({ id: z.unknown(), question: z.string() })

/** Answers each question; there is no corpus yet, so each is declined. */
export async function run(args: string[], io: Io): Promise<number> {
  parse(args, {
    options: { passages: { type: 'string' }, corpus: { type: 'string' }, village: { type: 'string' } },
  })
  await eachLine(io, Input, ({ id }) => ({
    id,
    outcome: 'refuse',
    citations: [],
    answer: NO_ANSWERS_YET,
    passages: [],
  }))
  return 0
}
