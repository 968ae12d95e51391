import { createHash } from 'node:crypto'
import { type Database, type InboxEvent, isUniqueViolation, type Prisma } from '../db/database.ts'
import type { IncomingEvent } from '../message.ts'

/** Longest text that is kept, in UTF-16 units; what goes beyond it is cut. */
const MAX_TEXT = 10_000
/** Events written in one transaction. */
const MOST_TOGETHER = 50

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
        ...(event.album !== undefined && { album: event.album }),
        ...(event.forwarded && { forwarded: json(event.forwarded) }),
        attachments: json(event.attachments.map((attachment) => ({ ...attachment, channel: event.channel }))),
      }
    case 'edit':
      return { ...common, revision: revisionOf(event.sentAt, event.text), text: storable(event.text), attachments: [] }
    case 'recall':
      return { ...common, text: '', attachments: [] }
    case 'join':
      return { ...common, text: storable(event.title ?? ''), attachments: [] }
    case 'move':
      return { ...common, text: event.to, attachments: [] }
  }
}

/** Networks tell the time of an edit in whole seconds: two edits within one are told apart by their words. */
function revisionOf(at: Date, text: string): string {
  return `${at.toISOString()} ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`
}

function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? storable(inner) : inner))
}

export interface Store {
  /** Keeps an event, once. Resolves when it is on disk; to null when it is already known: the network has told it again. */
  keep(event: IncomingEvent, now: Date): Promise<InboxEvent | null>
}

interface Waiting {
  row: Prisma.InboxEventCreateManyInput
  resolve(stored: InboxEvent | null): void
  reject(error: unknown): void
}

/** Keeps events. What arrives while the disk is busy is written together in the next transaction. */
export function createStore({ db }: Database): Store {
  let waiting: Waiting[] = []
  let writing = false

  async function write(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_TOGETHER)
      waiting = waiting.slice(batch.length)
      await writeTogether(batch)
    }
    writing = false
  }

  async function writeTogether(batch: Waiting[]): Promise<void> {
    if (batch.length > 1) {
      try {
        const stored = await db.inboxEvent.createManyAndReturn({ data: batch.map(({ row }) => row) })
        const byKey = new Map(stored.map((event) => [keyOf(event), event]))
        for (const { row, resolve } of batch) resolve(byKey.get(keyOf(row)) ?? null)
        return
      } catch {
        // One of them is known already or cannot be kept: each is tried for itself.
      }
    }
    for (const { row, resolve, reject } of batch) {
      try {
        resolve(await db.inboxEvent.create({ data: row }))
      } catch (error) {
        if (isUniqueViolation(error)) resolve(null)
        else reject(error)
      }
    }
  }

  return {
    keep: (event, now) =>
      new Promise((resolve, reject) => {
        waiting.push({ row: toRow(event, now), resolve, reject })
        if (!writing) void write()
      }),
  }
}

function keyOf(row: Prisma.InboxEventCreateManyInput | InboxEvent): string {
  return JSON.stringify([row.channel, row.conversation, row.messageId, row.type, row.revision ?? ''])
}
