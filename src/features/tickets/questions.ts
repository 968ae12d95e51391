import { DAY } from '../../clock.ts'
import { ASSISTANT } from '../../db/audit.ts'
import type { Db, Question, Ticket } from '../../db/database.ts'
import { cut } from '../../text.ts'
import { type CategoryCode, categoryOf } from '../../understanding/categories.ts'
import type { Answer, Reply, Request, Services } from '../feature.ts'
import { announceStep, announceTicket } from './announce.ts'
import { responsibleWorker } from './handlers.ts'
import { addDetail, addReporter, answerTo } from './open-ticket.ts'
import * as replies from './replies.ts'
import { findSame } from './similar.ts'
import { move } from './ticket.ts'

/** Slots that are a place, and the one question that is asked for all of them. */
const PLACE_SLOTS: ReadonlySet<string> = new Set(['location', 'where', 'address'])
const MOST_QUESTIONS = 2
const ANSWER_WITHIN = DAY

/**
 * What a category needs first and nobody has said; null when nothing is missing.
 * Only public matters are asked about in a group, and only for what one can answer in two words.
 */
export function missingSlot(request: Request, category: CategoryCode): string | null {
  const { understanding: said, attachments, private: isPrivate } = request
  const { ask, visibility } = categoryOf(category)
  if (said.sensitive || (visibility !== 'public' && !isPrivate) || visibility === 'restricted') return null
  const first = ask.find((slot) => PLACE_SLOTS.has(slot) || slot === 'route')
  if (first === undefined) return null
  if (first === 'route') return said.place !== null || said.slots['route'] !== undefined ? null : 'route'
  // 替刘婆婆报，她家…: somebody's home is a place.
  if (said.affected !== null) return null
  const located = attachments.some((attachment) => attachment.kind === 'location')
  return said.place !== null || said.group !== null || located ? null : 'place'
}

/** Asks one question and remembers it. */
export async function askFor(tx: Db, request: Request, ticket: Ticket, slot: string): Promise<Reply> {
  const { village, person, conversation, now } = request
  await tx.question.create({
    data: {
      villageId: village.id,
      ticketId: ticket.id,
      personId: person.id,
      ...conversation,
      slot,
      askedAt: now,
      expiresAt: new Date(now.getTime() + ANSWER_WITHIN),
    },
  })
  return answerTo(request, ticket, { key: 'question', kind: 'question', text: replies.question(ticket, slot) })
}

/** The question a person has been asked here and has not answered. */
export async function pendingQuestion(request: Request, services: Services): Promise<Question | null> {
  const { person, conversation, now } = request
  return services.db.question.findFirst({
    where: { personId: person.id, ...conversation, answeredAt: null, expiresAt: { gt: now } },
    orderBy: { id: 'desc' },
  })
}

/** Takes a line as the answer to the question that was asked; null when it is none. */
export async function takeAnswer(request: Request, services: Services, question: Question): Promise<Answer> {
  const { understanding: said, village, now } = request
  const ticket = await services.db.ticket.findUnique({ where: { id: question.ticketId } })
  if (!ticket) return null
  const quoted = request.quote?.messageId
    ? await services.db.outboxMessage.findFirst({
        where: { ...request.conversation, messageId: request.quote.messageId, ticketId: ticket.id },
      })
    : null
  const place = said.place ?? (quoted && question.slot !== 'result' ? cut(request.text.trim(), 30) : null)
  const otherMatter = said.gate === 'ticket' && said.category !== null && said.category !== ticket.category
  if (otherMatter && !quoted) return null
  if (place === null) return quoted || said.act === 'detail' ? askOnceMore(request, services, question, ticket) : null
  const placeKey = said.placeKey === '' ? `|${place}` : said.placeKey
  const answered: Request = { ...request, understanding: { ...said, place, placeKey } }
  const same = await findSame(
    services.db,
    village.id,
    { category: ticket.category, placeKey, exceptId: ticket.id },
    now,
  )
  return async (tx) => {
    await tx.question.update({ where: { id: question.id }, data: { answeredAt: now } })
    const updated = await addDetail(tx, ticket, answered)
    if (same && !same.sensitive && !ticket.sensitive && ticket.status === 'open') {
      await addReporter(tx, same, request)
      const merged = await move(tx, updated, 'merge', { mergedIntoId: same.id }, { by: ASSISTANT, at: now })
      const step = await announceStep(tx, merged, replies.taken.merge(same.no), { key: 'merged' })
      return [answerTo(request, same, { key: 'receipt', kind: 'receipt', text: replies.mergedReceipt(same) }), ...step]
    }
    const worker = await responsibleWorker(tx, updated)
    const text = replies.answerReceipt(updated, worker?.name ?? null)
    const receipt = answerTo(request, updated, { key: 'receipt', kind: 'receipt', text })
    const cards =
      ticket.status === 'open'
        ? await announceTicket(tx, village, updated, request.late)
        : await announceStep(tx, updated, replies.taken.detail(place), { key: 'detail' })
    return [receipt, ...cards]
  }
}

/** An answer that says no place is asked about a second and last time. */
async function askOnceMore(request: Request, services: Services, question: Question, ticket: Ticket): Promise<Answer> {
  if (request.mayWait) return 'wait'
  const asked = await services.db.question.count({ where: { ticketId: ticket.id, personId: request.person.id } })
  return async (tx) => {
    await tx.question.update({ where: { id: question.id }, data: { answeredAt: request.now } })
    const updated = await addDetail(tx, ticket, request)
    return asked < MOST_QUESTIONS ? [await askFor(tx, request, updated, 'place-again')] : []
  }
}
