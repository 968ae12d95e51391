import { actorOf } from '../../db/audit.ts'
import type { Db, Ticket } from '../../db/database.ts'
import { RELAY } from '../../message.ts'
import { cut } from '../../text.ts'
import type { Reply, Request, Services } from '../feature.ts'
import { speaker } from '../feature.ts'
import { announceStep, cardFacts, exposureOf, tellWorker, toldDirectlyUnlessPublic } from './announce.ts'
import { tellReporters } from './audience.ts'
import { RESULT_CHOICES } from './choices.ts'
import { correctionOf, urgencyOf } from './corrections.ts'
import { CLOSE_AFTER, workdaysLater } from './deadlines.ts'
import { responsibleWorker } from './handlers.ts'
import { addAttachments, answerTo, dueDate, gridOfGroup, planOverdue, planTimers } from './open-ticket.ts'
import * as replies from './replies.ts'
import { loosePhotos, resultPhotos } from './result-photos.ts'
import { assigneeOf, mergeTarget } from './targets.ts'
import { change, move, plan, record } from './ticket.ts'
import { isTellingResult, readSpan, type VerbName, type Work } from './verbs.ts'

/** One ticket, one step: writes it and returns what is to be said besides the line in the grid room. */
export interface Step {
  tx: Db
  request: Request
  services: Services
  ticket: Ticket
  work: Work
}

/** The line in the grid room after a step, as a reply to the worker's own words. */
export async function stepLine(
  step: Step,
  ticket: Ticket,
  sentence: string,
  mentions: number[] = [],
): Promise<Reply[]> {
  const { tx, request } = step
  const last = request.messages.at(-1)
  const replyTo = request.room && last ? { replyTo: { room: request.room.id, messageId: last.messageId } } : {}
  const said = await announceStep(tx, ticket, sentence, { key: `step:${ticket.no}`, ...replyTo, mentions })
  // A worker who writes directly hears there what became of it.
  const directly =
    request.private && !said.some((reply) => 'person' in reply.to && reply.to.person === request.person.id)
  const text = replies.stepTaken(ticket, sentence)
  return directly ? [...said, answerTo(request, ticket, { key: `done:${ticket.no}`, kind: 'card', text })] : said
}

type Action = (step: Step) => Promise<Reply[]>

