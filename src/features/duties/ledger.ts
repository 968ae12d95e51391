import { isoInZone } from '../../clock.ts'
import type { Db, Village } from '../../db/database.ts'
import { type DutyKind, KIND_CODES } from './kinds.ts'
import { organisationOf } from './organisation.ts'
import { dayOf, type Period, parsePeriod } from './periods.ts'
import * as replies from './replies.ts'
import { type DutyStanding, standingOf } from './standing.ts'

export const LEDGER_FORMATS = ['docx', 'xlsx'] as const
export type LedgerFormat = (typeof LEDGER_FORMATS)[number]

export const MIME: Record<LedgerFormat, string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** The ledger of a period as it is written into a file; every cell is text as it is to be read. */
export interface Ledger {
  title: string
  columns: readonly string[]
  rows: string[][]
  summaryTitle: string
  summaryColumns: readonly string[]
  summary: string[][]
  /** When and how it was made. */
  made: string
}

/** Everything that was entered of a period, by the day on which it was held, and what was not. */
async function ledgerOf(db: Db, village: Village, period: Period, now: Date): Promise<Ledger> {
  const { timezone } = village
  const meetings = await db.meeting.findMany({
    where: { villageId: village.id, day: { gte: period.from, lte: period.until } },
    orderBy: [{ day: 'asc' }, { id: 'asc' }],
  })
  const photos = await db.meetingPhoto.groupBy({
    by: ['meetingId'],
    where: { villageId: village.id },
    _count: { id: true },
  })
  const rows = meetings.map((meeting, index) => {
    const entered = isoInZone(meeting.enteredAt, timezone).slice(0, 16).replace('T', ' ')
    const later = dayOf(meeting.enteredAt, timezone) > meeting.day
    const pictures = photos.find(({ meetingId }) => meetingId === meeting.id)?._count.id ?? 0
    return [
      String(index + 1),
      meeting.day,
      replies.kindName(meeting.kind),
      meeting.branch,
      meeting.partyGroup,
      meeting.chair,
      meeting.attendance === null ? '' : String(meeting.attendance),
      meeting.absent === null ? '' : String(meeting.absent),
      replies.themeName(meeting.theme),
      meeting.content,
      pictures === 0 ? '' : replies.photoCount(pictures),
      later ? replies.enteredLater(entered) : entered,
      meeting.by,
    ].map(readable)
  })
  const branches = await organisationOf(db, village.id)
  const standing = await standingOf(db, village.id, branches, period, dayOf(now, timezone))
  return {
    title: readable(replies.ledgerTitle(village.name, period)),
    columns: replies.LEDGER_COLUMNS,
    rows,
    summaryTitle: replies.LEDGER_SUMMARY,
    summaryColumns: replies.SUMMARY_COLUMNS,
    summary: KIND_CODES.map((kind) => summaryRow(kind, standing)).map((row) => row.map(readable)),
    made: replies.ledgerMade(isoInZone(now, timezone).slice(0, 16).replace('T', ' ')),
  }
}

function summaryRow(kind: DutyKind, standing: readonly DutyStanding[]): string[] {
  const duties = standing.filter((duty) => duty.kind === kind)
  const done = duties.filter(({ held }) => held > 0).length
  return [replies.kindName(kind), String(duties.length), String(done), replies.missingWords(duties)]
}

/**
 * A cell's text without what a document cannot hold, and never one that a spreadsheet would work out: what begins like a
 * formula gets the apostrophe that makes it words, also after somebody has edited the cell or saved it as CSV.
 */
function readable(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\uFFFE\uFFFF\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return /^[=+\-@＝＋－＠]/u.test(plain) ? `'${plain}` : plain
}

/** The ledger as the bytes of a file. Loads what it needs only then. */
export async function ledgerFile(db: Db, village: Village, period: Period, format: LedgerFormat, now: Date) {
  const ledger = await ledgerOf(db, village, period, now)
  if (format === 'docx') return (await import('./ledger-docx.ts')).toDocx(ledger)
  return (await import('./ledger-xlsx.ts')).toXlsx(ledger)
}

/** What an attachment is found again by: it is made when it is sent. */
export function attachmentKey(villageId: number, period: Period, format: LedgerFormat): string {
  return `ledger:${villageId}:${period.key}:${format}`
}

/** The village, period and format of such a key. Throws for any other. */
export function parseAttachmentKey(key: string): { villageId: number; period: Period; format: LedgerFormat } {
  const [, villageId, name = '', format] = /^ledger:(\d+):([\dQ-]+):(docx|xlsx)$/.exec(key) ?? []
  const period = parsePeriod(name)
  if (villageId === undefined || period === null) throw new Error(`${key} names no ledger`)
  return { villageId: Number(villageId), period, format: format === 'docx' ? 'docx' : 'xlsx' }
}
