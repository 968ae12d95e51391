import { writeNumeral } from '../../numerals.ts'
import { dateOf, parseIsoDay } from './calendar.ts'
import { lunarDayName } from './numerals.ts'
import { FESTIVAL_NAMES, LUNAR_MONTHS } from './reading/when-words.ts'
import type { Days, IsoDay, MonthDay, Part, Rule, Session, Shift } from './rule.ts'

/**
 * Says a rule in Chinese, for the card. readSentence reads it back to the same rule, so what the secretary confirms is
 * what is kept.
 */
export function renderRule(rule: Rule): string {
  const limits = [
    ...(rule.from ? [`从${dayName(rule.from)}起`] : []),
    ...(rule.until ? [`到${dayName(rule.until)}止`] : []),
  ].join('')
  const parts = rule.parts.map(renderPart).join('；')
  return [limits, parts, rule.shift ? renderShift(rule.shift) : ''].filter((part) => part !== '').join('，')
}

function renderPart({ days, months, sessions }: Part): string {
  return `${renderDays(days, months)}${sessions.map(renderSession).join('、')}`
}

const WEEKDAY_NAMES = ['一', '二', '三', '四', '五', '六', '日']
const weekdayName = (weekday: number) => `周${WEEKDAY_NAMES[weekday - 1]}`

/** 3月5日 with its year: 2026年3月5日. */
function dayName(iso: IsoDay): string {
  const { year, month, day } = dateOf(parseIsoDay(iso))
  return `${year}年${month}月${day}日`
}

/** Months that have a name as a set. */
const MONTH_SETS = new Map([
  ['1,3,5,7,9,11', '单月'],
  ['2,4,6,8,10,12', '双月'],
  ['3,6,9,12', '每季度末月'],
  ['1,4,7,10', '每季度首月'],
])

function renderDays(days: Days, months: number[] | undefined): string {
  const inMonths = months ? `每年${months.map((month) => `${month}月`).join('、')}的` : ''
  switch (days.type) {
    case 'dates':
      return days.dates.map(dayName).join('、')
    case 'daily':
      return `${inMonths}${days.every === 1 ? '每天' : `每${days.every}天`}`
    case 'workdays':
      return `${inMonths}每个工作日`
    case 'weekly': {
      const names = days.weekdays.map(weekdayName)
      return `${inMonths}${days.every === 1 ? '每' : `每${days.every}周的`}${names.join('、')}`
    }
    case 'monthly': {
      const list = renderMonthDays(days.on)
      if (!months) return `每月${list}`
      const set = MONTH_SETS.get(months.join(','))
      if (set) return `${set}${list}`
      return months.length === 1 && days.on.every((on) => 'day' in on && on.day > 0)
        ? `每年${months[0]}月${list}`
        : `${inMonths}${list}`
    }
    case 'lunar':
      return renderLunar(days)
    case 'festival':
      return `每年${renderFestival(days)}`
  }
}

function renderMonthDays(on: MonthDay[]): string {
  return on.map(renderMonthDay).join('、')
}

function renderMonthDay(on: MonthDay): string {
  if ('day' in on) return on.day > 0 ? `${on.day}日` : on.day === -1 ? '最后一天' : `倒数第${-on.day}天`
  if ('nth' in on) return `${ordinal(on.nth)}${weekdayName(on.weekday)}`
  return `${ordinal(on.workday)}工作日`
}

function ordinal(nth: number): string {
  if (nth > 0) return `第${nth}个`
  return nth === -1 ? '最后一个' : `倒数第${-nth}个`
}

function renderLunar({ months, days }: Days & { type: 'lunar' }): string {
  const names = days.map((day) => (day === -1 ? '最后一天' : lunarDayName(day)))
  if (!months) return `每月${names.map((name) => `农历${name}`).join('、')}`
  return `每年${months.flatMap((month) => names.map((name) => `农历${lunarMonthName(month)}${name}`)).join('、')}`
}

function lunarMonthName(month: number): string {
  const named = Object.entries(LUNAR_MONTHS).find(([, value]) => value === month)?.[0]
  return named ?? `${month < 0 ? '闰' : ''}${writeNumeral(Math.abs(month))}月`
}

function festivalName(name: string): string {
  return FESTIVAL_NAMES[name]?.[0] ?? name
}

function renderFestival({ name, offset, unit }: Days & { type: 'festival' }): string {
  const festival = festivalName(name)
  if (offset === 0) return `${festival}当天`
  const side = offset < 0 ? '前' : '后'
  return `${festival}${side}${unit === 'days' ? `${Math.abs(offset)}天` : `第${Math.abs(offset)}个工作日`}`
}

function renderSession({ at, end }: Session): string {
  return end ? `${timeName(at)}到${timeName(end)}` : timeName(at)
}

/** 上午9点, 下午2点30分. */
export function timeName(time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const [, period, less] = PERIODS_BY_HOUR.find(([from]) => hour >= from) ?? [0, '', 0]
  return `${period}${hour - less}点${minute > 0 ? `${minute}分` : ''}`
}

/** From which hour, how it is called, what is subtracted. */
const PERIODS_BY_HOUR: readonly [number, string, number][] = [
  [18, '晚上', 12],
  [13, '下午', 12],
  [12, '中午', 0],
  [8, '上午', 0],
  [5, '早上', 0],
  [0, '凌晨', 0],
]

const SHIFT_ON: Record<Shift['on'], string> = { 'free-days': '节假日', holidays: '法定节假日', weekends: '周末' }
const SHIFT_TO: Record<Shift['to'], string> = {
  'next-workday': '顺延到下一个工作日',
  'previous-workday': '提前到前一个工作日',
  'previous-friday': '提前到周五',
  'next-monday': '顺延到周一',
  'next-week': '顺延一周',
  nowhere: '取消',
}

function renderShift({ on, to }: Shift): string {
  return `遇${SHIFT_ON[on]}${SHIFT_TO[to]}`
}
