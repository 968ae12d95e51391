import type { Db, Person, Room, Ticket, Village } from '../../db/database.ts'
import type { MessageRef, OutgoingKind } from '../../message.ts'
import { type CategoryCode, categoryOf } from '../../understanding/categories.ts'
import { roomOfKind } from '../../village/rooms.ts'
import { type Reply, type Request, refsOf } from '../feature.ts'
import { reportersOf, sourcesOf } from './audience.ts'
import { choicesOn } from './choices.ts'
import { confidants, isLoud, responsibleWorker } from './handlers.ts'
import * as replies from './replies.ts'

/** How far the words of a ticket may travel. */
export function exposureOf(ticket: Ticket): 'public' | 'private' | 'sensitive' {
  if (ticket.sensitive) return 'sensitive'
  return categoryOf(ticket.category as CategoryCode).visibility === 'public' ? 'public' : 'private'
}

/** The ticket as its reporters are told of it: what is not for everybody goes to them directly, wherever they spoke. */
export function toldDirectlyUnlessPublic(ticket: Ticket): Ticket {
  return exposureOf(ticket) === 'public' ? ticket : { ...ticket, sensitive: true }
}

export async function cardFacts(db: Db, village: Village, ticket: Ticket, late = false): Promise<replies.CardFacts> {
  const reporters = await reportersOf(db, ticket.id)
  const reporter = reporters.find((row) => row.personId === ticket.reporterId) ?? reporters[0]
  const linked = ticket.linkedToId ? await db.ticket.findUnique({ where: { id: ticket.linkedToId } }) : null
  return {
    ticket,
    timeZone: village.timezone,
    reporter: reporter?.name ?? '',
    others: Math.max(0, reporters.length - 1),
    attachments: await db.ticketAttachment.count({ where: { ticketId: ticket.id, purpose: 'report' } }),
    linkedNo: linked?.no ?? null,
    late,
  }
}

interface Announcement {
  key: string
  kind: OutgoingKind
  about: MessageRef[]
  ticketId: number
  choices: string[]
}

async function announcement(db: Db, ticket: Ticket, key: string, kind: OutgoingKind): Promise<Announcement> {
  return { key, kind, about: await sourcesOf(db, ticket.id), ticketId: ticket.id, choices: choicesOn(ticket) }
}

/** The grid workers' room of a ticket; null where none is bound. */
export async function gridRoomOf(db: Db, ticket: Pick<Ticket, 'villageId' | 'gridId'>): Promise<Room | null> {
  return roomOfKind(db, ticket.villageId, 'grid', ticket.gridId)
}

/** Tells the grid workers of a ticket or candidate as it is now, as far as each may know. */
export async function announceTicket(db: Db, village: Village, ticket: Ticket, late: boolean): Promise<Reply[]> {
  const facts = await cardFacts(db, village, ticket, late)
  const worker = await responsibleWorker(db, ticket)
  return tellGridWorkers(db, village, facts, worker, await announcement(db, ticket, 'card', 'card'))
}

/** The same for a ticket that this request has just opened: what a card needs is known without looking. */
export async function announceNewTicket(
  db: Db,
  request: Request,
  ticket: Ticket,
  worker: Person | null,
): Promise<Reply[]> {
  const linked = ticket.linkedToId ? await db.ticket.findUnique({ where: { id: ticket.linkedToId } }) : null
  const facts: replies.CardFacts = {
    ticket,
    timeZone: request.village.timezone,
    reporter: request.person.name,
    others: 0,
    attachments: request.attachments.length,
    linkedNo: linked?.no ?? null,
    late: request.late,
  }
  const about = refsOf(request.messages)
  const choices = choicesOn(ticket)
  const base = { key: 'card', kind: 'card', about, ticketId: ticket.id, choices } as const
  return tellGridWorkers(db, request.village, facts, worker, base)
}

