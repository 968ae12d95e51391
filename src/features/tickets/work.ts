import { MINUTE } from '../../clock.ts'
import type { Db, InboxEvent, Person, Ticket } from '../../db/database.ts'
import { findCategory } from '../../understanding/categories.ts'
import { understand } from '../../understanding/understand.ts'
import type { Urgency } from '../../understanding/understanding.ts'
import { may } from '../../village/roles.ts'
import type { Answer, Commit, Reply, Request, Services } from '../feature.ts'
import { announceStep, cardFacts, exposureOf, gridRoomOf, tellWorker } from './announce.ts'
import { tellReporters } from './audience.ts'
import { CLOSE_AFTER, UNDO_WITHIN, workdaysLater } from './deadlines.ts'
import { digestText } from './digest.ts'
import { findMeant } from './find-ticket.ts'
import { planSilentClose } from './followups.ts'
import { isConfidant, responsibleWorker } from './handlers.ts'
import { addAttachments, answerTo, dueDate, gridOfGroup, planOverdue, planTimers } from './open-ticket.ts'
import * as replies from './replies.ts'
import { type MoveName, moved } from './status.ts'
import { actorOf, change, idsOf, move, record, restored } from './ticket.ts'
import { isTellingResult, parseWork, readSpan, VERBS, type VerbName, type Work } from './verbs.ts'

/** A photo that a worker sent this long before or after closing belongs to the result. Milliseconds. */
const PHOTO_WITHIN = 3 * MINUTE
/** How long a worker may think about the sentence that was asked for. Milliseconds. */
const SENTENCE_WITHIN = 30 * MINUTE

/** Verbs that nobody types by chance: with a number or a quote they are an attempt that deserves a polite no. */
const UNMISTAKABLE: readonly VerbName[] = ['assign', 'resolve', 'reject', 'merge', 'extend', 'correct', 'confirm']

/** One ticket, one step: writes it and returns what is to be said besides the line in the grid room. */
interface Step {
  tx: Db
  request: Request
  services: Services
  ticket: Ticket
  work: Work
}

/** Somebody works a ticket by a verb. Null when the line is just talk. */
export async function takeWork(request: Request, services: Services): Promise<Answer> {
  const { db } = services
  const { room, person, village } = request
  const mayWork = may(person.role, 'work-tickets')
  const names = mayWork ? await namesOf(db, village.id) : []
  const work = parseWork(request.text, names, request.quote !== null)
  const inVillagersRoom = room !== null && room.kind !== 'grid'
  if (!mayWork) return work ? refuse(request, services, work) : null
  if (!work) return room?.kind === 'grid' || request.private ? takePhoto(request, services) : null
  const meant = await meantBy(request, services, work)
  // Among villagers a worker talks like anybody else: only a quote or a number makes a line a step.
  if (inVillagersRoom && !(meant.type === 'tickets' && meant.explicit && !isVillagersWord(request, work))) return null
  if (work.verb === 'undo') return undo(request, services)
  if (work.verb === 'list') return list(request, services)
  switch (meant.type) {
    case 'none':
      return null
    case 'unknown-numbers':
      return work.weak ? null : say(request, replies.noSuchTickets(meant.numbers))
    case 'several':
      return say(request, replies.whichOne(meant.tickets))
    case 'tickets':
      return steps(request, services, work, meant.tickets, meant.explicit)
  }
}

async function meantBy(request: Request, services: Services, work: Work) {
  if (work.verb === 'undo' || work.verb === 'list') return { type: 'none' } as const
  if (work.verb !== 'merge') return findMeant(services.db, request, work)
  // 并 8 alone: the 8 is where it goes to.
  return findMeant(services.db, request, { ...work, argument: '' })
}

/** 好的 under a villager's receipt from a worker who lives in the village is no step either, unless it is quoted. */
function isVillagersWord(request: Request, work: Work): boolean {
  return work.weak && request.quote === null
}

