import type { Broadcast, Db, Prisma, Room } from '../../db/database.ts'
import type { Attachment, ConversationRef } from '../../message.ts'
import { may } from '../../village/roles.ts'
import { type NamedRoom, namedRooms, roomsCalled } from '../../village/room-names.ts'
import {
  type Answer,
  answerHere,
  type Commit,
  placeOfDraft,
  type Reply,
  type Request,
  refsOf,
  refusePrivately,
  type Services,
} from '../feature.ts'
import { DRAFT_LIVES, MAX_LENGTH, record, roomsOf, startOf, subjectOf } from './broadcast.ts'
import { type Command, readCommand } from './command-words.ts'
import * as replies from './replies.ts'

/** Somebody wants something told to rooms: a preview, or a no in private. Null where the line says nothing of it. */
export async function takeDraft(request: Request, services: Services): Promise<Answer> {
  const command = readCommand(request.text)
  if (!command) return null
  const { person, room, addressed } = request
  const spokenTo = request.private || addressed
  if (!may(person.role, 'broadcast'))
    return spokenTo || command.unmistakable ? refusePrivately(request, services, replies.NOT_YOUR_RIGHT) : null
  // Among villagers the secretary talks like anybody else.
  const isWorkRoom = room?.kind === 'grid'
  if (!spokenTo && !isWorkRoom) return null
  if (command.text === '' && request.attachments.length === 0)
    return spokenTo || command.unmistakable ? ask(request, replies.WHAT_TEXT) : null
  if (command.text.length > MAX_LENGTH) return ask(request, replies.tooLong(MAX_LENGTH))
  const place = await placeOfDraft(request, services)
  if (!place) return ask(request, replies.WRITE_DIRECTLY)
  const named = await namedRooms(services.db, request.village.id)
  const rooms = chosenRooms(command, named)
  if (!Array.isArray(rooms)) return ask(request, replies.noSuchRoom(rooms.unknown, named))
  if (rooms.length === 0) return ask(request, replies.NO_ROOMS)
  return draft(request, command, rooms, named, place)
}

function ask(request: Request, text: string): Commit {
  return async () => [answerHere(request, { key: 'question', kind: 'question', text })]
}

function chosenRooms(command: Command, named: readonly NamedRoom[]): Room[] | { unknown: string } {
  if (command.rooms === null) return named.filter(({ room }) => room.kind === 'villagers').map(({ room }) => room)
  const chosen: Room[] = []
  for (const name of command.rooms) {
    const found = roomsCalled(named, name)
    if (found.length === 0) return { unknown: name }
    chosen.push(...found.map(({ room }) => room))
  }
  return chosen
}

function draft(
  request: Request,
  command: Command,
  rooms: readonly Room[],
  named: readonly NamedRoom[],
  place: { conversation: ConversationRef; private: boolean },
): Commit {
  const { village, person, now, messages, attachments } = request
  const inboxEventId = messages.at(-1)?.id ?? 0
  return async (tx) => {
    const broadcast = await tx.broadcast.create({
      data: {
        villageId: village.id,
        personId: person.id,
        ...place.conversation,
        private: place.private,
        inboxEventId,
        text: command.text,
        attachments: attachmentsFrom(request, attachments) as unknown as Prisma.InputJsonValue,
        roomIds: [...new Set(rooms.map((room) => room.id))],
        urgent: command.urgent,
        createdAt: now,
        expiresAt: new Date(now.getTime() + DRAFT_LIVES),
      },
    })
    await record(tx, broadcast, { event: 'broadcast-drafted', by: person, at: now, inboxEventId })
    return [await preview(tx, broadcast, named, request)]
  }
}

/** Attachments remember their network, so that another one can be given their bytes. */
export function attachmentsFrom({ conversation }: Request, attachments: readonly Attachment[]): Attachment[] {
  return attachments.map((attachment) => ({ channel: conversation.channel, ...attachment }))
}

/** The card that shows a draft as it will be seen, to where it was drafted. */
export async function preview(
  tx: Db,
  broadcast: Broadcast,
  named: readonly NamedRoom[],
  { village, messages, now }: Pick<Request, 'village' | 'messages' | 'now'>,
): Promise<Reply> {
  const { channel, conversation } = broadcast
  const { bound, unbound } = roomsOf(broadcast, named)
  const last = messages.at(-1)
  const isHere = last !== undefined && last.channel === channel && last.conversation === conversation
  return {
    to: { conversation: { channel, conversation }, private: broadcast.private },
    key: 'broadcast-card',
    kind: 'card',
    text: replies.preview(broadcast, {
      rooms: await heardIn(tx, bound),
      unbound,
      quietUntil: startOf(broadcast, now, village.timezone) > now,
    }),
    choices: replies.CARD_CHOICES,
    subject: subjectOf(broadcast),
    about: refsOf(messages),
    ...(isHere && { replyTo: last.messageId }),
  }
}

/** The rooms with how many people have ever spoken there: no network tells how many only read. */
async function heardIn(tx: Db, rooms: readonly NamedRoom[]): Promise<(NamedRoom & { speakers: number })[]> {
  const heard: (NamedRoom & { speakers: number })[] = []
  for (const named of rooms) heard.push({ ...named, speakers: (await speakersIn(tx, named.room)).length })
  return heard
}

/** Ids of the people who have ever spoken in a room. */
export async function speakersIn(tx: Db, { villageId, channel, conversation }: Room): Promise<number[]> {
  if (channel === null || conversation === null) return []
  const rows = await tx.inboxEvent.groupBy({
    by: ['personId'],
    where: { channel, conversation, villageId, type: 'message', personId: { not: null } },
  })
  return rows.flatMap(({ personId }) => personId ?? [])
}
