import { type Day, dateOf, dayOf, daysInMonth } from '../calendar.ts'
import type { Shift } from '../rule.ts'
import { type Group, type Plan, Unreadable, type Where } from './plan.ts'
import { addMonths, daysOf, stretchOf, type Today } from './resolve.ts'

export interface Limits {
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

/** Days on which the range of the sentence begins and ends. */
export function limitsOf(plan: Plan, today: Today): Limits {
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

/** A day named beside something that recurs is its first. True when there was one. */
export function startsOf(group: Group, limits: Limits, { today }: Here): boolean {
  const named = group.points.filter((point) => point.type === 'date' || point.type === 'day' || point.type === 'after')
  const [first] = named
  if (!first || named.length > 1) return false
  limits.from ??= daysOf(first, today, true)[0] ?? null
  return true
}