async function namesOf(db: Db, villageId: number): Promise<string[]> {
  const people = await db.person.findMany({ where: { villageId, listed: true, erasedAt: null }, select: { name: true } })
  return people.map((person) => person.name).sort((a, b) => b.length - a.length)
}

/** A polite no, in private, to an unmistakable attempt; silence to everything else. */
async function refuse(request: Request, services: Services, work: Work): Promise<Commit | null> {
  const { room, understanding: said, person } = request
  if (work.weak || !UNMISTAKABLE.includes(work.verb)) return null
  const pointed = work.numbers.length > 0 || request.quote !== null || room?.kind === 'grid'
  if (!pointed || said.gate === 'ticket') return null
  // A villager who answers a result with 修好了 or 好了 speaks as a reporter.
  const spoken = work.numbers.length === 0 && room?.kind !== 'grid' && !VERBS_OF_OFFICE.test(request.text)
  if (spoken) return null
  if (request.private) {
    return async () => [answerTo(request, null, { key: 'refusal', kind: 'refusal', text: replies.notYourRight })]
  }
  if (!(await services.canReach(services.db, person.id))) return async () => []
  const { replyTo: _, ...answer } = answerTo(request, null, { key: 'refusal', kind: 'refusal', text: replies.notYourRight })
  return async () => [{ ...answer, to: { person: person.id } }]
}

/** Words that only a grid worker uses of a ticket. */
const VERBS_OF_OFFICE = /办结|结案|完结|派(?:给)?|转给|属实|受理|接单|并\s*\d|延\s*\d|改(?:为|成)/

function say(request: Request, text: string): Commit {
  return async () => [answerTo(request, null, { key: 'answer', kind: 'question', text })]
}

/** Carries out a verb on one or several tickets. */
async function steps(
  request: Request,
  services: Services,
  work: Work,
  tickets: Ticket[],
  explicit: boolean,
): Promise<Commit | null> {
  const { db } = services
  const allowed: Ticket[] = []
  for (const ticket of tickets) {
    if (ticket.sensitive && !(await isConfidant(db, ticket, request.person))) continue
    if (idsOf(ticket.accusedIds).includes(request.person.id)) continue
    allowed.push(ticket)
  }
  // A ticket somebody may not see and one that does not exist look alike.
  if (allowed.length === 0) return explicit ? say(request, replies.noSuchTickets(tickets.map((ticket) => ticket.no))) : null
  const objection = await objectionTo(request, services, work, allowed)
  if (objection) return objection
  const possible = allowed.filter((ticket) => canDo(work.verb, ticket))
  const impossible = allowed.filter((ticket) => !canDo(work.verb, ticket))
  if (possible.length === 0 && !explicit) return null
  return async (tx) => {
    const said: Reply[] = []
    for (const ticket of possible) {
      said.push(...(await ACTIONS[work.verb]({ tx, request, services, ticket, work })))
    }
    for (const ticket of impossible) {
      // 收到 under something that is long done is politeness.
      if (work.weak || repeats(work.verb, ticket)) continue
      const text = exposureOf(ticket) === 'sensitive' && !request.private ? replies.bareHeadline(ticket) : replies.cannotNow(ticket)
      said.push(answerTo(request, ticket, { key: `no:${ticket.no}`, kind: 'refusal', text }))
    }
    return said
  }
}

const MOVE_OF_VERB: Partial<Record<VerbName, MoveName>> = {
  confirm: 'confirm',
  assign: 'assign',
  start: 'start',
  resolve: 'resolve',
  reject: 'reject',
  merge: 'merge',
  split: 'split',
}

function canDo(verb: VerbName, ticket: Ticket): boolean {
  const name = MOVE_OF_VERB[verb]
  return name ? moved(ticket.status, name) !== null : true
}

/** The verb says what has been done already: 收 on a confirmed ticket. */
function repeats(verb: VerbName, ticket: Ticket): boolean {
  if (verb === 'confirm') return ['confirmed', 'assigned', 'handling', 'resolved', 'closed'].includes(ticket.status)
  return verb === 'start' && ticket.status === 'handling'
}

