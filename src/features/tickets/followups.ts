import { DAY, HOUR } from '../../clock.ts'
import type { Db, Ticket } from '../../db/database.ts'
import { cut } from '../../text.ts'
import type { CategoryCode } from '../../understanding/categories.ts'
import type { Act } from '../../understanding/understanding.ts'
import type { Commit, Reply, Request, Services } from '../feature.ts'
import { speaker } from '../feature.ts'
import { announceStep } from './announce.ts'
import { livingTicket, reportersOf } from './audience.ts'
import { responsibleWorker } from './handlers.ts'
import { ticketBehind } from './intake.ts'
import { addAttachments, addReporter, addSources, answerTo, dueDate, planTimers } from './open-ticket.ts'
import * as replies from './replies.ts'
import { categoriesLike, samePlace } from './similar.ts'
import { moved, type Status } from './status.ts'
import { move, record } from './ticket.ts'
import { takeNumbers } from './verbs.ts'

/** How long after its end a ticket can be opened again by those who reported it. Milliseconds. */
const REOPEN_WITHIN = 30 * DAY
/** A worker is told of the same impatience at most this often. Milliseconds. */
const URGE_EVERY = 2 * HOUR

/** Which states a word can be about, likeliest first. */
const ABOUT: Partial<Record<Act, readonly Status[]>> = {
  satisfied: ['resolved'],
  unsatisfied: ['resolved', 'closed'],
  fixed: ['resolved', 'handling', 'assigned', 'confirmed', 'open'],
  reopen: ['resolved', 'closed', 'open', 'confirmed', 'assigned', 'handling'],
  urge: ['open', 'confirmed', 'assigned', 'handling', 'resolved', 'candidate'],
  withdraw: ['open', 'confirmed', 'assigned', 'handling', 'candidate'],
}

/** A villager's word on something reported before. Null when it is about nothing of theirs. */
export async function takeFollowUp(request: Request, services: Services): Promise<Commit | null> {
  const { understanding: said, room } = request
  if (said.act === null || room?.kind === 'grid') return null
  const statuses = ABOUT[said.act]
  if (!statuses) return null
  const ticket = await theirTicket(request, services.db, statuses)
  if (!ticket) return null
  switch (said.act) {
    case 'satisfied':
      return close(request, ticket, 'satisfied')
    case 'fixed':
      return close(request, ticket, ticket.status === 'resolved' ? 'satisfied' : 'fixed')
    case 'unsatisfied':
      return reopen(request, services, ticket)
    case 'reopen':
      return moved(ticket.status, 'reopen') ? reopen(request, services, ticket) : urge(request, services, ticket)
    case 'urge':
      return ticket.status === 'resolved' ? reopen(request, services, ticket) : urge(request, services, ticket)
    case 'withdraw':
      return withdraw(request, ticket)
    default:
      return null
  }
}

/** The ticket that is meant: by quote, by number, by what is named, else the newest of the person's own. */
async function theirTicket(request: Request, db: Db, statuses: readonly Status[]): Promise<Ticket | null> {
  const { village, person, understanding: said, now } = request
  const mine = (ticket: Ticket | null) => isReporter(db, ticket, person.id)
  if (request.quote?.messageId) {
    const quoted = await ticketBehind(db, request, request.quote.messageId)
    if (quoted) return (await mine(quoted)) && statuses.includes(quoted.status as Status) ? quoted : null
  }
  const { numbers } = takeNumbers(request.text.trim())
  if (numbers[0] !== undefined) {
    const named = await db.ticket.findUnique({ where: { villageId_no: { villageId: village.id, no: numbers[0] } } })
    return (await mine(named)) && named && statuses.includes(named.status as Status) ? named : null
  }
  const own = await ownTickets(db, village.id, person.id, new Date(now.getTime() - REOPEN_WITHIN))
  const fitting = own.filter(
    (ticket) =>
      statuses.includes(ticket.status as Status) &&
      (said.category === null || categoriesLike(said.category).includes(ticket.category)) &&
      (said.placeKey === '' || ticket.placeKey === '' || samePlace(ticket.category, ticket.placeKey, said.placeKey)),
  )
  // 满意 right after a result means that result, even where an older ticket is at work.
  return (
    fitting.sort((a, b) => rank(a, statuses) - rank(b, statuses) || b.updatedAt.getTime() - a.updatedAt.getTime())[0] ??
    null
  )
}

function rank(ticket: Ticket, statuses: readonly Status[]): number {
  // Nobody has told them of a candidate, so it is the last thing that they mean.
  if (ticket.status === 'candidate') return 2
  return ticket.status === statuses[0] ? 0 : 1
}

async function isReporter(db: Db, ticket: Ticket | null, personId: number): Promise<boolean> {
  if (!ticket) return false
  return (await reportersOf(db, ticket.id)).some((reporter) => reporter.personId === personId)
}

