import { dateOf, isoDay, parseIsoDay, weekdayOf } from '../calendar.ts'
import { festivalDay } from '../festivals.ts'
import { lunarDate } from '../lunar.ts'
import { momentOf, nextTimes } from '../occurrences.ts'
import type { Rule } from '../rule.ts'
import { type Here } from './limits.ts'
import { type Plan, Unreadable, type Where } from './plan.ts'
import { daysOf, type Today, yearOf } from './resolve.ts'

/** What cannot happen any more is refused, with the words that say when it was. */
export function refusePast(rule: Rule, plan: Plan, { now, timeZone, today }: Here): void {
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
export function check(named: Where, confirming: Where, today: Today): void {
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
