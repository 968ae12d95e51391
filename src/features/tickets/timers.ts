import { ASSISTANT } from '../../db/audit.ts'
import type { Db, Ticket, Timer, Village } from '../../db/database.ts'
import type { MessageRef } from '../../message.ts'
import type { Commit, Feature, Reply, Services } from '../feature.ts'
import { cardFacts, exposureOf, gridRoomOf, tellWorker } from './announce.ts'
import { sourcesOf } from './audience.ts'
import { CLOSE_AFTER, workdaysLater } from './deadlines.ts'
import { confidants, isLoud, responsibleWorker, superiors } from './handlers.ts'
import * as replies from './replies.ts'
import { isOpen } from './status.ts'
import { move, plan, record } from './ticket.ts'

const NOTHING: Commit = async () => []

type TimerHandler = NonNullable<Feature['timers']>[string]

/** Wraps a handler of a ticket's timer: a ticket that is gone needs nothing any more. */
function onTicket(
  handler: (
    ticket: Ticket,
    context: { timer: Timer; village: Village; services: Services; now: Date },
  ) => Promise<Commit>,
): TimerHandler {
  return async (timer, village, services) => {
    const ticket = timer.ticketId ? await services.db.ticket.findUnique({ where: { id: timer.ticketId } }) : null
    return ticket ? handler(ticket, { timer, village, services, now: services.clock.now() }) : NOTHING
  }
}

async function inRoom(db: Db, ticket: Ticket, reply: Omit<Reply, 'to' | 'about'>): Promise<Reply[]> {
  if (exposureOf(ticket) === 'sensitive') return []
  const room = await gridRoomOf(db, ticket)
  const about: MessageRef[] = await sourcesOf(db, ticket.id)
  return room === null ? [] : [{ ...reply, to: { room }, about, ticketId: ticket.id }]
}

/** Reminds the responsible worker in person, or in the room where they cannot be written to. */
async function nudge(tx: Db, ticket: Ticket, text: string, key: string, services: Services): Promise<Reply[]> {
  const worker = await responsibleWorker(tx, ticket)
  if (worker && (await services.canReach(tx, worker.id))) {
    return [await tellWorker(tx, ticket, worker, text, key, 'reminder')]
  }
  const room = ticket.sensitive ? null : await gridRoomOf(tx, ticket)
  if (room === null) return []
  const mentions = worker ? [worker.id] : []
  return [{ to: { room }, key, kind: 'reminder', text, about: [], ticketId: ticket.id, mentions }]
}

/** An emergency nobody has answered for five minutes goes to the secretary. */
const escalate = onTicket(async (ticket, { village, services, now }) => {
  if (ticket.status !== 'open') return NOTHING
  const people = await superiors(services.db, ticket)
  const facts = await cardFacts(services.db, village, ticket)
  return async (tx) => {
    await record(tx, ticket.villageId, { event: 'escalated', by: ASSISTANT, at: now, ticketId: ticket.id })
    const direct: Reply[] = []
    for (const person of people) {
      direct.push(await tellWorker(tx, ticket, person, replies.escalation(facts), 'escalated', 'alarm'))
    }
    const mentions = people.map((person) => person.id)
    const text = replies.escalationInRoom(ticket)
    const room = isLoud(ticket) ? await gridRoomOf(tx, ticket) : null
    if (room === null) return direct
    const about = await sourcesOf(tx, ticket.id)
    return [...direct, { to: { room }, key: 'escalated', kind: 'alarm', text, mentions, about, ticketId: ticket.id }]
  }
})

/** A ticket nobody has taken in its category's time. */
const acknowledge = onTicket(async (ticket, { services }) => {
  if (ticket.status !== 'open') return NOTHING
  return async (tx) => nudge(tx, ticket, replies.unanswered(ticket), 'unanswered', services)
})

/** The overdue chain: the worker, a working day later all workers, another one later the secretary. */
const overdue = onTicket(async (ticket, { timer, village, services, now }) => {
  const level = Number((timer.data as { level?: number }).level ?? 1)
  const { dueAt } = ticket
  const atWork = isOpen(ticket.status) && ticket.status !== 'candidate'
  // The deadline was moved since: its own chain is planned.
  if (!atWork || !dueAt || dueAt > now || !timer.key.endsWith(`${dueAt.getTime()}:${level}`)) return NOTHING
  return async (tx) => {
    await record(tx, ticket.villageId, {
      event: 'overdue',
      by: ASSISTANT,
      at: now,
      ticketId: ticket.id,
      data: { level },
    })
    if (level < 3) {
      const next = workdaysLater(now, 1, village.timezone)
      const key = `${dueAt.getTime()}:${level + 1}`
      await plan(tx, ticket, { kind: 'tickets.overdue', key, dueAt: next, data: { level: level + 1 } })
    }
    if (level === 1) return nudge(tx, ticket, replies.overdueWorker(ticket), 'overdue', services)
    if (level === 2 && exposureOf(ticket) !== 'sensitive') {
      return inRoom(tx, ticket, { key: 'overdue', kind: 'reminder', text: replies.overdueRoom(ticket) })
    }
    const worker = ticket.assigneeId === null ? null : await responsibleWorker(tx, ticket)
    const text = replies.overdueSecretary(ticket, worker?.name ?? null)
    const people = ticket.sensitive ? await confidants(tx, ticket) : await superiors(tx, ticket)
    const said: Reply[] = []
    for (const person of people) said.push(await tellWorker(tx, ticket, person, text, 'overdue', 'reminder'))
    return said
  }
})

/** Silence after a result closes the ticket. */
const closeSilently = onTicket(async (ticket, { timer, now }) => {
  // A newer result has its own timer.
  const isThatResult = ticket.resolvedAt !== null && timer.dueAt.getTime() - ticket.resolvedAt.getTime() >= CLOSE_AFTER
  if (ticket.status !== 'resolved' || !isThatResult) return NOTHING
  return async (tx) => {
    await move(tx, ticket, 'close-silently', { closedAt: now }, { by: ASSISTANT, at: now })
    return []
  }
})

/** A candidate nobody has taken is let go without a word. */
const lapse = onTicket(async (ticket, { now }) => {
  if (ticket.status !== 'candidate') return NOTHING
  return async (tx) => {
    await move(tx, ticket, 'let-lapse', { closedAt: now }, { by: ASSISTANT, at: now })
    return []
  }
})

export const ticketTimers: Record<string, TimerHandler> = {
  'tickets.acknowledge': acknowledge,
  'tickets.escalate': escalate,
  'tickets.overdue': overdue,
  'tickets.close': closeSilently,
  'tickets.lapse': lapse,
}
