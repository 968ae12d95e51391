import { dateOf, dayOf, isoDay } from '../calendar.ts'
import { ahead } from './dates.ts'
import { type Here, type Limits } from './limits.ts'
import { type Group, type Plan, Unreadable } from './plan.ts'
import { daysOf, stretchOf } from './resolve.ts'

export const ALL_MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

/** The months of the year to which something that recurs is limited; a limit of one stretch becomes from and until. */
export function monthsFilter(group: Group, plan: Plan, limits: Limits, here: Here): number[] | null {
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

export function unique(list: number[]): number[] {
  return [...new Set(list)].sort((a, b) => a - b)
}
