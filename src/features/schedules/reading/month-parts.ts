import { dateOf, daysInMonth } from '../calendar.ts'
import type { Days, MonthDay, Part, Session } from '../rule.ts'
import { type Here, type Limits, startsOf } from './limits.ts'
import { ALL_MONTHS, unique } from './months.ts'
import { type Group, Unreadable, type Where } from './plan.ts'
import { type Today } from './resolve.ts'
import type { Every } from './token.ts'

const EVERY_WORDS = {
  week: '每周',
  month: '每月',
  quarter: '每季度',
  year: '每年',
  'half-month': '每半个月',
  'half-year': '每半年',
}

export function everySaid(every: Every): string {
  return EVERY_WORDS[every.unit as keyof typeof EVERY_WORDS] ?? ''
}

export function quarterly(group: Group, sessions: Session[]): Part {
  const on = group.points.flatMap((point): MonthDay[] => {
    if (point.type === 'within-month') return point.on
    if (point.type === 'edge' && point.edge === 'month-end') return [{ day: -1 }]
    return []
  })
  const [first] = on
  if (!first) throw new Unreadable({ type: 'no-day', said: everySaid({ type: 'every', unit: 'quarter', every: 1 }) })
  const fromEnd = Object.values(first).some((value) => value < 0)
  return { days: { type: 'monthly', on }, months: fromEnd ? [3, 6, 9, 12] : [1, 4, 7, 10], sessions }
}

export type WithMonths = (days: Days, months?: number[] | null) => Part

export function monthly(
  group: Group,
  months: number[] | null,
  limits: Limits,
  withMonths: WithMonths,
  here: Here,
): Part[] {
  const on: MonthDay[] = []
  const lunarDays: number[] = []
  for (const point of group.points) {
    if (point.type === 'within-month') on.push(...point.on)
    else if (point.type === 'edge') on.push({ day: -1 })
    else if (point.type === 'lunar' && point.month === undefined) lunarDays.push(...point.days)
    else if (point.type === 'date' && point.month === undefined && point.monthOffset === undefined) {
      for (const day of point.days) {
        if (day < 1 || day > 31)
          throw new Unreadable({ type: 'no-such-day', said: point.said, because: 'month-length' })
        on.push({ day })
      }
    } else if (point.type === 'date' || point.type === 'day') startsOf(group, limits, here)
    else throw new Unreadable({ type: 'no-day', said: point.said })
  }
  if (on.length === 0 && lunarDays.length === 0) {
    if (limits.from === null)
      throw new Unreadable({ type: 'no-day', said: everySaid({ type: 'every', unit: 'month', every: 1 }) })
    on.push({ day: dateOf(limits.from).day })
  }
  const parts: Part[] = []
  if (on.length > 0) {
    checkMonthDays(on, months, here.today, group.points[0]?.said ?? '')
    parts.push(withMonths({ type: 'monthly', on }))
  }
  if (lunarDays.length > 0) {
    if (lunarDays.some((day) => day !== -1 && (day < 1 || day > 30)))
      throw new Unreadable({ type: 'no-such-day', said: group.points[0]?.said ?? '', because: 'lunar' })
    here.today.assume({ type: 'lunar', said: group.points[0]?.said ?? '' })
    parts.push({ ...withMonths({ type: 'lunar', days: unique(lunarDays) }, null) })
  }
  return parts
}

/** Refuses days that none of the months has, and says which months will be left out. */
function checkMonthDays(on: MonthDay[], months: number[] | null, today: Today, said: string): void {
  for (const each of on) {
    if ('nth' in each && Math.abs(each.nth) > 5)
      throw new Unreadable({ type: 'no-such-day', said, because: 'month-length' })
    if ('workday' in each && (each.workday > 15 || each.workday < -10 || each.workday === 0))
      throw new Unreadable({ type: 'no-such-day', said, because: 'month-length' })
    if ('day' in each && (each.day < -10 || each.day === 0))
      throw new Unreadable({ type: 'no-such-day', said, because: 'month-length' })
    if (!('day' in each) || each.day < 0) continue
    const longest = Math.max(...(months ?? ALL_MONTHS).map((month) => daysInMonth(2024, month)))
    if (each.day < 1 || each.day > longest) throw new Unreadable({ type: 'no-such-day', said, because: 'month-length' })
    const shortest = Math.min(...(months ?? ALL_MONTHS).map((month) => daysInMonth(2023, month)))
    if (each.day > shortest) {
      today.assume(
        months?.length === 1 && months[0] === 2 ? { type: 'leap-day' } : { type: 'short-months', day: each.day },
      )
    }
  }
}