export const ACTIONS: Record<VerbName, Action> = {
  async confirm(step) {
    const { tx, request, ticket } = step
    const by = speaker(request)
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
    const by = speaker(request)
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
    const by = speaker(request)
    const update = {
      assigneeId: ticket.assigneeId ?? request.person.id,
      confirmedAt: ticket.confirmedAt ?? request.now,
    }
    const data = { text: step.work.argument }
    const updated = await move(tx, ticket, 'start', update, { by, at: request.now, data, undoable: true })
    if (ticket.status === 'candidate') await planTimers(tx, updated, request.village.timezone, request.now)
    return stepLine(step, updated, replies.taken.start(request.person.name))
  },
  async resolve(step) {
    const { tx, request, ticket, work } = step
    const { now, person } = request
    const result = cut((isTellingResult(work.argument) ? work.argument : request.text).trim(), 500)
    const by = actorOf(person, request.messages.at(-1)?.id)
    const update = { result, resolvedAt: now, assigneeId: ticket.assigneeId ?? person.id }
    const updated = await move(tx, ticket, 'resolve', update, { by, at: now, data: { result }, undoable: true })
    await addAttachments(tx, updated, request.messages, 'result', now)
    await addAttachments(tx, updated, await loosePhotos(tx, request), 'result', now)
    const silent = new Date(now.getTime() + CLOSE_AFTER)
    await plan(tx, updated, { kind: 'tickets.close', key: String(silent.getTime()), dueAt: silent })
    const line = await stepLine(step, updated, replies.taken.resolve(result))
    return [...line, ...(await tellResult(step, updated, result))]
  },
  async reject(step) {
    const { tx, request, ticket, work } = step
    const by = speaker(request)
    const update = { result: work.argument || null, closedAt: request.now }
    const data = { reason: work.argument }
    const updated = await move(tx, ticket, 'reject', update, { by, at: request.now, data, undoable: true })
    const line = await stepLine(step, updated, replies.taken.reject(work.argument))
    if (ticket.status === 'candidate') return line
    const words = replies.rejected(updated, work.argument)
    return [...line, ...(await tellOutcome(step, updated, { inRoom: words, direct: words }, { key: 'rejected' }))]
  },
  async merge(step) {
    const { tx, request, ticket, work } = step
    const target = await mergeTarget(tx, request, work)
    if (!target) return []
    const by = speaker(request)
    const data = { into: target.no }
    const updated = await move(
      tx,
      ticket,
      'merge',
      { mergedIntoId: target.id },
      { by, at: request.now, data, undoable: true },
    )
    await record(tx, ticket.villageId, {
      event: 'absorbed',
      by,
      at: request.now,
      ticketId: target.id,
      data: { from: ticket.no },
    })
    return stepLine(step, updated, replies.taken.merge(target.no))
  },
  async split(step) {
    const { tx, request, ticket } = step
    const by = speaker(request)
    const updated = await move(tx, ticket, 'split', { mergedIntoId: null }, { by, at: request.now, undoable: true })
    await planTimers(tx, updated, request.village.timezone, request.now)
    return stepLine(step, updated, replies.taken.split())
  },
  async correct(step) {
    const { tx, request, ticket, work } = step
    const correction = correctionOf(request, work.argument)
    if (!correction) return []
    const by = speaker(request)
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
    const updated = await change(tx, ticket, update, {
      event: 'corrected',
      by,
      at: request.now,
      data: { to: words },
      undoable: true,
    })
    if (correction.type === 'category') await planOverdue(tx, updated)
    return stepLine(step, updated, replies.taken.correct(words))
  },
  async urgency(step) {
    const { tx, request, ticket, work } = step
    const urgency = urgencyOf(work.argument)
    const by = speaker(request)
    const updated = await change(
      tx,
      ticket,
      { urgency },
      { event: 'corrected', by, at: request.now, data: { to: urgency }, undoable: true },
    )
    return stepLine(step, updated, replies.taken.urgency(replies.urgencyWord(urgency)))
  },
  async extend(step) {
    const { tx, request, ticket, work } = step
    const span = readSpan(work.argument)
    if (!span) return []
    const { timezone } = request.village
    const from = ticket.dueAt && ticket.dueAt > request.now ? ticket.dueAt : request.now
    const dueAt = workdaysLater(from, span.days, timezone)
    const by = speaker(request)
    const data = { days: span.days, reason: span.reason }
    const updated = await change(
      tx,
      ticket,
      { dueAt },
      { event: 'extended', by, at: request.now, data, undoable: true },
    )
    await planOverdue(tx, updated)
    return stepLine(step, updated, replies.taken.extend(replies.dayWords(dueAt, timezone), span.reason))
  },
  async urge(step) {
    const { tx, request, ticket } = step
    const worker = await responsibleWorker(tx, ticket)
    const by = speaker(request)
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
  const inRoom =
    exposureOf(ticket) === 'public' ? replies.receipt(ticket, worker?.name ?? null) : replies.privateReceipt(ticket)
  const direct = ticket.sensitive ? replies.sensitiveReceipt(ticket, ticket.category) : inRoom
  const message = { key: `receipt:${ticket.no}`, kind: 'receipt' as const }
  return (await tellReporters(tx, ticket, { inRoom, direct }, message, services.canReach)).replies
}

/** The result goes to everybody who reported it, with the photo, where they spoke. */
async function tellResult(step: Step, ticket: Ticket, result: string): Promise<Reply[]> {
  const isPublic = exposureOf(ticket) === 'public'
  const words = {
    inRoom: replies.result(ticket, result),
    direct: isPublic ? replies.result(ticket, result) : replies.privateResult(ticket, result),
  }
  return tellOutcome(step, ticket, words, {
    key: 'result',
    choices: RESULT_CHOICES,
    attachments: await resultPhotos(step.tx, ticket),
  })
}

/**
 * What has become of a ticket, to everybody who reported it: where they spoke, or directly when it is not for everybody.
 * Who cannot be written to is invited in the room without a word on the matter, unless even that would say too much, and
 * the worker is asked to get in touch.
 */
async function tellOutcome(
  step: Step,
  ticket: Ticket,
  words: { inRoom: string; direct: string },
  { key, ...extras }: { key: string } & Pick<Reply, 'attachments' | 'choices'>,
): Promise<Reply[]> {
  const { tx, services, request } = step
  const message = { key: `${key}:${ticket.no}`, kind: 'result' as const, ...extras }
  const audience = toldDirectlyUnlessPublic(ticket)
  const { replies: told, unreachable } = await tellReporters(tx, audience, words, message, services.canReach)
  if (unreachable.length === 0) return told
  const invited = exposureOf(ticket) === 'private' ? await inviteInRoom(step, ticket) : []
  const names = unreachable.map((reporter) => reporter.name).join('、')
  const notice: Reply = {
    to: { person: request.person.id },
    key: `in-touch:${ticket.no}`,
    kind: 'other',
    text: replies.pleaseGetInTouch(ticket, names),
    about: [],
  }
  return [...told, ...invited, notice]
}

/** A line without content where the reporters spoke: there is news, to be had in private. */
async function inviteInRoom({ tx }: Step, ticket: Ticket): Promise<Reply[]> {
  const text = replies.resultWithoutContent(ticket)
  const message = { key: `invite:${ticket.no}`, kind: 'result' as const }
  const told = await tellReporters(tx, ticket, { inRoom: text, direct: text }, message, async () => false)
  // Out of a room that somebody passes on by hand nobody can write to the assistant.
  return told.replies.filter(({ to }) => !('conversation' in to && to.conversation.channel === RELAY))
}
