import { DAY, fromWallTime, MINUTE, wallTime } from '../../clock.ts'

/** The time of a line as it stands in a copied text; what is not said is null. */
export interface SaidTime {
  year: number | null
  /** 1–12. */
  month: number | null
  day: number | null
  /** Days before the day of copying, for today, yesterday and weekdays without a date; -1 and less never occur. */
  daysAgo: number | null
  /** 0 is Sunday. */
  weekday: number | null
  hour: number
  minute: number
}

const DATE = /(?:(\d{4})\s?[-/.年]\s?)?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?/.source
const DAY_FIRST = /(\d{1,2})\.(\d{1,2})\.(\d{4})/.source
const RELATIVE = /(今天|昨天|前天)/.source
const WEEKDAY = /(?:星期|周|礼拜)([一二三四五六日天])/.source
const PERIOD = /(凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里)/.source
const TIME = /(\d{1,2})\s?[:：]\s?(\d{2})(?:\s?[:：]\s?\d{2})?\s?([AaPp]\.?[Mm]\.?)?/.source

/** A time as chat programs write it: 8:02, 上午8:02, 昨天 20:15, 星期二 08:02, 11月24日 08:02, 2026/11/24 8:02:31, 24.11.2026 8:02. */
export const WHEN = `(?:(?:${DAY_FIRST}|${DATE}|${RELATIVE})[\\s,，]*)?(?:${WEEKDAY}\\s*)?(?:${PERIOD}\\s*)?${TIME}`
/** A date that stands alone in a line between strokes. */
export const DIVIDER = new RegExp(`^[-—–=_·\\s]*(?:${DATE}|${RELATIVE})\\s*(?:${WEEKDAY})?[-—–=_·\\s]*$`)
/** How many groups WHEN captures. */
export const WHEN_GROUPS = 11

/** The groups that WHEN has captured as a time; null for what no clock or calendar shows. */
export function saidTime(groups: readonly (string | undefined)[]): SaidTime | null {
  const [d1, m1, y1, y2, m2, d2, relative, weekday, period, hours, minutes, half] = groups
  let hour = Number(hours)
  const minute = Number(minutes)
  const afternoon = /^(?:下午|傍晚|晚上|夜里)$/.test(period ?? '') || /^p/i.test(half ?? '')
  if (afternoon && hour < 12) hour += 12
  if (period === '中午' && hour < 4) hour += 12
  if ((/^a/i.test(half ?? '') || period === '凌晨') && hour === 12) hour = 0
  if (hour > 23 || minute > 59) return null
  const number = (text: string | undefined) => (text === undefined ? null : Number(text))
  const date = { year: number(y1 ?? y2), month: number(m1 ?? m2), day: number(d1 ?? d2) }
  if (date.month !== null && (date.month < 1 || date.month > 12 || (date.day ?? 0) < 1 || (date.day ?? 0) > 31))
    return null
  const ago = relative === undefined ? null : ['今天', '昨天', '前天'].indexOf(relative)
  const day = weekday === undefined ? null : '日一二三四五六'.indexOf(weekday === '天' ? '日' : weekday)
  return { ...date, daysAgo: ago, weekday: day, hour, minute }
}

/** The date of a line that DIVIDER has matched. */
export function dividerDate(match: RegExpExecArray): Pick<SaidTime, 'year' | 'month' | 'day' | 'daysAgo'> {
  const [, year, month, day, relative] = match
  const number = (text: string | undefined) => (text === undefined ? null : Number(text))
  const ago = relative === undefined ? null : ['今天', '昨天', '前天'].indexOf(relative)
  return { year: number(year), month: number(month), day: number(day), daysAgo: ago }
}

/** A clock may be a little ahead of that of the telephone on which something was said. Milliseconds. */
const AHEAD = 5 * MINUTE
/** Lines may stand a little out of their order; more than that, and a day lies between them. Milliseconds. */
const DISORDER = 30 * MINUTE

/**
 * The moments of lines in their order: what carries no date is the latest such time of day that is not after the line
 * behind it, nor after `now`. Null where a line says no time, or one that lies in the future.
 */
export function momentsOf(times: readonly (SaidTime | null)[], now: Date, timeZone: string): (Date | null)[] {
  const moments: (Date | null)[] = []
  let latest = now.getTime() + AHEAD
  for (const time of times.toReversed()) {
    const moment = time && momentOf(time, new Date(latest), now, timeZone)
    const possible = moment && moment.getTime() <= now.getTime() + AHEAD ? moment : null
    if (possible) latest = Math.min(now.getTime() + AHEAD, possible.getTime() + DISORDER)
    moments.push(possible)
  }
  return moments.reverse()
}

function momentOf(time: SaidTime, latest: Date, now: Date, timeZone: string): Date {
  const { hour, minute } = time
  const today = wallTime(now, timeZone)
  const at = (date: { year: number; month: number; day: number }) => fromWallTime({ ...date, hour, minute }, timeZone)
  if (time.month !== null && time.day !== null) {
    const { month, day } = time
    if (time.year !== null) return at({ year: time.year, month, day })
    const thisYear = at({ year: today.year, month, day })
    return thisYear.getTime() > now.getTime() + DAY ? at({ year: today.year - 1, month, day }) : thisYear
  }
  if (time.daysAgo !== null) return at({ ...today, day: today.day - time.daysAgo })
  if (time.weekday !== null) {
    const daysAgo = (today.weekday - time.weekday + 7) % 7
    const recent = at({ ...today, day: today.day - daysAgo })
    return recent > now ? at({ ...today, day: today.day - daysAgo - 7 }) : recent
  }
  const last = wallTime(latest, timeZone)
  const sameDay = at(last)
  return sameDay > latest ? at({ ...last, day: last.day - 1 }) : sameDay
}
