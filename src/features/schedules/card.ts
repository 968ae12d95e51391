import { HOUR } from '../../clock.ts'
import type { Db, Schedule, Village } from '../../db/database.ts'
import type { NamedRoom } from '../../village/room-names.ts'
import { weekdayOf } from './calendar.ts'
import { leadKey, momentsOf } from './leads.ts'
import { nextTimes, type Occurrence, wallDay } from './occurrences.ts'
import * as replies from './replies.ts'
import { namesOf } from './rooms.ts'
import type { Rule } from './rule.ts'
import { type Terms, termsOf } from './schedule.ts'
import { isHoliday, isWorkday } from './working-days.ts'

/** How many dates a card shows. */
const SHOWN = 3
/** What has no end is taken to last this long. */
const USUAL_LENGTH = HOUR

/** What a day is besides its date, as far as people should know before they agree to it. */
export type DayRemark = 'holiday' | 'make-up' | 'provisional' | null

export interface CardDate {
  at: Date
  end: Date | null
  remark: DayRemark
  shiftedFrom: string | null
}

export interface Clash {
  title: string
  at: Date
}

/** Everything a card says, looked up. */
export interface CardFacts {
  schedule: Schedule
  rule: Rule
  dates: CardDate[]
  rooms: NamedRoom[]
  terms: Terms
  /** The first date's reminders that would have fallen into the night, and where they go instead. */
  shifted: { lead: string; at: Date }[]
  /** No reminder of the first date lies ahead any more. */
  tooLate: boolean
  clashes: Clash[]
  now: Date
  timeZone: string
}

export async function cardFacts(db: Db, village: Village, schedule: Schedule, now: Date): Promise<CardFacts | null> {
  const terms = termsOf(schedule)
  const { rule, leads } = terms
  if (rule === null) return null
  const timeZone = village.timezone
  const times = nextTimes(rule, now, SHOWN, timeZone)
  const rooms = await namesOf(db, village.id, terms.roomIds)
  const moments = times[0] ? momentsOf(times[0], leads, { timeZone, urgent: schedule.urgent }) : []
  return {
    schedule,
    rule,
    terms,
    rooms,
    dates: times.map((time) => cardDate(time, timeZone)),
    shifted: moments.filter((each) => each.shifted).map(({ lead, at }) => ({ lead: leadKey(lead), at })),
    tooLate: times.length > 0 && !moments.some(({ at }) => at > now),
    clashes: await clashesOf(db, schedule, times),
    now,
    timeZone,
  }
}

function cardDate({ at, end, shiftedFrom, provisional }: Occurrence, timeZone: string): CardDate {
  const day = wallDay(at, timeZone)
  const makeUp = weekdayOf(day) >= 6 && isWorkday(day)
  const remark = isHoliday(day) ? 'holiday' : makeUp ? 'make-up' : provisional ? 'provisional' : null
  return { at, end: end ?? null, shiftedFrom: shiftedFrom ?? null, remark }
}

/** What else of the village is at the same time as one of these. */
async function clashesOf(db: Db, schedule: Schedule, times: readonly Occurrence[]): Promise<Clash[]> {
  const [first, last] = [times[0], times.at(-1)]
  if (!first || !last) return []
  const endOf = ({ at, end }: { at: Date; end?: Date | null | undefined }) =>
    end ?? new Date(at.getTime() + USUAL_LENGTH)
  const others = await db.occurrence.findMany({
    where: {
      villageId: schedule.villageId,
      status: 'planned',
      scheduleId: { not: schedule.id },
      at: { gt: new Date(first.at.getTime() - 24 * HOUR), lt: endOf(last) },
      schedule: { status: 'armed' },
    },
    include: { schedule: { select: { title: true } } },
    orderBy: { at: 'asc' },
  })
  return others
    .filter((other) =>
      times.some((time) => other.at < endOf(time) && time.at < endOf({ at: other.at, end: other.endsAt })),
    )
    .map((other) => ({ title: other.schedule.title, at: other.at }))
}

/** The card's words; null for a schedule whose time is still asked for. */
export async function cardText(db: Db, village: Village, schedule: Schedule, now: Date): Promise<string | null> {
  const facts = await cardFacts(db, village, schedule, now)
  return facts && replies.card(facts)
}
