import { isoDay, parseIsoDay, weekdayOf } from '../calendar.ts'
import { momentOf, nextTimes, occurrences, wallDay } from '../occurrences.ts'
import type { Days, IsoDay, Part, Rule, Shift } from '../rule.ts'
import { datesOf } from './dates.ts'
import { type Here, type Limits, limitsOf, startsOf } from './limits.ts'
import { everySaid, monthly, quarterly, yearly } from './month-parts.ts'
import { monthsFilter, unique } from './months.ts'
import { type Group, type Plan, Unreadable, type Where } from './plan.ts'
import { check, refusePast } from './refuse.ts'
import { daysOf } from './resolve.ts'
import { DAY, sessionsOf, timeOf } from './sessions.ts'
import { UNSURE } from './when-words.ts'

const ALL_WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]

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

function weekdaysOf(group: Group): number[] {
  const found = group.points.flatMap((point) => (point.type === 'weekday' && point.week === null ? point.weekdays : []))
  return unique(found)
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
