import { DAY, MINUTE } from '../../clock.ts'
import type { Db, InboxEvent, Prisma, Ticket } from '../../db/database.ts'
import type { Attachment } from '../../message.ts'
import { outsideQuietHours } from '../../quiet-hours.ts'
import { cut } from '../../text.ts'
import { type CategoryCode, categoryOf } from '../../understanding/categories.ts'
import type { Understanding } from '../../understanding/understanding.ts'
import { answerHere, type Reply, type Request, speaker } from '../feature.ts'
import { ESCALATE_AFTER, insideOfficeHours, LAPSE_AFTER, workdaysLater } from './deadlines.ts'
import { accusedPeople } from './handlers.ts'
import type { Status } from './status.ts'
import { nextNumber, type Plan, plan, planFirst, record } from './ticket.ts'

const SUMMARY_LENGTH = 40
/** Networks keep messages for an outage of a few days at most. Milliseconds. */
const OLDEST_NEWS = 7 * DAY

/** Whether a matter is of the sensitive lane: by what was said or by its category. */
export function isSensitive(said: Understanding, category: CategoryCode): boolean {
  return said.sensitive || categoryOf(category).visibility === 'restricted'
}

/** The grid of a villager group; null where the village has no such group. */
export async function gridOfGroup(db: Db, villageId: number, group: string | null): Promise<number | null> {
  if (group === null) return null
  const found = await db.group.findUnique({ where: { villageId_name: { villageId, name: group } } })
  return found?.gridId ?? null
}

/** When a ticket is due: the end of its category's working days on the village's calendar. */
export function dueDate(category: CategoryCode, openedAt: Date, timeZone: string): Date {
  return workdaysLater(openedAt, categoryOf(category).closeWorkdays, timeZone)
}

/** When something was said, unless the network's clock is plainly wrong: nothing is said tomorrow or a month ago. */
function believable(sentAt: Date, now: Date): Date {
  const age = now.getTime() - sentAt.getTime()
  return age >= 0 && age < OLDEST_NEWS ? sentAt : now
}

export interface NewTicket {
  status: Extract<Status, 'open' | 'candidate'>
  category: CategoryCode
  linkedToId: number | null
}

/** Writes a ticket with its reporter, sources, attachments, history and timers. */
export async function openTicket(tx: Db, request: Request, what: NewTicket): Promise<Ticket> {
  const { village, person, understanding: said, now } = request
  const openedAt = believable(request.messages[0]?.sentAt ?? now, now)
  const group = said.group
  const urgency = said.urgency ?? categoryOf(what.category).urgency
  const ticket = await tx.ticket.create({
    data: {
      villageId: village.id,
      no: await nextNumber(tx, village.id),
      status: what.status,
      category: what.category,
      urgency,
      place: said.place,
      placeKey: said.placeKey,
      group,
      // Somebody who names no group most likely means their own; the worker of that grid is asked first.
      gridId: (await gridOfGroup(tx, village.id, group ?? person.group)) ?? person.gridId,
      sensitive: isSensitive(said, what.category),
      reporterId: person.id,
      affected: said.affected,
      contact: said.contact,
      text: request.text,
      summary: cut(request.text.replace(/\s+/g, ' ').trim(), SUMMARY_LENGTH),
      accusedIds: await accusedPeople(tx, village.id, said),
      linkedToId: what.linkedToId,
      roomId: request.room?.id ?? null,
      openedAt,
      dueAt: dueDate(what.category, openedAt, village.timezone),
      updatedAt: now,
    },
  })
  await tx.ticketReporter.createMany({ data: reporterRow(ticket, request) })
  const sources = request.messages.map((message) => ({ ticketId: ticket.id, inboxEventId: message.id }))
  await tx.ticketSource.createMany({ data: sources })
  await addAttachments(tx, ticket, request.messages, 'report', now)
  const event = what.status === 'candidate' ? 'noticed' : 'opened'
  await record(tx, village.id, { event, by: speaker(request), at: now, ticketId: ticket.id })
  await planFirst(tx, ticket, plansFor(ticket, village.timezone, now))
  return ticket
}

/** Plans what follows if nobody does anything. */
export async function planTimers(tx: Db, ticket: Ticket, timeZone: string, now: Date): Promise<void> {
  await plan(tx, ticket, ...plansFor(ticket, timeZone, now))
}

function plansFor(ticket: Ticket, timeZone: string, now: Date): Plan[] {
  if (ticket.status !== 'candidate') return [firstLook(ticket, timeZone, now), ...overduePlans(ticket)]
  return [{ kind: 'tickets.lapse', key: '1', dueAt: new Date(now.getTime() + LAPSE_AFTER) }]
}

/** When somebody is asked why nobody has taken the ticket. */
function firstLook(ticket: Ticket, timeZone: string, now: Date): Plan {
  const key = String(now.getTime())
  if (ticket.urgency === 'emergency') {
    return { kind: 'tickets.escalate', key, dueAt: new Date(now.getTime() + ESCALATE_AFTER) }
  }
  const { ackMinutes } = categoryOf(ticket.category as CategoryCode)
  const due = new Date(now.getTime() + ackMinutes * MINUTE)
  const asked = ticket.urgency === 'urgent' ? outsideQuietHours(due, timeZone) : insideOfficeHours(due, timeZone)
  return { kind: 'tickets.acknowledge', key, dueAt: asked }
}

