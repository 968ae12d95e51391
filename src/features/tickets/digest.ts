import type { Db, Person, Room, Ticket, Village } from '../../db/database.ts'
import type { Commit, DailyJob, Reply, Services } from '../feature.ts'
import { gridRoomOf } from './announce.ts'
import { isConfidant } from './handlers.ts'
import * as replies from './replies.ts'
import { WORKING_STATUSES } from './status.ts'

/** The list of what is to be done (in some grids), most pressing first; null when there is nothing. */
export async function digestText(
  db: Db,
  village: Village,
  now: Date,
  reader: { private: boolean; person: Person } | null,
  grids: readonly (number | null)[] | null = null,
): Promise<string | null> {
  const ofGrids = grids === null ? {} : { OR: grids.map((gridId) => ({ gridId })) }
  const where = { villageId: village.id, ...ofGrids }
  const tickets = await db.ticket.findMany({
    where: { ...where, status: { in: [...WORKING_STATUSES] } },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: 200,
  })
  const visible: Ticket[] = []
  for (const ticket of tickets) {
    // In the room a sensitive ticket is not even a number.
    if (ticket.sensitive && !(reader?.private && (await isConfidant(db, ticket, reader.person)))) continue
    visible.push(ticket)
  }
  const candidates = await db.ticket.count({ where: { ...where, status: 'candidate', sensitive: false } })
  if (visible.length === 0 && candidates === 0) return null
  const people = await db.person.findMany({
    where: { id: { in: visible.flatMap((ticket) => ticket.assigneeId ?? []) } },
    select: { id: true, name: true },
  })
  const today = replies.dayWords(now, village.timezone)
  const lines = visible.map((ticket) => ({
    ticket,
    worker: people.find((person) => person.id === ticket.assigneeId)?.name ?? null,
    overdue: ticket.dueAt !== null && ticket.dueAt < now,
    dueToday: ticket.dueAt !== null && replies.dayWords(ticket.dueAt, village.timezone) === today,
  }))
  return replies.digest(lines, candidates, today)
}

/** 今日待办, every morning in the grid workers' rooms; no message where nothing is to be done. */
export const morningDigest: DailyJob = {
  name: 'digest',
  hour: 8,
  minute: 0,
  async run(village: Village, _day: Date, services: Services): Promise<Commit> {
    const { db } = services
    const grids = [null, ...(await db.grid.findMany({ where: { villageId: village.id } })).map((grid) => grid.id)]
    const rooms = new Map<number, { room: Room; ofRoom: (number | null)[] }>()
    for (const gridId of grids) {
      const room = await gridRoomOf(db, { villageId: village.id, gridId })
      if (room !== null) rooms.set(room.id, { room, ofRoom: [...(rooms.get(room.id)?.ofRoom ?? []), gridId] })
    }
    const said: Reply[] = []
    for (const { room, ofRoom } of rooms.values()) {
      const text = await digestText(db, village, services.clock.now(), null, ofRoom)
      if (text !== null) said.push({ to: { room }, key: `digest:${room.id}`, kind: 'digest', text, about: [] })
    }
    return async () => said
  },
}
