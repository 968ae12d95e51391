import { HOUR, MINUTE } from '../../clock.ts'
import type { Db, Ticket } from '../../db/database.ts'
import type { Request } from '../feature.ts'
import { isConfidant, isLoud } from './handlers.ts'
import { ticketBehind } from './intake.ts'
import { MOVES, type MoveName, moved, OPEN_STATUSES } from './status.ts'
import { takeNumbers, type VerbName, type Work } from './verbs.ts'

/** A card is fresh for this long: 收到 said then is said of it. Milliseconds. */
const FRESH = 30 * MINUTE
/** How long the ticket somebody last worked on is what they speak of. Milliseconds. */
const AT_HAND = 2 * HOUR

/** The move a verb makes: the one of its name. Verbs without one go with any open ticket. */
function moveOf(verb: VerbName): MoveName | null {
  return verb in MOVES ? (verb as VerbName & MoveName) : null
}

/** Whether a verb's move is allowed from where the ticket is. */
export function canDo(verb: VerbName, ticket: Ticket): boolean {
  const name = moveOf(verb)
  return name ? moved(ticket.status, name) !== null : true
}

export type Meant =
  /** `explicit`: by quote or number, so a mistake deserves an answer. */
  | { type: 'tickets'; tickets: Ticket[]; explicit: boolean }
  | { type: 'unknown-numbers'; numbers: number[] }
  | { type: 'several'; tickets: Ticket[] }
  | { type: 'none' }

/**
 * Which tickets a worker's line is about: the quoted message, else the numbers in the text, else the number in the
 * quoted text, else the only card it can be.
 */
export async function findMeant(db: Db, request: Request, work: Work): Promise<Meant> {
  const { village, quote } = request
  if (quote?.messageId) {
    const quoted = await ticketBehind(db, request, quote.messageId)
    if (quoted) return { type: 'tickets', tickets: [quoted], explicit: true }
  }
  const numbers = work.numbers.length > 0 ? work.numbers : numbersInQuote(quote?.text)
  if (numbers.length > 0) {
    const tickets = await db.ticket.findMany({ where: { villageId: village.id, no: { in: numbers } } })
    const missing = numbers.filter((no) => !tickets.some((ticket) => ticket.no === no))
    if (missing.length > 0) return { type: 'unknown-numbers', numbers: missing }
    return {
      type: 'tickets',
      tickets: numbers.map((no) => tickets.find((ticket) => ticket.no === no) as Ticket),
      explicit: true,
    }
  }
  return fromContext(db, request, work)
}

/** A card that was quoted as text begins with its number. */
function numbersInQuote(text: string | undefined): number[] {
  const inCard = /#(\d{1,6})\s/.exec(text ?? '')?.[1]
  return inCard ? [Number(inCard)] : takeNumbers((text ?? '').trim()).numbers.slice(0, 1)
}

async function fromContext(db: Db, request: Request, work: Work): Promise<Meant> {
  const possible = await possibleTickets(db, request, work.verb)
  if (possible.length === 0) return { type: 'none' }
  const fresh = await freshTickets(db, request, possible)
  if (work.weak) {
    // 收到 answers whatever was said last in the room; only a fresh card makes it an answer to a card.
    const [only, ...more] = fresh
    return only && more.length === 0 ? { type: 'tickets', tickets: [only], explicit: false } : { type: 'none' }
  }
  const [single, ...others] = possible
  if (single && others.length === 0) return { type: 'tickets', tickets: [single], explicit: false }
  const atHand = await lastWorkedOn(db, request, possible)
  if (atHand) return { type: 'tickets', tickets: [atHand], explicit: false }
  const mine = possible.filter((ticket) => ticket.assigneeId === request.person.id)
  const [assigned, ...moreAssigned] = mine
  if (assigned && moreAssigned.length === 0 && work.verb !== 'confirm') {
    return { type: 'tickets', tickets: [assigned], explicit: false }
  }
  return { type: 'several', tickets: possible }
}

/** Open tickets a verb could be about, for somebody in this room. */
async function possibleTickets(db: Db, request: Request, verb: VerbName): Promise<Ticket[]> {
  const move = moveOf(verb)
  const statuses = move ? MOVES[move].from : OPEN_STATUSES
  const tickets = await db.ticket.findMany({
    where: { villageId: request.village.id, status: { in: [...statuses] } },
    orderBy: { updatedAt: 'desc' },
    take: 50,
  })
  const visible: Ticket[] = []
  for (const ticket of tickets) {
    const here = request.private || isLoud(ticket)
    if (ticket.sensitive && !(here && (await isConfidant(db, ticket, request.person)))) continue
    visible.push(ticket)
  }
  // 在办, 改 and the like are said of work that was taken; a candidate is only ever confirmed or refused.
  const workable = visible.filter((ticket) => ticket.status !== 'candidate')
  return verb === 'confirm' || verb === 'reject' || workable.length === 0 ? visible : workable
}

/** Those of the tickets whose card was shown here a short while ago. */
async function freshTickets(db: Db, request: Request, possible: readonly Ticket[]): Promise<Ticket[]> {
  const cards = await db.outboxMessage.findMany({
    where: {
      ...request.conversation,
      kind: { in: ['card', 'alarm', 'reminder'] },
      ticketId: { in: possible.map((ticket) => ticket.id) },
      createdAt: { gte: new Date(request.now.getTime() - FRESH) },
    },
    orderBy: { id: 'desc' },
    select: { ticketId: true },
  })
  const ids = new Set(cards.map((card) => card.ticketId))
  return possible.filter((ticket) => ids.has(ticket.id))
}

/** The ticket this person worked on last, if that was a short while ago. */
async function lastWorkedOn(db: Db, request: Request, possible: readonly Ticket[]): Promise<Ticket | null> {
  const last = await db.auditEntry.findFirst({
    where: {
      villageId: request.village.id,
      personId: request.person.id,
      ticketId: { not: null },
      at: { gte: new Date(request.now.getTime() - AT_HAND) },
    },
    orderBy: { id: 'desc' },
  })
  return possible.find((ticket) => ticket.id === last?.ticketId) ?? null
}