/** What is missing or wrong in a line, as an answer; null when it can be carried out. */
async function objectionTo(request: Request, services: Services, work: Work, tickets: Ticket[]): Promise<Commit | null> {
  const numbers = replies.numbersOf(tickets)
  const { argument } = work
  switch (work.verb) {
    case 'resolve': {
      const photos = request.attachments.length > 0
      const workable = tickets.filter((ticket) => canDo('resolve', ticket))
      if (workable.length === 0 || photos || isTellingResult(argument)) return null
      return askForSentence(request, workable, 'result', replies.needResult(numbers))
    }
    case 'reject': {
      const needsReason = tickets.filter((ticket) => ticket.status !== 'candidate' && canDo('reject', ticket))
      if (needsReason.length === 0 || argument.replace(/[\s\p{P}]/gu, '').length >= 2) return null
      return askForSentence(request, needsReason, 'reason', replies.needReason(numbers))
    }
    case 'extend': {
      const span = readSpan(argument)
      if (!span) return say(request, replies.needExtension(numbers))
      if (span.reason.replace(/[\s\p{P}]/gu, '').length < 2) return say(request, replies.needExtensionReason(numbers))
      return null
    }
    case 'assign': {
      const person = await assigneeOf(services.db, request, argument)
      if (!person) return say(request, replies.needPerson(argument.slice(0, 10)))
      const accused = tickets.some((ticket) => idsOf(ticket.accusedIds).includes(person.id))
      return accused ? say(request, replies.notForAccused(person.name)) : null
    }
    case 'merge': {
      const target = await mergeTarget(services.db, request, work)
      if (!target) return say(request, replies.noSuchTickets(numbersIn(argument)))
      return tickets.some((ticket) => ticket.id === target.id) ? say(request, replies.mergeItself) : null
    }
    case 'correct':
      return correctionOf(request, argument) ? null : say(request, replies.needCategory(argument))
    default:
      return null
  }
}

/** Asks for the one sentence that is missing; the worker's next line in this conversation is taken as it. */
function askForSentence(request: Request, tickets: Ticket[], slot: 'result' | 'reason', text: string): Commit {
  const { village, person, conversation, now } = request
  return async (tx) => {
    const asked = { villageId: village.id, personId: person.id, ...conversation, slot, askedAt: now }
    const expiresAt = new Date(now.getTime() + SENTENCE_WITHIN)
    await tx.question.createMany({ data: tickets.map((ticket) => ({ ...asked, ticketId: ticket.id, expiresAt })) })
    const about = tickets.length === 1 ? (tickets[0] ?? null) : null
    return [answerTo(request, about, { key: 'question', kind: 'question', text })]
  }
}

/** The sentence a worker was asked for. Null when nothing was asked or the line is a verb of its own. */
export async function takeSentence(request: Request, services: Services): Promise<Commit | null> {
  const { person, conversation, now, text } = request
  if (!may(person.role, 'work-tickets') || text.trim() === '') return null
  const questions = await services.db.question.findMany({
    where: { personId: person.id, ...conversation, slot: { in: ['result', 'reason'] }, answeredAt: null, expiresAt: { gt: now } },
  })
  const newest = questions.at(-1)
  if (!newest) return null
  const verb = newest.slot === 'result' ? 'resolve' : 'reject'
  const parsed = parseWork(text)
  if (parsed && parsed.verb !== verb && !parsed.weak) return null
  if (parsed && parsed.numbers.length > 0) return null
  const sentence = parsed?.argument || text.trim()
  if (verb === 'resolve' ? !isTellingResult(sentence) : sentence.length < 2) return null
  const asked = questions.filter((question) => question.askedAt.getTime() === newest.askedAt.getTime())
  const tickets = await services.db.ticket.findMany({ where: { id: { in: asked.map((question) => question.ticketId) } } })
  const work: Work = { verb, numbers: [], argument: sentence, weak: false }
  return async (tx) => {
    await tx.question.updateMany({ where: { id: { in: questions.map((question) => question.id) } }, data: { answeredAt: now } })
    const said: Reply[] = []
    for (const ticket of tickets.filter((one) => canDo(verb, one))) {
      said.push(...(await ACTIONS[verb]({ tx, request, services, ticket, work })))
    }
    return said
  }
}

