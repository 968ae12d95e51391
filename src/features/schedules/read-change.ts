import { DAY, MINUTE, wallTime } from '../../clock.ts'
import { readNumeral } from '../../numerals.ts'
import { parseIsoDay } from './calendar.ts'
import { ALL, CALLED, CHANGE, MOVE_BY, NOT_SO, SCOPE, SHORT_DAY, THIS_ONE, TITLE } from './command-words.ts'
import type { Lead, Problem } from './draft.ts'
import { KIND_NAMES } from './kind-words.ts'
import { momentOf, wallDay } from './occurrences.ts'
import { readSentence } from './reading/read-sentence.ts'
import { isRecurring, type Rule, type Session } from './rule.ts'

/** What a line changes of a schedule. */
export interface Change {
  title?: string
  leads?: Lead[]
  /** Rooms as they were named. */
  rooms?: string[]
  /** Other times of day on the same days. */
  sessions?: Session[]
  /** Other days, with their times. */
  rule?: Rule
  /** Later by so many minutes; negative is earlier. */
  by?: number
  /** This time only, or from now on; null where it was not said. */
  scope: 'one' | 'all' | null
  /** It was put as a change (改到…), or consists of nothing but what is changed. */
  plain: boolean
}

export type ChangeReading = { ok: true; change: Change } | { ok: false; problem: Problem }

/** What stands before a fragment so that the reader takes it for a sentence. */
const TOMORROW = '明天'
const CARRIER = `${TOMORROW}9:00${KIND_NAMES.other}，`

/** Reads a line as a change of a schedule with this rule; null when it names nothing that could be changed. */
export function readChange(
  text: string,
  { rule, now, timeZone }: { rule: Rule; now: Date; timeZone: string },
): ChangeReading | null {
  const line = text.replace(NOT_SO, '').trim()
  const title = (TITLE.exec(line) ?? CALLED.exec(line))?.groups?.title?.trim()
  if (title) return { ok: true, change: { title, scope: null, plain: true } }
  const scope = scopeOf(line)
  const by = readMoveBy(line)
  if (by !== null) return { ok: true, change: { by, scope, plain: true } }
  const verb = CHANGE.exec(line) ?? SCOPE.exec(line)
  const rest = verb ? line.slice(verb[0].length) : line
  if (rest === '') return null
  const read = (sentence: string) => readSentence(sentence, { now, timeZone })
  const carried = read(`${CARRIER}${rest}`)
  const own = read(rest)
  const named = [own, carried].flatMap((reading) => (reading.ok ? [reading.draft] : []))
  const leads = named.find((draft) => draft.leads.length > 0)?.leads
  const rooms = named.find((draft) => draft.rooms.length > 0)?.rooms
  const when = readWhen(rest, { rule, now, timeZone })
  if (when && !when.ok) return verb || when.problem.type !== 'no-date' ? when : null
  const change: Change = {
    ...(leads && { leads }),
    ...(rooms && { rooms }),
    ...when?.change,
    scope: when?.change.rule && isRecurring(when.change.rule) ? 'all' : scope,
    plain: verb !== null || named.some((draft) => draft.title === KIND_NAMES.other),
  }
  return leads || rooms || when ? { ok: true, change } : null
}

function scopeOf(line: string): Change['scope'] {
  if (ALL.test(line)) return 'all'
  return THIS_ONE.test(line) ? 'one' : null
}

/** Minutes of 推迟一天, 提前半小时; null for anything else. */
function readMoveBy(line: string): number | null {
  const { verb, count, half, unit } = MOVE_BY.exec(line)?.groups ?? {}
  if (!verb || !count || !unit) return null
  const amount = (count === '半' ? 0.5 : (readNumeral(count) ?? Number.NaN)) + (half ? 0.5 : 0)
  const minutes = Math.round((amount * lengthOf(unit)) / MINUTE)
  if (!Number.isFinite(minutes) || minutes <= 0) return null
  return /前|早/.test(verb) ? -minutes : minutes
}

