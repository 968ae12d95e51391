import { chooseVillage, type Io, parse, print, UsageError, withDatabase } from './command.ts'
import { reportLine, reportTitle } from './replies.ts'
import { figuresOf } from './year.ts'

export const usage = `--year 2026 [--json] [--village NAME]
Prints what the database holds of a village's year: tickets by kind of grid work, meetings, broadcasts, answers. Each
figure is counted, none is estimated, and each says what it counts.
  --json           as JSON, one object with the figures
  --village NAME   the village, where there are several`

/** Prints the figures of one village's year. */
export async function run(args: string[], io: Io): Promise<number> {
  const options = { year: { type: 'string' }, json: { type: 'boolean' }, village: { type: 'string' } } as const
  const { values } = parse(args, { options })
  if (!/^20\d\d$/.test(values.year ?? '')) throw new UsageError('name a year, for example --year 2026')
  const year = Number(values.year)
  await withDatabase(io, async (database) => {
    const village = await chooseVillage(database, values.village)
    const figures = await figuresOf(database.db, village, year)
    if (values.json) {
      print(io.stdout, JSON.stringify({ village: village.name, year, figures }))
      return
    }
    print(io.stdout, reportTitle(village.name, year))
    for (const figure of figures) print(io.stdout, reportLine(figure))
  })
  return 0
}
