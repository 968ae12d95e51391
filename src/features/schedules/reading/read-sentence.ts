import { wallTime } from '../../../clock.ts'
import type { Assumption, Draft, Reading } from '../draft.ts'
import { nextTimes, wallDay } from '../occurrences.ts'
import { needsHolidays, type Shift } from '../rule.ts'
import { isAnnounced } from '../working-days.ts'
import { buildRule } from './build-rule.ts'
import { findLeads } from './lead-words.ts'
import { normalise } from './normalise-words.ts'
import { parseNumber } from './number.ts'
import { type Plan, Unreadable } from './plan.ts'
import { planOf } from './planner.ts'
import { EXCEPT_CLAUSE, EXCEPT_MONTHS, EXCEPT_WEEKDAYS, OTHER_MONTHS, readShift, SHIFT_CLAUSE } from './shift-words.ts'
import { kindOf, PLACE, ROOMS, roomNames, themeOf, titleOf } from './title-words.ts'
import type { Token } from './token.ts'
import { tokenise } from './token-words.ts'
import { WEEKDAYS } from './when-words.ts'

/** No sentence about a schedule is longer; a longer text is a pasted document. */
const MAX_LENGTH = 1000
/** Takes the place of what was read already, so that positions stay. */
const BLANK = '|'
/** Noon without an hour is twelve. */
const NOON = /^[^\d点一二三四五六七八九十]*[午晌]头?$/
const EVENING = /电影|夜校|夜巡|晚会|夜话|乘凉|广场舞/

/**
 * Reads what a secretary writes to schedule something. `now` is the moment of writing; times are those of the wall in
 * `timeZone`. What cannot be, is past, or is not said comes back as a problem that replies.ts puts into words.
 */
export function readSentence(sentence: string, { now, timeZone }: { now: Date; timeZone: string }): Reading {
  if (sentence.length > MAX_LENGTH) return { ok: false, problem: { type: 'too-long' } }
  try {
    return { ok: true, draft: read(normalise(sentence), now, timeZone) }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.problem }
    throw error
  }
}

function read(text: string, now: Date, timeZone: string): Draft {
  const mask = new Mask(text)
  mask.hideAll(/《[^》]*》|"[^"]*"/g)
  const shift = hideShift(mask)
  const except = hideExceptions(mask)
  const { leads, spans } = findLeads(mask.text)
  for (const [start, end] of spans) mask.hide(start, end)
  const rooms = mask.take(ROOMS).flatMap((match) => roomNames(match.groups?.list ?? ''))
  const tokens = tokenise(mask.text)
  const plan: Plan = planOf(tokens, { text: mask.text, evening: EVENING.test(text) })
  plan.except = except
  const assumptions: Assumption[] = []
  const wall = wallTime(now, timeZone)
  const today = {
    day: wallDay(now, timeZone),
    minutes: wall.hour * 60 + wall.minute,
    assume: (assumption: Assumption) => void assumptions.push(assumption),
  }
  const rule = buildRule(plan, { now, timeZone, today, shift })
  for (const hours of plan.groups.flatMap((group) => group.hours)) {
    if ((hours.bare && hours.at < 8 * 60) || hours.said === NOON.exec(hours.said)?.[0])
      assumptions.push({ type: 'half-of-day', said: hours.said, hour: Math.floor(hours.at / 60) })
    else if (hours.bare && hours.at >= 13 * 60)
      assumptions.push({ type: 'half-of-day', said: hours.said, hour: Math.floor(hours.at / 60) })
  }
  const provisional = needsHolidays(rule) ? nextTimes(rule, now, 3, timeZone).filter((each) => each.provisional) : []
  const years = [...new Set(provisional.map(({ day }) => Number(day.slice(0, 4))))].filter((year) => !isAnnounced(year))
  if (years.length > 0) assumptions.push({ type: 'unannounced', years })
  const kind = kindOf(text)
  const theme = themeOf(text, kind)
  const place = PLACE.exec(mask.text)?.groups?.place
  hideTokens(mask, tokens)
  const left = mask.leftOf(text)
  return {
    title: titleOf(place ? left.replace(place, BLANK) : left, kind),
    kind,
    ...(theme && { theme }),
    rule,
    leads,
    rooms: [...new Set(rooms)],
    ...(place && { place }),
    assumptions,
  }
}

const JOINING = ['to', 'from', 'start', 'until', 'before', 'and', 'vague']

/** Leaves what is no time for the title. 到 is a time word only beside one: 签到 stays. */
function hideTokens(mask: Mask, tokens: Token[]): void {
  for (const { start, end, type } of tokens) if (type !== 'number' && !JOINING.includes(type)) mask.hide(start, end)
  for (const { start, end, type } of tokens) {
    const beside = mask.text[start - 1] === BLANK || mask.text[end] === BLANK
    if (JOINING.includes(type) && beside) mask.hide(start, end)
  }
}

function hideShift(mask: Mask): Shift | null {
  const match = SHIFT_CLAUSE.exec(mask.text)
  if (match) {
    mask.hide(match.index, match.index + match[0].length)
    return readShift(match.groups?.on ?? '', match.groups?.verb ?? '', match.groups?.target ?? '')
  }
  const except = EXCEPT_CLAUSE.exec(mask.text)
  if (!except) return null
  mask.hide(except.index, except.index + except[0].length)
  return readShift(except.groups?.on ?? '', '除外', '')
}

function hideExceptions(mask: Mask): Plan['except'] {
  mask.take(OTHER_MONTHS)
  return { months: hideList(mask, EXCEPT_MONTHS, numbersOf), weekdays: hideList(mask, EXCEPT_WEEKDAYS, weekdaysOf) }
}

function hideList(mask: Mask, pattern: RegExp, read: (list: string) => number[]): number[] {
  const match = pattern.exec(mask.text)
  if (!match) return []
  mask.hide(match.index, match.index + match[0].length)
  return read(match.groups?.a ?? match.groups?.b ?? '')
}

function numbersOf(list: string): number[] {
  return list
    .split(/[、,，和月]+/)
    .filter((part) => part !== '')
    .map(parseNumber)
}

function weekdaysOf(list: string): number[] {
  return [...list.replace(/星期/g, '')].flatMap((char) => WEEKDAYS[char] ?? [])
}

/** A text of which parts are blanked out when they are understood. */
class Mask {
  text: string
  /** The same, but quoted names stay readable for the title. */
  private readonly quoted: [number, number][] = []

  constructor(text: string) {
    this.text = text
  }

  hide(start: number, end: number): void {
    this.text = this.text.slice(0, start) + BLANK.repeat(end - start) + this.text.slice(end)
  }

  hideAll(pattern: RegExp): void {
    for (const { index, 0: said } of Array.from(this.text.matchAll(pattern))) {
      this.quoted.push([index, index + said.length])
      this.hide(index, index + said.length)
    }
  }

  take(pattern: RegExp): RegExpExecArray[] {
    const found = [...this.text.matchAll(pattern)]
    for (const { index, 0: said } of found) this.hide(index, index + said.length)
    return found
  }

  leftOf(original: string): string {
    let left = this.text
    for (const [start, end] of this.quoted) left = left.slice(0, start) + original.slice(start, end) + left.slice(end)
    return left
  }
}
