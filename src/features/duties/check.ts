import type { HeldDay } from './held-day.ts'
import { DUTY_KINDS, type DutyKind, type Theme } from './kinds.ts'
import { type Body, type Branch, bodiesOf } from './organisation.ts'
import type { IsoDay } from './periods.ts'
import type { Reading } from './read-records.ts'
import type { Mention } from './read-slots.ts'

/** A meeting as it can be entered. */
export interface Draft {
  kind: DutyKind
  body: Body
  day: IsoDay
  attendance: number | null
  absent: number | null
  theme: Theme | null
  content: string
  chair: string
}

/** Why a reading cannot be entered as it is; replies.ts asks about it. */
export type Problem =
  | { type: 'which'; kind: DutyKind; bodies: Body[] }
  | { type: 'unknown'; kind: DutyKind; said: string; bodies: Body[] }
  | { type: 'no-such-day'; said: string }
  | { type: 'ahead'; day: IsoDay }
  | { type: 'too-many'; kind: DutyKind; body: Body; came: number; absent: number }
  | { type: 'nobody'; kind: DutyKind; body: Body }

/** What a reading comes to in this village: a draft for each body that met, or what is to be asked first. */
export function check(reading: Reading, branches: readonly Branch[], today: IsoDay): Draft[] | Problem {
  const { kind, day } = reading
  const wrongDay = objectionToDay(day, today)
  if (wrongDay) return wrongDay
  const bodies = chooseBodies(kind, reading.branch, reading.group, branches)
  if (!Array.isArray(bodies)) return bodies
  const drafts = bodies.map((body): Draft => {
    const { theme, content, chair } = reading
    return { kind, body, day: day?.day ?? today, ...numbersOf(reading, body, bodies.length), theme, content, chair }
  })
  const impossible = drafts.map(objectionTo).find((problem) => problem !== null)
  return impossible ?? drafts
}

/** Why a meeting cannot have been on that day; null where it can. */
export function objectionToDay(day: HeldDay | null, today: IsoDay): Problem | null {
  if (day === null) return null
  if (day.day === null) return { type: 'no-such-day', said: day.said }
  return day.day > today ? { type: 'ahead', day: day.day } : null
}

/** Why so many cannot have come; null where they can. */
export function objectionTo({ kind, body, attendance, absent }: Draft): Problem | null {
  if (attendance === 0) return { type: 'nobody', kind, body }
  const came = attendance ?? 0
  if (body.members !== null && came + (absent ?? 0) > body.members) {
    return { type: 'too-many', kind, body, came, absent: absent ?? 0 }
  }
  return null
}

/** One number for several bodies says nothing of each, unless it is said to. */
function numbersOf({ attendance, full, absent, expected, each }: Reading, body: Body, bodies: number) {
  if (bodies > 1 && !each) return { attendance: full ? body.members : null, absent: null }
  const came = attendance ?? (full ? body.members : expected !== null && absent !== null ? expected - absent : null)
  const away = absent ?? (expected !== null && came !== null && expected > came ? expected - came : null)
  return { attendance: came, absent: away }
}

function chooseBodies(
  kind: DutyKind,
  branch: Mention | null,
  group: Mention | null,
  branches: readonly Branch[],
): Body[] | Problem {
  const inBranches = branch ? chosen(branch, branches, (one) => one.branch) : [...branches]
  if (branch && inBranches.length === 0)
    return { type: 'unknown', kind, said: branch.said, bodies: bodiesOf(branches, 'branch') }
  if (DUTY_KINDS[kind].body === 'branch') {
    if (branch !== null || branches.length === 1) return inBranches
    return { type: 'which', kind, bodies: inBranches }
  }
  const groups = inBranches.flatMap((one) => one.groups)
  if (group === null) return groups.length === 1 ? groups : { type: 'which', kind, bodies: groups }
  const found = chosen(group, groups, (one) => one.group)
  return found.length > 0 ? found : { type: 'unknown', kind, said: group.said, bodies: groups }
}

/** The bodies that are named; none where one of them is unknown, or where they are not as many as was said. */
function chosen<T extends Body>(mention: Mention, bodies: readonly T[], nameOf: (body: T) => string): T[] {
  if (mention.all) return mention.count === null || mention.count === bodies.length ? [...bodies] : []
  const found = bodies.filter((body) => mention.numbers.includes(body.number) || mention.names.includes(nameOf(body)))
  return found.length === mention.numbers.length + mention.names.length ? found : []
}
