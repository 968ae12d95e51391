import { type Day, dateOf, dayOf, daysInMonth, isoDay, parseIsoDay, weekdayOf } from '../calendar.ts'
import { festivalDay } from '../festivals.ts'
import { lunarDate } from '../lunar.ts'
import { momentOf, nextTimes, occurrences, wallDay } from '../occurrences.ts'
import type { Days, IsoDay, MonthDay, Part, Rule, Session, Shift } from '../rule.ts'
import { type Group, type Hours, type Plan, Unreadable, type Where } from './plan.ts'
import { addMonths, daysOf, stretchOf, type Today, yearOf } from './resolve.ts'
import type { Every } from './token.ts'
import { UNSURE } from './when-words.ts'

const DAY = 24 * 60
const ALL_WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]
const ALL_MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

interface Limits {
  from: Day | null
  until: Day | null
}

/** What building needs to know besides the plan. */
export interface Here {
  now: Date
  timeZone: string
  today: Today
  shift: Shift | null
}

/**
 * Turns a plan into the rule it means. Throws Unreadable for what is past, does not exist or is missing.
 */
export function buildRule(plan: Plan, here: Here): Rule {
  if (plan.inMinutes !== null) return inMinutes(plan.inMinutes, here)
  const limits = limitsOf(plan, here.today)
  const groups = withDays(plan, limits, here)
  for (const group of groups) {
    if (group.hours.length === 0) throw new Unreadable({ type: 'no-time', ...(plan.period && { period: plan.period }) })
  }
  for (const [named, confirming] of plan.checks) check(named, confirming, here.today)
  const parts = groups.flatMap((group) => partsOf(group, plan, limits, here))
  const rule = finish(parts, plan, limits, here)
  refusePast(rule, plan, here)
  return rule
}

function inMinutes(minutes: number, { now, timeZone }: Here): Rule {
  const at = new Date(now.getTime() + minutes * 60_000)
  const day = wallDay(at, timeZone)
  const minute = Math.floor((at.getTime() - momentOf(day, '00:00', timeZone).getTime()) / 60_000)
  return { parts: [{ days: { type: 'dates', dates: [isoDay(day)] }, sessions: [{ at: timeOf(minute) }] }] }
}

/** Gives days to hours that stand alone, and refuses where nothing says which days are meant. */
function withDays(plan: Plan, limits: Limits, here: Here): Group[] {
  const limited = limits.from !== null && limits.until !== null
  const day = { type: 'every', unit: 'day', every: 1 } as const
  const groups = plan.groups.map((group) => {
    if (isWorkingWeek(group) && !plan.from && !plan.until) return { ...group, every: { ...day, unit: 'week' as const } }
    if (group.every || group.points.length > 0) return group
    if (plan.repeat?.unit === 'day' || limited) return { ...group, every: day }
    if (plan.repeat && limits.from !== null)
      return {
        ...group,
        every: { ...day, unit: plan.repeat.unit === 'month' ? ('month' as const) : ('week' as const) },
      }
    return group
  })
  const dated = groups.filter((group) => group.every || group.points.length > 0)
  if (dated.length > 0) return dated
  const span = groups.flatMap((group) => group.spans)[0]
  if (span) throw new Unreadable({ type: 'no-day', said: span.said })
  if (limits.from !== null && plan.from !== 'now' && plan.from) {
    return groups.map((group) => ({ ...group, points: [plan.from as Where] }))
  }
  const [vague] = plan.vague
  if (vague) throw new Unreadable({ type: 'vague', said: vague })
  if (groups.length === 0 && !plan.period) throw new Unreadable({ type: 'no-date' })
  if (UNSURE.test(plan.before)) throw new Unreadable({ type: 'no-date' })
  // 下午三点开会 alone is today, while that lies ahead; buildRule refuses it otherwise.
  if (groups.length > 0) here.today.assume({ type: 'first-day', day: isoDay(here.today.day) })
  return groups.length > 0
    ? groups.map((group) => ({ ...group, points: [{ type: 'day', offset: 0, said: group.hours[0]?.said ?? '' }] }))
    : []
}

/** 周一到周五17:30 without a week is every week. */
function isWorkingWeek({ every, points, spans }: Group): boolean {
  const [point] = points
  return (
    !every &&
    spans.length === 0 &&
    points.length === 1 &&
    point?.type === 'weekday' &&
    point.week === null &&
    point.weekdays.length >= 5
  )
}

/** 下周一到周五每天. */
function isStretchOfWeek({ points }: Group): boolean {
  const [point] = points
  return (
    points.length === 1 &&
    point?.type === 'weekday' &&
    point.week !== null &&
    point.weekdays.length > 1 &&
    point.weekdays.every((day, index, all) => index === 0 || day === (all[index - 1] ?? 0) + 1)
  )
}

