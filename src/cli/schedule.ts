import { z } from 'zod'
import { isoInZone } from '../clock.ts'
import { nextTimes } from '../features/schedules/occurrences.ts'
import { readSentence } from '../features/schedules/reading/read-sentence.ts'
import { problem } from '../features/schedules/replies.ts'
import { isRecurring } from '../features/schedules/rule.ts'
import { type Io, parse } from './command.ts'
import { eachLine } from './json-lines.ts'
import { readVillage } from './village-option.ts'

export const usage = `[--village FILE] < SENTENCES
Reads {"id","text","now"} lines, writes {"id","ok",…} lines.`

const Input = z.object({
  id: z.unknown(),
  text: z.string(),
  now: z.string().refine((now) => !Number.isNaN(Date.parse(now)), 'no ISO time'),
})

/** How many next times are told. */
const SHOWN = 3

/** Tells when each sentence means, or why it cannot mean anything. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values } = parse(args, { options: { village: { type: 'string' } } })
  const { timezone } = await readVillage(values.village)
  await eachLine(io, Input, ({ id, text, now }) => answer(id, text, new Date(now), timezone))
  return 0
}

function answer(id: unknown, text: string, now: Date, timeZone: string): object {
  const reading = readSentence(text, { now, timeZone })
  if (!reading.ok) return { id, ok: false, error: problem(reading.problem) }
  const { title, kind, theme, rule, leads, rooms, place, assumptions } = reading.draft
  const next = nextTimes(rule, now, SHOWN, timeZone).map(({ at }) => isoInZone(at, timeZone))
  return {
    id,
    ok: true,
    recurring: isRecurring(rule),
    next,
    title,
    kind,
    theme,
    leads,
    rooms,
    place,
    rule,
    assumptions,
  }
}
