import { createLogger } from '../logger.ts'
import { type Io, parse } from './command.ts'
import { lines } from './json-lines.ts'
import { createTimeline, TimelineLine } from './timeline.ts'
import { readVillage } from './village-option.ts'

export const usage = '[--village FILE] < TIMELINE.jsonl   plays a stretch of village life, with a clock that jumps'

/** Plays the timeline on standard input and writes what was said and the final state. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values } = parse(args, { options: { village: { type: 'string' } } })
  const village = await readVillage(values.village)
  const write = (value: unknown) => io.stdout.write(`${JSON.stringify(value)}\n`)
  const timeline = await createTimeline({ village, logger: createLogger('warn'), onSaid: write })
  try {
    for await (const text of lines(io.stdin)) {
      if (text.trim() === '') continue
      const { line, id, error } = parseLine(text)
      if (!line) {
        write({ id, error })
        continue
      }
      try {
        await timeline.play(line)
      } catch (fault) {
        write({ id, error: fault instanceof Error ? fault.message : String(fault) })
      }
    }
    write({ state: await timeline.state() })
  } finally {
    await timeline.close()
  }
  return 0
}

function parseLine(text: string): { line: TimelineLine | null; id: unknown; error: string } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { line: null, id: null, error: 'the line is not valid JSON' }
  }
  const id = typeof json === 'object' && json !== null && 'id' in json ? json.id : null
  const parsed = TimelineLine.safeParse(json)
  if (parsed.success) return { line: parsed.data, id, error: '' }
  const error = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  return { line: null, id, error }
}
