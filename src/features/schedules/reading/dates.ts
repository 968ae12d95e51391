import { type Day, isoDay } from '../calendar.ts'
import type { Part } from '../rule.ts'
import { type Here, type Limits } from './limits.ts'
import { type Group, type Hours, type Where } from './plan.ts'
import { daysOf, type Today } from './resolve.ts'
import { DAY, sessionsOf } from './sessions.ts'

/** The named days, once each. */
export function datesOf(group: Group, limits: Limits, here: Here): Part[] {
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

export function ahead({ at, bare }: Hours, today: Today): boolean {
  return at > today.minutes || (bare && at < 12 * 60 && at + 12 * 60 > today.minutes)
}