/** The line in the grid room after a step, as a reply to the worker's own words. */
async function stepLine(step: Step, ticket: Ticket, sentence: string, mentions: number[] = []): Promise<Reply[]> {
  const { tx, request } = step
  const last = request.messages.at(-1)
  const replyTo = request.room && last ? { replyTo: { room: request.room.id, messageId: last.messageId } } : {}
  const said = await announceStep(tx, ticket, sentence, { key: `step:${ticket.no}`, ...replyTo, mentions })
  // A worker who writes directly hears there what became of it.
  const directly = request.private && !said.some((reply) => 'person' in reply.to && reply.to.person === request.person.id)
  const text = replies.stepTaken(ticket, sentence)
  return directly ? [...said, answerTo(request, ticket, { key: `done:${ticket.no}`, kind: 'card', text })] : said
}

type Action = (step: Step) => Promise<Reply[]>

const ACTIONS: Record<VerbName, Action> = {
  async confirm(step) {
    const { tx, request, ticket } = step
    const by = actorOf(request.person, request.messages.at(-1)?.id)
    const update = { confirmedAt: request.now }
    const updated = await move(tx, ticket, 'confirm', update, { by, at: request.now, undoable: true })
    const line = await stepLine(step, updated, replies.taken.confirm(request.person.name))
    if (ticket.status !== 'candidate') return line
    await planTimers(tx, updated, request.village.timezone, request.now)
    return [...line, ...(await tellCandidatesReporter(step, updated))]
  },
  async assign(step) {
    const { tx, request, ticket, work } = step
    const assignee = await assigneeOf(tx, request, work.argument)
    if (!assignee) return []
    const by = actorOf(request.person, request.messages.at(-1)?.id)
    const update = { assigneeId: assignee.id, confirmedAt: ticket.confirmedAt ?? request.now }
    const data = { to: assignee.name }
    const updated = await move(tx, ticket, 'assign', update, { by, at: request.now, data, undoable: true })
    if (ticket.status === 'candidate') await planTimers(tx, updated, request.village.timezone, request.now)
    const toSelf = assignee.id === request.person.id
    const line = await stepLine(step, updated, replies.taken.assign(assignee.name), toSelf ? [] : [assignee.id])
    if (toSelf) return line
    const text = replies.assignedToYou(await cardFacts(tx, request.village, updated), request.person.name)
    return [...line, await tellWorker(tx, updated, assignee, text, `assigned:${ticket.no}`, 'card')]
  },
  async start(step) {
    const { tx, request, ticket } = step
    const by = actorOf(request.person, request.messages.at(-1)?.id)
    const update = { assigneeId: ticket.assigneeId ?? request.person.id, confirmedAt: ticket.confirmedAt ?? request.now }
    const data = { text: step.work.argument }
    const updated = await move(tx, ticket, 'start', update, { by, at: request.now, data, undoable: true })
    if (ticket.status === 'candidate') await planTimers(tx, updated, request.village.timezone, request.now)
    return stepLine(step, updated, replies.taken.start(request.person.name))
  },
  async resolve(step) {
    const { tx, request, services, ticket, work } = step
    const { now, person } = request
    const result = (isTellingResult(work.argument) ? work.argument : request.text).trim().slice(0, 500)
    const by = actorOf(person, request.messages.at(-1)?.id)
    const update = { result, resolvedAt: now, assigneeId: ticket.assigneeId ?? person.id }
    const updated = await move(tx, ticket, 'resolve', update, { by, at: now, data: { result }, undoable: true })
    await addAttachments(tx, updated, request.messages, 'result', now)
    await addAttachments(tx, updated, await loosePhotos(tx, request), 'result', now)
    await planSilentClose(tx, updated, new Date(now.getTime() + CLOSE_AFTER))
    const line = await stepLine(step, updated, replies.taken.resolve(result))
    return [...line, ...(await tellResult(step, updated, result))]
  },
  async reject(step) {
    const { tx, request, services, ticket, work } = step
    const by = actorOf(request.person, request.messages.at(-1)?.id)
    const update = { result: work.argument || null, closedAt: request.now }
    const data = { reason: work.argument }
    const updated = await move(tx, ticket, 'reject', update, { by, at: request.now, data, undoable: true })
    const line = await stepLine(step, updated, replies.taken.reject(work.argument))
    if (ticket.status === 'candidate') return line
    const words = replies.rejected(updated, work.argument)
    const message = { key: `rejected:${ticket.no}`, kind: 'result' as const }
    const told = await tellReporters(tx, updated, { inRoom: words, direct: words }, message, services.canReach)
    return [...line, ...told.replies]
  },
  async merge(step) {
    const { tx, request, ticket, work } = step
    const target = await mergeTarget(tx, request, work)
    if (!target) return []
    const by = actorOf(request.person, request.messages.at(-1)?.id)
    const data = { into: target.no }
    const updated = await move(tx, ticket, 'merge', { mergedIntoId: target.id }, { by, at: request.now, data, undoable: true })
    await record(tx, ticket.villageId, { event: 'absorbed', by, at: request.now, ticketId: target.id, data: { from: ticket.no } })
    return stepLine(step, updated, replies.taken.merge(target.no))
  },
  async split(step) {
    const { tx, request, ticket } = step
    const by = actorOf(request.person, request.messages.at(-1)?.id)
    const updated = await move(tx, ticket, 'split', { mergedIntoId: null }, { by, at: request.now, undoable: true })
    await planTimers(tx, updated, request.village.timezone, request.now)
    return stepLine(step, updated, replies.taken.split())
  },
  async correct(step) {
    const { tx, request, ticket, work } = step
    const correction = correctionOf(request, work.argument)
    if (!correction) return []
    const by = actorOf(request.person, request.messages.at(-1)?.id)
    const { timezone } = request.village
    const update =
      correction.type === 'category'
        ? { category: correction.category, dueAt: dueDate(correction.category, ticket.openedAt, timezone) }
        : correction.type === 'urgency'
          ? { urgency: correction.urgency }
          : {
              place: correction.place,
              placeKey: correction.placeKey,
              group: correction.group ?? ticket.group,
              gridId: (await gridOfGroup(tx, ticket.villageId, correction.group)) ?? ticket.gridId,
            }
    const words = correction.type === 'category' ? replies.label(correction.category) : correction.words
    const updated = await change(tx, ticket, update, { event: 'corrected', by, at: request.now, data: { to: words }, undoable: true })
    if (correction.type === 'category') await planOverdue(tx, updated)
    return stepLine(step, updated, replies.taken.correct(words))
  },
  async urgency(step) {
    const { tx, request, ticket, work } = step
    const urgency = urgencyOf(work.argument)
    const by = actorOf(request.person, request.messages.at(-1)?.id)
    const updated = await change(tx, ticket, { urgency }, { event: 'corrected', by, at: request.now, data: { to: urgency }, undoable: true })
    return stepLine(step, updated, replies.taken.urgency(replies.urgencyWord(urgency)))
  },
  async extend(step) {
    const { tx, request, ticket, work } = step
    const span = readSpan(work.argument)
    if (!span) return []
    const { timezone } = request.village
    const from = ticket.dueAt && ticket.dueAt > request.now ? ticket.dueAt : request.now
    const dueAt = workdaysLater(from, span.days, timezone)
    const by = actorOf(request.person, request.messages.at(-1)?.id)
    const data = { days: span.days, reason: span.reason }
    const updated = await change(tx, ticket, { dueAt }, { event: 'extended', by, at: request.now, data, undoable: true })
    await planOverdue(tx, updated)
    return stepLine(step, updated, replies.taken.extend(replies.dayWords(dueAt, timezone), span.reason))
  },
  async urge(step) {
    const { tx, request, ticket } = step
    const worker = await responsibleWorker(tx, ticket)
    const by = actorOf(request.person, request.messages.at(-1)?.id)
    await record(tx, ticket.villageId, { event: 'urged', by, at: request.now, ticketId: ticket.id })
    if (!worker) return []
    const line = await stepLine(step, ticket, replies.taken.urge(worker.name), [worker.id])
    if (worker.id === request.person.id) return line
    const text = replies.urgedByColleague(ticket, request.person.name)
    return [...line, await tellWorker(tx, ticket, worker, text, `urge:${ticket.no}`, 'reminder')]
  },
  async show(step) {
    const { tx, request, ticket } = step
    const facts = await cardFacts(tx, request.village, ticket)
    const exposure = exposureOf(ticket)
    if (exposure === 'public' || request.private) {
      const text = request.private ? replies.directCard(facts, ticket.sensitive) : replies.card(facts)
      return [answerTo(request, ticket, { key: `show:${ticket.no}`, kind: 'card', text })]
    }
    return [
      {
        to: { person: request.person.id },
        key: `show:${ticket.no}`,
        kind: 'card',
        text: replies.directCard(facts, ticket.sensitive),
        about: [],
        ticketId: ticket.id,
      },
    ]
  },
  undo: async () => [],
  list: async () => [],
}

