import type { Problem } from '../draft.ts'
import type { Every, Point, Span, Token } from './token.ts'
import type { PeriodName } from './when-words.ts'

/** Thrown within the reading of one sentence when it cannot go on; readSentence turns it into a Reading. */
export class Unreadable extends Error {
  override name = 'Unreadable'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.type)
    this.problem = problem
  }
}

/** A place on the calendar as named, with the words for messages. */
export type Where = (Point | Span | Edge | Moment) & { said: string }
type Edge = { type: 'edge'; edge: 'year-end' | 'month-end'; month?: number; year?: number }
type Moment = { type: 'after'; days?: number; months?: number }

/** Minutes of the day; 1440 and more is the next day. `bare` when nobody said morning or afternoon. */
export interface Hours {
  at: number
  end?: number
  bare: boolean
  said: string
}

/** Days and the times that belong to them. */
export interface Group {
  every: Every | null
  /** Only in these months of each year. */
  months: number[] | null
  points: Where[]
  spans: Where[]
  hours: Hours[]
}

/** A sentence cut into its parts, before anything is looked up in the calendar. */
export interface Plan {
  groups: Group[]
  from: Where | 'now' | null
  until: Where | null
  /** `from` and `until` named days of one event, nothing that recurs. */
  repeat: { count: number; unit: 'times' | 'day' | 'week' | 'month' } | null
  /** Months and weekdays that are left out. */
  except: { months: number[]; weekdays: number[] }
  /** Minutes from now: both day and time. */
  inMinutes: number | null
  /** Words of time that are no time, for the question back. */
  vague: string[]
  /** What stands before the first hour. */
  before: string
  /** A part of the day without an hour. */
  period: string | null
  /** Pairs that must be the same day: 3月5日（周四）. */
  checks: [Where, Where][]
}

/** What is known of the sentence besides its tokens. */
export interface Scene {
  text: string
  /** The sentence speaks of something that is done in the evening. */
  evening: boolean
}

/** Sorts the tokens of a sentence. Throws Unreadable for days and times that do not exist. */
export function planOf(tokens: Token[], scene: Scene): Plan {
  return new Planner(tokens, scene).plan()
}

function emptyGroup(every: Every | null = null): Group {
  return { every, months: null, points: [], spans: [], hours: [] }
}

const hasDays = (group: Group) => group.points.length > 0 || group.every !== null || group.spans.length > 0

/** Walks once over the tokens from left to right. */
class Planner {
  readonly tokens: Token[]
  readonly scene: Scene
  at = 0
  group = emptyGroup()
  period: { name: PeriodName; said: string; end: number } | null = null
  /** 农历每月逢五: the word stands before what repeats, the days after it. */
  lunar = false
  /** What the next day or hour takes the place of. */
  corrects: 'any' | 'hours' | null = null
  lastWhere: { where: Where; end: number } | null = null
  readonly result: Plan = {
    groups: [this.group],
    from: null,
    until: null,
    repeat: null,
    except: { months: [], weekdays: [] },
    inMinutes: null,
    vague: [],
    period: null,
    before: '',
    checks: [],
  }

  constructor(tokens: Token[], scene: Scene) {
    this.tokens = tokens
    this.scene = scene
  }

  plan(): Plan {
    while (this.at < this.tokens.length) this.step()
    this.leavePeriod()
    const groups = this.result.groups.filter((group) => hasDays(group) || group.hours.length > 0)
    dropNames(groups, this.tokens)
    shareHours(groups)
    const first = this.tokens.find(({ type }) => type === 'clock' || type === 'period')
    return { ...this.result, groups, before: this.scene.text.slice(0, first?.start ?? 0) }
  }

