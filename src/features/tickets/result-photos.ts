import { MINUTE } from '../../clock.ts'
import type { Db, InboxEvent, Ticket } from '../../db/database.ts'
import { may } from '../../village/roles.ts'
import type { Commit, Request, Services } from '../feature.ts'
import { toldDirectlyUnlessPublic } from './announce.ts'
import { tellReporters } from './audience.ts'
import { addAttachments } from './open-ticket.ts'
import * as replies from './replies.ts'

/** A photo that a worker sent this long before or after closing belongs to the result. Milliseconds. */
const PHOTO_WITHIN = 3 * MINUTE

/** The photos of a ticket's result, oldest first. */
export async function resultPhotos(tx: Db, ticket: Ticket) {
  const rows = await tx.ticketAttachment.findMany({
    where: { ticketId: ticket.id, purpose: 'result' },
    orderBy: { id: 'asc' },
  })
  return rows.map((row) => row.attachment as unknown as Request['attachments'][number])
}

/** Photos without words that the worker sent just before and that belong to nothing yet. */
export async function loosePhotos(tx: Db, request: Request): Promise<InboxEvent[]> {
  const { person, conversation, now } = request
  const events = await tx.inboxEvent.findMany({
    where: {
      ...conversation,
      personId: person.id,
      type: 'message',
      text: '',
      receivedAt: { gte: new Date(now.getTime() - PHOTO_WITHIN) },
    },
  })
  if (events.length === 0) return []
  const used = await tx.ticketAttachment.findMany({
    where: { inboxEventId: { in: events.map((event) => event.id) } },
    select: { inboxEventId: true },
  })
  return events.filter((event) => !used.some((row) => row.inboxEventId === event.id))
}

/** A photo that a worker sends just after closing is passed on to those who heard the result. */
export async function takePhoto(request: Request, services: Services): Promise<Commit | null> {
  const { person, now, text, attachments } = request
  if (text.trim() !== '' || attachments.length === 0 || !may(person.role, 'work-tickets')) return null
  const closed = await services.db.auditEntry.findFirst({
    where: {
      villageId: request.village.id,
      personId: person.id,
      event: 'resolve',
      at: { gte: new Date(now.getTime() - PHOTO_WITHIN) },
    },
    orderBy: { id: 'desc' },
  })
  const ticket = closed?.ticketId ? await services.db.ticket.findUnique({ where: { id: closed.ticketId } }) : null
  if (!ticket || ticket.status !== 'resolved') return null
  return async (tx) => {
    await addAttachments(tx, ticket, request.messages, 'result', now)
    const audience = toldDirectlyUnlessPublic(ticket)
    const words = replies.resultPhoto(ticket)
    const message = { key: 'photo', kind: 'result' as const, attachments }
    return (await tellReporters(tx, audience, { inRoom: words, direct: words }, message, services.canReach)).replies
  }
}