export function yearly(group: Group, withMonths: WithMonths, here: Here): Part[] {
  const spanMonths = group.spans.flatMap((span) => (span.type === 'months' ? span.months : []))
  const months = spanMonths.length > 0 ? unique(spanMonths) : group.months
  const parts: Part[] = []
  const solar = new Map<number, MonthDay[]>()
  const lunar = new Map<number | null, number[]>()
  let named = months
  const add = (on: MonthDay[], inMonths: number[] | null, said: string) => {
    if (!inMonths && group.every?.unit === 'each') inMonths = [EACH_MONTH]
    if (!inMonths) throw new Unreadable({ type: 'no-day', said })
    if (inMonths.some((month) => month < 0 || month > 12))
      throw new Unreadable({ type: 'no-such-day', said, because: 'month' })
    checkMonthDays(on, inMonths[0] === EACH_MONTH ? null : inMonths, here.today, said)
    for (const month of inMonths) solar.set(month, [...(solar.get(month) ?? []), ...on])
    named = inMonths
  }
  for (const point of group.points) {
    const { said } = point
    switch (point.type) {
      case 'date':
        if (point.month === 0) throw new Unreadable({ type: 'no-such-day', said, because: 'month' })
        add(
          point.days.map((day) => ({ day })),
          point.month === undefined ? (months ?? named) : [point.month],
          said,
        )
        break
      case 'within-month':
        add(point.on, named, said)
        break
      case 'edge':
        add([{ day: -1 }], point.edge === 'year-end' ? [12] : point.month === undefined ? named : [point.month], said)
        break
      case 'festival':
        parts.push(withMonths({ type: 'festival', name: point.name, offset: point.offset, unit: point.unit }, null))
        break
      case 'lunar': {
        const checked = checkedLunar(point)
        if (checked === 'new-years-eve') {
          parts.push(withMonths({ type: 'festival', name: checked, offset: 0, unit: 'days' }, null))
        } else lunar.set(point.month ?? null, [...(lunar.get(point.month ?? null) ?? []), ...point.days])
        break
      }
      case 'weekday':
        parts.push(withMonths({ type: 'weekly', every: 1, weekdays: unique(point.weekdays) }, months))
        break
      default:
        throw new Unreadable({ type: 'no-day', said })
    }
  }
  for (const [inMonths, days] of grouped(lunar)) {
    const limited = inMonths.filter((month) => month !== null)
    parts.push(withMonths({ type: 'lunar', ...(limited.length > 0 && { months: limited }), days: unique(days) }, null))
  }
  for (const [inMonths, on] of grouped(solar)) {
    parts.push(withMonths({ type: 'monthly', on }, inMonths[0] === EACH_MONTH ? null : unique(inMonths)))
  }
  if (parts.length === 0)
    throw new Unreadable({ type: 'no-day', said: everySaid({ type: 'every', unit: 'year', every: 1 }) })
  return parts
}

/** Stands for every month where days are kept by month. */
const EACH_MONTH = 0

/** Months that have the same days, together. */
function grouped<M, D>(byMonth: Map<M, D[]>): [M[], D[]][] {
  const groups = new Map<string, [M[], D[]]>()
  for (const [month, days] of byMonth) {
    const key = JSON.stringify(days)
    const known = groups.get(key)
    if (known) known[0].push(month)
    else groups.set(key, [[month], days])
  }
  return [...groups.values()]
}

/** Refuses what no lunar month has. 腊月三十 is the last day of the year, however many days its month has. */
function checkedLunar(point: Where & { type: 'lunar' }): 'new-years-eve' | null {
  const { month, days, said } = point
  if (days.length === 0) throw new Unreadable({ type: 'no-day', said })
  if (month !== undefined && (Math.abs(month) < 1 || Math.abs(month) > 12)) {
    throw new Unreadable({ type: 'no-such-day', said, because: 'month' })
  }
  if (days.some((day) => day !== -1 && (day < 1 || day > 30)))
    throw new Unreadable({ type: 'no-such-day', said, because: 'lunar' })
  return month === 12 && days.length === 1 && days[0] === 30 ? 'new-years-eve' : null
}