  step(): void {
    const token = this.tokens[this.at]
    if (!token) return
    const dotted = this.period && token.type === 'date' ? /^(\d{1,2})\.(\d\d)$/.exec(token.said) : null
    if (dotted && this.period?.end === token.start) {
      // 上午9.30 is no date.
      this.at += 1
      const [hour, minute] = [Number(dotted[1]), Number(dotted[2])]
      this.takeClock({
        type: 'clock',
        hour,
        minute,
        literal: false,
        said: token.said,
        start: token.start,
        end: token.end,
      })
      return
    }
    const where = this.readWhere()
    if (where) {
      this.lunar = false
      this.takeWhere(where, token)
      return
    }
    this.at += 1
    switch (token.type) {
      case 'every':
        this.takeEvery(token)
        return
      case 'period':
        this.leavePeriod()
        this.period = { name: token.period, said: token.said, end: token.end }
        return
      case 'clock':
        this.takeClock(token)
        return
      case 'after':
        if (token.minutes !== undefined) this.result.inMinutes = token.minutes
        return
      case 'repeat':
        this.result.repeat = token
        return
      case 'lunar-flag':
        this.lunar = true
        return
      case 'correction':
        this.leavePeriod()
        this.corrects = 'any'
        return
      case 'not':
        if (this.group.points.length > 0 || this.group.hours.length > 0) {
          throw new Unreadable({ type: 'vague', said: `${token.said}${this.peek()?.said ?? ''}` })
        }
        return
      case 'or':
        this.refuseChoice(token)
        return
      case 'number':
        this.takeBareDay(token)
        return
      case 'now':
        this.result.from = 'now'
        return
      case 'vague':
        this.result.vague.push(token.said)
        return
      case 'no-such-day':
        throw new Unreadable({ type: 'no-such-day', said: token.said, because: token.because })
      case 'no-such-time':
        throw new Unreadable({ type: 'no-such-time', said: token.said })
      case 'break':
        this.corrects = null
        this.lastWhere = null
        return
      default:
    }
  }

  peek(offset = 0): Token | undefined {
    return this.tokens[this.at + offset]
  }

  /** 每月十六晚上七点: a bare number between a month and an hour is a day. */
  takeBareDay(token: Token & { type: 'number' }): void {
    const next = this.peek()
    const { every, points, hours } = this.group
    if (every?.unit !== 'month' || points.length > 0 || hours.length > 0) return
    if (next?.type !== 'period' && next?.type !== 'clock') return
    const before = this.tokens[this.at - 2]
    if (before?.type === 'every' && token.start === before.end && next.start === token.end) {
      this.addWhere({ type: 'date', days: [token.value], said: token.said }, token.end)
    }
  }

  /** The text between a place and the next token. */
  gap(from: number, to: Token | undefined): string {
    return to ? this.scene.text.slice(from, to.start) : this.scene.text.slice(from)
  }

  /** Whether the next token follows at once, or after one of these words. */
  follows(end: number, pattern = /^的?$/): boolean {
    const next = this.peek()
    return next !== undefined && pattern.test(this.gap(end, next))
  }

