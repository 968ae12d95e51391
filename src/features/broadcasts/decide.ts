import { MINUTE } from '../../clock.ts'
import type { Broadcast, Db, Prisma } from '../../db/database.ts'
import type { Attachment } from '../../message.ts'
import { may } from '../../village/roles.ts'
import { type NamedRoom, namedRooms, roomsCalled } from '../../village/room-names.ts'
import {
  type Answer,
  answerHere,
  type Commit,
  offeredSubject,
  quotedSubject,
  type Request,
  refusePrivately,
  type Services,
} from '../feature.ts'
import {
  change,
  DRAFT_LIVES,
  idIn,
  MAX_LENGTH,
  MOST_A_DAY,
  MOST_URGENT_A_DAY,
  roomIdsOf,
  roomsOf,
  SAME_WITHIN,
  startOf,
  startOfDay,
  subjectOf,
} from './broadcast.ts'
import { namesIn, readDecision } from './command-words.ts'
import { planTurns } from './deliver.ts'
import { attachmentsFrom, preview } from './draft.ts'
import * as replies from './replies.ts'

/** How long a draft is what its author speaks of in a work room, and what photos without words belong to. Milliseconds. */
const AT_HAND = 30 * MINUTE
const PHOTO_AT_HAND = 10 * MINUTE

/** An answer to a preview: 确认, 取消 or a change. Null where it answers none. */
export async function takeDecision(request: Request, services: Services): Promise<Answer> {
  const read = readDecision(request.text)
  const photos = request.text.trim() === '' && request.attachments.length > 0
  if (!read && !photos) return null
  if (!request.quote && !may(request.person.role, 'broadcast')) return null
  const broadcast = await meantBroadcast(request, services.db, '确认')
  if (broadcast?.state !== 'draft') return null
  if (!may(request.person.role, 'broadcast'))
    return read ? refusePrivately(request, services, replies.NOT_YOUR_RIGHT) : null
  if (
    !request.quote &&
    !isAtHand(request, broadcast, read ? (request.private ? 2 * DRAFT_LIVES : AT_HAND) : PHOTO_AT_HAND)
  )
    return null
  if (broadcast.expiresAt <= request.now) return say(request, broadcast, replies.EXPIRED)
  const named = await namedRooms(services.db, request.village.id)
  if (!read) return amend(request, broadcast, named, { attachments: withAttachments(request, broadcast) })
  return decide(request, services.db, broadcast, named, read)
}

/** What the author says without a quote is said of a draft as long as it is fresh; in a work room tickets are near. */
function isAtHand({ person, now }: Request, broadcast: Broadcast, within: number): boolean {
  return broadcast.personId === person.id && now.getTime() - broadcast.createdAt.getTime() <= within
}

/** The broadcast that is quoted, or without a quote the one whose card here offered `choice` last. */
export async function meantBroadcast(request: Request, db: Db, choice: string): Promise<Broadcast | null> {
  const subject = request.quote ? await quotedSubject(db, request) : await offeredSubject(db, request, choice)
  const id = idIn(subject)
  return id === null ? null : db.broadcast.findFirst({ where: { id, villageId: request.village.id } })
}

function say(request: Request, broadcast: Broadcast, text: string, choices: readonly string[] = []): Commit {
  return async () => [
    {
      ...answerHere(request, { key: 'broadcast', kind: 'question', text }),
      subject: subjectOf(broadcast),
      ...(choices.length > 0 && { choices: [...choices] }),
    },
  ]
}

async function decide(
  request: Request,
  db: Db,
  broadcast: Broadcast,
  named: readonly NamedRoom[],
  { decision, argument }: NonNullable<ReturnType<typeof readDecision>>,
): Promise<Commit> {
  switch (decision) {
    case 'cancel':
      return cancel(request, broadcast)
    case 'confirm':
      return confirm(request, db, broadcast, named)
    case 'urgent':
      return amend(request, broadcast, named, { urgent: true })
    case 'calm':
      return amend(request, broadcast, named, { urgent: false })
    case 'rewrite':
      if (argument.length > MAX_LENGTH) return say(request, broadcast, replies.tooLong(MAX_LENGTH))
      return amend(request, broadcast, named, { text: argument, attachments: withAttachments(request, broadcast) })
    case 'only':
    case 'without':
    case 'also':
      return chooseRooms(request, broadcast, named, decision, argument)
  }
}

function chooseRooms(
  request: Request,
  broadcast: Broadcast,
  named: readonly NamedRoom[],
  decision: 'only' | 'without' | 'also',
  argument: string,
): Commit {
  const meant: number[] = []
  for (const name of namesIn(argument)) {
    const found = roomsCalled(named, name)
    if (found.length === 0) return say(request, broadcast, replies.noSuchRoom(name, named))
    meant.push(...found.map(({ room }) => room.id))
  }
  const before = roomIdsOf(broadcast)
  const after =
    decision === 'only'
      ? meant
      : decision === 'also'
        ? [...before, ...meant]
        : before.filter((id) => !meant.includes(id))
  if (after.length === 0) return say(request, broadcast, replies.NOTHING_LEFT)
  return amend(request, broadcast, named, { roomIds: [...new Set(after)] })
}

