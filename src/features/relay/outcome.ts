import { SECOND } from '../../clock.ts'
import type { Db, Timer, Village } from '../../db/database.ts'
import { RELAY } from '../../message.ts'
import { type CategoryCode, categoryOf } from '../../understanding/categories.ts'
import type { Commit, Request, Services } from '../feature.ts'
import * as replies from './replies.ts'

/** When it is looked what has come of what was passed on, and again where some of it still waits. Milliseconds. */
const LOOK_AFTER = 8 * SECOND
const MOST_LOOKS = 20

interface Plan {
  channel: string
  conversation: string
  /** The stored lines: those of this person between the first and the last. */
  by: number
  first: number
  last: number
  lines: number
  looks: number
}

/** Plans that whoever passed something on hears what came of it. */
export async function planOutcome(tx: Db, request: Request, ids: number[]): Promise<void> {
  const [first = 0, last = 0] = [ids[0], ids.at(-1)]
  const plan: Plan = { ...request.conversation, by: request.person.id, first, last, lines: ids.length, looks: 0 }
  await planLook(tx, `relay:${request.messages.at(-1)?.id}`, request.village.id, plan, request.now)
}

async function planLook(tx: Db, key: string, villageId: number, plan: Plan, now: Date): Promise<void> {
  const dueAt = new Date(now.getTime() + LOOK_AFTER)
  await tx.timer.create({ data: { key, villageId, kind: 'relay.outcome', dueAt, data: { ...plan } } })
}

/** Says what came of what was passed on. */
export async function tellOutcome(timer: Timer, village: Village, { db, clock }: Services): Promise<Commit> {
  const plan = timer.data as unknown as Plan
  const range = { gte: plan.first, lte: plan.last }
  const lines = await db.inboxEvent.findMany({
    where: { id: range, villageId: village.id, channel: RELAY, relayedById: plan.by },
    select: { id: true, state: true },
  })
  const isOpen = lines.some(({ state }) => state === 'new' || state === 'waiting')
  if (isOpen && plan.looks < MOST_LOOKS) {
    const next = { ...plan, looks: plan.looks + 1 }
    return async (tx) => {
      await planLook(tx, `${timer.key.split('#')[0]}#${next.looks}`, village.id, next, clock.now())
      return []
    }
  }
  const sources = await db.ticketSource.findMany({
    where: { inboxEventId: range, ticket: { villageId: village.id } },
    include: { ticket: true },
    orderBy: { id: 'asc' },
  })
  const seen = new Set<number>()
  const own = new Set(lines.map(({ id }) => id))
  const tickets = sources
    .filter(({ inboxEventId }) => own.has(inboxEventId))
    .map(({ ticket }) => ticket)
    // Of a sensitive one nobody is told but those who may see it: they have heard by themselves.
    .filter((ticket) => !ticket.sensitive && !seen.has(ticket.id) && seen.add(ticket.id))
    .map(({ no, category, place, status }) => {
      const { label, visibility } = categoryOf(category as CategoryCode)
      return { no, label, place: visibility === 'public' ? place : null, candidate: status === 'candidate' }
    })
  return async () => [
    {
      to: { conversation: { channel: plan.channel, conversation: plan.conversation }, private: true },
      key: 'outcome',
      kind: 'other',
      text: replies.outcome({ tickets, lines: plan.lines }),
      about: [],
    },
  ]
}