function lengthOf(unit: string): number {
  if (unit === '分钟') return MINUTE
  if (unit === '刻钟') return 15 * MINUTE
  if (unit === '小时' || unit === '钟头') return 60 * MINUTE
  return unit === '天' || unit === '日' ? DAY : 7 * DAY
}

type When = { ok: true; change: Pick<Change, 'sessions' | 'rule'> } | { ok: false; problem: Problem }

/** Days and times of a fragment. What it does not say stays as it is in `rule`. */
function readWhen(rest: string, { rule, now, timeZone }: { rule: Rule; now: Date; timeZone: string }): When | null {
  const read = (sentence: string) => readSentence(sentence, { now, timeZone })
  const daily = read(`${TOMORROW}${rest}`)
  const own = read(rest)
  const tomorrow = wallDay(now, timeZone) + 1
  if (daily.ok && !/今|明|后天/.test(rest) && isOnly(daily.draft.rule, tomorrow)) {
    return { ok: true, change: { sessions: daily.draft.rule.parts[0]?.sessions ?? [] } }
  }
  // 改到6日 of something monthly is the 6th of each month.
  const prefixed = SHORT_DAY.test(rest) ? prefixFor(rule) : null
  const times = rule.parts[0]?.sessions.map(({ at, end }) => (end ? `${at}到${end}` : at)).join('、') ?? ''
  const candidates = own.ok
    ? [...(prefixed ? [`${prefixed}${rest}`] : []), rest]
    : own.problem.type === 'no-time' && !own.problem.period
      ? [...(prefixed ? [`${prefixed}${rest}${times}`] : []), `${rest}${times}`]
      : []
  for (const sentence of candidates) {
    const reading = read(sentence)
    if (reading.ok) return { ok: true, change: { rule: reading.draft.rule } }
  }
  if (own.ok || own.problem.type === 'no-date' || own.problem.type === 'too-long') return null
  return own
}

function isOnly(rule: Rule, day: number): boolean {
  return (
    rule.parts.length > 0 &&
    rule.parts.every(({ days }) => days.type === 'dates' && days.dates.every((each) => parseIsoDay(each) === day))
  )
}

function prefixFor(rule: Rule): string | null {
  const type = rule.parts[0]?.days.type
  if (type === 'monthly') return '每月'
  return type === 'weekly' ? '每' : null
}

/** The rule with other times of day. */
export function withSessions(rule: Rule, sessions: Session[]): Rule {
  return { ...rule, parts: rule.parts.map((part) => ({ ...part, sessions })) }
}

/** When a single occurrence is after a change; null where the change says nothing of it. */
export function movedTime(at: Date, change: Change, timeZone: string): Date | null {
  if (change.by !== undefined) return new Date(at.getTime() + change.by * MINUTE)
  const time = change.sessions?.[0]?.at
  if (time) return momentOf(wallDay(at, timeZone), time, timeZone)
  const [part] = change.rule?.parts ?? []
  const session = part?.sessions[0]
  if (part?.days.type === 'dates' && part.days.dates[0] && session) {
    return momentOf(parseIsoDay(part.days.dates[0]), session.at, timeZone)
  }
  return null
}

/** A one-off rule at another time. */
export function ruleAt(at: Date, end: Date | null, timeZone: string): Rule {
  const pad = (value: number) => String(value).padStart(2, '0')
  const clock = (moment: Date) => {
    const { hour, minute } = wallTime(moment, timeZone)
    return `${pad(hour)}:${pad(minute)}`
  }
  const { year, month, day } = wallTime(at, timeZone)
  const dates = [`${year}-${pad(month)}-${pad(day)}`]
  return { parts: [{ days: { type: 'dates', dates }, sessions: [{ at: clock(at), ...(end && { end: clock(end) }) }] }] }
}
