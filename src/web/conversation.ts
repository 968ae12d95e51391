import { z } from 'zod'
import type { Db, InboxEvent, OutboxMessage } from '../db/database.ts'
import {
  ATTACHMENT_KINDS,
  type Attachment,
  type Mention,
  OUTGOING_KINDS,
  type OutgoingKind,
  type Quote,
} from '../message.ts'
import { CHANNEL, type Place } from './demo-village.ts'

/** How many messages a phone shows. */
const SHOWN = 60

/** A message as a phone shows it. */
export interface Shown {
  /** Unique on the page. */
  key: string
  messageId: string | null
  /** null is the assistant. */
  senderId: string | null
  senderName: string
  kind: OutgoingKind | null
  text: string
  mentions: Mention[]
  quote: Quoted | null
  attachments: Attachment[]
  at: Date
  edited: boolean
  recalled: boolean
}

export interface Quoted {
  senderName: string | null
  /** null where it was taken back. */
  text: string | null
}

const Attachments: z.ZodType<Attachment[]> = z
  .array(
    z.object({
      kind: z.enum(ATTACHMENT_KINDS),
      key: z.string(),
      name: z.string().exactOptional(),
      mime: z.string().exactOptional(),
      size: z.number().exactOptional(),
      transcript: z.string().exactOptional(),
    }),
  )
  .catch([])
const Mentions: z.ZodType<Mention[]> = z.array(z.object({ id: z.string(), name: z.string() })).catch([])
const Quotes: z.ZodType<Quote | null> = z
  .object({ messageId: z.string().exactOptional(), text: z.string().exactOptional() })
  .nullable()
  .catch(null)
const Kind = z.enum(OUTGOING_KINDS).catch('other')

/** The newest messages of a conversation as they stand after edits and recalls, oldest first. */
export async function readConversation(db: Db, place: Place): Promise<Shown[]> {
  const here = { channel: CHANNEL, conversation: place.conversation, private: place.private }
  const [said, sent] = await Promise.all([
    db.inboxEvent.findMany({ where: { ...here, type: 'message' }, orderBy: { id: 'desc' }, take: SHOWN }),
    db.outboxMessage.findMany({ where: { ...here, state: 'sent' }, orderBy: { sentAt: 'desc' }, take: SHOWN }),
  ])
  const quotedIds = [...said.map((row) => Quotes.parse(row.quote)?.messageId), ...sent.map((row) => row.replyTo)]
  const known = new Set([...said, ...sent].map((row) => row.messageId))
  const missing = [...new Set(quotedIds)].filter((id): id is string => typeof id === 'string' && !known.has(id))
  const [olderSaid, olderSent] =
    missing.length === 0
      ? [[], []]
      : await Promise.all([
          db.inboxEvent.findMany({ where: { ...here, type: 'message', messageId: { in: missing } } }),
          db.outboxMessage.findMany({ where: { ...here, messageId: { in: missing } } }),
        ])
  const changes = await db.inboxEvent.findMany({
    where: {
      ...here,
      type: { in: ['edit', 'recall'] },
      messageId: { in: [...said, ...olderSaid].map((row) => row.messageId) },
    },
    orderBy: { id: 'asc' },
  })
  const shown = [...said, ...olderSaid].map((row) => fromInbox(row, changes))
  shown.push(...[...sent, ...olderSent].map(fromOutbox))
  const byId = new Map(shown.map((message) => [message.messageId, message]))
  const isOlder = new Set<string | null>(missing)
  return shown
    .filter((message) => !isOlder.has(message.messageId))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(-SHOWN)
    .map((message) => ({ ...message, quote: completeQuote(message, byId) }))
}

type Unquoted = Omit<Shown, 'quote'> & { points: Quote | null }

function fromInbox(row: InboxEvent, changes: readonly InboxEvent[]): Unquoted {
  const own = changes.filter((change) => change.messageId === row.messageId)
  const edit = own.findLast((change) => change.type === 'edit')
  return {
    key: `in-${row.id}`,
    messageId: row.messageId,
    senderId: row.senderId ?? '',
    senderName: row.senderName,
    kind: null,
    text: edit?.text ?? row.text,
    mentions: [],
    points: Quotes.parse(row.quote),
    attachments: Attachments.parse(row.attachments),
    at: row.sentAt,
    edited: edit !== undefined,
    recalled: own.some((change) => change.type === 'recall'),
  }
}

function fromOutbox(row: OutboxMessage): Unquoted {
  return {
    key: `out-${row.id}`,
    messageId: row.messageId,
    senderId: null,
    senderName: '',
    kind: Kind.parse(row.kind),
    text: row.text,
    mentions: Mentions.parse(row.mentions),
    points: row.replyTo === null ? null : { messageId: row.replyTo },
    attachments: Attachments.parse(row.attachments),
    at: row.sentAt ?? row.createdAt,
    edited: false,
    recalled: false,
  }
}

function completeQuote(message: Unquoted, byId: ReadonlyMap<string | null, Unquoted>): Quoted | null {
  if (!message.points) return null
  const target = message.points.messageId === undefined ? undefined : byId.get(message.points.messageId)
  if (!target) return message.points.text ? { senderName: null, text: message.points.text } : null
  return {
    senderName: target.senderId === null ? null : target.senderName,
    text: target.recalled ? null : target.text,
  }
}

/** What a reply to a message quotes; null where this conversation has no such message. */
export async function quoteOf(db: Db, place: Place, messageId: string): Promise<Quote | null> {
  const where = { channel: CHANNEL, conversation: place.conversation, private: place.private, messageId }
  const sent = await db.outboxMessage.findFirst({ where })
  const row = sent ?? (await db.inboxEvent.findFirst({ where: { ...where, type: 'message' } }))
  return row && { messageId, text: row.text }
}

/**
 * The newest thing the assistant has said in a conversation about one message, null where it has said nothing yet.
 * JSON columns cannot be searched alike in both databases, and one conversation's newest rows are few.
 */
export async function newestAbout(db: Db, place: Place, messageId: string): Promise<OutboxMessage | null> {
  const rows = await db.outboxMessage.findMany({
    where: {
      channel: CHANNEL,
      conversation: place.conversation,
      private: place.private,
      state: 'sent',
      messageId: { not: null },
    },
    orderBy: { id: 'desc' },
    take: 100,
  })
  const wanted = JSON.stringify(messageId)
  return rows.find((row) => JSON.stringify(row.about).includes(wanted)) ?? null
}