  /** Reads one day, month, week or year; null where none stands. Moves on only when it finds one. */
  readWhere(): Where | null {
    const first = this.peek()
    if (!first) return null
    const begin = this.at
    let year: number | undefined
    let end = first.end
    const said = () => this.scene.text.slice(first.start, end)
    const take = (): Token | undefined => {
      const token = this.peek()
      if (token) end = token.end
      this.at += 1
      return token
    }
    if (first.type === 'year') {
      take()
      year = first.year
      if (!this.follows(end)) return { type: 'year', year, said: said() }
    }
    let lunar = this.lunar
    if (this.peek()?.type === 'lunar-flag') {
      const flag = this.peek()
      if (flag) end = flag.end
      this.at += 1
      lunar = true
    }
    const token = this.peek()
    const whole = (where: Point | Span | Edge | Moment): Where => ({ ...where, said: said() })
    switch (token?.type) {
      case 'months':
      case 'month-offset': {
        take()
        const next = this.peek()
        const joined = next && this.follows(end, /^[的(]?$/)
        const days = joined && next.type === 'date' && next.month === undefined ? next.days : undefined
        const bare =
          joined && next.type === 'number' && next.value <= 31 && next.start === end ? [next.value] : undefined
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
            this.group.months = token.months
            return whole({ type: 'date', days: named })
          }
          return whole({ type: 'date', month: token.months[0] ?? 1, days: named, ...(year !== undefined && { year }) })
        }
        return whole({ type: 'months', months: token.months, ...(year !== undefined && { year }) })
      }
      case 'lunar': {
        take()
        let days = token.days
        if (days.length === 0) {
          const next = this.peek()
          if (next && this.follows(end)) {
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
        if (this.peek(1)?.type === 'to' && this.peek(2)?.type === 'date' && token.end === this.peek(1)?.start) {
          take()
          return whole({ type: 'date', days: [token.value] })
        }
        break
      case 'week': {
        take()
        const next = this.peek()
        if (next?.type === 'weekday' && next.week === null && this.follows(end)) {
          take()
          return whole({ type: 'weekday', week: token.offset, weekdays: next.weekdays })
        }
        return whole({ type: 'week', offset: token.offset })
      }
      case 'after': {
        if (token.minutes !== undefined) break
        take()
        const next = this.peek()
        const weeks = (token.days ?? 0) / 7
        if (next?.type === 'weekday' && next.week === null && Number.isInteger(weeks) && this.follows(end)) {
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
    this.at = begin
    return null
  }

  /** Decides what a named day or span is there for: a limit, a confirmation of the day before it, or a day. */
  takeWhere(where: Where, first: Token): void {
    const before = this.tokens[this.tokens.indexOf(first) - 1]
    const end = this.tokens[this.at - 1]?.end ?? first.end
    const gapBefore = this.scene.text.slice(before?.end ?? 0, first.start)
    const adjacent = before !== undefined && /^[的(]?$/.test(gapBefore)
    const next = this.peek()
    if (this.lastWhere && this.confirms(where, first, gapBefore)) return
    if (next?.type === 'to' && this.follows(end) && !(adjacent && before.type === 'until')) {
      if (this.takeRange(where)) return
    }
    const starts = next?.type === 'start' && this.follows(end, /^(?:的|\))?$/)
    if (starts || /首次|首场|第一次|第一场|首期/.test(gapBefore)) {
      if (starts) this.at += 1
      this.limit('from', where)
      const to = this.peek()
      if (
        (to?.type === 'to' || to?.type === 'until') &&
        this.follows(this.tokens[this.at - 1]?.end ?? end, /^[,，、]?$/)
      ) {
        this.at += 1
        const last = this.readWhere()
        if (last) this.limit('until', last)
      }
      return
    }
    if (adjacent && before.type === 'until') {
      this.limit('until', where)
      return
    }
    if (adjacent && before.type === 'to' && (this.isRecurring() || this.group.hours.length > 0)) {
      // 每周三上午9点到年底 ends there; 3月5日9点到3月7日17点 is one event, and where it ends does not matter.
      if (this.isRecurring()) this.limit('until', where)
      this.skipHours()
      return
    }
    if (adjacent && before.type === 'from' && next?.type !== 'clock' && next?.type !== 'period' && this.isRecurring()) {
      this.limit('from', where)
      return
    }
    if (this.isDeadline(end)) return
    this.addWhere(where, end)
  }

  /** 28日前报送，25日上午10点提醒: beside another day, one to be done by is none of those meant. */
  isDeadline(end: number): boolean {
    if (!/^(?:之|以)?前(?![后一二两三四五六七八九十\d])/.test(this.scene.text.slice(end))) return false
    const isDay = ({ type }: Token) => DAYS_OR_HOURS.includes(type) && type !== 'clock' && type !== 'period'
    return this.group.points.length > 0 || this.tokens.slice(this.at).some(isDay)
  }

  isRecurring(): boolean {
    return this.tokens.some((token) => token.type === 'every') || this.result.repeat !== null
  }

  limit(which: 'from' | 'until', where: Where): void {
    if (which === 'from') this.result.from = where
    else this.result.until = where
  }

  /** `A到B`. False when what follows is no place on the calendar. */
  takeRange(from: Where): boolean {
    const back = this.at
    this.at += 1
    let until = this.readWhere()
    const number = this.peek()
    if (!until && number?.type === 'number' && from.type === 'date') {
      this.at += 1
      until = { type: 'date', days: [number.value], said: number.said }
    }
    if (!until) {
      this.at = back
      return false
    }
    if (until.type === 'date' && from.type === 'date' && this.isOfEveryMonth(from) && this.isOfEveryMonth(until)) {
      // 每月10日到12日 names three days of each month.
      const [first = 1, last = 1] = [from.days[0], until.days[0]]
      if (last < first) throw new Unreadable({ type: 'ends-before-start', said: `${from.said}到${until.said}` })
      const days = Array.from({ length: last - first + 1 }, (_, index) => first + index)
      this.addWhere({ ...from, days }, this.tokens[this.at - 1]?.end ?? 0)
      return true
    }
    if (until.type === 'date' && from.type === 'date') {
      // 3月5日到7日: the second day is in the month of the first.
      if (until.month === undefined && from.month !== undefined) until = { ...until, month: from.month }
      if (until.month === undefined && from.monthOffset !== undefined)
        until = { ...until, monthOffset: from.monthOffset }
      if (until.year === undefined && from.year !== undefined) until = { ...until, year: from.year }
    }
    if (until.type === 'weekday' && from.type === 'weekday' && until.week === null && from.week !== null) {
      until = { ...until, week: from.week }
    }
    this.result.from = from
    this.result.until = until
    const after = this.peek()
    if (after?.type === 'before' || after?.type === 'start') this.at += 1
    return true
  }

  isOfEveryMonth(where: Where & { type: 'date' }): boolean {
    const { every, hours } = this.group
    const open = where.month === undefined && where.monthOffset === undefined && where.year === undefined
    return open && every?.unit === 'month' && hours.length === 0
  }

  /** Hours that belong to the end of an event, which nobody is reminded of. */
  skipHours(): void {
    while (this.peek()?.type === 'period' || this.peek()?.type === 'clock') this.at += 1
  }

  /** 3月5日（周四）, 明天3月6日, 10月1日国庆节: the second only confirms the first. */
  confirms(where: Where, first: Token, gapBefore: string): boolean {
    const last = this.lastWhere
    // 明后两天 is cut into two days that stand at one place.
    if (!last || first.start < last.end || !/^[(]?$/.test(gapBefore)) return false
    const between = this.scene.text.slice(last.end, first.start)
    const isDay = (each: Where) =>
      ['day', 'date', 'weekday', 'lunar', 'festival'].includes(each.type) &&
      ('days' in each && Array.isArray(each.days) ? each.days.length <= 1 : true)
    if (!/^[(]?$/.test(between) || !isDay(where) || !isDay(last.where)) return false
    if (this.group.every === null) this.result.checks.push([last.where, where])
    this.lastWhere = { where: last.where, end: this.tokens[this.at - 1]?.end ?? first.end }
    return true
  }

  /** 三点，不对，是四点: the last hour or day is taken back. */
  takeBack(where: Where): boolean {
    if (this.corrects !== 'any' || this.group.points.length === 0) return false
    this.group.points = [...this.group.points.slice(0, -1), where]
    this.corrects = 'hours'
    return true
  }

  /** 3月5日或者6日 is for the writer to decide. */
  refuseChoice({ said, start }: Token): void {
    const [before, after] = [this.tokens[this.at - 2], this.peek()]
    const isWhen = (token: Token | undefined) => token !== undefined && DAYS_OR_HOURS.includes(token.type)
    if (!isWhen(before) || !isWhen(after) || before?.end !== start) return
    throw new Unreadable({ type: 'vague', said: `${before.said}${said}${after?.said ?? ''}` })
  }

  addWhere(where: Where, end: number): void {
    if (this.takeBack(where)) {
      this.lastWhere = { where, end }
      return
    }
    const isSpan = SPANS.includes(where.type)
    if (!isSpan && this.group.hours.length > 0 && this.group.points.length > 0) this.open(this.inherited(where))
    else if (!isSpan && this.group.hours.length > 0 && this.group.every && !this.fits(where, this.group.every)) {
      this.open(null)
    }
    if (isSpan) this.group.spans.push(where)
    else this.group.points.push(this.completed(where))
    this.lastWhere = { where, end }
  }

  /** 下周二、周四 and 3月5日、8日: what a later day leaves open is taken from the one before. */
  completed(where: Where): Where {
    const previous = this.result.groups.flatMap((group) => group.points).at(-1)
    const { every } = this.group
    const ofEachMonth = every !== null && every.unit !== 'year' && every.unit !== 'each'
    if (
      where.type === 'date' &&
      where.month === undefined &&
      previous?.type === 'date' &&
      !ofEachMonth &&
      !this.group.months
    ) {
      const { month, monthOffset, year } = previous
      return {
        ...where,
        ...(monthOffset !== undefined && { monthOffset }),
        ...(month !== undefined && { month }),
        ...(year !== undefined && { year }),
      }
    }
    if (where.type === 'weekday' && where.week === null && this.group.every === null) {
      if (previous?.type === 'weekday' && previous.week !== null) return { ...where, week: previous.week }
      const span = this.group.spans.at(-1)
      if (span?.type === 'week') {
        this.group.spans.pop()
        return { ...where, week: span.offset }
      }
    }
    return where
  }

  inherited(where: Where): Every | null {
    return this.group.every && this.fits(where, this.group.every) ? this.group.every : null
  }

  fits(where: Where, { unit }: Every): boolean {
    if (unit === 'week') return where.type === 'weekday' && where.week === null
    if (unit === 'day' || unit === 'workday') return where.type === 'weekday' && where.week === null
    if (unit === 'month')
      return (
        where.type === 'within-month' ||
        where.type === 'lunar' ||
        (where.type === 'date' && where.month === undefined) ||
        where.type === 'edge'
      )
    return where.type !== 'day' && where.type !== 'weekday'
  }

  takeEvery(token: Every): void {
    const { every } = this.group
    if (this.repeatsBefore(token)) {
      this.group.every = token
      return
    }
    if (this.group.hours.length > 0 && hasDays(this.group)) this.open(token)
    else if (every === null) this.group.every = token
    else if (every.unit === token.unit && every.every === token.every && this.group.points.length > 0) {
      if (token.months)
        this.group.every = { ...every, months: [...new Set([...(every.months ?? []), ...token.months])] }
    } else if (every.unit === 'year' || every.unit === 'each' || this.group.points.length === 0) {
      this.keepMonths()
      this.group.every = {
        ...token,
        ...((token.months ?? every.months) ? { months: token.months ?? every.months ?? [] } : {}),
      }
    } else if (token.unit !== 'day' && token.unit !== 'each') this.open(token)
  }

  /** 周一早上八点碰头，每周都是: what comes last says how often, and no day or hour of its own follows. */
  repeatsBefore(token: Every): boolean {
    const { every, points, hours } = this.group
    if (every || points.length === 0 || hours.length === 0) return false
    const more = this.tokens.slice(this.at).some(({ type }) => DAYS_OR_HOURS.includes(type))
    return !more && token.unit !== 'each' && points.every((point) => this.fits(point, token))
  }

  /** 每年7月到8月每周三: the months limit every year. */
  keepMonths(): void {
    if (this.group.every?.unit !== 'year') return
    const months = this.group.spans.flatMap((span) => (span.type === 'months' ? span.months : []))
    if (months.length > 0) {
      this.group.months = months
      this.group.spans = this.group.spans.filter((span) => span.type !== 'months')
    }
  }

  open(every: Every | null): void {
    this.group = { ...emptyGroup(every) }
    this.result.groups.push(this.group)
  }

  /** A part of the day that no hour followed: noon is a time by itself, the others are asked about. */
  leavePeriod(): void {
    if (!this.period) return
    if (this.period.name === 'noon') this.addHours({ at: 12 * 60, bare: false, said: this.period.said })
    else this.result.period ??= this.period.said
    this.period = null
  }

  takeClock(token: Token & { type: 'clock' }): void {
    const period = this.period
    this.period = null
    const trailing = this.peek()
    const after = trailing?.type === 'period' && /^(?:am|pm)$/i.test(trailing.said) ? trailing.period : null
    if (after) this.at += 1
    const previous = this.group.hours.at(-1)
    const name = after ?? period?.name ?? null
    const before = this.tokens[this.at - 2 - (period ? 1 : 0) - (after ? 1 : 0)]
    const said = `${period?.said ?? ''}${token.said}`
    if (previous && before?.type === 'to' && previous.end === undefined) {
      previous.end = hourOf(token, name, previous.at, previous, this.scene, said)
      return
    }
    const run = previous && (before?.type === 'and' || before?.type === 'clock') ? previous : undefined
    const at = hourOf(token, name, run?.at, run, this.scene, said)
    this.addHours({ at, bare: name === null && !token.literal && !run, said })
  }

  addHours(hours: Hours): void {
    if (this.corrects && this.group.hours.length > 0) {
      this.group.hours.pop()
      this.corrects = null
    }
    this.group.hours.push(hours)
  }
}

const DAYS_OR_HOURS = ['clock', 'period', 'date', 'weekday', 'within-month', 'day', 'lunar', 'festival', 'months']

const SPANS = ['months', 'month-offset', 'week', 'year', 'holiday']

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

/** 端午节活动筹备会5月20日上午9点: where a day is named outright, a festival is part of what the event is called. */
function dropNames(groups: Group[], tokens: Token[]): void {
  const joined = (said: string) =>
    tokens.some(({ type }, index) => {
      const beside = [tokens[index - 1], tokens[index + 1]]
      return type === 'and' && beside.some((token) => token?.type === 'festival' && said.includes(token.said))
    })
  const isName = ({ said, ...point }: Where) =>
    point.type === 'festival' && point.offset === 0 && !/[天日晚]$/.test(said) && !joined(said)
  const isOutright = ({ type }: Where) =>
    type === 'date' || type === 'day' || type === 'weekday' || type === 'within-month'
  const anywhere = groups.some(({ points }) => points.some(isOutright))
  for (const group of groups) {
    const named = group.points.some(isOutright) || (anywhere && group.hours.length === 0)
    if (named) group.points = group.points.filter((point) => !isName(point))
  }
}

/** 每月5日、每季度末月25日上午九点: days without hours take those of the next that have some, or of the last. */
function shareHours(groups: Group[]): void {
  for (const [index, group] of groups.entries()) {
    if (group.hours.length > 0) continue
    const donor = groups.slice(index + 1).find((each) => each.hours.length > 0) ?? groups[index - 1]
    if (donor) group.hours = donor.hours
  }
}

const LATE = 24

/** Minutes of the day of an hour, by the part of the day or by the hour before it. */
function hourOf(
  { hour, minute, literal }: { hour: number; minute: number; literal: boolean },
  period: PeriodName | null,
  previous: number | undefined,
  run: Hours | undefined,
  scene: Scene,
  said: string,
): number {
  if (literal && hour > 12) {
    if (period === 'morning' || period === 'small-hours') {
      if (hour < LATE) throw new Unreadable({ type: 'no-such-time', said })
    }
    return hour * 60 + minute
  }
  if (period) return inPeriod(hour, period) * 60 + minute
  if (literal) return hour * 60 + minute
  if (previous !== undefined && run) {
    const later = [hour, hour + 12, hour + LATE].map((each) => each * 60 + minute)
    return later.find((each) => each > previous) ?? hour * 60 + minute
  }
  if (scene.evening && hour >= 5 && hour <= 10) return (hour + 12) * 60 + minute
  // Nobody meets at three at night.
  return (hour >= 1 && hour <= 5 ? hour + 12 : hour) * 60 + minute
}

function inPeriod(hour: number, period: PeriodName): number {
  switch (period) {
    case 'small-hours':
      return hour === 12 ? 0 : hour
    case 'morning':
      return hour
    case 'noon':
      return hour <= 3 ? hour + 12 : hour
    case 'afternoon':
      return hour < 12 ? hour + 12 : hour
    case 'evening':
      return hour === 12 ? LATE : hour >= 4 ? hour + 12 : hour + LATE
    case 'night':
      return hour === 12 ? LATE : hour >= 7 ? hour + 12 : hour + LATE
  }
}
