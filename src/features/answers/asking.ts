import { MINUTE } from '../../clock.ts'
import { audit } from '../../db/audit.ts'
import type { Inquiry, Person } from '../../db/database.ts'
import { dutyWorker } from '../../village/people.ts'
import {
  type Answer,
  answerHere,
  type Commit,
  callerOf,
  namesIn,
  type Reply,
  type Request,
  type Services,
} from '../feature.ts'
import { answerByCard, answerQuestion, type Corpus, type Outcome } from './answer.ts'
import { handOver } from './handover.ts'
import { choiceIn, NEVER_MIND, NONE_OF_THESE } from './helper-words.ts'
import { moveInquiry, openInquiry, quotedSubject } from './inquiry.ts'
import { ASKING, OF_LAW } from './question-words.ts'
import * as replies from './replies.ts'
import { reviewers } from './rota.ts'
import { type Danger, dangerIn, unsafeIn } from './safety.ts'
import type { Worder } from './wording.ts'

const KNOWLEDGE: ReadonlySet<string> = new Set(['law', 'policy'])
const LONGEST = 300
/** How long a question back waits for its answer. Milliseconds. */
const CHOICE_WITHIN = 30 * MINUTE

/** What a question is answered with. */
export interface Means {
  corpus(): Promise<Corpus>
  /** Puts articles into plain words; null where no language model is configured. */
  word: Worder | null
  /** Finds articles by meaning; null where no embeddings are configured or the question is one of confidence. */
  nearest: ((question: string, signal: AbortSignal) => Promise<readonly number[] | null>) | null
}

/** A question of law or policy is answered, asked back about, or handed to somebody who knows. */
export async function takeQuestion(request: Request, services: Services, means: Means): Promise<Answer> {
  const { room, text, understanding: said, late, quote } = request
  if (late || said.urgency === 'emergency' || room?.kind === 'grid') return null
  // A report, an emergency or a confidence goes its own way first; here is only what nobody else would take.
  if (isSpokenTo(request)) {
    const danger = said.gate === 'none' ? dangerIn(text) : null
    if (danger) return takeDanger(request, services, danger)
    const unsafe = unsafeIn(text)
    if (unsafe && isOnlyAsked(request)) return say(request, replies.UNSAFE[unsafe] ?? replies.handover, 'refusal')
  }
  if (quote || text.length > LONGEST || !ASKING.test(text.normalize('NFKC'))) return null
  // Debts and quarrels at home are spoken of in private only.
  if (said.sensitive && room !== null) return null
  if (!isOfLaw(request) && !isSpokenTo(request)) return null
  const { library, learned, own } = await means.corpus()
  const outcome = answerQuestion({ library, learned, own }, text, request.now)
  // What sounds like a report of something else is one, unless a card is put just like it.
  const reports = !isOfLaw(request) && said.gate !== 'none'
  if (reports && !(outcome.kind === 'answer' && outcome.byCard)) return null
  const decided = await toCommit(request, services, means, outcome, text)
  const { nearest } = means
  const mayChange = outcome.kind === 'answer' && outcome.articles.length > 0
  if (!nearest || !mayChange || decided === null || decided === 'wait') return decided
  const otherwise = typeof decided === 'function' ? decided : decided.otherwise
  return {
    otherwise,
    async think(signal) {
      const dense = await nearest(text, signal)
      if (!dense) return otherwise
      const again = answerQuestion({ library, learned, own, dense }, text, request.now)
      const better = await toCommit(request, services, means, again, text)
      if (better === null || better === 'wait') return otherwise
      return typeof better === 'function' ? better : better.think(signal)
    },
  }
}

function isSpokenTo({ room, addressed }: Request): boolean {
  return room === null || addressed
}

function isOfLaw({ understanding: { category, gate } }: Pick<Request, 'understanding'>): boolean {
  return gate !== 'none' && category !== null && KNOWLEDGE.has(category)
}

/** An accusation and a confidence stay reports, whatever else they ask for. */
function isOnlyAsked(request: Request): boolean {
  const { gate, sensitive, intent } = request.understanding
  return gate === 'none' || (!sensitive && (isOfLaw(request) || intent === 'question'))
}

/** What comes of a question, as far as it was decided. */
async function toCommit(
  request: Request,
  services: Services,
  { word }: Means,
  outcome: Outcome,
  question: string,
  earlier?: Inquiry,
): Promise<Answer> {
  switch (outcome.kind) {
    case 'answer':
      return answered(request, word, outcome, earlier)
    case 'refuse':
      return isSpokenTo(request) ? finished(request, outcome.text, 'refusal', earlier) : null
    case 'clarify':
      return isSpokenTo(request) || request.understanding.gate === 'ticket' ? askBack(request, outcome, question) : null
    case 'danger':
      return null
    case 'handover':
      return mayBeHandedOver(request) || earlier
        ? handOver(request, services, { question, topic: outcome.topic, ...(earlier && { earlier }) })
        : null
  }
}

/** Nobody's evening is spent on small talk: only what is surely of law, or speaks of it to the assistant, is handed over. */
function mayBeHandedOver(request: Request): boolean {
  const { understanding: said, text } = request
  if (isOfLaw(request)) return said.gate === 'ticket' || isSpokenTo(request)
  return isSpokenTo(request) && said.gate === 'none' && OF_LAW.test(text)
}

/** The answer, its articles put into plain words where somebody is there to do it and the matter may be told. */
function answered(
  request: Request,
  word: Worder | null,
  outcome: Outcome & { kind: 'answer' },
  earlier?: Inquiry,
): Answer {
  const otherwise = finished(request, outcome.text, 'answer', earlier)
  if (!word || outcome.articles.length === 0 || request.understanding.sensitive) return otherwise
  return {
    otherwise,
    async think(signal) {
      const asking = { names: namesIn(request), caller: callerOf(request), signal }
      const worded = await word(request.text, outcome.articles, asking)
      return worded ? finished(request, replies.wordedAnswer(worded), 'answer', earlier) : otherwise
    },
  }
}

