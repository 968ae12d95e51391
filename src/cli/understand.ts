import { z } from 'zod'
import { compileGazetteer, understand } from '../understanding/understand.ts'
import { gazetteerOfFile } from '../village/gazetteer.ts'
import { type Io, parse } from './command.ts'
import { eachLine } from './json-lines.ts'
import { readVillage } from './village-option.ts'

export const usage = '[--village FILE] < MESSAGES.jsonl   tells what each message is, one JSON line each'

const Input = z.object({ id: z.unknown(), text: z.string() })

/** Answers each message with what would be understood of it in the villagers' room. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values } = parse(args, { options: { village: { type: 'string' } } })
  const gazetteer = compileGazetteer(gazetteerOfFile(await readVillage(values.village)))
  await eachLine(io, Input, ({ id, text }) => {
    const { gate, intent, category, urgency, place, group, sensitive, score } = understand(text, gazetteer)
    return { id, gate, intent, category, urgency, place, group, sensitive, score: Number(score.toFixed(3)) }
  })
  return 0
}
