import type { Db, InboxEvent, Ticket, Village } from '../db/database.ts'
import type { Attachment } from '../message.ts'
import { type Account, accountOf } from '../understanding/account.ts'
import { type CategoryCode, categoryOf } from '../understanding/categories.ts'
import { type Model, shippedModel } from '../understanding/learned/model.ts'
import { compileGazetteer, versionWith } from '../understanding/understand.ts'
import { loadGazetteer } from '../village/gazetteer.ts'
import { ERASED } from '../village/replies.ts'
import { type Kept, keptOf } from './kept.ts'
import * as replies from './replies.ts'

/** Why a message was or was not taken, in words. */
export interface Explanation {
  title: string
  lines: { label: string; text: string }[]
  /** Ids of the stored messages it is about: those that were read as one. */
  about: number[]
}

export interface Manner {
  /** The village's own model; the shipped one when absent. */
  model?: Model | undefined
  /**
   * What is kept private: `words` are left out where anybody may look at the screen, `all` where a group reads; `nothing`
   * is hidden from the one who wrote it.
   */
  hides: 'nothing' | 'words' | 'all'
}

/** Piece of evidence that counts for or against a problem; the rest is about category, urgency and privacy. */
const SHOWN = 4

/** Explains a stored message: what was decided then, on what grounds as they are seen now, and what became of it. */
export async function explain(db: Db, event: InboxEvent, manner: Manner): Promise<Explanation> {
  const village = event.villageId === null ? null : await db.village.findUnique({ where: { id: event.villageId } })
  const short = (title: string): Explanation => ({ title, lines: [], about: [event.id] })
  if (!village) return short(event.state === 'done' ? replies.unbound : (replies.states[event.state] ?? ''))
  if (event.text === ERASED) return short(replies.erased)
  const { channel, conversation, messageId } = event
  const recalled = await db.inboxEvent.findFirst({ where: { channel, conversation, messageId, type: 'recall' } })
  if (recalled) return short(replies.recalled)
  const model = manner.model ?? shippedModel()
  const gazetteer = compileGazetteer(await loadGazetteer(db, village.id))
  const read = (messages: readonly InboxEvent[]) => accountOf(textOf(messages), gazetteer, situationOf(messages), model)
  const { messages, account } = await bundleOf(db, event, read)
  const kept = keptOf(event.understanding)
  const decided = kept ?? account.said
  const outcome = await outcomeOf(db, event, messages)
  const secret = decided.sensitive || account.said.sensitive || outcome.tickets.some(isSecret)
  const restrained = secret || [decided.category, ...outcome.tickets.map(({ category }) => category)].some(isPrivate)
  if (manner.hides === 'all' && restrained) return short(replies.notHere)
  const wordless = secret && manner.hides !== 'nothing'
  const words = (text: string) => (wordless ? '' : text)
  const lines = [
    ...spokenLines(messages, village, wordless),
    { label: replies.labels.became, text: replies.list(outcome.words) },
    ...decisionLines(decided, account, situationOf(messages).addressed, words),
    { label: replies.labels.version, text: replies.version(decided.version, versionWith(model)) },
    ...nowLines(kept, account),
  ]
  return { title: replies.title(outcome.opened, outcome.touched), lines, about: messages.map(({ id }) => id) }
}

function textOf(messages: readonly InboxEvent[]): string {
  return messages
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join('，')
}

function situationOf(messages: readonly InboxEvent[]) {
  const attachments = messages.flatMap((message) => message.attachments as unknown as Attachment[])
  return {
    addressed: messages.some((message) => message.private || message.addressed),
    attachments: attachments.map(({ kind }) => kind),
  }
}

/** Longest span of a bundle, and a little more. Milliseconds. */
const BUNDLE_SPAN = 100_000

/**
 * The messages that were read as one sentence with this one. They have all been given the same decision, so that is how
 * they are found; where the message alone explains it as well, it was alone.
 */