/** The draft's attachments and those that came now. */
function withAttachments(request: Request, broadcast: Broadcast): Prisma.InputJsonValue {
  const before = broadcast.attachments as unknown as Attachment[]
  return [...before, ...attachmentsFrom(request, request.attachments)] as unknown as Prisma.InputJsonValue
}

/** Changes the draft and shows it again; what was asked about the old words is asked anew. */
function amend(
  request: Request,
  broadcast: Broadcast,
  named: readonly NamedRoom[],
  data: Prisma.BroadcastUncheckedUpdateManyInput,
): Commit {
  return async (tx) => {
    const step = stepOf(request, 'broadcast-amended')
    const changed = await change(tx, broadcast, { ...data, askedAgainAt: null }, step)
    return [await preview(tx, changed, named, request)]
  }
}

export function stepOf({ person, now, messages }: Request, event: string) {
  const inboxEventId = messages.at(-1)?.id
  return { event, by: person, at: now, ...(inboxEventId !== undefined && { inboxEventId }) }
}

function cancel(request: Request, broadcast: Broadcast): Commit {
  return async (tx) => {
    await change(tx, broadcast, { state: 'cancelled' }, stepOf(request, 'broadcast-cancelled'))
    return [answerHere(request, { key: 'broadcast', kind: 'answer', text: replies.CANCELLED })]
  }
}

async function confirm(request: Request, db: Db, broadcast: Broadcast, named: readonly NamedRoom[]): Promise<Commit> {
  const { village, person, now } = request
  const { bound } = roomsOf(broadcast, named)
  if (bound.length === 0) return say(request, broadcast, replies.NO_BOUND_ROOM)
  const most = broadcast.urgent ? MOST_URGENT_A_DAY : MOST_A_DAY
  const full = await fullRooms(db, bound, most, startOfDay(now, village.timezone))
  if (full.length > 0)
    return say(request, broadcast, replies.tooMany(full, most, broadcast.urgent), replies.CARD_CHOICES)
  const same = broadcast.askedAgainAt ? null : await sameBefore(db, broadcast, now)
  if (same?.confirmedAt) {
    const minutes = Math.floor((now.getTime() - same.confirmedAt.getTime()) / MINUTE)
    const question = say(request, broadcast, replies.sameAgain(minutes), replies.CARD_CHOICES)
    return async (tx) => {
      await change(tx, broadcast, { askedAgainAt: now }, stepOf(request, 'broadcast-same-again'))
      return question(tx)
    }
  }
  return async (tx) => {
    const confirmed = { state: 'sending', confirmedAt: now, confirmedById: person.id }
    const sending = await change(tx, broadcast, confirmed, stepOf(request, 'broadcast-confirmed'))
    await tx.broadcastDelivery.createMany({
      data: bound.map(({ room }) => ({ broadcastId: broadcast.id, roomId: room.id, dueAt: now })),
    })
    await planTurns(tx, sending, bound, village, now)
    const start = startOf(sending, now, village.timezone)
    const text = replies.started(sending, bound.length, start > now ? start : null)
    const answer = answerHere(request, { key: 'broadcast', kind: 'answer', text })
    return [{ ...answer, subject: subjectOf(broadcast), choices: replies.SENDING_CHOICES }]
  }
}

/** Rooms that have heard as many notices today as they are spared. */
async function fullRooms(db: Db, rooms: readonly NamedRoom[], most: number, since: Date): Promise<NamedRoom[]> {
  const full: NamedRoom[] = []
  for (const named of rooms) {
    const where = { roomId: named.room.id, dueAt: { gte: since }, state: { in: ['planned', 'queued'] } }
    if ((await db.broadcastDelivery.count({ where })) >= most) full.push(named)
  }
  return full
}

/** The broadcast with the same words that went out a short while ago. */
async function sameBefore(db: Db, broadcast: Broadcast, now: Date): Promise<Broadcast | null> {
  const recent = await db.broadcast.findMany({
    where: { villageId: broadcast.villageId, confirmedAt: { gte: new Date(now.getTime() - SAME_WITHIN) } },
    orderBy: { id: 'desc' },
  })
  const plain = ({ text, attachments }: Broadcast) =>
    text.replace(/[\s\p{P}]/gu, '') || `attachments ${JSON.stringify(attachments)}`
  return recent.find((other) => other.id !== broadcast.id && plain(other) === plain(broadcast)) ?? null
}
