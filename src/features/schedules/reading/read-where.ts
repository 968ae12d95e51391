import type { Cursor } from './cursor.ts'
import type { Edge, Moment, Where } from './plan.ts'
import type { Point, Span, Token } from './token.ts'

/** Reads one day, month, week or year; null where none stands. Moves on only when it finds one. */
export function readWhere(cursor: Cursor, lunarBefore: boolean): Where | null {
  const first = cursor.peek()
  if (!first) return null
  const begin = cursor.at
  let year: number | undefined
  let end = first.end
  const said = () => cursor.text.slice(first.start, end)
  const take = (): Token | undefined => {
    const token = cursor.peek()
    if (token) end = token.end
    cursor.at += 1
    return token
  }
  if (first.type === 'year') {
    take()
    year = first.year
    if (!cursor.follows(end)) return { type: 'year', year, said: said() }
  }
  let lunar = lunarBefore
  if (cursor.peek()?.type === 'lunar-flag') {
    const flag = cursor.peek()
    if (flag) end = flag.end
    cursor.at += 1
    lunar = true
  }
  const token = cursor.peek()
  const whole = (where: Point | Span | Edge | Moment): Where => ({ ...where, said: said() })
  switch (token?.type) {
    case 'months':
    case 'month-offset': {
      take()
      const next = cursor.peek()
      const joined = next && cursor.follows(end, /^[的(]?$/)
      const days = joined && next.type === 'date' && next.month === undefined ? next.days : undefined
      const bare = joined && next.type === 'number' && next.value <= 31 && next.start === end ? [next.value] : undefined
      if (lunar && token.type === 'months') {
        const months = token.months
        const lunarDays =
          joined && next.type === 'lunar' && next.month === undefined
            ? next.days
            : joined && isLastDay(next)
              ? [-1]
              : undefined
        const all = lunarDays ?? days ?? bare
        if (all) take()
        if (all || months.length === 1) {
          return whole({ type: 'lunar', month: months[0] ?? 1, days: all ?? [] })
        }
      }
      if (joined && next.type === 'lunar' && next.month === undefined && token.type === 'months') {
        take()
        return whole({ type: 'lunar', month: token.months[0] ?? 1, days: next.days })
      }
      if (joined && next.type === 'edge' && next.edge === 'month-end') {
        take()
        if (token.type === 'month-offset') {
          return whole({
            type: 'within-month',
            on: [{ day: -1 }],
            of: { type: 'month-offset', offset: token.offset },
          })
        }
        if (token.type === 'months' && token.months[0] !== undefined) {
          return whole({
            type: 'edge',
            edge: 'month-end',
            month: token.months[0],
            ...(year !== undefined && { year }),
          })
        }
      }
      const named = days ?? bare
      if (token.type === 'month-offset') {
        if (named) {
          take()
          return whole({ type: 'date', monthOffset: token.offset, days: named })
        }
        return whole({ type: 'month-offset', offset: token.offset })
      }
      if (named) {
        take()
        if (token.months.length > 1) {
          return whole({ type: 'date', inMonths: token.months, days: named })
        }
        return whole({ type: 'date', month: token.months[0] ?? 1, days: named, ...(year !== undefined && { year }) })
      }
      return whole({ type: 'months', months: token.months, ...(year !== undefined && { year }) })
    }
    case 'lunar': {
      take()
      let days = token.days
      if (days.length === 0) {
        const next = cursor.peek()
        if (next && cursor.follows(end)) {
          if (next.type === 'lunar' && next.month === undefined) days = next.days
          else if (next.type === 'date' && next.month === undefined) days = next.days
          else if (next.type === 'number' && next.value <= 31) days = [next.value]
          else if (isLastDay(next)) days = [-1]
          if (days.length > 0) take()
        }
      }
      const month = token.month
      return whole({ type: 'lunar', ...(month !== undefined && { month }), days })
    }
    case 'date':
      take()
      if (lunar) {
        return whole({
          type: 'lunar',
          ...(token.month !== undefined && { month: token.month }),
          days: token.days,
        })
      }
      return whole(datePoint(token, year))
    case 'number':
      if (lunar) {
        take()
        return whole({ type: 'lunar', days: [token.value] })
      }
      // 5-7日: the first number takes its unit from the second.
      if (cursor.peek(1)?.type === 'to' && cursor.peek(2)?.type === 'date' && token.end === cursor.peek(1)?.start) {
        take()
        return whole({ type: 'date', days: [token.value] })
      }
      break
    case 'week': {
      take()
      const next = cursor.peek()
      if (next?.type === 'weekday' && next.week === null && cursor.follows(end)) {
        take()
        return whole({ type: 'weekday', week: token.offset, weekdays: next.weekdays })
      }
      return whole({ type: 'week', offset: token.offset })
    }
    case 'after': {
      if (token.minutes !== undefined) break
      take()
      const next = cursor.peek()
      const weeks = (token.days ?? 0) / 7
      if (next?.type === 'weekday' && next.week === null && Number.isInteger(weeks) && cursor.follows(end)) {
        take()
        return whole({ type: 'weekday', week: weeks, weekdays: next.weekdays })
      }
      const { days, months } = token
      return whole({ type: 'after', ...(days !== undefined && { days }), ...(months !== undefined && { months }) })
    }
    case 'festival':
      take()
      return whole(year === undefined ? festivalPoint(token) : { ...festivalPoint(token), year })
    case 'edge':
      take()
      if (token.edge === 'year-end' || token.edge === 'month-end') {
        return whole({ type: 'edge', edge: token.edge, ...(year !== undefined && { year }) })
      }
      break
    case 'weekday':
      take()
      return whole({ type: 'weekday', week: token.week, weekdays: token.weekdays })
    case 'within-month':
      take()
      if (lunar && isLastDay(token)) return whole({ type: 'lunar', days: [-1] })
      if (lunar && token.on.every((on) => 'day' in on)) {
        return whole({ type: 'lunar', days: token.on.flatMap((on) => ('day' in on ? [on.day] : [])) })
      }
      return whole({ type: 'within-month', on: token.on })
    case 'day':
      take()
      return whole({ type: 'day', offset: token.offset })
    case 'holiday-day':
      take()
      return whole({ type: 'holiday-day', name: token.name, nth: token.nth })
    case 'holiday':
      take()
      return whole({ type: 'holiday', name: token.name })
    default:
  }
  if (year !== undefined) return whole({ type: 'year', year })
  cursor.at = begin
  return null
}

function isLastDay(token: Token): boolean {
  return token.type === 'within-month' && JSON.stringify(token.on) === '[{"day":-1}]'
}

function datePoint(token: Token & { type: 'date' }, saidYear: number | undefined): Point {
  const { month, days } = token
  const year = token.year ?? saidYear
  return { type: 'date', days, ...(year !== undefined && { year }), ...(month !== undefined && { month }) }
}

function festivalPoint({ name, offset, unit }: Token & { type: 'festival' }): Point & { type: 'festival' } {
  return { type: 'festival', name, offset, unit }
}
