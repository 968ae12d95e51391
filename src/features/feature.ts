import type { Clock } from '../clock.ts'
import { type Actor, actorOf } from '../db/audit.ts'
import type { Db, InboxEvent, Person, Room, Timer, Village } from '../db/database.ts'
import type { Embedder } from '../llm/embeddings.ts'
import type { Llm } from '../llm/llm.ts'
import type { Logger } from '../logger.ts'
import type { Attachment, ConversationRef, MessageRef, OutgoingKind, Quote } from '../message.ts'
import type { CompiledGazetteer } from '../understanding/understand.ts'
import type { Understanding } from '../understanding/understanding.ts'
import { directConversation } from '../village/people.ts'

/** What one person said, as far as it belongs together, and everything known about it when a feature is asked. */
export interface Request {
  village: Village
  /** The bound room it was said in; null in a direct message. */
  room: Room | null
  person: Person
  conversation: ConversationRef
  private: boolean
  /** The stored messages of the bundle, oldest first. Usually one. */
  messages: InboxEvent[]
  /** Their texts, joined by line breaks. */
  text: string
  attachments: Attachment[]
  addressed: boolean
  quote: Quote | null
  understanding: Understanding
  gazetteer: CompiledGazetteer
  /** More of it may still come: a feature may answer `wait` and is asked again with the rest, or when time is up. */
  mayWait: boolean
  /** It was sent long before it arrived (an outage): take it in, do not answer loudly. */
  late: boolean
  /** Somebody passed it on by hand: its sender cannot be written to and has no rights but those of a villager. */
  relayed: boolean
  now: Date
}

/** Where a reply goes. People and rooms that cannot be reached are left out and counted. */
export type Destination =
  | { room: Room }
  /** A direct message to somebody of the village. */
  | { person: number }
  /** Where the request came from. */
  | { conversation: ConversationRef; private: boolean }

/** Something to be said. The key makes it unique within what caused it. */
export interface Reply {
  to: Destination
  key: string
  kind: OutgoingKind
  text: string
  replyTo?: string
  /** Ids of people to be mentioned. */
  mentions?: number[]
  attachments?: Attachment[]
  /** Answers to choose from, each exactly as a person would type it. */
  choices?: string[]
  /** Messages it is about. */
  about: MessageRef[]
  ticketId?: number
  /** What it is about where that is no ticket, to be found again by who quotes it: a word of the feature and an id, `broadcast:5`. */
  subject?: string
  /** Key in the outbox of the message whose words these replace; where the network cannot do that it is said anew. */
  replaces?: string
  /** Not before this moment; now when absent. */
  notBefore?: Date
}

/** The messages of a request, as what a reply to it is about. */
export function refsOf(messages: readonly InboxEvent[]): MessageRef[] {
  return messages.map(({ channel, conversation, messageId }) => ({ channel, conversation, messageId }))
}

/** Whoever wrote a request, because of its last message. */
export function speaker({ person, messages }: Pick<Request, 'person' | 'messages'>): Actor {
  return actorOf(person, messages.at(-1)?.id)
}

/** On whose behalf a language model is asked about a request. */
export function callerOf({
  village,
  person,
  room,
  messages,
}: Pick<Request, 'village' | 'person' | 'room' | 'messages'>) {
  const inboxEventId = messages.at(-1)?.id ?? 0
  return { villageId: village.id, personId: person.id, roomId: room?.id ?? null, inboxEventId }
}

/** Names of people that are not told to a language model. */
export function namesIn({ gazetteer }: Pick<Request, 'gazetteer'>): string[] {
  return gazetteer.people.map(({ name }) => name)
}

/** A reply in the conversation the request came from, to its last message. */
export function answerHere(request: Request, reply: Pick<Reply, 'key' | 'kind' | 'text'>): Reply {
  const last = request.messages.at(-1)
  return {
    ...reply,
    to: { conversation: request.conversation, private: request.private },
    ...(last && { replyTo: last.messageId }),
    about: refsOf(request.messages),
  }
}

/** A polite no to somebody without the right, never in a group: who cannot be written to hears nothing. */
export async function refusePrivately(request: Request, services: Services, text: string): Promise<Commit> {
  const reply = answerHere(request, { key: 'refusal', kind: 'refusal', text })
  if (request.private) return async () => [reply]
  if (!(await services.canReach(services.db, request.person.id))) return async () => []
  const { replyTo: _, ...direct } = reply
  return async () => [{ ...direct, to: { person: request.person.id } }]
}

/** Where a draft is shown: here, or from a room of villagers to its author alone; null where that cannot be. */
export async function placeOfDraft(
  { room, person, conversation, private: isPrivate }: Request,
  { db, canReach }: Services,
): Promise<{ conversation: ConversationRef; private: boolean } | null> {
  if (isPrivate || room?.kind === 'grid') return { conversation, private: isPrivate }
  const direct = await directConversation(db, person.id, conversation.channel)
  return direct && (await canReach(db, person.id)) ? { conversation: direct, private: true } : null
}