/** Whoever mentioned a thing by the way hears that it has become a ticket. */
async function tellCandidatesReporter(step: Step, ticket: Ticket): Promise<Reply[]> {
  const { tx, services } = step
  const worker = await responsibleWorker(tx, ticket)
  const inRoom = exposureOf(ticket) === 'public' ? replies.receipt(ticket, worker?.name ?? null) : replies.privateReceipt(ticket)
  const direct = ticket.sensitive ? replies.sensitiveReceipt(ticket, ticket.category) : inRoom
  const message = { key: `receipt:${ticket.no}`, kind: 'receipt' as const }
  return (await tellReporters(tx, ticket, { inRoom, direct }, message, services.canReach)).replies
}

/** The result goes to everybody who reported it, with the photo, where they spoke. */
async function tellResult(step: Step, ticket: Ticket, result: string): Promise<Reply[]> {
  const { tx, services, request } = step
  const photos = await resultPhotos(tx, ticket)
  const isPrivate = exposureOf(ticket) !== 'public'
  const words = {
    inRoom: isPrivate ? replies.resultWithoutContent(ticket) : replies.result(ticket, result),
    direct: isPrivate ? replies.privateResult(ticket, result) : replies.result(ticket, result),
  }
  const message = { key: `result:${ticket.no}`, kind: 'result' as const, attachments: photos }
  // The result of a private matter goes to its people directly, even where they spoke in the room.
  const audience = isPrivate ? { ...ticket, sensitive: true } : ticket
  const { replies: told, unreachable } = await tellReporters(tx, audience, words, message, services.canReach)
  if (unreachable.length === 0) return told
  const names = unreachable.map((reporter) => reporter.name).join('、')
  const invited = isPrivate && !ticket.sensitive
  const fallback = invited
    ? (await tellReporters(tx, ticket, words, { ...message, key: `invite:${ticket.no}`, attachments: [] }, async () => false)).replies
    : []
  const please = replies.pleaseGetInTouch(ticket, names)
  const notice: Reply = { to: { person: request.person.id }, key: `in-touch:${ticket.no}`, kind: 'other', text: please, about: [] }
  return [...told, ...fallback, notice]
}

