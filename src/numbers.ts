/** From so many digits on a number may be somebody's: telephones without area code have seven. */
const FEWEST = 7
/** So many other signs may stand between two digits of one number; invisible ones do not count. */
const WIDEST_GAP = 3

const CHINESE = new Set('零 〇 一 二 三 四 五 六 七 八 九 幺 两 壹 贰 叁 肆 伍 陆 柒 捌 玖'.split(' '))
/** What ends a number although it is no letter. */
const BREAK = /[。！？!?；;#＃\p{L}]/u
const INVISIBLE = /[\p{Cf}\p{M}]/u
/** Signs that stand between items of a list more often than inside a number: 110、120. */
const LISTING = /[、，,]/
/** Dates and times of day are nobody's number. */
const DATE_OR_TIME =
  /(?<!\d)(?:20\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])|(?:[01]?\d|2[0-4])[:：][0-5]\d)(?![\d:：])/g
/** 3月, 12号: a figure with its unit is no part of the number in the line or clause before. */
const UNIT = /^\d{1,4}[年月日号点组户元人个天]/

interface Run {
  start: number
  end: number
  digits: number
  /** Lengths of its parts between list signs. */
  parts: number[]
  listed: boolean
}

/** Where a text holds a number that may be somebody's, in UTF-16 units. */
export interface FoundNumber {
  start: number
  end: number
}

/**
 * Phone, identity and bank numbers in a text, however they are written: with blanks, dashes or invisible signs between
 * the digits, full-width, circled, in Chinese or other scripts. Numbers of up to six digits, lists of such, dates and
 * times are none.
 */
export function numbersIn(text: string): FoundNumber[] {
  const kept = new Set<number>()
  for (const match of text.matchAll(DATE_OR_TIME)) {
    for (let at = match.index; at < match.index + match[0].length; at++) kept.add(at)
  }
  return runsOf(text, kept)
    .filter(isSomebodys)
    .map(({ start, end, digits }) => ({
      start,
      end: digits === 17 && /^[xXｘＸ]/.test(text.slice(end)) ? end + 1 : end,
    }))
}

/** 12、13、14、15号 are four numbers; 138、0000、1234 is one. */
function isSomebodys({ digits, listed, parts }: Run): boolean {
  if (digits < FEWEST) return false
  return !listed || parts.some((part) => part >= FEWEST) || (digits >= 11 && parts.some((part) => part === 4))
}

/** Digits that belong together, as far as a reader would join them. */
function runsOf(text: string, kept: ReadonlySet<number>): Run[] {
  const runs: Run[] = []
  let run: Run | null = null
  let gap = 0
  let listing = false
  let newLine = false
  const close = () => {
    if (run) runs.push(run)
    run = null
    gap = 0
    listing = false
    newLine = false
  }
  for (let at = 0; at < text.length; ) {
    const sign = String.fromCodePoint(text.codePointAt(at) ?? 0)
    const next = at + sign.length
    const count = kept.has(at) ? 0 : digitsIn(sign)
    if (count > 0) {
      if (run && (newLine || listing) && UNIT.test(text.slice(at, at + 6))) close()
      if (run === null) run = { start: at, end: next, digits: 0, parts: [0], listed: false }
      const open: Run = run
      if (listing) {
        open.listed = true
        open.parts.push(0)
      }
      open.end = next
      open.digits += count
      open.parts[open.parts.length - 1] = (open.parts.at(-1) ?? 0) + count
      gap = 0
      listing = false
      newLine = false
    } else if (run) {
      if (kept.has(at) || BREAK.test(sign)) close()
      else if (!INVISIBLE.test(sign)) {
        gap += 1
        listing ||= LISTING.test(sign)
        newLine ||= sign === '\n'
        if (gap > WIDEST_GAP) close()
      }
    }
    at = next
  }
  close()
  return runs
}

/** How many digits a sign stands for; 0 for what is none. */
function digitsIn(sign: string): number {
  if (sign >= '0' && sign <= '9') return 1
  if (sign < '\u0080') return 0
  if (CHINESE.has(sign) || /\p{Nd}/u.test(sign)) return 1
  if (!/\p{No}/u.test(sign)) return 0
  const plain = sign.normalize('NFKC')
  return /^[0-9]+$/.test(plain) ? plain.length : 0
}