async function bundleOf(db: Db, event: InboxEvent, read: (messages: readonly InboxEvent[]) => Account) {
  const alone = { messages: [event], account: read([event]) }
  const kept = keptOf(event.understanding)
  if (!kept || (kept.gate === alone.account.said.gate && kept.score === alone.account.said.score)) return alone
  const { channel, conversation, senderId, receivedAt } = event
  const near = await db.inboxEvent.findMany({
    where: {
      channel,
      conversation,
      senderId,
      type: 'message',
      receivedAt: {
        gte: new Date(receivedAt.getTime() - BUNDLE_SPAN),
        lte: new Date(receivedAt.getTime() + BUNDLE_SPAN),
      },
    },
    orderBy: { id: 'asc' },
  })
  const same = JSON.stringify(event.understanding)
  const messages = near.filter(({ understanding }) => JSON.stringify(understanding) === same)
  return messages.length > 1 ? { messages, account: read(messages) } : alone
}

function isSecret(ticket: Ticket): boolean {
  return ticket.sensitive || categoryOf(ticket.category as CategoryCode).visibility === 'restricted'
}

function isPrivate(category: string | null): boolean {
  return category !== null && categoryOf(category as CategoryCode).visibility !== 'public'
}

/** What has become of a message: tickets it belongs to or did something to, a reply, or nothing. */
async function outcomeOf(db: Db, event: InboxEvent, messages: readonly InboxEvent[]) {
  const ids = messages.map(({ id }) => id)
  const sources = await db.ticketSource.findMany({ where: { inboxEventId: { in: ids } } })
  const steps = await db.auditEntry.findMany({ where: { inboxEventId: { in: ids } }, orderBy: { id: 'asc' } })
  const ticketIds = [...new Set([...sources.map((row) => row.ticketId), ...steps.flatMap((row) => row.ticketId ?? [])])]
  const tickets = await db.ticket.findMany({ where: { id: { in: ticketIds } }, orderBy: { no: 'asc' } })
  const done = tickets.map(({ id, no, status }) => {
    const event = steps.find((row) => row.ticketId === id)?.event ?? 'detail'
    return { no, event, words: replies.became(no, event, status) }
  })
  const opened = done.filter((each) => OPENING.has(each.event))
  const touched = done.filter((each) => !OPENING.has(each.event))
  return {
    tickets,
    opened,
    touched,
    words: done.length > 0 ? done.map((each) => each.words) : [await silence(db, event)],
  }
}

const OPENING: ReadonlySet<string> = new Set(['opened', 'noticed'])

/** What happened to a message that belongs to no ticket. */
async function silence(db: Db, event: InboxEvent): Promise<string> {
  const { channel, conversation, messageId, state } = event
  const waits = replies.states[state]
  if (waits) return waits
  const reply = await db.outboxMessage.findFirst({ where: { channel, conversation, replyTo: messageId } })
  return reply ? replies.answered : replies.becameNothing
}

function spokenLines(messages: readonly InboxEvent[], village: Village, wordless: boolean): Explanation['lines'] {
  return messages.map((message, index) => ({
    label: index === 0 ? replies.labels.text : replies.labels.bundle,
    text: wordless
      ? replies.hidden
      : replies.spoken(
          replies.saidAt(message.senderName, message.sentAt, village.timezone),
          message.text || replies.onlyPhotos,
        ),
  }))
}

