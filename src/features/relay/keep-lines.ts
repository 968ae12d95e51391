import { createHash } from 'node:crypto'
import { DAY } from '../../clock.ts'
import { actorOf, audit } from '../../db/audit.ts'
import type { Db, InboxEvent, Person, Prisma, Room, Village } from '../../db/database.ts'
import { type Attachment, RELAY } from '../../message.ts'
import type { SaidLine } from './read-stretch.ts'
import { OWN_NAME } from './stretch-words.ts'

/** A line that was said longer ago is past; only by itself, when somebody means just this one, it counts. Milliseconds. */
const PAST_AFTER = 7 * DAY
/** The same words of the same person without a time are the same message for so long. Milliseconds. */
const SAME_WITHIN = 2 * DAY
/** Longest text that is kept, in UTF-16 units. */
const MAX_TEXT = 10_000
/** Lines written in one statement. */
const WRITTEN_TOGETHER = 200
/** Quoted words are looked for so far back. Milliseconds. */
const QUOTED_WITHIN = 30 * DAY
const MIN_QUOTED = 4
/** Shorter words of the assistant may be anybody's. */
const MIN_OWN = 8

/** A line to be kept, with what came along with it. */
export interface GivenLine extends Omit<SaidLine, 'attachments'> {
  attachments: Attachment[]
  album?: string
}

export interface Kept {
  /** Ids of the stored lines. */
  ids: number[]
  known: number
  old: number
}

/** The conversation of a room on the relay channel. */
function relayConversation(village: Village, room: Room): string {
  return `${village.id}/${room.key}`
}

/** What is to be said in a room that nothing else leads into goes to whoever passes on what is said there. */
export async function bindToRelay(tx: Db, village: Village, room: Room, by: Person, now: Date): Promise<void> {
  if (room.channel !== null) return
  const bound = { channel: RELAY, conversation: relayConversation(village, room) }
  await tx.room.update({ where: { id: room.id }, data: { ...bound, boundAt: now } })
  const data = { room: room.key, ...bound }
  await audit(tx, { villageId: village.id, at: now, by: actorOf(by), event: 'room-bound', data })
}

/**
 * Stores lines as incoming messages of a room, as if they had come from there: the inbox takes them up from here. What
 * was passed on before, what the assistant has said itself, and what is past is left out.
 */
export async function keepLines(
  tx: Db,
  lines: readonly GivenLine[],
  into: { village: Village; room: Room; by: number },
  now: Date,
): Promise<Kept> {
  const { village, room, by } = into
  const conversation = relayConversation(village, room)
  const here = { channel: RELAY, conversation }
  const fresh =
    lines.length === 1 ? [...lines] : lines.filter(({ at }) => !at || now.getTime() - at.getTime() < PAST_AFTER)
  const kept: Kept = { ids: [], known: 0, old: lines.length - fresh.length }
  const earlier = await saidBefore(tx, conversation, fresh)
  const own = await ownWords(tx, conversation, now)
  let waiting: Prisma.InboxEventCreateManyInput[] = []
  const write = async () => {
    if (waiting.length === 0) return
    const rows = await tx.inboxEvent.createManyAndReturn({ data: waiting, select: { id: true } })
    kept.ids.push(...rows.map(({ id }) => id))
    waiting = []
  }
  for (const line of fresh) {
    if (isOwn(line, own)) continue
    const senderId = accountOf(line.name)
    const messageId = messageIdOf(line, now)
    if (isKnown(earlier, { senderId, messageId, line }, now)) {
      kept.known += 1
      continue
    }
    // What is quoted may stand in the same stretch.
    if (line.quote || waiting.length >= WRITTEN_TOGETHER) await write()
    const quote = line.quote && (await quoteOf(tx, conversation, line.quote, own, now))
    waiting.push({
      ...here,
      messageId,
      type: 'message',
      private: false,
      senderId,
      senderName: line.name,
      text: withoutCall(line.text).slice(0, MAX_TEXT).toWellFormed(),
      // One line by itself is meant, so its doubt is skipped.
      addressed: lines.length === 1 || CALLED.test(line.text),
      ...(quote && { quote }),
      ...(line.album !== undefined && { album: line.album }),
      attachments: line.attachments as unknown as Prisma.InputJsonValue,
      sentAt: line.at ?? now,
      receivedAt: now,
      // Taken up with what waits: at the next look, in this order.
      dueAt: now,
      villageId: village.id,
      roomId: room.id,
      relayedById: by,
    })
    earlier.push({ senderId, messageId, text: withoutCall(line.text), sentAt: line.at ?? now })
  }
  await write()
  return kept
}

