import { readFile } from 'node:fs/promises'
import { isoInZone, MINUTE, wallTime } from '../clock.ts'
import { readStretch, type SaidLine } from '../features/relay/read-stretch.ts'
import { PLACEHOLDERS } from '../features/relay/stretch-words.ts'
import { textOfFile } from '../features/relay/text-of-file.ts'
import { createLogger } from '../logger.ts'
import { may } from '../village/roles.ts'
import { CommandError, type Io, parse, print, UsageError } from './command.ts'
import { createTimeline } from './timeline.ts'
import { readVillage } from './village-option.ts'

export const usage = `FILE [--village FILE]   shows what would come of an exported chat, on a throw-away copy of the village
  FILE is passed on day by day, as a grid worker would; the output is that of replay. In the running assistant a grid
  worker sends the file, or any copied stretch, as a direct message.`

/** Passes an exported chat on to the assistant, day by day, and writes what was said and the final state. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, { options: { village: { type: 'string' } }, allowPositionals: true })
  const [path, more] = positionals
  if (path === undefined || more !== undefined) throw new UsageError('name one file')
  const village = await readVillage(values.village)
  const worker =
    village.people.find(({ role }) => role === 'grid-worker') ?? village.people.find(({ role }) => may(role, 'relay'))
  if (!worker) throw new CommandError('The village has nobody who may pass on: a grid-worker, a secretary or an admin.')
  const bytes = await readFile(path).catch(() => null)
  const text = bytes && textOfFile(bytes)
  if (text === null) throw new CommandError(`${path} cannot be read, is no text or has more than 2 MB.`)
  const { timezone: timeZone } = village
  const now = io.clock.now()
  const stretch = readStretch(text, { now, timeZone, sure: true })
  if (!stretch)
    throw new CommandError(`${path} is no copied chat: lines such as "NAME 8:02" with words below are read.`)
  const write = (value: unknown) => print(io.stdout, JSON.stringify(value))
  const timeline = await createTimeline({ village, logger: createLogger('warn'), onSaid: write })
  try {
    let last = 0
    for (const lines of daysOf(stretch.lines, timeZone)) {
      const latest = Math.max(...lines.map(({ at }) => at?.getTime() ?? 0)) || now.getTime()
      last = Math.max(last, latest + MINUTE)
      const file = lines.map((line) => written(line, timeZone)).join('\n')
      await timeline.play({ at: isoInZone(new Date(last), timeZone), dm: true, from: worker.name, file })
    }
    await timeline.play({ at: isoInZone(new Date(last + 3 * MINUTE), timeZone) })
    write({ state: await timeline.state() })
  } finally {
    await timeline.close()
  }
  return 0
}

/** Lines day by day; what has no time belongs to what stands before it. */
function daysOf(lines: readonly SaidLine[], timeZone: string): SaidLine[][] {
  const days: SaidLine[][] = []
  let current = ''
  for (const line of lines) {
    const { year, month, day } = line.at ? wallTime(line.at, timeZone) : { year: 0, month: 0, day: 0 }
    const key = line.at ? `${year}-${month}-${day}` : current
    if (days.length === 0 || key !== current) days.push([])
    current = key
    days.at(-1)?.push(line)
  }
  return days
}

function written({ name, at, text, attachments, quote }: SaidLine, timeZone: string): string {
  const head = at ? `${name} ${isoInZone(at, timeZone).slice(0, 16).replace('T', ' ')}` : `${name}：`
  const signs = attachments.map((kind) => `[${Object.keys(PLACEHOLDERS).find((word) => PLACEHOLDERS[word] === kind)}]`)
  const quoted = quote ? `「${quote.name}：${quote.text}」\n- - - - - - - - - - - - - - -` : ''
  return [head, quoted, ...signs, text].filter((row) => row !== '').join('\n')
}