/** What a person has reported or joined, as the living ticket it has become, newest first. */
export async function ownTickets(db: Db, villageId: number, personId: number, since: Date): Promise<Ticket[]> {
  const rows = await db.ticketReporter.findMany({
    where: { personId, ticket: { villageId, updatedAt: { gte: since } } },
    orderBy: { id: 'desc' },
    take: 50,
    include: { ticket: true },
  })
  const tickets: Ticket[] = []
  for (const { ticket } of rows) {
    const living = await livingTicket(db, ticket)
    if (!tickets.some((known) => known.id === living.id)) tickets.push(living)
  }
  return tickets
}

function close(request: Request, ticket: Ticket, how: 'satisfied' | 'fixed'): Commit {
  const { now, messages, text } = request
  return async (tx) => {
    const by = speaker(request)
    const result = how === 'fixed' && ticket.result === null ? { result: cut(text.trim(), 200) } : {}
    const updated = await move(tx, ticket, how, { closedAt: now, ...result }, { by, at: now, data: { text } })
    await addSources(tx, updated, messages)
    await addAttachments(tx, updated, messages, 'report', now)
    // A candidate that settles itself was never anybody's work.
    return ticket.status === 'candidate' ? [] : announceStep(tx, updated, replies.taken[how](), { key: how })
  }
}

function reopen(request: Request, services: Services, ticket: Ticket): Commit {
  const { village, now, messages, text, late } = request
  return async (tx) => {
    const by = speaker(request)
    const overdue = ticket.dueAt !== null && ticket.dueAt <= now
    const deadline = overdue ? { dueAt: dueDate(ticket.category as CategoryCode, now, village.timezone) } : {}
    const cleared = { resolvedAt: null, closedAt: null, confirmedAt: null, ...deadline }
    const updated = await move(tx, ticket, 'reopen', cleared, { by, at: now, data: { text } })
    await addReporter(tx, updated, request)
    await addSources(tx, updated, messages)
    await addAttachments(tx, updated, messages, 'report', now)
    await planTimers(tx, updated, village.timezone, now)
    const worker = await responsibleWorker(tx, updated)
    const mentions = worker ? [worker.id] : []
    const step = await announceStep(tx, updated, replies.taken.reopen(), { key: 'reopened', mentions })
    if (late) return step
    const answer = answerTo(request, updated, {
      key: 'receipt',
      kind: 'receipt',
      text: replies.reopened(updated, worker?.name ?? null),
    })
    return [...(await privately(tx, request, services, updated, answer)), ...step]
  }
}

/** An answer about a sensitive ticket goes to the person, whatever room the word was said in. */
async function privately(
  tx: Db,
  request: Request,
  services: Services,
  ticket: Ticket,
  answer: Reply,
): Promise<Reply[]> {
  if (!ticket.sensitive || request.private) return [answer]
  const { replyTo: _, ...direct } = answer
  return (await services.canReach(tx, request.person.id)) ? [{ ...direct, to: { person: request.person.id } }] : []
}

function urge(request: Request, services: Services, ticket: Ticket): Commit {
  const { now, messages, text } = request
  return async (tx) => {
    const last = await tx.auditEntry.findFirst({
      where: { ticketId: ticket.id, event: 'urged' },
      orderBy: { id: 'desc' },
    })
    const by = speaker(request)
    await record(tx, ticket.villageId, { event: 'urged', by, at: now, ticketId: ticket.id, data: { text } })
    await addSources(tx, ticket, messages)
    await addAttachments(tx, ticket, messages, 'report', now)
    if (last && now.getTime() - last.at.getTime() < URGE_EVERY) return []
    const worker = await responsibleWorker(tx, ticket)
    const mentions = worker ? [worker.id] : []
    const step = await announceStep(tx, ticket, replies.taken['urged-by-reporter'](), { key: 'urged', mentions })
    if (request.late || ticket.status === 'candidate') return step
    const text_ = replies.urged(ticket, worker?.name ?? null)
    const answer = answerTo(request, ticket, { key: 'receipt', kind: 'answer', text: text_ })
    return [...(await privately(tx, request, services, ticket, answer)), ...step]
  }
}

/** Only who reported it first can take it back while others wait for the same. */
function withdraw(request: Request, ticket: Ticket): Commit | null {
  const { person, now, messages, text } = request
  if (ticket.reporterId !== person.id) return null
  return async (tx) => {
    const others = (await reportersOf(tx, ticket.id)).filter((reporter) => reporter.personId !== person.id)
    const by = speaker(request)
    if (others.length > 0) {
      await tx.ticketReporter.deleteMany({ where: { ticketId: ticket.id, personId: person.id } })
      await record(tx, ticket.villageId, { event: 'left', by, at: now, ticketId: ticket.id, data: { text } })
      return []
    }
    const updated = await move(tx, ticket, 'withdraw', { closedAt: now }, { by, at: now, data: { text } })
    await addSources(tx, updated, messages)
    if (ticket.status === 'candidate') return []
    const answer = answerTo(request, updated, { key: 'receipt', kind: 'receipt', text: replies.withdrawn(updated) })
    const step = await announceStep(tx, updated, replies.taken.withdraw(), { key: 'withdrawn' })
    return [...(ticket.sensitive && !request.private ? [] : [answer]), ...step]
  }
}
