import { isoInZone, wallTime } from '../src/clock.ts'
import { dayOf, isoDay, mondayOf } from '../src/features/schedules/calendar.ts'
import { nextTimes } from '../src/features/schedules/occurrences.ts'
import type { Days, Rule } from '../src/features/schedules/rule.ts'
import { ZONE } from './judge-schedule.ts'

const DIGITS = '零一二三四五六七八九十'
const N = '(\\d{1,2}|[一二三四五六七八九十]{1,3})'
const CLOCK = new RegExp(`(上午|早上|中午|下午|晚上|晚)?${N}(?:[:：](\\d{2})|[点时](半|\\d{1,2}分?)?)`)

/** The expressions that anybody would write in an afternoon: what the reader of sentences is measured against. */
export function plainPattern(text: string, now: Date): string[] {
  const clock = CLOCK.exec(text)
  if (!clock) return []
  const [, period = '', hour = '', colon, rest] = clock
  const later = /下午|晚/.test(period) && number(hour) < 12 ? 12 : 0
  const minute = colon ?? (rest === '半' ? '30' : (rest ?? '0').replace('分', ''))
  const at = `${String(number(hour) + later).padStart(2, '0')}:${minute.padStart(2, '0')}`
  const days = daysOf(text, now)
  if (!days || !/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(at)) return []
  const rule: Rule = { parts: [{ days, sessions: [{ at }] }] }
  return nextTimes(rule, now, 3, ZONE).map((each) => isoInZone(each.at, ZONE))
}

function daysOf(text: string, now: Date): Days | null {
  const { year, month, day } = wallTime(now, ZONE)
  const today = dayOf(year, month, day)
  const weekly = /每(?:个)?(?:周|星期|礼拜)([一二三四五六日天])/.exec(text)
  if (weekly) return { type: 'weekly', every: 1, weekdays: [weekday(weekly[1])] }
  const monthly = new RegExp(`每(?:个)?月${N}[日号]`).exec(text)
  if (monthly) return { type: 'monthly', on: [{ day: number(monthly[1]) }] }
  if (/每天|每日/.test(text)) return { type: 'daily', every: 1 }
  const date = new RegExp(`${N}月${N}[日号]`).exec(text)
  if (date) return { type: 'dates', dates: [isoDay(dayOf(year, number(date[1]), number(date[2])))] }
  const named = /(今|明|后)天/.exec(text)
  if (named) return { type: 'dates', dates: [isoDay(today + '今明后'.indexOf(named[1] ?? ''))] }
  const week = /(下)?(?:周|星期|礼拜)([一二三四五六日天])/.exec(text)
  if (week) return { type: 'dates', dates: [isoDay(mondayOf(today) + (week[1] ? 7 : 0) + weekday(week[2]) - 1)] }
  return null
}

const weekday = (written = '') => (written === '天' ? 7 : '一二三四五六日'.indexOf(written) + 1)

function number(written = ''): number {
  if (/^\d+$/.test(written)) return Number(written)
  const [tens, ones] = written.includes('十') ? written.split('十') : ['零', written]
  return DIGITS.indexOf(tens || '一') * 10 + DIGITS.indexOf(ones || '零')
}
