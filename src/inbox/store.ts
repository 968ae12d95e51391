import { type Database, type InboxEvent, isUniqueViolation, type Prisma } from '../db/database.ts'
import type { IncomingEvent } from '../message.ts'

/** Longest text that is kept, in UTF-16 units; what goes beyond it is cut. */
const MAX_TEXT = 10_000

/** A database cannot keep half of a surrogate pair or, in PostgreSQL's case, a NUL. */
function storable(text: string): string {
  return text.slice(0, MAX_TEXT).toWellFormed().replaceAll('\0', '')
}

function toRow(event: IncomingEvent, receivedAt: Date): Prisma.InboxEventCreateManyInput {
  const json = (value: unknown) => JSON.parse(storableJson(value)) as Prisma.InputJsonValue
  const common = {
    channel: event.channel,
    conversation: event.conversation,
    messageId: event.messageId,
    type: event.type,
    private: event.private,
    senderId: event.sender.id ?? null,
    senderName: storable(event.sender.name).slice(0, 100),
    sentAt: event.sentAt,
    receivedAt,
  }
  switch (event.type) {
    case 'message':
      return {
        ...common,
        text: storable(event.text),
        addressed: event.addressed,
        ...(event.quote && { quote: json(event.quote) }),
        attachments: json(event.attachments),
      }
    case 'edit':
      return { ...common, revision: event.sentAt.toISOString(), text: storable(event.text), attachments: [] }
    case 'recall':
      return { ...common, text: '', attachments: [] }
    case 'join':
      return { ...common, text: storable(event.title ?? ''), attachments: [] }
  }
}

function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? storable(inner) : inner))
}

/** Keeps an event, once. Returns null when it is already known: the network has told it again. */
export async function storeOnce(database: Database, event: IncomingEvent, now: Date): Promise<InboxEvent | null> {
  try {
    return await database.db.inboxEvent.create({ data: toRow(event, now) })
  } catch (error) {
    if (isUniqueViolation(error)) return null
    throw error
  }
}