const CALLED = new RegExp(`@${OWN_NAME}(?:\\s|$)`, 'u')

function withoutCall(text: string): string {
  return text.replace(CALLED, '').trim()
}

/** Somebody is their nickname, as far as one can tell; how it is dressed up says nothing. */
function accountOf(name: string): string {
  const plain = name
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{M}\s]/gu, '')
    .toLowerCase()
  return `nick-${digest(plain)}`
}

function digest(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20)
}

/** The same for the same person, words and minute, whichever stretch holds them. */
function messageIdOf(line: GivenLine, now: Date): string {
  const what = [accountOf(line.name), line.text, JSON.stringify(line.attachments)]
  if (line.at === null) return `untimed-${digest(...what, now.toISOString())}`
  return `timed-${digest(...what, String(Math.floor(line.at.getTime() / 60_000)))}`
}

type Earlier = Pick<InboxEvent, 'senderId' | 'messageId' | 'text' | 'sentAt'>

async function saidBefore(tx: Db, conversation: string, lines: readonly GivenLine[]): Promise<Earlier[]> {
  const senders = [...new Set(lines.map(({ name }) => accountOf(name)))]
  const texts = [...new Set(lines.map(({ text }) => withoutCall(text)))]
  const found: Earlier[] = []
  for (let from = 0; from < texts.length; from += 200) {
    const some = await tx.inboxEvent.findMany({
      where: {
        channel: RELAY,
        conversation,
        type: 'message',
        ...(senders.length <= 200 && { senderId: { in: senders } }),
        text: { in: texts.slice(from, from + 200) },
      },
      select: { senderId: true, messageId: true, text: true, sentAt: true },
    })
    found.push(...some)
  }
  return found
}

/** With a time on both, the minute tells; without one, the same words within two days are the same message. */
function isKnown(
  earlier: readonly Earlier[],
  { senderId, messageId, line }: { senderId: string; messageId: string; line: GivenLine },
  now: Date,
): boolean {
  const text = withoutCall(line.text)
  return earlier.some((one) => {
    if (one.messageId === messageId) return true
    if (one.senderId !== senderId || one.text !== text) return false
    if (text === '') return false
    const bothTimed = line.at !== null && one.messageId.startsWith('timed-')
    return !bothTimed && Math.abs(one.sentAt.getTime() - (line.at ?? now).getTime()) < SAME_WITHIN
  })
}

interface OwnWords {
  messageId: string | null
  /** Without blanks and mentions. */
  plain: string
}

/** What the assistant has had said in the room lately. */
async function ownWords(tx: Db, conversation: string, now: Date): Promise<OwnWords[]> {
  const said = await tx.outboxMessage.findMany({
    where: {
      channel: RELAY,
      conversation,
      state: 'sent',
      createdAt: { gte: new Date(now.getTime() - QUOTED_WITHIN) },
    },
    orderBy: { id: 'desc' },
    take: 500,
    select: { messageId: true, text: true },
  })
  return said.map(({ messageId, text }) => ({ messageId, plain: plainWords(text) }))
}

function plainWords(text: string): string {
  return text.normalize('NFKC').replace(/[\p{Cf}\s]/gu, '')
}

/** Somebody has put the assistant's words into the room, as asked, and copied them along. */
function isOwn({ name, text }: GivenLine, own: readonly OwnWords[]): boolean {
  if (plainWords(name) === OWN_NAME) return true
  const plain = plainWords(text)
  return own.some((words) => words.plain.length >= MIN_OWN && plain.endsWith(words.plain))
}

/** What is quoted: words of the assistant or of somebody in the room, if just one thing can be meant. */
async function quoteOf(
  tx: Db,
  conversation: string,
  quote: { name: string; text: string },
  own: readonly OwnWords[],
  now: Date,
): Promise<{ messageId?: string; text: string }> {
  const words = plainWords(quote.text).replace(/(?:\.{3}|…+)$/, '')
  if (words.length < MIN_QUOTED) return { text: quote.text }
  const ids = own.filter(({ plain }) => plain.includes(words)).map(({ messageId }) => messageId)
  const said = await tx.inboxEvent.findMany({
    where: {
      channel: RELAY,
      conversation,
      senderId: accountOf(quote.name),
      type: 'message',
      sentAt: { gte: new Date(now.getTime() - QUOTED_WITHIN) },
    },
    orderBy: { id: 'desc' },
    take: 200,
    select: { messageId: true, text: true },
  })
  ids.push(...said.filter(({ text }) => plainWords(text).startsWith(words)).map(({ messageId }) => messageId))
  const [only, another] = ids
  return only && another === undefined ? { messageId: only, text: quote.text } : { text: quote.text }
}
