import { z } from 'zod'
import { type Io, parse } from './command.ts'
import { eachLine } from './json-lines.ts'
import { NO_SCHEDULES_YET } from './replies.ts'

export const usage = `[--village FILE] < SENTENCES
Reads {"id","text","now"} lines, writes {"id","ok",…} lines.`

const Input = z.object({ id: z.unknown(), text: z.string(), now: z.string() })

/** Tells when each sentence means; nothing reads them yet, so each is declined. */
export async function run(args: string[], io: Io): Promise<number> {
  parse(args, { options: { village: { type: 'string' } } })
  await eachLine(io, Input, ({ id }) => ({ id, ok: false, error: NO_SCHEDULES_YET }))
  return 0
}
