import { HOUR, MINUTE } from '../../clock.ts'
import { type Actor } from '../../db/audit.ts'
import type { Db, Person, Ticket } from '../../db/database.ts'
import type { CategoryCode } from '../../understanding/categories.ts'
import type { Answer, Commit, Reply, Request, Services } from '../feature.ts'
import { speaker } from '../feature.ts'
import { announceNewTicket, announceStep, exposureOf, raiseAlarm } from './announce.ts'
import { isLoud, responsibleWorker } from './handlers.ts'
import { addAttachments, addDetail, addReporter, addSources, answerTo, isSensitive, openTicket } from './open-ticket.ts'
import { askFor, missingSlot } from './questions.ts'
import * as replies from './replies.ts'
import { categoriesLike, findElsewhere, findSame } from './similar.ts'
import { isOpen, OPEN_STATUSES } from './status.ts'
import { change, record } from './ticket.ts'

/** How long "+1" and "我们这边也是" are taken to speak of the last ticket of the room. Milliseconds. */
const ME_TOO_WITHIN = 2 * HOUR
/** How long further lines of a reporter are looked at as additions. Milliseconds. */
const DETAIL_WITHIN = 10 * MINUTE

/** A villager's words become a ticket, a candidate, a "+1", an addition, or nothing. */
export async function takeReport(request: Request, services: Services): Promise<Answer> {
  const { understanding: said, room } = request
  if (said.urgency === 'emergency' && said.gate !== 'none') return takeEmergency(request, services)
  const meToo = await takeMeToo(request, services)
  if (meToo) return meToo
  const addition = await takeAddition(request, services)
  if (addition) return addition
  if (said.gate === 'none') return mayBecomeSomething(request) ? 'wait' : null
  const category = said.category ?? 'other'
  const slot = missingSlot(request, category)
  // What is sensitive is answered in private in any case, so there is nothing to gain by waiting or doubting.
  const complete = said.sensitive || (said.gate === 'ticket' && said.category !== null && slot === null)
  if (request.mayWait && !complete && !request.private) return 'wait'
  if (request.mayWait && request.private && !complete && said.gate === 'maybe') return 'wait'
  const same = isSensitive(said, category)
    ? null
    : await findSame(services.db, request.village.id, { category, placeKey: said.placeKey }, request.now)
  if (same && !same.sensitive) return joinTicket(request, same)
  // Workers talk shop in their own room; only what is clearly a report becomes a ticket there.
  if (room?.kind === 'grid' && said.gate !== 'ticket') return null
  const doubtful = said.gate === 'maybe' && !request.addressed && !said.sensitive
  return newTicket(request, services, category, doubtful ? 'candidate' : 'open')
}

/** The first half of something: a thing and a place without a problem, or a photo without words. */
function mayBecomeSomething(request: Request): boolean {
  if (!request.mayWait || request.room?.kind === 'grid') return false
  const photoOnly = request.text.trim() === '' && request.attachments.length > 0
  return request.understanding.fragment || photoOnly || isBarePlace(request)
}

/** 三组村口, and nothing else yet. */
function isBarePlace(request: Request): boolean {
  const { place, act } = request.understanding
  return place !== null && act === null && [...request.text.trim()].length <= [...place].length + 3
}

async function newTicket(
  request: Request,
  services: Services,
  category: CategoryCode,
  status: 'open' | 'candidate',
): Promise<Commit> {
  const { understanding: said, village, now } = request
  const alsoHere = said.act === 'me-too' && !isSensitive(said, category)
  const elsewhere = alsoHere ? await findElsewhere(services.db, village.id, category, now) : null
  return async (tx) => {
    const ticket = await openTicket(tx, request, { status, category, linkedToId: elsewhere?.id ?? null })
    return tellOfNewTicket(tx, request, services, ticket)
  }
}

/** The reporter's receipt and the workers' card. */
async function tellOfNewTicket(tx: Db, request: Request, services: Services, ticket: Ticket): Promise<Reply[]> {
  const worker = await responsibleWorker(tx, ticket)
  const receipts = await receiptsFor(tx, request, services, ticket, worker)
  return [...receipts, ...(await announceNewTicket(tx, request, ticket, worker))]
}

/** What the reporter hears: one receipt, or one question, or nothing. */
async function receiptsFor(
  tx: Db,
  request: Request,
  services: Services,
  ticket: Ticket,
  worker: Person | null,
): Promise<Reply[]> {
  if (ticket.status === 'candidate' || request.late || request.room?.kind === 'grid') return []
  if (ticket.sensitive) return sensitiveReceipts(tx, request, services, ticket, worker)
  const slot = missingSlot(request, ticket.category as CategoryCode)
  if (slot !== null) return [await askFor(tx, request, ticket, slot)]
  if (request.understanding.intent === 'question' && ASKS_FOR_KNOWLEDGE.has(ticket.category)) {
    return [answerTo(request, ticket, { key: 'receipt', kind: 'refusal', text: replies.handedOver(ticket) })]
  }
  const isPrivate = exposureOf(ticket) === 'private' && !request.private
  const text = isPrivate ? replies.privateReceipt(ticket) : replies.receipt(ticket, worker?.name ?? null)
  return [answerTo(request, ticket, { key: 'receipt', kind: 'receipt', text })]
}