async function resultPhotos(tx: Db, ticket: Ticket) {
  const rows = await tx.ticketAttachment.findMany({ where: { ticketId: ticket.id, purpose: 'result' }, orderBy: { id: 'asc' } })
  return rows.map((row) => row.attachment as unknown as Request['attachments'][number])
}

/** Photos without words that the worker sent just before and that belong to nothing yet. */
async function loosePhotos(tx: Db, request: Request): Promise<InboxEvent[]> {
  const { person, conversation, now } = request
  const events = await tx.inboxEvent.findMany({
    where: {
      ...conversation,
      personId: person.id,
      type: 'message',
      text: '',
      receivedAt: { gte: new Date(now.getTime() - PHOTO_WITHIN) },
    },
  })
  const used = await tx.ticketAttachment.findMany({
    where: { inboxEventId: { in: events.map((event) => event.id) } },
    select: { inboxEventId: true },
  })
  return events.filter((event) => !used.some((row) => row.inboxEventId === event.id))
}

/** A photo that a worker sends just after closing is passed on to those who heard the result. */
async function takePhoto(request: Request, services: Services): Promise<Commit | null> {
  const { person, now, text, attachments } = request
  if (text.trim() !== '' || attachments.length === 0 || !may(person.role, 'work-tickets')) return null
  const closed = await services.db.auditEntry.findFirst({
    where: {
      villageId: request.village.id,
      personId: person.id,
      event: 'resolve',
      at: { gte: new Date(now.getTime() - PHOTO_WITHIN) },
    },
    orderBy: { id: 'desc' },
  })
  const ticket = closed?.ticketId ? await services.db.ticket.findUnique({ where: { id: closed.ticketId } }) : null
  if (!ticket || ticket.status !== 'resolved') return null
  return async (tx) => {
    await addAttachments(tx, ticket, request.messages, 'result', now)
    const audience = exposureOf(ticket) === 'public' ? ticket : { ...ticket, sensitive: true }
    const words = replies.resultPhoto(ticket)
    const message = { key: 'photo', kind: 'result' as const, attachments }
    return (await tellReporters(tx, audience, { inRoom: words, direct: words }, message, services.canReach)).replies
  }
}

