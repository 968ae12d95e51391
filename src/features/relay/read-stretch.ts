import type { AttachmentKind } from '../../message.ts'
import { cut } from '../../text.ts'
import { DIVIDER, dividerDate, momentsOf, type SaidTime, saidTime, WHEN, WHEN_GROUPS } from './said-at.ts'
import { LABELS, OPENING, PLACEHOLDERS, PLANS, SYSTEM_LINES } from './stretch-words.ts'

/** One message of a copied stretch of group chat. */
export interface SaidLine {
  /** The nickname that stands before it: it shows, and says nothing of who that is. */
  name: string
  text: string
  /** When it was said, as it stands there; null where no time does. */
  at: Date | null
  /** What stood there beside words; the bytes did not come along. */
  attachments: AttachmentKind[]
  /** What it answers, as far as it was copied. */
  quote: { name: string; text: string } | null
}

export interface Stretch {
  /** What stands before the first line. */
  before: string
  lines: SaidLine[]
  /** How many more messages there were than are read. */
  more: number
}

/** Most messages that are read of one stretch. */
export const MOST_LINES = 3000
const MAX_NAME = 40

interface Opened {
  name: string
  time: SaidTime | null
  date: ReturnType<typeof dividerDate> | null
  body: string[]
}

const NAME = '(.{1,60}?)'
/** The number that some programs put behind a nickname. */
const ACCOUNT = '(?:[(（<][\\w@.-]{3,40}[)）>])?'
/** Headers with a time, and where in them the name, the time and the first words stand. */
const TIMED: readonly { pattern: RegExp; name: number; when: number; rest?: number }[] = [
  // 张三 8:02 · 张三 2026/11/24 8:02:31 · 张三, [24.11.2026 8:02] · 张三 8:02：路灯坏了
  { pattern: new RegExp(`^${NAME}${ACCOUNT}[\\s,，：:]+[[(（]?${WHEN}[\\])）]?$`), name: 1, when: 2 },
  {
    pattern: new RegExp(`^${NAME}${ACCOUNT}[\\s,，]+[[(（]?${WHEN}[\\])）]?\\s*[：:]\\s*(\\S.*)$`),
    name: 1,
    when: 2,
    rest: 2 + WHEN_GROUPS + 1,
  },
  // [8:02] 张三：路灯坏了 · 2026-11-24 08:02:31 张三
  {
    pattern: new RegExp(`^[[(（]${WHEN}[\\])）]\\s*${NAME}\\s*[：:]\\s*(.*)$`),
    name: 1 + WHEN_GROUPS + 1,
    when: 1,
    rest: 1 + WHEN_GROUPS + 2,
  },
  { pattern: new RegExp(`^(?=\\d{4}\\D)${WHEN}\\s+${NAME}${ACCOUNT}[：:]?$`), name: 1 + WHEN_GROUPS + 1, when: 1 },
]
const NAMED = /^(.{1,40}?)\s*[：:]\s*(.*)$/su

/**
 * Reads what somebody copied out of a group chat: lines with nickname and time, or lines with a nickname and a colon.
 * Null where a text is nothing of the kind. `sure`: it is known to be one, so a single line will do.
 */
export function readStretch(given: string, at: { now: Date; timeZone: string; sure?: boolean }): Stretch | null {
  const cleaned = clean(given)
  const opening = OPENING.exec(cleaned)
  const text = opening ? cleaned.slice(opening[0].length) : cleaned
  const sure = at.sure === true || opening !== null
  const rows = text.split('\n')
  // What begins like a form or a notice is one, whatever stands in it.
  if (!sure && LABELS.has(NAMED.exec(rows.find((row) => row.trim() !== '') ?? '')?.[1]?.trim() ?? '')) return null
  const { before, opened, count = 0 } = read(rows, timedHeader) ?? read(rows, namedHeader, sure ? 1 : 2) ?? {}
  if (!opened) return null
  const moments = momentsOf(
    opened.map(({ time, date }) => time && { ...time, ...(time.month === null && time.daysAgo === null && date) }),
    at.now,
    at.timeZone,
  )
  const lines = opened.flatMap((one, n) => lineOf(one, moments[n] ?? null) ?? [])
  return { before: before?.join('\n') ?? '', lines, more: Math.max(0, count - MOST_LINES) }
}

