import { actorOf } from '../../db/audit.ts'
import type { Db, Ticket } from '../../db/database.ts'
import type { Change, Commit, Services } from '../feature.ts'
import { announceStep, announceTicket, exposureOf } from './announce.ts'
import { reportersOf } from './audience.ts'
import { accusedPeople } from './handlers.ts'
import { gridOfGroup } from './open-ticket.ts'
import * as replies from './replies.ts'
import { isOpen } from './status.ts'
import { change as changeTicket, move } from './ticket.ts'

/** What an edited or recalled message means for the ticket that rests on it. */
export async function takeChange(change: Change, services: Services): Promise<Commit | 'new' | null> {
  const { db } = services
  const source = await db.ticketSource.findFirst({ where: { inboxEventId: change.message.id }, orderBy: { id: 'asc' } })
  const ticket = source ? await db.ticket.findUnique({ where: { id: source.ticketId } }) : null
  if (!ticket) return change.type === 'edit' && change.understanding.gate !== 'none' ? 'new' : null
  return change.type === 'edit' ? edited(change, services, ticket) : recalled(change, services, ticket)
}

/** The ticket's words are those of its messages as they are now. */
async function wordsOf(db: Db, ticket: Ticket, change: Change): Promise<string> {
  const sources = await db.ticketSource.findMany({ where: { ticketId: ticket.id } })
  const events = await db.inboxEvent.findMany({
    where: { id: { in: sources.map((source) => source.inboxEventId) } },
    orderBy: { id: 'asc' },
  })
  return events
    .map((event) => (event.id === change.message.id ? change.message.text : event.text))
    .filter((text) => text !== '')
    .join('\n')
    .slice(0, 10_000)
}

async function edited(change: Change, services: Services, ticket: Ticket): Promise<Commit> {
  const { person, now, understanding: said, message } = change
  const text = await wordsOf(services.db, ticket, change)
  // What a worker has confirmed is theirs to correct; before that the reporter's newest words count.
  const untouched = ticket.status === 'open' || ticket.status === 'candidate'
  const mayCorrect = untouched && person.id === ticket.reporterId
  return async (tx) => {
    const corrected =
      mayCorrect && said.gate !== 'none'
        ? {
            ...(said.category !== null && { category: said.category }),
            ...(said.place !== null && { place: said.place, placeKey: said.placeKey, group: said.group }),
            ...(said.group !== null && { gridId: await gridOfGroup(tx, ticket.villageId, said.group) }),
          }
        : {}
    const by = actorOf(person, message.id)
    const sensitive = ticket.sensitive || said.sensitive
    const accusedIds = sensitive ? await accusedPeople(tx, ticket.villageId, said) : []
    const secret = { sensitive, ...(accusedIds.length > 0 && { accusedIds }) }
    const updated = await changeTicket(tx, ticket, { ...corrected, ...secret, text }, { event: 'edited', by, at: now })
    if (sensitive && !ticket.sensitive) return announceTicket(tx, change.village, updated, false)
    const open = isOpen(ticket.status)
    const visible = exposureOf(updated) === 'public'
    return open && ticket.status !== 'candidate' && visible
      ? announceStep(tx, updated, replies.taken.edited(message.text), { key: 'edited' })
      : []
  }
}

/** A recalled report that nobody else joined and nobody works on is withdrawn; its words are gone in any case. */
async function recalled(change: Change, services: Services, ticket: Ticket): Promise<Commit> {
  const { person, now, message } = change
  const text = await wordsOf(services.db, ticket, change)
  return async (tx) => {
    await tx.ticketSource.deleteMany({ where: { ticketId: ticket.id, inboxEventId: message.id } })
    await tx.ticketAttachment.deleteMany({ where: { ticketId: ticket.id, inboxEventId: message.id } })
    const by = actorOf(person, message.id)
    const alone = (await reportersOf(tx, ticket.id)).every((reporter) => reporter.personId === person.id)
    const untouched = ticket.status === 'open' || ticket.status === 'candidate'
    if (text !== '' || !alone || !untouched) {
      const update = text === '' ? { text, summary: '' } : { text }
      await changeTicket(tx, ticket, update, { event: 'recalled', by, at: now })
      return []
    }
    const cleared = { text: '', summary: '', contact: null, affected: null, closedAt: now }
    const updated = await move(tx, ticket, 'withdraw', cleared, { by, at: now })
    return ticket.status === 'candidate' ? [] : announceStep(tx, updated, replies.taken.recalled(), { key: 'recalled' })
  }
}