/** Takes back the person's own last step, if it is a few minutes old and nobody has gone on from there. */
async function undo(request: Request, services: Services): Promise<Commit | null> {
  const { village, person, now, quote, room } = request
  const { db } = services
  const quoted = quote?.messageId ? await db.outboxMessage.findFirst({ where: { ...request.conversation, messageId: quote.messageId } }) : null
  const last = await db.auditEntry.findFirst({
    where: {
      villageId: village.id,
      personId: person.id,
      at: { gte: new Date(now.getTime() - UNDO_WITHIN) },
      ...(quoted?.ticketId ? { ticketId: quoted.ticketId } : { ticketId: { not: null } }),
      event: { notIn: ['urged', 'undone', 'detail', 'opened', 'absorbed'] },
    },
    orderBy: { id: 'desc' },
  })
  const before = (last?.data as { before?: Record<string, unknown> } | undefined)?.before
  const ticket = last?.ticketId ? await db.ticket.findUnique({ where: { id: last.ticketId } }) : null
  const later = last && ticket ? await db.auditEntry.findFirst({ where: { ticketId: ticket.id, id: { gt: last.id } } }) : null
  if (!last || !before || !ticket || later) return room?.kind === 'grid' || request.private ? say(request, replies.nothingToUndo) : null
  return async (tx) => {
    const by = actorOf(person, request.messages.at(-1)?.id)
    const updated = await change(tx, ticket, restored(before), { event: 'undone', by, at: now, data: { step: last.event } })
    const step: Step = { tx, request, services, ticket, work: { verb: 'undo', numbers: [], argument: '', weak: false } }
    const line = await stepLine(step, updated, replies.taken.undo())
    if (last.event !== 'resolve') return line
    await tx.ticketAttachment.deleteMany({ where: { ticketId: ticket.id, purpose: 'result' } })
    const words = replies.takenBack(updated)
    const audience = exposureOf(updated) === 'public' ? updated : { ...updated, sensitive: true }
    const message = { key: 'taken-back', kind: 'result' as const }
    return [...line, ...(await tellReporters(tx, audience, { inRoom: words, direct: words }, message, services.canReach)).replies]
  }
}