/** Without signs that nobody sees; the joiner inside an emoji stays. */
function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(/[\p{Cf}\p{Cc}]/gu, (sign) => (sign === '\n' || sign === '\u200d' ? sign : sign === '\t' ? ' ' : ''))
    .replace(/[^\S\n]/g, ' ')
}

function read(
  rows: readonly string[],
  headerOf: (row: string) => { name: string; time: SaidTime | null; rest: string } | null,
  fewest = 1,
): { before: string[]; opened: Opened[]; count: number } | null {
  const before: string[] = []
  const opened: Opened[] = []
  let count = 0
  let date: Opened['date'] = null
  for (const given of rows) {
    const row = given.trim()
    const divider = row.length <= 60 ? DIVIDER.exec(row) : null
    if (divider && /\d/.test(row)) {
      date = dividerDate(divider)
      continue
    }
    if (row.length <= 200 && SYSTEM_LINES.some((line) => line.test(row))) continue
    const header = headerOf(row)
    if (header) count += 1
    if (count > MOST_LINES) continue
    if (header) {
      opened.push({ name: header.name, time: header.time, date, body: header.rest === '' ? [] : [header.rest] })
    } else if (opened.length === 0) {
      if (row !== '') before.push(row)
    } else opened.at(-1)?.body.push(row)
  }
  return opened.length >= fewest && opened.some(({ body }) => body.some((row) => row !== ''))
    ? { before, opened, count }
    : null
}

function timedHeader(row: string) {
  if (row.length > 300) return null
  for (const { pattern, name, when, rest } of TIMED) {
    const match = pattern.exec(row)
    const who = match && nickname(match[name] ?? '')
    if (!match || !who || PLANS.test(who)) continue
    const time = saidTime(match.slice(when, when + WHEN_GROUPS + 1))
    if (time) return { name: who, time, rest: rest === undefined ? '' : (match[rest] ?? '') }
  }
  return null
}

function namedHeader(row: string) {
  const match = NAMED.exec(row)
  const who = match && nickname(match[1] ?? '')
  if (!match || !who || LABELS.has(who) || /[。！？!?；;，,、「」]/.test(who)) return null
  return { name: who, time: null, rest: match[2] ?? '' }
}

/** The nickname in a header; null for what is none: a number with a verb is work on a ticket, a time is a time. */
function nickname(given: string): string | null {
  const name = given.trim().replace(/^["“「]|["”」]$/g, '')
  if (name === '' || /^[#＃]?\d{1,5}(?:\s|号|$)/.test(name) || /^[\d\s:：./-]+$/.test(name)) return null
  return cut(name, MAX_NAME)
}

const QUOTED = /^「([^：:\n]{1,60})[：:]\s?([^」]*)」\s*\n\s*(?:[-—–]\s?){5,}\s*\n/u
const PLACEHOLDER = new RegExp(`[[【](${Object.keys(PLACEHOLDERS).join('|')})[\\]】](?:\\s*\\d+\\s*["″”'秒]+)?`, 'g')

function lineOf({ name, body }: Opened, at: Date | null): SaidLine | null {
  let text = body.join('\n').trim()
  const quoted = QUOTED.exec(text)
  if (quoted) text = text.slice(quoted[0].length)
  const attachments: AttachmentKind[] = []
  text = text.replace(PLACEHOLDER, (_, word: string) => {
    const kind = PLACEHOLDERS[word]
    if (kind) attachments.push(kind)
    return ''
  })
  text = text.replace(/\n{3,}/g, '\n\n').replace(/^[ \n]+|[ \n]+$/g, '')
  if (text === '' && attachments.length === 0) return null
  const [, who = '', words = ''] = quoted ?? []
  return { name, text, at, attachments, quote: quoted ? { name: who.trim(), text: words.trim() } : null }
}
