import writeExcelFile from 'write-excel-file/node'
import type { Ledger } from './ledger.ts'
import { EMPTY_LEDGER } from './replies.ts'

/** In characters, one for each column of the ledger. */
const WIDTHS = [6, 12, 12, 14, 14, 14, 10, 10, 14, 40, 8, 26, 12]

/** The columns that count. */
const COUNTS = [0, 6, 7]

/** A ledger as an Excel workbook: one sheet of meetings, one of what is done and what is not. */
export async function toXlsx(ledger: Ledger): Promise<Uint8Array> {
  const { title, columns, rows, summaryTitle, summaryColumns, summary, made } = ledger
  const text = (value: string) => ({ value, type: String, wrap: true, alignVertical: 'top' as const })
  // Counts are numbers, so that a clerk can add them up.
  const cell = (value: string, counts: boolean) =>
    counts && /^\d{1,6}$/.test(value)
      ? { value: Number(value), type: Number, alignVertical: 'top' as const }
      : text(value)
  const head = (value: string) => ({ value, type: String, fontWeight: 'bold' as const })
  const meetings = [
    [head(title)],
    columns.map(head),
    ...(rows.length === 0
      ? [[text(EMPTY_LEDGER)]]
      : rows.map((row) => row.map((value, index) => cell(value, COUNTS.includes(index))))),
    [text(made)],
  ]
  const states = [
    [head(summaryTitle)],
    summaryColumns.map(head),
    ...summary.map((row) => row.map((value) => cell(value, true))),
  ]
  const bytes = await writeExcelFile([
    { data: meetings, sheet: '台账', columns: WIDTHS.map((width) => ({ width })), stickyRowsCount: 2 },
    { data: states, sheet: summaryTitle, columns: [14, 12, 12, 80].map((width) => ({ width })) },
  ]).toBuffer()
  return new Uint8Array(bytes)
}
