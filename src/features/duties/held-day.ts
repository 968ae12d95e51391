import { readNumeral } from '../../numerals.ts'
import { addDays, existingDay, type IsoDay, weekdayOf, yearMonthDay } from './periods.ts'

/** A day as it was written. `day` is null where the calendar has none such. */
export interface HeldDay {
  day: IsoDay | null
  said: string
}

const N = /(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])/.source
/** A date with its year in digits: the only one that might be taken for a list of groups. */
export const FULL_DATE = /(20\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?/
const MONTH_DAY = new RegExp(`(去年|今年|本年)?(${N})月(?:份)?(${N})[日号]?`)
const DOTTED = /(?<![\d.])(1[0-2]|0?[1-9])[./]([0-3]?\d)(?![\d.]|\s*[人名万元%])/
const OF_MONTH = new RegExp(`(上上?个?月|本月|这个?月|当月)?的?(${N})[号日]`)
const NEAR = /大前[天日]|前[天日]|昨[天日晚]|今[天日早晚]|刚[才刚]|明[天日]|大?后天/
const WEEKDAY = /(上上个?|上个?|本|这个?|下个?)?(?:周|星期|礼拜)([一二三四五六日天1-6])/

const NEAR_DAYS: Record<string, number> = { 大前: -3, 前: -2, 昨: -1, 今: 0, 刚: 0, 明: 1, 后: 2, 大后: 3 }

/** A date further back than this is last year's only if nobody can mean the coming one. Days. */
const HALF_A_YEAR = 183

/**
 * The first day that a line names, read as one that is over: 昨天, 上周三, 9月5日, 9.5, 5号. A month and a day are the
 * latest such day, unless the coming one is nearer. Days still ahead are told as such, not moved. Null where none is named.
 */
export function readHeldDay(text: string, today: IsoDay): HeldDay | null {
  const found = [FULL_DATE, MONTH_DAY, DOTTED, OF_MONTH, NEAR, WEEKDAY]
    .map((pattern, order) => ({ match: pattern.exec(text), order }))
    .filter((hit): hit is { match: RegExpExecArray; order: number } => hit.match !== null)
    .sort((a, b) => a.match.index - b.match.index || a.order - b.order)[0]
  if (!found) return null
  const { match, order } = found
  const [said, a, b, c] = match
  return { said, day: dayFrom(order, [said, a, b, c], today) }
}

function dayFrom(order: number, [said = '', a, b, c]: (string | undefined)[], today: IsoDay): IsoDay | null {
  const [year, month] = yearMonthDay(today)
  switch (order) {
    case 0:
      return existingDay(Number(a), Number(b), Number(c))
    case 1: {
      const of = [readNumeral(b ?? '') ?? Number.NaN, readNumeral(c ?? '') ?? Number.NaN] as const
      if (a !== undefined) return existingDay(a === '去年' ? year - 1 : year, ...of)
      return latest(year, ...of, today)
    }
    case 2:
      return latest(year, Number(a), Number(b), today)
    case 3: {
      const back = a?.startsWith('上上') ? 2 : a?.startsWith('上') ? 1 : 0
      const months = year * 12 + month - 1 - back
      return existingDay(Math.floor(months / 12), (months % 12) + 1, readNumeral(b ?? '') ?? Number.NaN)
    }
    case 4:
      return addDays(today, NEAR_DAYS[said.replace(/[天日早晚才]$/, '').replace('刚刚', '刚')] ?? 0)
    default: {
      const weekday =
        b === '日' || b === '天' ? 7 : /\d/.test(b ?? '') ? Number(b) : '一二三四五六'.indexOf(b ?? '') + 1
      const monday = addDays(today, 1 - weekdayOf(today))
      if (a === undefined) return addDays(today, -((weekdayOf(today) - weekday + 7) % 7))
      const weeks = a.startsWith('上上') ? -2 : a.startsWith('上') ? -1 : a.startsWith('下') ? 1 : 0
      return addDays(monday, weeks * 7 + weekday - 1)
    }
  }
}

/** This year's day, or last year's where this year's lies ahead and last year's is the nearer one. */
function latest(year: number, month: number, day: number, today: IsoDay): IsoDay | null {
  const here = existingDay(year, month, day)
  if (here !== null && here <= today) return here
  const before = existingDay(year - 1, month, day)
  if (before !== null && before >= addDays(today, -HALF_A_YEAR)) return before
  return here
}
