import { DAY, HOUR } from '../../clock.ts'
import type { Db, Ticket } from '../../db/database.ts'
import type { CategoryCode } from '../../understanding/categories.ts'
import { OPEN_STATUSES } from './status.ts'

/** Supplies that fail for a whole group at once: here 三组 and 三组村口 are the same outage. */
const AREA_WIDE: ReadonlySet<string> = new Set(['water', 'power', 'telecom', 'gas', 'flood', 'fire', 'forest', 'storm'])
/** Different words for one event. */
const SAME_EVENT: Record<string, readonly CategoryCode[]> = {
  fire: ['fire', 'forest'],
  forest: ['fire', 'forest'],
}

/** How long reports of one category at one place are taken for the same thing. Milliseconds. */
function windowOf(category: string): number {
  return AREA_WIDE.has(category) ? 48 * HOUR : 14 * DAY
}

export function categoriesLike(category: string): readonly string[] {
  return SAME_EVENT[category] ?? [category]
}

/** Whether two normal places are the same for a category. Unknown places are never the same. */
export function samePlace(category: string, a: string, b: string): boolean {
  if (a === '' || b === '') return false
  if (a === b) return true
  const [groupA = '', nameA = ''] = a.split('|')
  const [groupB = '', nameB = ''] = b.split('|')
  if (groupA !== '' && groupB !== '' && groupA !== groupB) return false
  if (AREA_WIDE.has(category) && groupA === groupB && groupA !== '' && (nameA === '' || nameB === '')) return true
  if (nameA === '' || nameB === '') return false
  return nameA === nameB || nameA.includes(nameB) || nameB.includes(nameA)
}

/** The open ticket that is the same thing at the same place; the oldest one if there are several. */
export async function findSame(
  db: Db,
  villageId: number,
  what: { category: string; placeKey: string; exceptId?: number },
  now: Date,
): Promise<Ticket | null> {
  if (what.placeKey === '') return null
  const candidates = await db.ticket.findMany({
    where: {
      villageId,
      category: { in: [...categoriesLike(what.category)] },
      status: { in: [...OPEN_STATUSES] },
      openedAt: { gte: new Date(now.getTime() - windowOf(what.category)) },
      ...(what.exceptId !== undefined && { id: { not: what.exceptId } }),
    },
    orderBy: { id: 'asc' },
    select: { id: true, placeKey: true },
  })
  const same = candidates.find((ticket) => samePlace(what.category, ticket.placeKey, what.placeKey))
  return same ? db.ticket.findUnique({ where: { id: same.id } }) : null
}

/** The newest open ticket of a category elsewhere that a report may have to do with. */
export async function findElsewhere(db: Db, villageId: number, category: string, now: Date): Promise<Ticket | null> {
  return db.ticket.findFirst({
    where: {
      villageId,
      category,
      sensitive: false,
      status: { in: [...OPEN_STATUSES] },
      openedAt: { gte: new Date(now.getTime() - (AREA_WIDE.has(category) ? 48 * HOUR : 3 * DAY)) },
    },
    orderBy: { id: 'desc' },
  })
}