function sessionsOf(hours: Hours[]): Session[] {
  const sessions = hours.map(({ at, end }) => ({ at: timeOf(at), ...(end !== undefined && { end: timeOf(end) }) }))
  const unique = new Map(sessions.map((session) => [session.at, session]))
  return [...unique.values()].sort((a, b) => (a.at < b.at ? -1 : 1))
}

function timeOf(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${pad(Math.floor(minutes / 60) % 24)}:${pad(minutes % 60)}`
}

/** Days on which the range of the sentence begins and ends. */
function limitsOf(plan: Plan, today: Today): Limits {
  const { from, until } = plan
  if (from === 'now') return { from: today.day, until: until ? limit(until, today, 1) : null }
  if (!from && !until) return { from: null, until: null }
  const first = from ? limit(from, today, 0) : null
  const last = until ? limit(until, today, 1) : null
  if (first === null || last === null || first <= last) {
    if (first !== null && last !== null && last < today.day && from && until)
      return rolled(from, until, first, last, today)
    if (last !== null && last < today.day && until) throw new Unreadable({ type: 'past', said: until.said })
    return { from: first, until: last }
  }
  if (!from || !until || !isYearless(from) || !isYearless(until)) {
    throw new Unreadable({ type: 'ends-before-start', said: `${from?.said ?? ''}到${until?.said ?? ''}` })
  }
  // 12月到2月: the winter that goes on now, or the coming one.
  return last >= today.day ? { from: addMonths(first, -12), until: last } : { from: first, until: addMonths(last, 12) }
}

/** A range that is over is that of the coming year where it comes soon. */
function rolled(from: Where, until: Where, first: Day, last: Day, today: Today): Limits {
  const next = addMonths(first, 12)
  if (!isYearless(from) || !isYearless(until) || next - today.day > 183)
    throw new Unreadable({ type: 'past', said: until.said })
  today.assume({ type: 'next-year', said: from.said, year: dateOf(next).year })
  return { from: next, until: addMonths(last, 12) }
}

const isYearless = (where: Where) => (where.type === 'date' || where.type === 'months') && where.year === undefined

/** The first (0) or last (1) day of a limit. A first day may lie in the past. */
function limit(where: Where, today: Today, which: 0 | 1): Day {
  if (where.type === 'date' && where.year === undefined && where.month !== undefined) {
    const { year } = dateOf(today.day)
    const [day = 1] = where.days
    if (where.month < 1 || where.month > 12)
      throw new Unreadable({ type: 'no-such-day', said: where.said, because: 'month' })
    if (day > daysInMonth(year, where.month)) {
      const because = where.month === 2 && day === 29 ? 'leap-year' : 'month-length'
      throw new Unreadable({ type: 'no-such-day', said: where.said, because })
    }
    return dayOf(year, where.month, day)
  }
  if (where.type === 'months' && where.year === undefined) {
    const { year } = dateOf(today.day)
    const month = (which === 0 ? where.months[0] : where.months.at(-1)) ?? 1
    if (month < 1 || month > 12) throw new Unreadable({ type: 'no-such-day', said: where.said, because: 'month' })
    return which === 0 ? dayOf(year, month, 1) : dayOf(year, month + 1, 0)
  }
  return stretchOf(where, { ...today, minutes: 0 })[which]
}

function partsOf(group: Group, plan: Plan, limits: Limits, here: Here): Part[] {
  const hours = group.hours
  const { every } = group
  if (!every) return datesOf(group, limits, here)
  const sessions = sessionsOf(hours)
  const late = hours.filter(({ at }) => at >= DAY).length
  if (late > 0 && late < hours.length) {
    return [hours.filter(({ at }) => at >= DAY), hours.filter(({ at }) => at < DAY)].flatMap((some) =>
      partsOf({ ...group, hours: some }, plan, limits, here),
    )
  }
  const months = monthsFilter(group, plan, limits, here)
  const withMonths = (days: Days, own = months): Part => ({ days, ...(own && { months: own }), sessions })
  if (late > 0 && every.unit !== 'day') {
    const [first] = hours
    if (every.unit !== 'week') throw new Unreadable({ type: 'vague', said: first?.said ?? '' })
  }
  switch (every.unit) {
    case 'day': {
      if (isStretchOfWeek(group) && limits.from === null) {
        const days = group.points.flatMap((point) => daysOf(point, here.today, true))
        limits.from = Math.min(...days)
        limits.until ??= Math.max(...days)
        return [withMonths({ type: 'daily', every: 1 })]
      }
      const weekdays = weekdaysOf(group)
      if (weekdays.length > 0) return [withMonths({ type: 'weekly', every: 1, weekdays })]
      if (group.points.length > 0 && !startsOf(group, limits, here)) return datesOf(group, limits, here)
      if (plan.except.weekdays.length > 0 && every.every === 1) {
        const left = ALL_WEEKDAYS.filter((day) => !plan.except.weekdays.includes(day))
        return [withMonths({ type: 'weekly', every: 1, weekdays: left })]
      }
      return [withMonths({ type: 'daily', every: every.every })]
    }
    case 'workday':
      startsOf(group, limits, here)
      return [withMonths({ type: 'workdays' })]
    case 'week': {
      let weekdays = weekdaysOf(group)
      if (weekdays.length === 0) {
        startsOf(group, limits, here)
        if (limits.from === null) throw new Unreadable({ type: 'no-day', said: everySaid(every) })
        weekdays = [weekdayOf(limits.from)]
      }
      const shiftedWeekdays = late > 0 ? weekdays.map((day) => (day % 7) + 1).sort((a, b) => a - b) : weekdays
      return [withMonths({ type: 'weekly', every: every.every, weekdays: shiftedWeekdays })]
    }
    case 'half-month':
      if (group.points.length === 0) throw new Unreadable({ type: 'no-day', said: everySaid(every) })
      return monthly(group, months, limits, withMonths, here)
    case 'half-year':
      if (group.points.length === 0) throw new Unreadable({ type: 'no-day', said: everySaid(every) })
      return yearly(group, withMonths, here)
    case 'quarter':
      return group.months ? yearly(group, withMonths, here) : [quarterly(group, sessions)]
    case 'month':
      return monthly(group, months, limits, withMonths, here)
    case 'year':
    case 'each':
      return yearly(group, withMonths, here)
  }
}

const EVERY_WORDS = {
  week: '每周',
  month: '每月',
  quarter: '每季度',
  year: '每年',
  'half-month': '每半个月',
  'half-year': '每半年',
}

function everySaid(every: Every): string {
  return EVERY_WORDS[every.unit as keyof typeof EVERY_WORDS] ?? ''
}

function weekdaysOf(group: Group): number[] {
  const found = group.points.flatMap((point) => (point.type === 'weekday' && point.week === null ? point.weekdays : []))
  return unique(found)
}

function unique(list: number[]): number[] {
  return [...new Set(list)].sort((a, b) => a - b)
}

/** A day named beside something that recurs is its first. True when there was one. */
function startsOf(group: Group, limits: Limits, { today }: Here): boolean {
  const named = group.points.filter((point) => point.type === 'date' || point.type === 'day' || point.type === 'after')
  const [first] = named
  if (!first || named.length > 1) return false
  limits.from ??= daysOf(first, today, true)[0] ?? null
  return true
}

/** The named days, once each. */
function datesOf(group: Group, limits: Limits, here: Here): Part[] {
  const { today } = here
  const parts = new Map<string, { dates: Set<Day>; hours: Hours[] }>()
  const points = inEachMonth(group)
  for (const each of group.hours) {
    for (const point of points) {
      for (const day of daysOf(withSpan(point, group), today, ahead(each, today))) {
        const isToday = day === today.day
        // 今天8点 said in the afternoon is the evening.
        const late =
          isToday && each.bare && each.at < 9 * 60 && each.at <= today.minutes && each.at + 12 * 60 > today.minutes
        if (late) today.assume({ type: 'half-of-day', said: each.said, hour: Math.floor(each.at / 60) + 12 })
        const at = late ? each.at + 12 * 60 : each.at
        const date = at >= DAY ? day + 1 : day
        const key = `${at} ${each.end}`
        const part = parts.get(key) ?? { dates: new Set(), hours: [{ ...each, at }] }
        part.dates.add(date)
        parts.set(key, part)
      }
    }
  }
  if (group.points.length === 0 && limits.from !== null && limits.until !== null) return []
  return [...parts.values()].map(({ dates, hours }) => ({
    days: { type: 'dates', dates: [...dates].sort((a, b) => a - b).map(isoDay) },
    sessions: sessionsOf(hours),
  }))
}

/** 3月、6月、9月的25日 names a day of each of these months. */
function inEachMonth({ points, months }: Group): Where[] {
  if (!months) return points
  return points.flatMap((point) =>
    point.type === 'date' && point.month === undefined && point.monthOffset === undefined
      ? months.map((month) => ({ ...point, month }))
      : [point],
  )
}

/** 明年 and 下个月 that stand apart from the day still belong to it. */
function withSpan(point: Where, group: Group): Where {
  for (const span of group.spans) {
    if (span.type === 'year' && (point.type === 'date' || point.type === 'festival' || point.type === 'lunar')) {
      if (point.year === undefined) return { ...point, year: span.year }
    }
    if (point.type === 'date' && point.month === undefined && point.monthOffset === undefined) {
      if (span.type === 'month-offset') return { ...point, monthOffset: span.offset }
      if (span.type === 'months' && span.months.length === 1 && span.months[0] !== undefined)
        return { ...point, month: span.months[0] }
    }
    if (point.type === 'within-month' && (span.type === 'month-offset' || span.type === 'months')) {
      return { type: 'within-month', on: point.on, of: span, said: `${span.said}${point.said}` }
    }
  }
  return point
}

function ahead({ at, bare }: Hours, today: Today): boolean {
  return at > today.minutes || (bare && at < 12 * 60 && at + 12 * 60 > today.minutes)
}

function quarterly(group: Group, sessions: Session[]): Part {
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

type WithMonths = (days: Days, months?: number[] | null) => Part

function monthly(group: Group, months: number[] | null, limits: Limits, withMonths: WithMonths, here: Here): Part[] {
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

function yearly(group: Group, withMonths: WithMonths, here: Here): Part[] {
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

/** The months of the year to which something that recurs is limited; a limit of one stretch becomes from and until. */
function monthsFilter(group: Group, plan: Plan, limits: Limits, here: Here): number[] | null {
  const { every } = group
  let months = every?.months ?? group.months
  if (every?.unit === 'year' || every?.unit === 'each' || every?.unit === 'quarter') return group.months
  for (const span of group.spans) {
    if (span.type === 'months' && !isStretch(span.months)) {
      if (every?.months) continue
      months = unique(span.months)
      limits.until ??= dayOf(dateOf(here.today.day).year, 12, 31)
      continue
    }
    const [first, last] = stretchOf(span, here.today)
    limits.from ??= first
    limits.until ??= last
  }
  if (plan.except.months.length > 0)
    months = (months ?? ALL_MONTHS).filter((month) => !plan.except.months.includes(month))
  if (every?.unit === 'month' && every.every > 1) months = everyNthMonth(every.every, group, limits, here)
  return months && months.length < 12 ? unique(months) : null
}

function isStretch(months: number[]): boolean {
  return months.every((month, index) => index === 0 || month === ((months[index - 1] ?? 0) % 12) + 1)
}

/** 隔月5号: the months from the next 5th on. Steps that do not fit a year are not months of each year. */
function everyNthMonth(step: number, group: Group, limits: Limits, here: Here): number[] {
  if (12 % step !== 0) throw new Unreadable({ type: 'vague', said: `每${step}个月` })
  let first = limits.from
  if (first === null) {
    const [point] = group.points
    first = point
      ? (daysOf(
          point,
          here.today,
          group.hours.some((hours) => ahead(hours, here.today)),
        )[0] ?? here.today.day)
      : here.today.day
    here.today.assume({ type: 'first-day', day: isoDay(first) })
  }
  const { month } = dateOf(first)
  return ALL_MONTHS.filter((each) => (each - month + 12) % step === 0)
}

function finish(parts: Part[], plan: Plan, limits: Limits, here: Here): Rule {
  const { today, shift } = here
  const merged = mergeDates(parts)
  const recurs = merged.some(({ days }) => days.type !== 'dates')
  const counted = merged.find(({ days }) => (days.type === 'daily' || days.type === 'weekly') && days.every > 1)
  if (counted && limits.from === null) {
    limits.from = today.day
    const free: Rule = { parts: merged.map((part) => ({ ...part, days: uncounted(part.days) })) }
    const [first] = nextTimes(free, here.now, 1, here.timeZone)
    if (first) limits.from = parseIsoDay(first.day)
    today.assume({ type: 'first-day', day: isoDay(limits.from) })
  }
  if (recurs && plan.repeat && limits.from === null && plan.repeat.unit === 'day') limits.from = today.day
  const rule: Rule = {
    parts: merged,
    ...(recurs && limits.from !== null && { from: isoDay(limits.from) }),
    ...(recurs && limits.until !== null && { until: isoDay(limits.until) }),
    ...(shift && recurs && { shift: suited(shift, merged) }),
  }
  const until = recurs && plan.repeat ? lastOfRepeat(rule, plan.repeat, here) : null
  const ended = until ? { ...rule, until } : rule
  return collapse(ended, plan, here)
}

/** A range in which nothing was said to recur is the list of its days. */
function collapse(rule: Rule, plan: Plan, here: Here): Rule {
  const [part] = rule.parts
  const implied = plan.groups.every((group) => group.every === null)
  if (!implied || plan.repeat || part?.days.type !== 'daily' || !rule.from || !rule.until) return rule
  const [from, until] = [Math.max(parseIsoDay(rule.from), here.today.day), parseIsoDay(rule.until)]
  if (until - from > 30) throw new Unreadable({ type: 'no-day', said: `${isoDay(from)}到${rule.until}` })
  const dates = Array.from({ length: until - from + 1 }, (_, index) => isoDay(from + index))
  return { parts: [{ days: { type: 'dates', dates }, sessions: part.sessions }] }
}

function uncounted(days: Days): Days {
  return days.type === 'daily' || days.type === 'weekly' ? { ...days, every: 1 } : days
}

/** Who meets on Sundays does not move for being free on Sunday. */
function suited(shift: Shift, parts: Part[]): Shift {
  const onWeekends = parts.some(({ days }) => {
    if (days.type === 'weekly') return days.weekdays.some((day) => day >= 6)
    return days.type === 'monthly' && days.on.some((on) => 'nth' in on && on.weekday >= 6)
  })
  return onWeekends && shift.on === 'free-days' ? { ...shift, on: 'holidays' } : shift
}

function mergeDates(parts: Part[]): Part[] {
  const merged: Part[] = []
  for (const part of parts) {
    const same = merged.find(
      (each) => JSON.stringify([each.days, each.months]) === JSON.stringify([part.days, part.months]),
    )
    if (same) {
      const sessions = new Map([...same.sessions, ...part.sessions].map((session) => [session.at, session]))
      same.sessions = [...sessions.values()].sort((a, b) => (a.at < b.at ? -1 : 1))
    } else merged.push({ ...part })
  }
  return merged
}

function lastOfRepeat(rule: Rule, repeat: NonNullable<Plan['repeat']>, here: Here): IsoDay | null {
  const days = new Set<IsoDay>()
  const [part] = rule.parts
  const each =
    repeat.unit === 'week' && part?.days.type === 'weekly'
      ? part.days.weekdays.length
      : repeat.unit === 'month' && part?.days.type === 'monthly'
        ? part.days.on.length
        : 1
  for (const { day } of occurrences(rule, here.now, here.timeZone)) {
    days.add(day)
    if (days.size === repeat.count * each) break
  }
  return [...days].at(-1) ?? null
}

/** What cannot happen any more is refused, with the words that say when it was. */
function refusePast(rule: Rule, plan: Plan, { now, timeZone, today }: Here): void {
  for (const { days, sessions } of rule.parts) {
    if (days.type !== 'dates') continue
    for (const date of days.dates) {
      const left = sessions.some(({ at }) => momentOf(parseIsoDay(date), at, timeZone) > now)
      if (left || (plan.from && plan.until)) continue
      const said = plan.groups.flatMap((group) => [group.points[0]?.said, group.hours[0]?.said]).join('')
      throw new Unreadable({ type: 'past', said: said || isoDay(today.day) })
    }
  }
  if (nextTimes(rule, now, 1, timeZone).length === 0) {
    const said = plan.until?.said ?? plan.groups.flatMap((group) => group.points.map((point) => point.said)).join('、')
    throw new Unreadable({ type: rule.until || plan.until ? 'past' : 'never', said })
  }
}

/** 3月5日（周五）: both must be the same day. */
function check(named: Where, confirming: Where, today: Today): void {
  const [day] = daysOf(named.type === 'weekday' && named.week === null ? confirming : named, today, true)
  const other = named.type === 'weekday' && named.week === null ? named : confirming
  if (day === undefined) return
  const date = dateOf(day)
  const agrees = {
    weekday: () => other.type === 'weekday' && other.weekdays.includes(weekdayOf(day)),
    date: () =>
      other.type === 'date' &&
      other.days[0] === date.day &&
      (other.month ?? date.month) === date.month &&
      (other.year === undefined || yearOf(other.year, today) === date.year),
    day: () => other.type === 'day' && today.day + other.offset === day,
    lunar: () =>
      other.type === 'lunar' &&
      (other.days.length === 0 || other.days[0] === lunarDate(day).day) &&
      (other.month ?? lunarDate(day).month) === lunarDate(day).month,
    festival: () =>
      other.type === 'festival' && [date.year - 1, date.year].some((year) => festivalDay(other.name, year) === day),
  }[other.type as string]
  if (agrees && !agrees())
    throw new Unreadable({ type: 'weekday-mismatch', said: `${named.said}${confirming.said}`, day: isoDay(day) })
}