/** Questions that somebody who knows has to answer; nobody comes to look. */
const ASKS_FOR_KNOWLEDGE: ReadonlySet<string> = new Set(['law', 'policy'])

/** Nothing of the matter is said in a group: the reporter hears in private, or is invited to write. */
async function sensitiveReceipts(
  tx: Db,
  request: Request,
  services: Services,
  ticket: Ticket,
  worker: Person | null,
): Promise<Reply[]> {
  const text = replies.sensitiveReceipt(ticket, ticket.category)
  const receipt = answerTo(request, ticket, { key: 'receipt', kind: 'receipt', text })
  if (request.private) return [receipt]
  const { replyTo: _, ...direct } = receipt
  if (await services.canReach(tx, request.person.id)) return [{ ...direct, to: { person: request.person.id } }]
  const invitation = answerTo(request, null, { key: 'invite', kind: 'other', text: replies.writeToMe })
  const please = replies.pleaseGetInTouch(ticket, request.person.name)
  const notice: Reply[] = worker
    ? [{ ...direct, key: 'in-touch', kind: 'other', to: { person: worker.id }, text: please }]
    : []
  // Who speaks where only a person passes things on cannot write to the assistant.
  return request.relayed ? notice : [invitation, ...notice]
}

/** An emergency is told at once; what others or the same person say of it is passed on without a second alarm. */
async function takeEmergency(request: Request, services: Services): Promise<Commit> {
  const { understanding: said, village, now } = request
  const category = said.category ?? 'security'
  const running = await services.db.ticket.findFirst({
    where: {
      villageId: village.id,
      category: { in: [...categoriesLike(category)] },
      urgency: 'emergency',
      status: { in: [...OPEN_STATUSES] },
      openedAt: { gte: new Date(now.getTime() - 2 * HOUR) },
    },
    orderBy: { id: 'desc' },
  })
  const elsewhere = running && said.group !== null && running.group !== null && said.group !== running.group
  if (running && !elsewhere) return addToEmergency(request, running)
  return async (tx) => {
    const ticket = await openTicket(tx, request, { status: 'open', category, linkedToId: running?.id ?? null })
    const worker = await responsibleWorker(tx, ticket)
    if (request.late) return announceNewTicket(tx, request, ticket, worker)
    const last = request.messages.at(-1)
    const where = { room: request.room?.kind === 'villagers' ? request.room : null, replyTo: last?.messageId }
    const alarms = await raiseAlarm(tx, village, ticket, where)
    if (ticket.sensitive && !isLoud(ticket))
      return [...(await sensitiveReceipts(tx, request, services, ticket, worker)), ...alarms]
    if (!request.private) return alarms
    const place = exposureOf(ticket) === 'public' ? replies.placeWords(ticket) || null : null
    const text = replies.alarm(ticket.category, place, worker?.name ?? null)
    return [answerTo(request, ticket, { key: 'receipt', kind: 'alarm', text }), ...alarms]
  }
}

function addToEmergency(request: Request, ticket: Ticket): Commit {
  return async (tx) => {
    await addReporter(tx, ticket, request)
    const updated = await addDetail(tx, ticket, request)
    const news = updated.placeKey !== ticket.placeKey
    if (!news && !request.private) return []
    const step = await announceStep(tx, updated, replies.taken.detail(ticket.sensitive ? '' : request.text), {
      key: 'detail',
    })
    if (!request.private) return step
    const worker = await responsibleWorker(tx, updated)
    const text = replies.alarm(updated.category, null, worker?.name ?? null)
    return [answerTo(request, updated, { key: 'receipt', kind: 'alarm', text }), ...step]
  }
}

/** The same thing at the same place, still open: the reporter's own words are an addition, another's a "+1". */
function joinTicket(request: Request, ticket: Ticket): Commit {
  const { now, messages, understanding: said } = request
  return async (tx) => {
    const joined = await addReporter(tx, ticket, request)
    if (!joined) {
      await addDetail(tx, ticket, request)
      return []
    }
    await addSources(tx, ticket, messages)
    await addAttachments(tx, ticket, messages, 'report', now)
    const by = speaker(request)
    const raised = urgencyRank(said.urgency) > urgencyRank(ticket.urgency) && said.urgency !== null
    const updated = raised
      ? await change(tx, ticket, { urgency: said.urgency as string }, { event: 'me-too', by, at: now })
      : await recordMeToo(tx, ticket, by, now)
    const step = raised
      ? await announceStep(tx, updated, replies.taken.urgency(replies.urgencyWord(updated.urgency)), { key: 'raised' })
      : []
    // A bare "+1" needs no answer; somebody who told the whole story wants to know that it was heard.
    const wordy = said.gate === 'ticket' && !isBareMeToo(request.text)
    if (!wordy || request.late) return step
    const isPrivate = exposureOf(ticket) === 'private' && !request.private
    const text = isPrivate ? replies.privateReceipt(ticket) : replies.mergedReceipt(ticket)
    return [answerTo(request, updated, { key: 'receipt', kind: 'receipt', text }), ...step]
  }
}

