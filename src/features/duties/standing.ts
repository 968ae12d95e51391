import type { Db } from '../../db/database.ts'
import { DUTY_KINDS, type DutyKind, KIND_CODES, THEMES, type Theme } from './kinds.ts'
import { type Body, type Branch, bodiesOf } from './organisation.ts'
import { type IsoDay, type Period, partsOf, yearOf } from './periods.ts'

/** One thing that is owed: a body meets for something in a month or quarter. */
export interface Duty {
  kind: DutyKind
  body: Body
  period: Period
}

/** A duty, and how often it has been entered as done. */
export interface DutyStanding extends Duty {
  held: number
}

/** Everything that branches and groups owe in a period, kind by kind. A month holds no quarter's duties. */
function dutiesIn(period: Period, branches: readonly Branch[]): Duty[] {
  return KIND_CODES.flatMap((kind) =>
    partsOf(period, DUTY_KINDS[kind].every).flatMap((part) =>
      bodiesOf(branches, DUTY_KINDS[kind].body).map((body) => ({ kind, body, period: part })),
    ),
  )
}

/** How the duties of a period stand. Months and quarters that have not begun by `today` are left out. */
export async function standingOf(
  db: Db,
  villageId: number,
  branches: readonly Branch[],
  period: Period,
  today: IsoDay,
): Promise<DutyStanding[]> {
  const meetings = await db.meeting.findMany({
    where: { villageId, day: { gte: period.from, lte: period.until } },
    select: { kind: true, branch: true, partyGroup: true, day: true },
  })
  return dutiesIn(period, branches)
    .filter((duty) => duty.period.from <= today)
    .map((duty) => ({
      ...duty,
      held: meetings.filter(
        ({ kind, branch, partyGroup, day }) =>
          kind === duty.kind &&
          branch === duty.body.branch &&
          partyGroup === duty.body.group &&
          day >= duty.period.from &&
          day <= duty.period.until,
      ).length,
    }))
}

/** How often each theme of a Party day was entered in a year, and how many Party days named none. */
export async function themesOf(db: Db, villageId: number, year: number): Promise<[Theme | null, number][]> {
  const { from, until } = yearOf(year)
  const days = await db.meeting.findMany({
    where: { villageId, kind: 'party-day', day: { gte: from, lte: until } },
    select: { theme: true },
  })
  return [...THEMES, null].map((theme) => [theme, days.filter((day) => day.theme === theme).length])
}