/** The first reminder of the overdue chain for the present deadline. */
function overduePlans(ticket: Ticket): Plan[] {
  if (!ticket.dueAt) return []
  const key = `${ticket.dueAt.getTime()}:1`
  return [{ kind: 'tickets.overdue', key, dueAt: ticket.dueAt, data: { level: 1 } }]
}

export async function planOverdue(tx: Db, ticket: Ticket): Promise<void> {
  await plan(tx, ticket, ...overduePlans(ticket))
}

/** Adds somebody to those who are told of the result; false when they are already. */
export async function addReporter(tx: Db, ticket: Ticket, request: Request): Promise<boolean> {
  const known = await tx.ticketReporter.findUnique({
    where: { ticketId_personId: { ticketId: ticket.id, personId: request.person.id } },
  })
  if (known) return false
  await tx.ticketReporter.create({ data: reporterRow(ticket, request) })
  return true
}

function reporterRow(ticket: Ticket, { person, conversation, private: isPrivate, now }: Request) {
  const { id: personId, name } = person
  return { ticketId: ticket.id, personId, name, ...conversation, private: isPrivate, addedAt: now }
}

export async function addSources(tx: Db, ticket: Ticket, messages: readonly InboxEvent[]): Promise<void> {
  for (const message of messages) {
    await tx.$executeRaw`INSERT INTO "TicketSource" ("ticketId", "inboxEventId") VALUES (${ticket.id}, ${message.id})
      ON CONFLICT ("ticketId", "inboxEventId") DO NOTHING`
  }
}

export async function addAttachments(
  tx: Db,
  ticket: Ticket,
  messages: readonly InboxEvent[],
  purpose: 'report' | 'result',
  now: Date,
): Promise<number> {
  const rows = messages.flatMap((message) =>
    (message.attachments as unknown as Attachment[]).map((attachment) => ({
      ticketId: ticket.id,
      inboxEventId: message.id,
      purpose,
      channel: message.channel,
      attachment: attachment as unknown as Prisma.InputJsonValue,
      addedAt: now,
    })),
  )
  if (rows.length > 0) await tx.ticketAttachment.createMany({ data: rows })
  return rows.length
}

/** Adds lines and photos to a ticket without a word; what was missing is filled in. */
export async function addDetail(tx: Db, ticket: Ticket, request: Request): Promise<Ticket> {
  const { understanding: said, messages, text, now } = request
  await addSources(tx, ticket, messages)
  await addAttachments(tx, ticket, messages, 'report', now)
  const place = mergedPlace(ticket, said)
  const group = said.group ?? ticket.group
  const known = new Set(ticket.text.split('\n'))
  const lines = text.split('\n').filter((line) => line !== '' && !known.has(line))
  const updated = await tx.ticket.update({
    where: { id: ticket.id },
    data: {
      ...place,
      group,
      gridId: group === ticket.group ? ticket.gridId : await gridOfGroup(tx, ticket.villageId, group),
      text: cut([ticket.text, ...lines].join('\n'), 10_000),
      contact: ticket.contact ?? said.contact,
      version: { increment: 1 },
      updatedAt: now,
    },
  })
  await record(tx, ticket.villageId, {
    event: 'detail',
    by: speaker(request),
    at: now,
    ticketId: ticket.id,
  })
  return updated
}

/** 三组 + 村口 = 三组村口; a place that is known stays unless the new one says more. */
function mergedPlace(ticket: Ticket, said: Understanding): { place: string | null; placeKey: string } {
  if (said.place === null) return { place: ticket.place, placeKey: ticket.placeKey }
  if (ticket.place === null) return { place: said.place, placeKey: said.placeKey }
  const [groupBefore = '', nameBefore = ''] = ticket.placeKey.split('|')
  const [groupSaid = '', nameSaid = ''] = said.placeKey.split('|')
  if (nameBefore === '' && nameSaid !== '' && (groupSaid === '' || groupSaid === groupBefore)) {
    const place = groupSaid === '' || !said.place.startsWith(ticket.place) ? `${ticket.place}${said.place}` : said.place
    return { place: groupSaid === '' ? place : said.place, placeKey: `${groupBefore}|${nameSaid}` }
  }
  if (nameSaid.length > nameBefore.length && nameSaid.includes(nameBefore)) {
    return { place: said.place, placeKey: `${groupSaid || groupBefore}|${nameSaid}` }
  }
  return { place: ticket.place, placeKey: ticket.placeKey }
}

/** Answers in the conversation the request came from, as a reply to its last message; of a ticket where there is one. */
export function answerTo(request: Request, ticket: Ticket | null, reply: Pick<Reply, 'key' | 'kind' | 'text'>): Reply {
  return { ...answerHere(request, reply), ...(ticket && { ticketId: ticket.id }) }
}
