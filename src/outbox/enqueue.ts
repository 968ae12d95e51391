import type { Capabilities, Channel } from '../channels/channel.ts'
import type { Db, Prisma } from '../db/database.ts'
import type { Attachment, Mention, OutgoingKind } from '../message.ts'
import { maskNumbers } from './privacy-guard.ts'
import { splitText } from './split-text.ts'

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
  choices?: string[]
  ticketId?: number
  subject?: string
  /** Key of the message whose words these replace. */
  replaces?: string
  notBefore: Date
}

/** Queues messages in order, in the transaction it is given. */
export type Enqueue = (tx: Db, letters: readonly Letter[], now: Date) => Promise<void>

const json = (value: unknown) => value as Prisma.InputJsonValue

/**
 * What goes to a group passes the privacy guard here, so no feature can forget it; and what is too long for its channel
 * becomes several messages, so each of them is sent, repeated and found again by itself.
 */
export function createEnqueue(channels: readonly Channel[]): Enqueue {
  const capabilitiesOf = (name: string) => channels.find((channel) => channel.name === name)?.capabilities
  return async (tx, letters, now) => {
    if (letters.length === 0) return
    const parts = letters.map(guarded).flatMap((letter) => partsOf(letter, capabilitiesOf(letter.channel)))
    await tx.outboxMessage.createMany({
      data: parts.map((letter) => ({
        key: letter.key,
        villageId: letter.villageId,
        channel: letter.channel,
        conversation: letter.conversation,
        private: letter.private,
        kind: letter.kind,
        text: letter.text,
        replyTo: letter.replyTo ?? null,
        mentions: json(letter.mentions ?? []),
        attachments: json(letter.attachments ?? []),
        about: json(letter.about ?? []),
        ...(letter.choices?.length && { choices: json(letter.choices) }),
        ticketId: letter.ticketId ?? null,
        subject: letter.subject ?? null,
        replaces: letter.replaces ?? null,
        notBefore: letter.notBefore,
        createdAt: now,
      })),
    })
  }
}

/** Control characters, and marks that turn the reading direction: words must be read as they stand. */
const UNREADABLE = new RegExp('[\\u0000-\\u0008\\u000b-\\u001f\\u007f\\u202a-\\u202e\\u2066-\\u2069]', 'g')

function guarded(said: Letter): Letter {
  const letter = { ...said, text: said.text.replace(UNREADABLE, '') }
  if (letter.private) return letter
  // A nickname may be a phone number.
  const mentions = letter.mentions?.map(({ id, name }) => ({ id, name: maskNumbers(name) }))
  return { ...letter, text: maskNumbers(letter.text), ...(mentions && { mentions }) }
}

/** The messages that one letter becomes. The first one answers, the last one with words offers the choices. */
function partsOf(letter: Letter, channel: Capabilities | undefined): Letter[] {
  if (!channel) return [letter]
  const { text, attachments = [], mentions = [], replyTo, choices, ...common } = letter
  const { maxLength, maxCaption = maxLength } = channel
  const chunks = chunksOf(attachments, channel)
  const isAlbum = (chunks[0]?.length ?? 0) > (channel.maxAttachments ?? Number.POSITIVE_INFINITY)
  const carried = attachments.length > 0 && text.length <= maxCaption && !(isAlbum && choices?.length)
  const texts = carried ? [] : text === '' && attachments.length > 0 ? [] : splitText(text, maxLength)
  const pieces: Pick<Letter, 'text' | 'attachments'>[] = [
    ...texts.map((part) => ({ text: part })),
    ...chunks.map((chunk, n) => ({ text: carried && n === 0 ? text : '', attachments: chunk })),
  ]
  const lastWithWords = Math.max(
    0,
    pieces.findLastIndex((piece) => piece.text !== ''),
  )
  return pieces.map((piece, n) => ({
    ...common,
    ...piece,
    key: n === 0 ? common.key : `${common.key}/${n + 1}`,
    mentions: mentions.filter(({ name }) => piece.text.includes(`@${name}`) || (n === 0 && !text.includes(`@${name}`))),
    ...(n === 0 && replyTo !== undefined && { replyTo }),
    ...(n === lastWithWords && choices && { choices }),
  }))
}

/** Attachments as they go together, in their order. */
function chunksOf(attachments: readonly Attachment[], channel: Capabilities): Attachment[][] {
  const { maxAttachments = Number.POSITIVE_INFINITY, album } = channel
  const chunks: Attachment[][] = []
  for (const attachment of attachments) {
    const last = chunks.at(-1)
    const kind = album?.kindOf(attachment) ?? null
    const joins =
      last && kind !== null && last.every((one) => album?.kindOf(one) === kind) && last.length < (album?.most ?? 0)
    if (last && (last.length < maxAttachments || joins)) last.push(attachment)
    else chunks.push([attachment])
  }
  return chunks
}