function finished(request: Request, text: string, kind: 'answer' | 'refusal', earlier?: Inquiry): Commit {
  return async (tx) => {
    if (earlier) await moveInquiry(tx, earlier, 'answered', null, request.now)
    return [answerHere(request, { key: 'answer', kind, text })]
  }
}

function say(request: Request, text: string, kind: 'refusal'): Commit {
  return async () => [answerHere(request, { key: 'answer', kind, text })]
}

function askBack(request: Request, outcome: Outcome & { kind: 'clarify' }, question: string): Commit {
  return async (tx) => {
    const offered = outcome.cards.map(({ id }) => id)
    await openInquiry(tx, request, { question, topic: outcome.topic, status: 'asked-back', offered })
    const choices = offered.map((_, n) => String(n + 1))
    return [{ ...answerHere(request, { key: 'ask-back', kind: 'question', text: outcome.text }), choices }]
  }
}

/** The answer to a question back: one of the ways offered, or more words. Asked once; whatever else comes is left alone. */
export async function takeChoice(request: Request, services: Services, means: Means): Promise<Answer> {
  const { village, person, conversation, now, understanding: said, late } = request
  const text = request.text.trim()
  if (late || text === '' || text.length > LONGEST || said.urgency === 'emergency') return null
  // Talk among villagers is not worth a look into the database.
  const choice = choiceIn(text)
  const short = choice !== null || NONE_OF_THESE.test(text) || NEVER_MIND.test(text)
  if (!short && !isSpokenTo(request) && !request.quote && !isOfLaw(request)) return null
  const inquiry = await services.db.inquiry.findFirst({
    where: {
      villageId: village.id,
      askerId: person.id,
      ...conversation,
      status: 'asked-back',
      askedAt: { gte: new Date(now.getTime() - CHOICE_WITHIN) },
    },
    orderBy: { id: 'desc' },
  })
  if (!inquiry) return null
  if (said.gate === 'ticket' && !isOfLaw(request)) return null
  const offered = Array.isArray(inquiry.offered) ? inquiry.offered.map(String) : []
  if (choice !== null && choice <= offered.length) {
    const { library, learned, own } = await means.corpus()
    const card = library.cards.find(({ id }) => id === offered[choice - 1])
    const outcome = card
      ? answerByCard(library, card, request.now)
      : answerQuestion({ library, learned, own }, inquiry.question, request.now)
    return toCommit(request, services, means, outcome, inquiry.question, inquiry)
  }
  if (NONE_OF_THESE.test(text)) {
    return handOver(request, services, { question: inquiry.question, topic: inquiry.topic, earlier: inquiry })
  }
  if (NEVER_MIND.test(text)) {
    return async (tx) => {
      await moveInquiry(tx, inquiry, 'withdrawn', person, now)
      return []
    }
  }
  // Among others, what is not plainly said to the assistant is said to the others.
  if (!isSpokenTo(request) && !(await quotesUs(request, services)) && !isOfLaw(request)) return null
  const { library, learned, own } = await means.corpus()
  const alone = answerQuestion({ library, learned, own }, text, now)
  if (alone.kind === 'answer' && alone.byCard) return toCommit(request, services, means, alone, text, inquiry)
  const together = `${inquiry.question}，${text}`
  const outcome = answerQuestion({ library, learned, own }, together, now)
  const final = outcome.kind === 'clarify' ? { ...outcome, kind: 'handover' as const } : outcome
  return toCommit(request, services, means, final, together, inquiry)
}

async function quotesUs(request: Request, services: Services): Promise<boolean> {
  if (!request.quote?.messageId) return false
  if (await quotedSubject(services.db, request)) return true
  const where = { ...request.conversation, messageId: request.quote.messageId }
  return (await services.db.outboxMessage.findFirst({ where, select: { id: true } })) !== null
}

/** Hotlines for whoever is in danger, and a person who is told at once. */
async function takeDanger(request: Request, services: Services, danger: Danger): Promise<Commit> {
  const { village, person, text, now } = request
  const people = await rescuers(services, request)
  const hears = request.private || (await services.canReach(services.db, person.id))
  return async (tx) => {
    const inboxEventId = request.messages.at(-1)?.id
    await audit(tx, { villageId: village.id, at: now, event: 'danger-told', inboxEventId, data: { danger } })
    const { replyTo, ...answer } = answerHere(request, {
      key: 'danger',
      kind: 'alarm',
      text: replies.DANGER[danger] ?? replies.handover,
    })
    // What somebody despairs of is not taken up among others if it can be helped.
    const own: Reply =
      request.private || !hears ? { ...answer, ...(replyTo && { replyTo }) } : { ...answer, to: { person: person.id } }
    const call = replies.pleaseCall(person.name, text)
    return [
      own,
      ...people.map(
        (one): Reply => ({
          to: { person: one.id },
          key: `danger:${one.id}`,
          kind: 'alarm',
          text: call,
          about: answer.about,
        }),
      ),
    ]
  }
}

/** The worker on duty and the secretary, but not who speaks, and nobody the words name. */
async function rescuers(services: Services, { village, person, text }: Request): Promise<Person[]> {
  const worker = await dutyWorker(services.db, village.id, person.gridId)
  const [secretary] = await reviewers(services.db, village.id)
  return [worker, secretary].filter(
    (one): one is Person => one != null && one.id !== person.id && !text.includes(one.name),
  )
}