async function recordMeToo(tx: Db, ticket: Ticket, by: Actor, at: Date): Promise<Ticket> {
  await record(tx, ticket.villageId, { event: 'me-too', by, at, ticketId: ticket.id })
  return ticket
}

const RANK = ['low', 'normal', 'urgent', 'emergency']
function urgencyRank(urgency: string | null): number {
  return urgency === null ? -1 : RANK.indexOf(urgency)
}

function isBareMeToo(text: string): boolean {
  return /^\s*(?:\+\s*1|加一|同上|一样|我也是?|\p{Extended_Pictographic}|[\s，,。.!！+1])+\s*$/u.test(text)
}

/** "+1", 我家也没水, 八组也停了: said of the last ticket of the room, or of the one that is quoted. */
async function takeMeToo(request: Request, services: Services): Promise<Commit | null> {
  const { understanding: said, village, now, room } = request
  if (said.act !== 'me-too' || room?.kind === 'grid') return null
  const quoted = request.quote?.messageId ? await ticketBehind(services.db, request, request.quote.messageId) : null
  const recent = quoted ?? (await recentTicket(request, services, said.category))
  if (!recent || recent.sensitive) return null
  const category = (said.category ?? recent.category) as CategoryCode
  const samePlace =
    said.placeKey === '' ? recent : await findSame(services.db, village.id, { category, placeKey: said.placeKey }, now)
  if (samePlace && !samePlace.sensitive) return joinTicket(request, samePlace)
  if (category !== recent.category && said.gate !== 'ticket') return null
  const urgency = said.urgency ?? recent.urgency
  const elsewhere: Request = {
    ...request,
    understanding: { ...said, gate: 'ticket', category, urgency: urgency as typeof said.urgency },
  }
  return async (tx) => {
    const ticket = await openTicket(tx, elsewhere, { status: 'open', category, linkedToId: recent.id })
    return tellOfNewTicket(tx, elsewhere, services, ticket)
  }
}

/** The newest ticket that was spoken of in this room a short while ago, of the category if one is named. */
async function recentTicket(
  request: Request,
  services: Services,
  category: CategoryCode | null,
): Promise<Ticket | null> {
  const { village, room, now, conversation } = request
  if (!room) return null
  const spoken = await services.db.ticketReporter.findMany({
    where: { ...conversation, addedAt: { gte: new Date(now.getTime() - ME_TOO_WITHIN) } },
    orderBy: { id: 'desc' },
    take: 10,
    include: { ticket: true },
  })
  const found = spoken
    .map((reporter) => reporter.ticket)
    .find(
      (ticket) =>
        ticket.villageId === village.id &&
        isOpen(ticket.status) &&
        (category === null || categoriesLike(category).includes(ticket.category)),
    )
  return found ?? null
}

/** The ticket a message belongs to: one of the assistant's about it, or one of those it rests on. */
export async function ticketBehind(
  db: Db,
  request: Pick<Request, 'conversation' | 'village'>,
  messageId: string,
): Promise<Ticket | null> {
  const { conversation, village } = request
  const said = await db.outboxMessage.findFirst({ where: { ...conversation, messageId }, select: { ticketId: true } })
  if (said?.ticketId) return db.ticket.findFirst({ where: { id: said.ticketId, villageId: village.id } })
  const heard = await db.inboxEvent.findFirst({ where: { ...conversation, messageId, type: 'message' } })
  if (!heard) return null
  const source = await db.ticketSource.findFirst({ where: { inboxEventId: heard.id }, orderBy: { id: 'desc' } })
  return source ? db.ticket.findFirst({ where: { id: source.ticketId, villageId: village.id } }) : null
}

/** Further lines and photos of somebody who has just reported something. */
async function takeAddition(request: Request, services: Services): Promise<Commit | null> {
  const { understanding: said, village, person, conversation, now, text } = request
  const photoOnly = text.trim() === '' && request.attachments.length > 0
  if (said.gate === 'ticket' && said.act !== 'detail') return null
  if (!photoOnly && said.act !== 'detail' && !(said.place !== null && said.intent === 'followup')) return null
  const quoted = request.quote?.messageId ? await ticketBehind(services.db, request, request.quote.messageId) : null
  const mine = await services.db.ticketReporter.findFirst({
    where: {
      personId: person.id,
      ...conversation,
      addedAt: { gte: new Date(now.getTime() - DETAIL_WITHIN) },
      ticket: { villageId: village.id, status: { in: [...OPEN_STATUSES] } },
    },
    orderBy: { id: 'desc' },
    include: { ticket: true },
  })
  const ticket = quoted ?? mine?.ticket ?? null
  if (!ticket || !isOpen(ticket.status)) return null
  return async (tx) => {
    const updated = await addDetail(tx, ticket, request)
    // A photo or a word more is silent; a place that was not known is what the worker waits for.
    if (ticket.placeKey !== '' || updated.placeKey === '') return []
    return announceStep(tx, updated, replies.taken.detail(updated.place ?? ''), { key: 'detail' })
  }
}