async function tellGridWorkers(
  db: Db,
  village: Village,
  facts: replies.CardFacts,
  worker: Person | null,
  base: Announcement,
): Promise<Reply[]> {
  const { ticket } = facts
  const exposure = exposureOf(ticket)
  if (exposure === 'sensitive') {
    const people = await confidants(db, ticket)
    const text = replies.directCard(facts, true)
    return people.map((person) => ({ ...base, key: `card:p${person.id}`, to: { person: person.id }, text }))
  }
  const room = await gridRoomOf(db, ticket)
  const said: Reply[] = []
  if (room !== null) {
    const candidate = ticket.status === 'candidate'
    const publicText = candidate ? replies.candidateCard(facts) : replies.card(facts)
    const privateText = candidate ? replies.privateCandidateCard(ticket) : replies.privateCard(ticket, village.timezone)
    const text = exposure === 'public' ? publicText : privateText
    const mentions = worker && ticket.urgency === 'urgent' ? [worker.id] : []
    said.push({ ...base, to: { room }, text, mentions })
  }
  if (worker && (exposure === 'private' || room === null)) {
    const text = replies.directCard(facts, false)
    said.push({ ...base, key: `card:p${worker.id}`, to: { person: worker.id }, text })
  }
  return said
}

/** One line on what has become of a ticket: in the grid room, or to its confidants when it is sensitive. */
export async function announceStep(
  db: Db,
  ticket: Ticket,
  sentence: string,
  options: { key: string; replyTo?: { room: number; messageId: string }; mentions?: number[] },
): Promise<Reply[]> {
  const base = await announcement(db, ticket, options.key, 'card')
  const text = replies.stepTaken(ticket, sentence)
  if (exposureOf(ticket) === 'sensitive') {
    const all = await confidants(db, ticket)
    // Where every worker hears the alarm the secretary is called only if none of them answers.
    const people = isLoud(ticket) ? all.filter((person) => person.role === 'grid-worker') : all
    const told = people.map((person) => ({
      ...base,
      key: `${options.key}:p${person.id}`,
      to: { person: person.id },
      text,
    }))
    const gridRoom = isLoud(ticket) ? await gridRoomOf(db, ticket) : null
    return gridRoom === null ? told : [...told, { ...base, to: { room: gridRoom }, text: replies.bareHeadline(ticket) }]
  }
  const room = await gridRoomOf(db, ticket)
  if (room === null) return []
  const answers = options.replyTo?.room === room.id ? { replyTo: options.replyTo.messageId } : {}
  return [{ ...base, ...answers, to: { room }, text, mentions: options.mentions ?? [] }]
}

/** The alarm: in the room where it was said, in the grid room, to the worker on duty. */
export async function raiseAlarm(
  db: Db,
  village: Village,
  ticket: Ticket,
  where: { room: Room | null; replyTo: string | undefined },
): Promise<Reply[]> {
  const facts = await cardFacts(db, village, ticket)
  const exposure = exposureOf(ticket)
  const worker = await responsibleWorker(db, ticket)
  const base = await announcement(db, ticket, 'alarm', 'alarm')
  if (exposure === 'sensitive' && !isLoud(ticket)) {
    const people = await confidants(db, ticket)
    const text = replies.alarmToWorker(facts)
    return people.map((person) => ({ ...base, key: `alarm:p${person.id}`, to: { person: person.id }, text }))
  }
  const said: Reply[] = []
  const mentions = worker ? [worker.id] : []
  const place = exposure === 'public' ? replies.placeWords(ticket) : ''
  if (where.room !== null) {
    const text = replies.alarm(ticket.category, place === '' ? null : place, worker?.name ?? null)
    const answers = where.replyTo === undefined ? {} : { replyTo: where.replyTo }
    said.push({ ...base, ...answers, to: { room: where.room }, text, mentions, choices: [] })
  }
  const gridRoom = await gridRoomOf(db, ticket)
  if (gridRoom !== null) {
    const text =
      exposure === 'public' ? replies.alarmCard(facts) : replies.privateAlarmCard(ticket, exposure === 'sensitive')
    said.push({ ...base, key: 'card', kind: 'card', to: { room: gridRoom }, text, mentions })
  }
  if (worker)
    said.push({ ...base, key: `alarm:p${worker.id}`, to: { person: worker.id }, text: replies.alarmToWorker(facts) })
  return said
}

/** A direct message about a ticket to one of its workers. */
export async function tellWorker(
  db: Db,
  ticket: Ticket,
  person: Person,
  text: string,
  key: string,
  kind: OutgoingKind,
): Promise<Reply> {
  return { ...(await announcement(db, ticket, `${key}:p${person.id}`, kind)), to: { person: person.id }, text }
}
