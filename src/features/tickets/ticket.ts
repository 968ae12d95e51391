import { type Actor, audit } from '../../db/audit.ts'
import type { Db, Prisma, Ticket } from '../../db/database.ts'
import { StaleError } from '../feature.ts'
import { keepLabels } from './labels.ts'
import { type MoveName, moved } from './status.ts'

/** What a step may change, and what undoing it brings back. */
const RESTORABLE = [
  'status',
  'category',
  'urgency',
  'place',
  'placeKey',
  'group',
  'gridId',
  'assigneeId',
  'result',
  'mergedIntoId',
  'dueAt',
  'confirmedAt',
  'resolvedAt',
  'closedAt',
] as const satisfies readonly (keyof Ticket)[]

export type TicketChange = Omit<Prisma.TicketUncheckedUpdateManyInput, 'id' | 'version' | 'villageId' | 'no'>

export interface Step {
  /** What the history calls it: a move's name or another event. */
  event: string
  by: Actor
  at: Date
  data?: Record<string, unknown>
  /** The person may take it back for some minutes. */
  undoable?: boolean
}

/** Writes one change of a ticket with its history row. Throws StaleError when somebody else was faster. */
export async function change(tx: Db, ticket: Ticket, update: TicketChange, step: Step): Promise<Ticket> {
  const [written] = await tx.ticket.updateManyAndReturn({
    where: { id: ticket.id, version: ticket.version },
    data: { ...update, version: { increment: 1 }, updatedAt: step.at },
  })
  if (!written) throw new StaleError(`ticket ${ticket.id} has changed`)
  const before = Object.fromEntries(RESTORABLE.map((field) => [field, ticket[field]]))
  await record(tx, ticket.villageId, {
    ...step,
    ticketId: ticket.id,
    data: { ...step.data, ...(step.undoable && { before }) },
  })
  await keepLabels(tx, ticket, written, step)
  return written
}

/** Makes a move of the life cycle. Throws StaleError where it is not (or no longer) allowed: callers ask `moved` first. */
export async function move(tx: Db, ticket: Ticket, name: MoveName, update: TicketChange, step: Omit<Step, 'event'>) {
  const status = moved(ticket.status, name)
  if (!status) throw new StaleError(`ticket ${ticket.id} cannot ${name} from ${ticket.status}`)
  return change(tx, ticket, { ...update, status }, { ...step, event: name })
}

/** Writes one row of the audit log. */
export async function record(
  tx: Db,
  villageId: number,
  entry: Omit<Step, 'undoable'> & { ticketId?: number },
): Promise<void> {
  const { by, at, event, ticketId, data } = entry
  await audit(tx, { villageId, at, by, event, ticketId, data })
}

/** The fields of a `before` snapshot, with its dates made dates again. */
export function restored(before: Record<string, unknown>): TicketChange {
  const dates = new Set(['dueAt', 'confirmedAt', 'resolvedAt', 'closedAt'])
  const fields = Object.entries(before).filter(([field]) => (RESTORABLE as readonly string[]).includes(field))
  return Object.fromEntries(
    fields.map(([field, value]) => [field, dates.has(field) && typeof value === 'string' ? new Date(value) : value]),
  ) as TicketChange
}

/** The next ticket number of a village. */
export async function nextNumber(tx: Db, villageId: number): Promise<number> {
  const { nextTicketNo } = await tx.village.update({
    where: { id: villageId },
    data: { nextTicketNo: { increment: 1 } },
    select: { nextTicketNo: true },
  })
  return nextTicketNo - 1
}

export interface Plan {
  kind: TicketTimer
  /** Different for each time the same kind is planned for a ticket. */
  key: string
  dueAt: Date
  data?: Record<string, unknown>
}

/** Plans things for a ticket, each once for its key. */
export async function plan(tx: Db, ticket: Pick<Ticket, 'id' | 'villageId'>, ...plans: Plan[]): Promise<void> {
  const rows = timerRows(ticket, plans)
  const known = await tx.timer.findMany({ where: { key: { in: rows.map((row) => row.key) } }, select: { key: true } })
  const fresh = rows.filter((row) => !known.some(({ key }) => key === row.key))
  if (fresh.length > 0) await tx.timer.createMany({ data: fresh })
}

/** The same for a ticket that has just been made, of which nothing can be planned yet. */
export async function planFirst(tx: Db, ticket: Pick<Ticket, 'id' | 'villageId'>, plans: Plan[]): Promise<void> {
  await tx.timer.createMany({ data: timerRows(ticket, plans) })
}

function timerRows(ticket: Pick<Ticket, 'id' | 'villageId'>, plans: Plan[]) {
  return plans.map(({ kind, key, dueAt, data }) => ({
    key: `${kind}:${ticket.id}:${key}`,
    villageId: ticket.villageId,
    kind,
    ticketId: ticket.id,
    dueAt,
    data: (data ?? {}) as Prisma.InputJsonValue,
  }))
}

export const TICKET_TIMERS = [
  'tickets.acknowledge',
  'tickets.escalate',
  'tickets.overdue',
  'tickets.close',
  'tickets.lapse',
] as const
export type TicketTimer = (typeof TICKET_TIMERS)[number]

export function idsOf(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((id): id is number => typeof id === 'number') : []
}
