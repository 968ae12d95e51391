import type { Clock } from '../clock.ts'
import { SECOND } from '../clock.ts'
import type { Db } from '../db/database.ts'
import type { Metrics } from '../metrics.ts'

/** States that are always shown, so that a dashboard can tell "none" from "unknown". */
const INBOX_STATES = ['new', 'waiting', 'done', 'failed']
const OUTBOX_STATES = ['pending', 'sending', 'sent', 'unknown', 'dead']

/** Counts what stands in the database and returns all metrics as Prometheus text. */
export async function scrape(db: Db, clock: Clock, metrics: Metrics): Promise<string> {
  const [oldest, inbox, outbox, tickets] = await Promise.all([
    db.inboxEvent.findFirst({ where: { state: 'new' }, orderBy: { id: 'asc' }, select: { receivedAt: true } }),
    db.inboxEvent.groupBy({ by: ['state'], _count: { _all: true } }),
    db.outboxMessage.groupBy({ by: ['state'], _count: { _all: true } }),
    db.ticket.groupBy({ by: ['status'], _count: { _all: true } }),
  ])
  const lag = oldest ? (clock.now().getTime() - oldest.receivedAt.getTime()) / SECOND : 0
  metrics.inboxLagSeconds.set(Math.max(0, lag))
  for (const gauge of [metrics.inboxMessages, metrics.outboxMessages, metrics.tickets]) gauge.reset()
  for (const state of INBOX_STATES) metrics.inboxMessages.set({ state }, 0)
  for (const state of OUTBOX_STATES) metrics.outboxMessages.set({ state }, 0)
  for (const row of inbox) metrics.inboxMessages.set({ state: row.state }, row._count._all)
  for (const row of outbox) metrics.outboxMessages.set({ state: row.state }, row._count._all)
  for (const row of tickets) metrics.tickets.set({ status: row.status }, row._count._all)
  return metrics.registry.metrics()
}
