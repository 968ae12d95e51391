import { Cursor } from './cursor.ts'
import { dropNames, emptyGroup, hasDays, shareHours } from './groups.ts'
import { type Hours, type Plan, type Scene, Unreadable, type Where } from './plan.ts'
import { hourOf } from './read-hours.ts'
import { readWhere } from './read-where.ts'
import type { Every, Token } from './token.ts'
import type { PeriodName } from './when-words.ts'

const DAYS_OR_HOURS = ['clock', 'period', 'date', 'weekday', 'within-month', 'day', 'lunar', 'festival', 'months']

const SPANS = ['months', 'month-offset', 'week', 'year', 'holiday']

/** Sorts the tokens of a sentence. Throws Unreadable for days and times that do not exist. */
export function planOf(tokens: Token[], scene: Scene): Plan {
  return new Planner(tokens, scene).plan()
}

/** Walks once over the tokens from left to right. */
class Planner {
  readonly cursor: Cursor
  readonly scene: Scene
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
    this.cursor = new Cursor(tokens, scene.text)
    this.scene = scene
  }

  plan(): Plan {
    while (this.cursor.at < this.cursor.tokens.length) this.step()
    this.leavePeriod()
    const groups = this.result.groups.filter((group) => hasDays(group) || group.hours.length > 0)
    dropNames(groups, this.cursor.tokens)
    shareHours(groups)
    const first = this.cursor.tokens.find(({ type }) => type === 'clock' || type === 'period')
    return { ...this.result, groups, before: this.scene.text.slice(0, first?.start ?? 0) }
  }

  step(): void {
    const token = this.cursor.tokens[this.cursor.at]
    if (!token) return
    const dotted = this.period && token.type === 'date' ? /^(\d{1,2})\.(\d\d)$/.exec(token.said) : null
    if (dotted && this.period?.end === token.start) {
      // 上午9.30 is no date.
      this.cursor.at += 1
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
    const where = readWhere(this.cursor, this.lunar)
    if (where) {
      this.lunar = false
      this.takeWhere(where, token)
      return
    }
    this.cursor.at += 1
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
          throw new Unreadable({ type: 'vague', said: `${token.said}${this.cursor.peek()?.said ?? ''}` })
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

  /** 每月十六晚上七点: a bare number between a month and an hour is a day. */
  takeBareDay(token: Token & { type: 'number' }): void {
    const next = this.cursor.peek()
    const { every, points, hours } = this.group
    if (every?.unit !== 'month' || points.length > 0 || hours.length > 0) return
    if (next?.type !== 'period' && next?.type !== 'clock') return
    const before = this.cursor.tokens[this.cursor.at - 2]
    if (before?.type === 'every' && token.start === before.end && next.start === token.end) {
      this.addWhere({ type: 'date', days: [token.value], said: token.said }, token.end)
    }
  }

  /** Decides what a named day or span is there for: a limit, a confirmation of the day before it, or a day. */
  takeWhere(where: Where, first: Token): void {
    if (where.type === 'date' && where.inMonths) this.group.months = where.inMonths
    const before = this.cursor.tokens[this.cursor.tokens.indexOf(first) - 1]
    const end = this.cursor.tokens[this.cursor.at - 1]?.end ?? first.end
    const gapBefore = this.scene.text.slice(before?.end ?? 0, first.start)
    const adjacent = before !== undefined && /^[的(]?$/.test(gapBefore)
    const next = this.cursor.peek()
    if (this.lastWhere && this.confirms(where, first, gapBefore)) return
    if (next?.type === 'to' && this.cursor.follows(end) && !(adjacent && before.type === 'until')) {
      if (this.takeRange(where)) return
    }
    const starts = next?.type === 'start' && this.cursor.follows(end, /^(?:的|\))?$/)
    if (starts || /首次|首场|第一次|第一场|首期/.test(gapBefore)) {
      if (starts) this.cursor.at += 1
      this.limit('from', where)
      const to = this.cursor.peek()
      if (
        (to?.type === 'to' || to?.type === 'until') &&
        this.cursor.follows(this.cursor.tokens[this.cursor.at - 1]?.end ?? end, /^[,，、]?$/)
      ) {
        this.cursor.at += 1
        const last = readWhere(this.cursor, this.lunar)
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
    return this.group.points.length > 0 || this.cursor.tokens.slice(this.cursor.at).some(isDay)
  }

  isRecurring(): boolean {
    return this.cursor.tokens.some((token) => token.type === 'every') || this.result.repeat !== null
  }

  limit(which: 'from' | 'until', where: Where): void {
    if (which === 'from') this.result.from = where
    else this.result.until = where
  }

  /** `A到B`. False when what follows is no place on the calendar. */
  takeRange(from: Where): boolean {
    const back = this.cursor.at
    this.cursor.at += 1
    let until = readWhere(this.cursor, this.lunar)
    const number = this.cursor.peek()
    if (!until && number?.type === 'number' && from.type === 'date') {
      this.cursor.at += 1
      until = { type: 'date', days: [number.value], said: number.said }
    }
    if (!until) {
      this.cursor.at = back
      return false
    }
    if (until.type === 'date' && from.type === 'date' && this.isOfEveryMonth(from) && this.isOfEveryMonth(until)) {
      // 每月10日到12日 names three days of each month.
      const [first = 1, last = 1] = [from.days[0], until.days[0]]
      if (last < first) throw new Unreadable({ type: 'ends-before-start', said: `${from.said}到${until.said}` })
      const days = Array.from({ length: last - first + 1 }, (_, index) => first + index)
      this.addWhere({ ...from, days }, this.cursor.tokens[this.cursor.at - 1]?.end ?? 0)
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
    const after = this.cursor.peek()
    if (after?.type === 'before' || after?.type === 'start') this.cursor.at += 1
    return true
  }

  isOfEveryMonth(where: Where & { type: 'date' }): boolean {
    const { every, hours } = this.group
    const open = where.month === undefined && where.monthOffset === undefined && where.year === undefined
    return open && every?.unit === 'month' && hours.length === 0
  }

  /** Hours that belong to the end of an event, which nobody is reminded of. */
  skipHours(): void {
    while (this.cursor.peek()?.type === 'period' || this.cursor.peek()?.type === 'clock') this.cursor.at += 1
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
    this.lastWhere = { where: last.where, end: this.cursor.tokens[this.cursor.at - 1]?.end ?? first.end }
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
    const [before, after] = [this.cursor.tokens[this.cursor.at - 2], this.cursor.peek()]
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
    const more = this.cursor.tokens.slice(this.cursor.at).some(({ type }) => DAYS_OR_HOURS.includes(type))
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
    const trailing = this.cursor.peek()
    const after = trailing?.type === 'period' && /^(?:am|pm)$/i.test(trailing.said) ? trailing.period : null
    if (after) this.cursor.at += 1
    const previous = this.group.hours.at(-1)
    const name = after ?? period?.name ?? null
    const before = this.cursor.tokens[this.cursor.at - 2 - (period ? 1 : 0) - (after ? 1 : 0)]
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