/** What the quoted message is about, as `Reply.subject`; null where nothing, or nothing of the assistant's, is quoted. */
export async function quotedSubject(db: Db, { quote, conversation }: Request): Promise<string | null> {
  if (!quote) return null
  if (quote.messageId !== undefined) {
    const said = await db.outboxMessage.findFirst({ where: { ...conversation, messageId: quote.messageId } })
    return said?.subject ?? null
  }
  // Where the network tells no ids, the quoted words must be those of a message here. Rights remain the sender's.
  const words = quote.text?.trim() ?? ''
  if (words.length < 6) return null
  const newest = await db.outboxMessage.findMany({
    where: { ...conversation, subject: { not: null } },
    orderBy: { id: 'desc' },
    take: 30,
  })
  return newest.find((message) => message.text.startsWith(words))?.subject ?? null
}

/**
 * What the newest message in this conversation is about that offered `choice` as an answer; null where that has no
 * subject. So a bare 确认 belongs to the card that was shown last, whichever feature showed it.
 */
export async function offeredSubject(db: Db, { conversation }: Request, choice: string): Promise<string | null> {
  const newest = await db.outboxMessage.findMany({
    where: { ...conversation, kind: { in: ['card', 'question', 'answer', 'result'] } },
    orderBy: { id: 'desc' },
    take: 50,
  })
  const offers = ({ choices }: { choices: unknown }) => Array.isArray(choices) && choices.includes(choice)
  return newest.find(offers)?.subject ?? null
}

/** Writes the change, its audit rows and its timers in one short transaction, and returns what is to be said. */
export type Commit = (tx: Db) => Promise<Reply[]>

/** Mine, but it takes seconds: worked on while the village goes on, called off by the signal, ended with a commit. */
export interface Thought {
  think(signal: AbortSignal): Promise<Commit>
  /** What is done when nothing comes of it in time. */
  otherwise: Commit
}

/** `null`: not mine, ask the next feature. `wait`: perhaps mine, ask again with the rest (only where `mayWait`). */
export type Answer = Commit | Thought | 'wait' | null

/** The answer of the first of several ways to take a line; null where none takes it. */
export async function firstAnswer<Given extends unknown[]>(
  ways: readonly ((...given: Given) => Promise<Answer>)[],
  ...given: Given
): Promise<Answer> {
  for (const way of ways) {
    const answer = await way(...given)
    if (answer !== null) return answer
  }
  return null
}

export interface Services {
  db: Db
  /** Absent where no language model is configured. */
  llm?: Llm | undefined
  /** Absent where no embeddings are configured. */
  embedder?: Embedder | undefined
  clock: Clock
  logger: Logger
  /** After how many days what opened nothing is deleted; null where it is kept. */
  retentionDays: number | null
  /**
   * Whether the assistant may write first to this person: it has an account it can reach.
   * Like everything inside a commit it reads through the transaction; the database itself waits for that to end.
   */
  canReach(db: Db, personId: number): Promise<boolean>
  /** The bytes of an attachment. Throws when its network no longer has them, or none is there. */
  open(attachment: Attachment): Promise<Uint8Array>
  /** Whether what was said on this channel can be changed later. */
  canEdit(channel: string): boolean
}

/** An earlier message was changed or taken back. `message` is the stored original with its new text. */
export interface Change {
  type: 'edit' | 'recall'
  village: Village
  room: Room | null
  person: Person
  message: InboxEvent
  understanding: Understanding
  now: Date
}

/** One thing the assistant can do. It thinks first and writes after; it never sends and never imports another feature. */
export interface Feature {
  name: string
  /** What it decides rests on the kind of matter: where the rules are unsure of that, advice is worth waiting for. */
  takesAdvice?: boolean
  handle(request: Request, services: Services): Promise<Answer>
  /** What follows from an edit or recall; `null` where nothing does, `'new'` where the edited text is to be handled as new. */
  change?(change: Change, services: Services): Promise<Commit | 'new' | null>
  /** What happens when a timer of this feature falls due, by the timer's kind (`tickets.overdue`). */
  timers?: Record<string, (timer: Timer, village: Village, services: Services) => Promise<Commit>>
  /** Built-in jobs of every village. */
  daily?: readonly DailyJob[]
  /** Makes an attachment whose channel is `feature:` and the feature's name, at the moment it is sent. */
  open?(attachment: Attachment, services: Services): Promise<Uint8Array>
}

/** A job that every village has, once on each day. */
export interface DailyJob {
  name: string
  /** Wall time of the village. */
  hour: number
  minute: number
  run(village: Village, day: Date, services: Services): Promise<Commit>
}

/** Thrown by a commit whose reading has gone stale: the request is thought about again. */
export class StaleError extends Error {
  override name = 'StaleError'
}