async function list(request: Request, services: Services): Promise<Commit | null> {
  const { room, village, now } = request
  if (room && room.kind !== 'grid') return null
  const text = (await digestText(services.db, village, now, { private: request.private, person: request.person })) ?? replies.nothingToDo
  return async () => [answerTo(request, null, { key: 'list', kind: 'digest', text })]
}

/** Who is meant by 派 老周, or by 我来. */
async function assigneeOf(db: Db, request: Request, argument: string): Promise<Person | null> {
  const name = argument.replace(/^@/, '').trim()
  if (name === '' || /^(?:我|自己)/.test(name)) return request.person
  const people = await db.person.findMany({ where: { villageId: request.village.id, listed: true, erasedAt: null } })
  const fitting = people.filter((person) => name.startsWith(person.name)).sort((a, b) => b.name.length - a.name.length)
  return fitting[0] ?? null
}

function numbersIn(argument: string): number[] {
  return [...argument.matchAll(/\d{1,6}/g)].map((match) => Number(match[0])).slice(0, 1)
}

async function mergeTarget(db: Db, request: Request, work: Work): Promise<Ticket | null> {
  const [no] = numbersIn(work.argument)
  if (no === undefined) return null
  const target = await db.ticket.findUnique({ where: { villageId_no: { villageId: request.village.id, no } } })
  if (!target || target.sensitive) return null
  return target.mergedIntoId ? db.ticket.findUnique({ where: { id: target.mergedIntoId } }) : target
}

const URGENCY_OF: readonly [RegExp, Urgency][] = [
  [/不急|不着急|缓/, 'low'],
  [/一般|普通/, 'normal'],
  [/特急|十万火急/, 'emergency'],
  [/急/, 'urgent'],
]

function urgencyOf(words: string): Urgency {
  return URGENCY_OF.find(([pattern]) => pattern.test(words))?.[1] ?? 'urgent'
}

type Correction =
  | { type: 'category'; category: NonNullable<ReturnType<typeof findCategory>> }
  | { type: 'urgency'; urgency: Urgency; words: string }
  | { type: 'place'; place: string; placeKey: string; group: string | null; words: string }

/** 改 道路, 改 急, 改 地点 三组桥头; null when it is none of these. */
function correctionOf(request: Request, argument: string): Correction | null {
  const words = argument.replace(/^(?:类别|分类|成|为|地点|地址|位置)\s*[:：]?\s*/, '').trim()
  const category = findCategory(words)
  if (category) return { type: 'category', category }
  if (/^(?:不急|一般|普通|急|紧急|加急|特急)$/.test(words)) {
    const urgency = urgencyOf(words)
    return { type: 'urgency', urgency, words: replies.urgencyWord(urgency) }
  }
  const said = understand(words, request.gazetteer)
  const named = /^(?:地点|地址|位置)/.test(argument) || /^(?:地点|地址|位置)/.test(request.text.replace(/^[#＃\d号\s]+/, ''))
  if (said.place !== null) {
    return { type: 'place', place: said.place, placeKey: said.placeKey, group: said.group, words: said.place }
  }
  return named && words !== '' ? { type: 'place', place: words.slice(0, 30), placeKey: `|${words.slice(0, 30)}`, group: null, words } : null
}

/** The grid room of a request's village, for what has no ticket. */
export async function gridRoom(db: Db, request: Request): Promise<number | null> {
  return gridRoomOf(db, { villageId: request.village.id, gridId: request.person.gridId })
}

/** The verbs as the help shows them. */
export const verbHelp = Object.values(VERBS).map((row) => row.example)
