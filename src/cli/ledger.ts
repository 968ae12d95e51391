import { rename, writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { LEDGER_FORMATS, ledgerFile } from '../features/duties/ledger.ts'
import { parsePeriod } from '../features/duties/periods.ts'
import { CommandError, chooseVillage, type Io, parse, print, UsageError, withDatabase } from './command.ts'

export const usage = `--quarter 2026Q3 --out FILE [--village NAME]
Writes the ledger of Party meetings (三会一课, 主题党日) into a file: what was entered, when and by whom, and what is
missing.
  --quarter 2026Q3   the quarter; a month (2026-09) or a year (2026) will do as well
  --out FILE         a file that ends in .docx (Word) or .xlsx (Excel)
  --village NAME     the village, where there are several`

/** Writes the ledger of one village and period. */
export async function run(args: string[], io: Io): Promise<number> {
  const options = { quarter: { type: 'string' }, out: { type: 'string' }, village: { type: 'string' } } as const
  const { values } = parse(args, { options })
  const period = parsePeriod(values.quarter ?? '')
  if (!period) throw new UsageError('name a quarter, for example --quarter 2026Q3')
  const { out } = values
  const format = LEDGER_FORMATS.find((known) => extname(out ?? '').toLowerCase() === `.${known}`)
  if (out === undefined || !format) throw new UsageError('name a file that ends in .docx or .xlsx, after --out')
  await withDatabase(io, async (database) => {
    const village = await chooseVillage(database, values.village)
    const bytes = await ledgerFile(database.db, village, period, format, io.clock.now())
    try {
      await writeFile(`${out}.part`, bytes)
      await rename(`${out}.part`, out)
    } catch (error) {
      throw new CommandError(`${out} cannot be written: ${error instanceof Error ? error.message : String(error)}`)
    }
  })
  print(io.stdout, out)
  return 0
}
