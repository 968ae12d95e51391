import { fromWallTime } from '../clock.ts'
import type { Db, Village } from '../db/database.ts'
import { KIND_CODES } from '../features/duties/kinds.ts'
import { themesOf } from '../features/duties/standing.ts'
import { CATEGORIES, GRID_WORK } from '../understanding/categories.ts'

/** A figure of the year: what replies.ts calls it, which part of it, and how many. */
export interface Figure {
  name: FigureName
  /** A kind of grid work, of meeting, a theme; absent for the whole. */
  of?: string
  count: number
}

const FIGURE_NAMES = [
  'tickets',
  'tickets-of-work',
  'tickets-ended',
  'people-who-reported',
  'meetings-of-kind',
  'meetings-entered-later',
  'party-days-of-theme',
  'party-days-without-theme',
  'broadcasts',
  'broadcast-rooms',
  'answers',
] as const
export type FigureName = (typeof FIGURE_NAMES)[number]

/**
 * What the database holds of a village's year, counted; nothing is estimated. A year begins and ends with the village's
 * wall. What is not kept in the database is no figure here.
 */
export async function figuresOf(db: Db, village: Village, year: number): Promise<Figure[]> {
  const first = fromWallTime({ year, month: 1, day: 1 }, village.timezone)
  const next = fromWallTime({ year: year + 1, month: 1, day: 1 }, village.timezone)
  const within = { gte: first, lt: next }
  const where = { villageId: village.id }
  // A merged ticket is counted where it was merged into; a doubtful one when somebody has taken it.
  const opened = { ...where, openedAt: within, status: { notIn: ['candidate', 'merged', 'rejected', 'withdrawn'] } }
  const byCategory = await db.ticket.groupBy({ by: ['category'], where: opened, _count: { id: true } })
  const ofWork = (work: number) =>
    byCategory
      .filter(({ category }) => CATEGORIES.some((row) => row.code === category && row.work === work))
      .reduce((sum, { _count }) => sum + _count.id, 0)
  const total = byCategory.reduce((sum, { _count }) => sum + _count.id, 0)
  const ended = await db.ticket.count({ where: { ...opened, status: { in: ['resolved', 'closed'] } } })
  const reporters = await db.ticketReporter.findMany({
    where: { ticket: opened },
    distinct: ['personId'],
    select: { personId: true },
  })
  const days = { gte: `${year}-01-01`, lte: `${year}-12-31` }
  const meetings = await db.meeting.findMany({
    where: { ...where, day: days },
    select: { kind: true, day: true, enteredAt: true },
  })
  // The day is over when the next one begins on the village's wall.
  const later = meetings.filter(({ day, enteredAt }) => {
    const [y = 0, m = 1, d = 1] = day.split('-').map(Number)
    return enteredAt >= fromWallTime({ year: y, month: m, day: d + 1 }, village.timezone)
  })
  const themes = await themesOf(db, village.id, year)
  const broadcasts = await db.broadcast.findMany({
    where: { ...where, confirmedAt: within },
    select: { deliveries: { select: { key: true } } },
  })
  const keys = broadcasts.flatMap(({ deliveries }) => deliveries.flatMap(({ key }) => key ?? []))
  const delivered = await db.outboxMessage.count({ where: { key: { in: keys }, state: 'sent' } })
  const answers = await db.outboxMessage.count({
    where: { ...where, kind: 'answer', key: { endsWith: ':answer' }, createdAt: within, state: 'sent' },
  })
  return [
    { name: 'tickets', count: total },
    ...Object.keys(GRID_WORK).map(
      (work): Figure => ({ name: 'tickets-of-work', of: work, count: ofWork(Number(work)) }),
    ),
    { name: 'tickets-ended', count: ended },
    { name: 'people-who-reported', count: reporters.length },
    ...KIND_CODES.map((kind): Figure => {
      return { name: 'meetings-of-kind', of: kind, count: meetings.filter((meeting) => meeting.kind === kind).length }
    }),
    { name: 'meetings-entered-later', count: later.length },
    ...themes.map(([theme, count]): Figure => {
      return theme === null
        ? { name: 'party-days-without-theme', count }
        : { name: 'party-days-of-theme', of: theme, count }
    }),
    { name: 'broadcasts', count: broadcasts.length },
    { name: 'broadcast-rooms', count: delivered },
    { name: 'answers', count: answers },
  ]
}
