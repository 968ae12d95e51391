import { fromWallTime, wallTime } from '../../clock.ts'
import type { Db, Room } from '../../db/database.ts'
import { may } from '../../village/roles.ts'
import { type Answer, answerHere, type Request, type Services } from '../feature.ts'
import { LIST } from './command-words.ts'
import { wordsOf } from './recognise.ts'
import * as replies from './replies.ts'
import { termsOf } from './schedule.ts'

const MOST = 40

/** 本周安排: what is planned, as far as whoever asks may see it where they ask. */
export async function takeList(request: Request, services: Services): Promise<Answer> {
  const span = LIST.exec(wordsOf(request.text))?.groups?.span
  if (!span) return null
  const { db } = services
  const { village, person, private: alone, now } = request
  const keeps = may(person.role, 'broadcast')
  if (!keeps && !request.addressed) return null
  const { from, to } = spanOf(span, now, village.timezone)
  const rows = await db.occurrence.findMany({
    where: {
      villageId: village.id,
      status: 'planned',
      at: { gte: from, lt: to },
      schedule: { status: { in: ['armed', 'ended'] } },
    },
    include: { schedule: true },
    orderBy: { at: 'asc' },
    take: MOST,
  })
  const rooms = await visibleRooms(db, request, keeps)
  const items = rows.filter(
    ({ schedule }) => rooms === null || termsOf(schedule).roomIds.some((id) => rooms.includes(id)),
  )
  const drafts =
    keeps && alone
      ? await db.schedule.findMany({
          where: { villageId: village.id, status: 'draft' },
          orderBy: { id: 'asc' },
          take: 5,
        })
      : []
  const text = replies.list(replies.spanName(span), items, drafts, village.timezone)
  return async () => [answerHere(request, { key: 'list', kind: 'answer', text })]
}

/** In a room what is said in that room; directly everything to those who keep schedules, to others what all villagers hear. */
async function visibleRooms(db: Db, { room, village }: Request, keeps: boolean): Promise<number[] | null> {
  if (room) return [room.id]
  if (keeps) return null
  const villagers = await db.room.findMany({ where: { villageId: village.id, kind: 'villagers' } })
  return villagers.map(({ id }: Room) => id)
}

function spanOf(span: string, now: Date, timeZone: string): { from: Date; to: Date } {
  const { year, month, day, weekday } = wallTime(now, timeZone)
  const next = /下/.test(span) ? 1 : 0
  const days = (first: number, count: number) => ({
    from: fromWallTime({ year, month, day: first }, timeZone),
    to: fromWallTime({ year, month, day: first + count }, timeZone),
  })
  if (/今/.test(span)) return days(day, 1)
  if (/明/.test(span)) return days(day + 1, 1)
  if (/近/.test(span)) return days(day, 14)
  if (/月/.test(span)) {
    return {
      from: fromWallTime({ year, month: month + next, day: 1 }, timeZone),
      to: fromWallTime({ year, month: month + next + 1, day: 1 }, timeZone),
    }
  }
  return days(day - ((weekday + 6) % 7) + 7 * next, 7)
}
