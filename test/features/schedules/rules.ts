import fc from 'fast-check'
import type { Days, Part, Rule, Session, Shift } from '../../../src/features/schedules/rule.ts'
import { FESTIVALS, SOLAR_TERMS } from '../../../src/features/schedules/rule.ts'

/** Random rules in the form in which they are kept: lists in order, each thing once, times in the coming years. */

const byValue = (a: number, b: number) => a - b

function setOf(values: readonly number[], maxLength: number): fc.Arbitrary<number[]> {
  return fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength }).map((list) => list.sort(byValue))
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const pad = (value: number) => String(value).padStart(2, '0')

const time = fc
  .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.constantFrom(0, 5, 15, 20, 30, 45, 59) })
  .map(({ hour, minute }) => `${pad(hour)}:${pad(minute)}`)

const session: fc.Arbitrary<Session> = fc
  .record({ at: time, end: fc.option(time, { nil: undefined, freq: 4 }) })
  .map(({ at, end }) => {
    return end === undefined || end === at ? { at } : { at, end }
  })

const sessions = fc
  .uniqueArray(session, { minLength: 1, maxLength: 3, selector: ({ at }) => at })
  .map((list) => list.sort((a, b) => (a.at < b.at ? -1 : 1)))

const date = fc
  .integer({ min: 20_540, max: 22_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10))

const said = (on: object) => ('day' in on ? 0 : 'nth' in on ? 1 : 2)

const monthDay = fc.oneof(
  fc.constantFrom(...numbers(1, 28), -1, -2, -10).map((day) => ({ day })),
  fc.record({ nth: fc.constantFrom(1, 2, 3, 4, 5, -1, -2, -3), weekday: fc.constantFrom(...numbers(1, 7)) }),
  fc.constantFrom(1, 2, 3, 10, -1, -2, -5).map((workday) => ({ workday })),
)

/** Lunar dates that are festivals are kept as festivals. */
const isFestival = (month: number, day: number) =>
  ['1-1', '1-15', '2-2', '3-3', '5-5', '7-7', '7-15', '8-15', '9-9', '12-8', '12-23', '12-30'].includes(
    `${month}-${day}`,
  )

const lunar: fc.Arbitrary<Days> = fc
  .record({
    months: fc.option(setOf([...numbers(1, 12), -4, -6], 3), { nil: undefined }),
    days: setOf([...numbers(1, 30), -1], 3),
  })
  .filter(({ months, days }) => !months?.some((month) => days.some((day) => isFestival(month, day))))
  .map(({ months, days }) => ({ type: 'lunar', ...(months && { months }), days }))

const recurring: fc.Arbitrary<Days> = fc.oneof(
  fc.constantFrom(1, 2, 3, 10).map((every) => ({ type: 'daily' as const, every })),
  fc.constant({ type: 'workdays' as const }),
  fc.record({
    type: fc.constant('weekly' as const),
    every: fc.constantFrom(1, 1, 2, 3, 4),
    weekdays: setOf(numbers(1, 7), 4),
  }),
  fc.record({
    type: fc.constant('monthly' as const),
    // As they are said: dates first, then weekdays, then working days.
    on: fc
      .uniqueArray(monthDay, { minLength: 1, maxLength: 3, selector: (on) => JSON.stringify(on) })
      .map((list) => list.sort((a, b) => said(a) - said(b))),
  }),
  lunar,
  fc
    .record({
      type: fc.constant('festival' as const),
      name: fc.constantFrom(...FESTIVALS, ...SOLAR_TERMS),
      offset: fc.integer({ min: -15, max: 15 }),
      unit: fc.constantFrom('days' as const, 'workdays' as const),
    })
    .map((days) => (days.offset === 0 ? { ...days, unit: 'days' as const } : days)),
)

const part: fc.Arbitrary<Part> = fc
  .record({ days: recurring, months: fc.option(setOf(numbers(1, 12), 5), { nil: undefined }), sessions })
  .map(({ days, months, sessions: at }) => {
    const limited = months && days.type !== 'lunar' && days.type !== 'festival'
    return { days, ...(limited && { months }), sessions: at }
  })

const shift: fc.Arbitrary<Shift> = fc.record({
  on: fc.constantFrom('free-days', 'holidays', 'weekends'),
  to: fc.constantFrom('next-workday', 'previous-workday', 'previous-friday', 'next-monday', 'next-week', 'nowhere'),
})

const once: fc.Arbitrary<Rule> = fc
  .record({ dates: fc.uniqueArray(date, { minLength: 1, maxLength: 3 }), sessions })
  .map(({ dates, sessions: at }) => ({ parts: [{ days: { type: 'dates', dates: dates.sort() }, sessions: at }] }))

const recurringRule: fc.Arbitrary<Rule> = fc
  .record({
    parts: fc.uniqueArray(part, {
      minLength: 1,
      maxLength: 2,
      selector: ({ days, months }) => JSON.stringify([days, months]),
    }),
    from: fc.option(date, { nil: undefined }),
    until: fc.option(date, { nil: undefined, freq: 3 }),
    shift: fc.option(shift, { nil: undefined }),
  })
  .map(({ parts, from, until, shift: moved }) => {
    const counted = parts.some(({ days }) => (days.type === 'daily' || days.type === 'weekly') && days.every > 1)
    const start = from ?? (counted ? '2026-03-09' : undefined)
    const weekend = parts.some(({ days }) => {
      if (days.type === 'weekly') return days.weekdays.some((day) => day >= 6)
      return days.type === 'monthly' && days.on.some((on) => 'nth' in on && on.weekday >= 6)
    })
    const limits = {
      ...(start && { from: start }),
      ...(until && until > (start ?? '2026-03-10') && { until }),
    }
    return {
      parts,
      ...limits,
      ...(moved && { shift: weekend && moved.on === 'free-days' ? { ...moved, on: 'holidays' as const } : moved }),
    }
  })

export const anyRule: fc.Arbitrary<Rule> = fc.oneof(
  { weight: 1, arbitrary: once },
  { weight: 5, arbitrary: recurringRule },
)
