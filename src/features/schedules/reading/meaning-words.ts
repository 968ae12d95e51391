import { NUMERAL } from '../../../numerals.ts'
import type { MonthDay } from '../rule.ts'
import { parseNumber } from './number.ts'
import type { Meaning } from './token.ts'
import { FESTIVAL_NAMES, OFFSETS, WEEKDAYS } from './when-words.ts'

/** What the words that a pattern of token-words.ts has found mean. */

/** Numbers of a list such as `3、6、9`. `三六九` counts as three. */
export function numbers(list: string): number[] {
  return list
    .split(/[、,，/和及与跟. 逢号日月第个]+/)
    .filter((part) => part !== '')
    .flatMap((part) => (/^[一二三四五六七八九]{2,}$/.test(part) ? [...part].map(parseNumber) : [parseNumber(part)]))
}

export function span(from: number, to: number): number[] {
  const length = to >= from ? to - from + 1 : to + 12 - from + 1
  return Array.from({ length }, (_, index) => ((from + index - 1) % 12) + 1)
}

export function weekdays(list: string): number[] {
  const found = new Set([...list].flatMap((char) => WEEKDAYS[char] ?? []))
  return [...found].sort((a, b) => a - b)
}

/** Market days are named by their last digit: 逢五 is the 5th, 15th and 25th; 逢5逢15 names days. */
export function marketDays(list: string, exact: boolean): number[] {
  const named = numbers(list)
  if (exact || named.some((day) => day > 10)) return named
  return named.flatMap((digit) => [0, 10, 20].map((tens) => tens + digit)).sort((a, b) => a - b)
}

export const withinMonth = (...on: MonthDay[]): Meaning => ({ type: 'within-month', on })
export const everyMonth = (days: number[]): Meaning[] => [
  { type: 'every', unit: 'month', every: 1 },
  withinMonth(...days.map((day) => ({ day }))),
]
export const months = (list: number[]): Meaning => ({ type: 'every', unit: 'month', every: 1, months: list })

export const FESTIVAL_OF = Object.fromEntries(
  Object.entries(FESTIVAL_NAMES).flatMap(([id, names]) => names.map((name) => [name, id])),
)
function amount(text: string): number {
  if (text === '半') return 0.5
  const half = text.endsWith('半') ? 0.5 : 0
  return parseNumber(text.replace(/个?半$|多$/g, '')) + half
}

export function clock(hour: number, minute: number, literal: boolean): Meaning {
  if (!(hour >= 0 && hour <= 24 && minute >= 0 && minute < 60) || (hour === 24 && minute > 0)) {
    return { type: 'no-such-time' }
  }
  return { type: 'clock', hour, minute, literal }
}

export function countTo(written: string | undefined): number[] {
  const count = Math.min(parseNumber(written ?? '') || 1, 31)
  return Array.from({ length: count }, (_, index) => index + 1)
}

export function nthWeekday(list: number[], weekday: number): Meaning {
  return withinMonth(...list.map((nth) => ({ nth, weekday })))
}

/** 每两周 is every second week, 隔周 too, 每隔一周 too. */
export function everyWeek(said: string, count: string | undefined): Meaning {
  const every = (count ? parseNumber(count) : 1) + (said.includes('隔') ? 1 : 0)
  return { type: 'every', unit: 'week', every }
}

export function weekday(offset: string | undefined, list: number[]): Meaning {
  return { type: 'weekday', week: offset === undefined ? null : (OFFSETS[offset] ?? 0), weekdays: list }
}

export function after(_: RegExpExecArray, group: (name: string) => string | undefined): Meaning {
  const count = amount(group('n') ?? '')
  switch (group('unit')) {
    case '分钟':
      return { type: 'after', minutes: count }
    case '刻钟':
      return { type: 'after', minutes: count * 15 }
    case '小时':
    case '钟头':
      return { type: 'after', minutes: count * 60 }
    case '天':
    case '日':
      return Number.isInteger(count) ? { type: 'after', days: count } : { type: 'after', minutes: count * 24 * 60 }
    case '月':
      return Number.isInteger(count)
        ? { type: 'after', months: count }
        : { type: 'after', days: Math.round(count * 30) }
    case '年':
      return { type: 'after', months: count * 12 }
    default:
      return { type: 'after', days: Math.round(count * 7) }
  }
}

