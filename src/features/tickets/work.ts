import { MINUTE } from '../../clock.ts'
import type { Db, Ticket } from '../../db/database.ts'
import { cut } from '../../text.ts'
import { may } from '../../village/roles.ts'
import type { Answer, Commit, Reply, Request, Services } from '../feature.ts'
import { refusePrivately } from '../feature.ts'
import { ACTIONS } from './actions.ts'
import { exposureOf } from './announce.ts'
import { correctionOf } from './corrections.ts'
import { digestText } from './digest.ts'
import { canDo, findMeant, type Meant } from './find-ticket.ts'
import { isConfidant } from './handlers.ts'
import { answerTo } from './open-ticket.ts'
import * as replies from './replies.ts'
import { takePhoto } from './result-photos.ts'
import { isOpen } from './status.ts'
import { assigneeOf, mergeTarget, numbersIn } from './targets.ts'
import { idsOf } from './ticket.ts'
import { undo } from './undo.ts'
import { isTellingResult, parseWork, readSpan, type VerbName, type Work } from './verbs.ts'

/** How long a worker may think about the sentence that was asked for. Milliseconds. */
const SENTENCE_WITHIN = 30 * MINUTE

/** Verbs that nobody types by chance: with a number or a quote they are an attempt that deserves a polite no. */
const UNMISTAKABLE: readonly VerbName[] = ['assign', 'resolve', 'reject', 'merge', 'extend', 'correct', 'confirm']

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
  const isAboutNone = work.verb === 'undo' || work.verb === 'list'
  const meant: Meant = isAboutNone ? { type: 'none' } : await findMeant(db, request, work)
  // Among villagers a worker talks like anybody else: only a quote or a number makes a line a step.
  if (inVillagersRoom && work.verb === 'show') return null
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

/** 好的 under a villager's receipt from a worker who lives in the village is no step either, unless it is quoted. */
function isVillagersWord(request: Request, work: Work): boolean {
  return work.weak && request.quote === null
}

async function namesOf(db: Db, villageId: number): Promise<string[]> {
  const people = await db.person.findMany({
    where: { villageId, listed: true, erasedAt: null },
    select: { name: true },
  })
  return people.map((person) => person.name).sort((a, b) => b.length - a.length)
}

/** A polite no, in private, to an unmistakable attempt; silence to everything else. */
async function refuse(request: Request, services: Services, work: Work): Promise<Commit | null> {
  const { room, understanding: said } = request
  if (work.weak || !UNMISTAKABLE.includes(work.verb)) return null
  const pointed = work.numbers.length > 0 || request.quote !== null || room?.kind === 'grid'
  if (!pointed || said.gate === 'ticket') return null
  // A villager who answers a result with 修好了 or 好了 speaks as a reporter.
  const spoken = work.numbers.length === 0 && room?.kind !== 'grid' && !VERBS_OF_OFFICE.test(request.text)
  if (spoken) return null
  return refusePrivately(request, services, replies.notYourRight)
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
  if (allowed.length === 0)
    return explicit ? say(request, replies.noSuchTickets(tickets.map((ticket) => ticket.no))) : null
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
      const text =
        exposureOf(ticket) === 'sensitive' && !request.private
          ? replies.bareHeadline(ticket)
          : replies.cannotNow(ticket)
      said.push(answerTo(request, ticket, { key: `no:${ticket.no}`, kind: 'refusal', text }))
    }
    return said
  }
}

/** The verb says what has been done already: 收 on a confirmed ticket. */
function repeats(verb: VerbName, ticket: Ticket): boolean {
  if (verb === 'confirm') return ['confirmed', 'assigned', 'handling', 'resolved', 'closed'].includes(ticket.status)
  return verb === 'start' && ticket.status === 'handling'
}

/** What is missing or wrong in a line, as an answer; null when it can be carried out. */
async function objectionTo(
  request: Request,
  services: Services,
  work: Work,
  tickets: Ticket[],
): Promise<Commit | null> {
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
      if (!person) return say(request, replies.needPerson(cut(argument, 10)))
      const accused = tickets.some((ticket) => idsOf(ticket.accusedIds).includes(person.id))
      return accused ? say(request, replies.notForAccused(person.name)) : null
    }
    case 'merge': {
      const target = await mergeTarget(services.db, request, work)
      if (!target) return say(request, replies.noSuchTickets(numbersIn(argument)))
      if (tickets.some((ticket) => ticket.id === target.id)) return say(request, replies.mergeItself)
      if (!isOpen(target.status)) return say(request, replies.mergeEnded(target))
      // What was told in confidence must not come out with somebody else's result.
      return tickets.some((ticket) => ticket.sensitive) ? say(request, replies.mergeSensitive) : null
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
    where: {
      personId: person.id,
      ...conversation,
      slot: { in: ['result', 'reason'] },
      answeredAt: null,
      expiresAt: { gt: now },
    },
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
  const tickets = await services.db.ticket.findMany({
    where: { id: { in: asked.map((question) => question.ticketId) } },
  })
  const work: Work = { verb, numbers: [], argument: sentence, weak: false }
  return async (tx) => {
    await tx.question.updateMany({
      where: { id: { in: questions.map((question) => question.id) } },
      data: { answeredAt: now },
    })
    const said: Reply[] = []
    for (const ticket of tickets.filter((one) => canDo(verb, one))) {
      said.push(...(await ACTIONS[verb]({ tx, request, services, ticket, work })))
    }
    return said
  }
}

async function list(request: Request, services: Services): Promise<Commit | null> {
  const { room, village, now } = request
  if (room && room.kind !== 'grid') return null
  const text =
    (await digestText(services.db, village, now, { private: request.private, person: request.person })) ??
    replies.nothingToDo
  return async () => [answerTo(request, null, { key: 'list', kind: 'digest', text })]
}
