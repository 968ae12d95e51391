import {
  AlignmentType,
  Document,
  HeadingLevel,
  Packer,
  PageOrientation,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import type { Ledger } from './ledger.ts'
import { EMPTY_LEDGER } from './replies.ts'

/** Of the page's width, in percent, one for each column of the ledger. */
const WIDTHS = [4, 8, 8, 9, 9, 8, 5, 5, 8, 16, 5, 10, 5]
const FONT = 'SimSun'
/** In half points. */
const SIZE = 18

/** A ledger as a Word document, A4 across. */
export async function toDocx(ledger: Ledger): Promise<Uint8Array> {
  const { title, columns, rows, summaryTitle, summaryColumns, summary, made } = ledger
  const document = new Document({
    creator: '',
    title,
    styles: { default: { document: { run: { font: FONT, size: SIZE } } } },
    sections: [
      {
        properties: { page: { size: { orientation: PageOrientation.LANDSCAPE }, margin: MARGIN } },
        children: [
          new Paragraph({ text: title, heading: HeadingLevel.HEADING_1, alignment: AlignmentType.CENTER }),
          ...(rows.length === 0 ? [new Paragraph(EMPTY_LEDGER)] : [tableOf(columns, rows, WIDTHS)]),
          new Paragraph({ text: summaryTitle, heading: HeadingLevel.HEADING_2 }),
          tableOf(summaryColumns, summary, [15, 10, 10, 65]),
          new Paragraph(made),
        ],
      },
    ],
  })
  return new Uint8Array(await Packer.toArrayBuffer(document))
}

/** In twentieths of a point: 1.5 cm. */
const MARGIN = { top: 850, bottom: 850, left: 850, right: 850 }

function tableOf(columns: readonly string[], rows: readonly string[][], widths: readonly number[]): Table {
  const cell = (text: string, index: number, bold: boolean) =>
    new TableCell({
      width: { size: widths[index] ?? 10, type: WidthType.PERCENTAGE },
      children: [new Paragraph({ children: [new TextRun({ text, bold })] })],
    })
  return new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    rows: [
      new TableRow({ tableHeader: true, children: columns.map((text, index) => cell(text, index, true)) }),
      ...rows.map(
        (row) => new TableRow({ cantSplit: true, children: row.map((text, index) => cell(text, index, false)) }),
      ),
    ],
  })
}