export function repeat(_: RegExpExecArray, group: (name: string) => string | undefined): Meaning {
  const units = { 天: 'day', 周: 'week', 星期: 'week', 礼拜: 'week', 月: 'month' } as const
  const unit = units[(group('unit') ?? '') as keyof typeof units] ?? 'times'
  return { type: 'repeat', count: parseNumber(group('n') ?? ''), unit }
}

export function hours(_: RegExpExecArray, group: (name: string) => string | undefined): Meaning {
  const hour = parseNumber(group('hour') ?? '')
  const less = group('before') ?? group('less')
  if (less) {
    const minutes = less === '一刻' ? 15 : parseNumber(less.replace('分', ''))
    return clock(hour - 1, 60 - minutes, hour > 12)
  }
  const quarter = group('quarter')
  const written = (group('minute') ?? '').replace(/^[零〇](?=.)|分$/g, '')
  const minute = group('half') ? 30 : quarter ? parseNumber(quarter) * 15 : written ? parseNumber(written) : 0
  return clock(hour, minute, hour > 12 || hour === 0)
}

export function festival(
  match: RegExpExecArray,
  group: (name: string) => string | undefined,
): Meaning | Meaning[] | null {
  const every: Meaning[] = group('every') ? [{ type: 'every', unit: 'each', every: 1 }] : []
  const name = FESTIVAL_OF[group('name') ?? ''] ?? ''
  const offset = group('offset')?.replace(/^的/, '')
  const nth = group('nth')
  if (nth && group('during')) {
    return { type: 'holiday-day', name, nth: nth.startsWith('第') ? parseNumber(nth.slice(1, -1)) : -1 }
  }
  if (nth)
    return [
      ...every,
      { type: 'festival', name, offset: nth.startsWith('第') ? parseNumber(nth.slice(1, -1)) - 1 : 0, unit: 'days' },
    ]
  if (!offset && /期间|假期|放假|长假/.test(match[0])) return { type: 'holiday', name }
  if (offset === '前' || offset === '前夕') return [...every, { type: 'vague' }]
  return [...every, { type: 'festival', name, ...readOffset(offset) }]
}

function readOffset(offset: string | undefined): { offset: number; unit: 'days' | 'workdays' } {
  if (!offset) return { offset: 0, unit: 'days' }
  if (/次日|第二天$|后天/.test(offset) && !offset.startsWith('后')) return { offset: 1, unit: 'days' }
  if (/前夜|头|前一?晚/.test(offset)) return { offset: -1, unit: 'days' }
  const sign = offset.startsWith('后') ? 1 : -1
  if (/工作日/.test(offset)) {
    const count = parseNumber(
      /最后|第?(?:一|1)?个?工作日$/.test(offset) ? '1' : offset.replace(/[^\d一二三四五六七八九十两]/g, ''),
    )
    return { offset: sign * workdayCount(offset, count), unit: 'workdays' }
  }
  const written = offset.replace(/^(?:前|后|提前)第?/, '').replace(/个?(?:天|日|周|星期|礼拜|月)$/, '')
  const scale = /[周期拜]$/.test(offset) ? 7 : offset.endsWith('月') ? 30 : 1
  return { offset: Math.round(sign * scale * (written === '半' ? 0.5 : parseNumber(written || '1'))), unit: 'days' }
}

function workdayCount(offset: string, fallback: number): number {
  const written = new RegExp(`(${NUMERAL})个?工作日$`).exec(offset)?.[1]
  return written ? parseNumber(written) : fallback
}
