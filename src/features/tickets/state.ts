import { isoInZone } from '../../clock.ts'
import type { Db, Ticket } from '../../db/database.ts'
import { reportersOf, sourcesOf } from './audience.ts'

/** A ticket as outsiders read it. Times are ISO 8601 with the village's offset. */
export interface TicketState {
  no: number
  status: string
  category: string
  urgency: string
  place: string | null
  group: string | null
  reporter: string
  reporters: string[]
  affected?: string
  assignee?: string
  sensitive: boolean
  sources: string[]
  attachments: number
  openedAt: string
  dueAt: string | null
  result?: string
  mergedInto?: number
  linkedTo?: number
  history: { at: string; by: string; event: string }[]
}

/** Everything that is known of a ticket but its words. */
export async function ticketState(db: Db, ticket: Ticket): Promise<TicketState> {
  const { timezone } = await db.village.findUniqueOrThrow({ where: { id: ticket.villageId } })
  const reporters = await reportersOf(db, ticket.id)
  const sources = await sourcesOf(db, ticket.id)
  const history = await db.auditEntry.findMany({ where: { ticketId: ticket.id }, orderBy: { id: 'asc' } })
  const assignee = ticket.assigneeId ? await db.person.findUnique({ where: { id: ticket.assigneeId } }) : null
  const others = await db.ticket.findMany({
    where: { id: { in: [ticket.mergedIntoId, ticket.linkedToId].filter((id) => id !== null) } },
    select: { id: true, no: true },
  })
  const numberOf = (id: number | null) => others.find((other) => other.id === id)?.no
  const mergedInto = numberOf(ticket.mergedIntoId)
  const linkedTo = numberOf(ticket.linkedToId)
  const reporter = reporters.find((row) => row.personId === ticket.reporterId)
  return {
    no: ticket.no,
    status: ticket.status,
    category: ticket.category,
    urgency: ticket.urgency,
    place: ticket.place,
    group: ticket.group,
    reporter: reporter?.name ?? '',
    reporters: reporters.map((row) => row.name),
    ...(ticket.affected !== null && { affected: ticket.affected }),
    ...(assignee && { assignee: assignee.name }),
    sensitive: ticket.sensitive,
    sources: sources.map((source) => source.messageId),
    attachments: await db.ticketAttachment.count({ where: { ticketId: ticket.id } }),
    openedAt: isoInZone(ticket.openedAt, timezone),
    dueAt: ticket.dueAt && isoInZone(ticket.dueAt, timezone),
    ...(ticket.result !== null && { result: ticket.result }),
    ...(mergedInto !== undefined && { mergedInto }),
    ...(linkedTo !== undefined && { linkedTo }),
    history: history.map((entry) => ({ at: isoInZone(entry.at, timezone), by: entry.by, event: entry.event })),
  }
}
