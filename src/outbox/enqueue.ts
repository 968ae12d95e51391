import type { Db, Prisma } from '../db/database.ts'
import type { Attachment, Mention, OutgoingKind } from '../message.ts'
import { maskNumbers } from './privacy-guard.ts'

/** One message to be delivered, fully addressed. */
export interface Letter {
  /** Unique for what caused it: the same key is queued once. */
  key: string
  villageId: number | null
  channel: string
  conversation: string
  private: boolean
  kind: OutgoingKind
  text: string
  replyTo?: string
  mentions?: Mention[]
  attachments?: Attachment[]
  about?: string[]
  ticketId?: number
  notBefore: Date
}

/** A nickname may be a phone number. */
function maskedName({ id, name }: Mention): Mention {
  return { id, name: maskNumbers(name) }
}

const json = (value: unknown) => value as Prisma.InputJsonValue

/** Queues messages in order. What goes to a group passes the privacy guard here, so no feature can forget it. */
export async function enqueue(tx: Db, letters: readonly Letter[], now: Date): Promise<void> {
  if (letters.length === 0) return
  await tx.outboxMessage.createMany({
    data: letters.map((letter) => ({
      key: letter.key,
      villageId: letter.villageId,
      channel: letter.channel,
      conversation: letter.conversation,
      private: letter.private,
      kind: letter.kind,
      text: letter.private ? letter.text : maskNumbers(letter.text),
      replyTo: letter.replyTo ?? null,
      mentions: json(letter.private ? (letter.mentions ?? []) : (letter.mentions ?? []).map(maskedName)),
      attachments: json(letter.attachments ?? []),
      about: json(letter.about ?? []),
      ticketId: letter.ticketId ?? null,
      notBefore: letter.notBefore,
      createdAt: now,
    })),
  })
}