/** The decision and its grounds. What was kept counts; what is not kept is as it is read now. */
function decisionLines(
  decided: Kept,
  account: Account,
  addressed: boolean,
  words: (text: string) => string,
): Explanation['lines'] {
  const { labels } = replies
  const { thresholds, said } = account
  const grounds = decided.evidence.filter(({ part, rule }) => part === 'gate' && rule !== 'learned')
  const told = (of: typeof grounds) =>
    replies.list(of.slice(0, SHOWN).map((each) => replies.evidence(each.rule, words(each.words))))
  const [supports, doubts] = sides(grounds)
  const [towards, away] = sides(account.learned)
  const learned = [towards, away].map((side) =>
    side
      .slice(0, 2)
      .map((each) => words(each.words))
      .filter(Boolean),
  )
  const danger = decided.evidence.find(({ part }) => part === 'urgency') ?? null
  const why = decided.evidence.find(({ part }) => part === 'category')
  const reasons = decided.evidence.filter(({ part }) => part === 'sensitivity')
  const runnerUp = account.categories.find(({ code }) => code !== decided.category) ?? null
  const shown: [string, string][] = [
    [labels.gate, replies.gate({ ...decided, ticket: thresholds.ticket, maybe: thresholds.maybe })],
    [labels.instead, insteadOf(decided, account, addressed)],
    [labels.for, told(supports)],
    [labels.against, told(doubts)],
    [labels.learned, replies.learned(learned[0] ?? [], learned[1] ?? [])],
    [
      labels.category,
      decided.category === null ? '' : replies.categories(decided.category, runnerUp, words(why?.words ?? '')),
    ],
    [
      labels.place,
      said.place === null || account.placeBy === null
        ? replies.noPlace
        : words(replies.place(said.place, said.placeKey, account.placeBy)),
    ],
    [
      labels.urgency,
      decided.urgency === null
        ? ''
        : replies.urgency(decided.urgency, {
            danger: danger && { rule: danger.rule, words: words(danger.words) },
            raised: account.raised.map(words).filter(Boolean),
            lowered: account.lowered.map(words).filter(Boolean),
          }),
    ],
    [
      labels.sensitive,
      decided.sensitive
        ? replies.sensitive(reasons.map(({ rule, words: on }) => ({ rule, words: words(on) })))
        : replies.notSensitive,
    ],
  ]
  return shown.filter(([, text]) => text !== '').map(([label, text]) => ({ label, text }))
}

/** What speaks for it, and what against, each strongest first. Evidence against is kept with its strength, not its sign. */
function sides<T extends { weight: number; rule?: string }>(all: readonly T[]): [T[], T[]] {
  const against = (each: T) => each.weight < 0 || (each.rule !== undefined && AGAINST.has(each.rule))
  return [all.filter((each) => !against(each)), all.filter(against)]
}

const AGAINST: ReadonlySet<string> = new Set([
  'notice',
  'sale',
  'borrow',
  'joke',
  'praise',
  'private',
  'far',
  'chatter',
  'hypothetical',
  'past',
  'solved',
  'you',
])

/** Why the decision differs from what its chance alone would give; empty where it does not. */
function insteadOf(decided: Kept, account: Account, addressed: boolean): string {
  const { ticket, maybe } = account.thresholds
  const { instead } = replies
  const byChance = decided.score >= ticket ? 'ticket' : decided.score >= maybe ? 'maybe' : 'none'
  if (decided.urgency === 'emergency') return instead.emergency
  if (decided.evidence.some(({ rule }) => rule === 'officer blamed')) return instead.officer
  if (decided.gate === byChance) return ''
  const higher = decided.gate === 'ticket' || byChance === 'none'
  if (higher) return addressed ? instead.addressed : instead.rules
  if (decided.gate === 'none' && !['report', 'question', 'chatter'].includes(decided.intent))
    return instead.other(decided.intent)
  return account.hasTopic ? instead.support : instead.noTopic
}

/** What the same words would be now, where that differs. */
function nowLines(kept: Kept | null, { said }: Account): Explanation['lines'] {
  if (kept === null) return [{ label: replies.labels.now, text: replies.neverRead }]
  const same = kept.gate === said.gate && kept.category === said.category && kept.urgency === said.urgency
  return same ? [] : [{ label: replies.labels.now, text: replies.now(said.gate, said.category, said.urgency) }]
}
