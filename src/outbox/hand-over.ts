import { type Clock, MINUTE } from '../clock.ts'
import type { Database, Db, Person } from '../db/database.ts'
import { type Delivery, type OutgoingMessage, RELAY } from '../message.ts'
import { directConversation, peopleWithRight } from '../village/people.ts'
import { may } from '../village/roles.ts'
import { namedRooms } from '../village/room-names.ts'
import type { Enqueue } from './enqueue.ts'
import { toBeCopied } from './replies.ts'

/** How long it is waited for somebody who can copy a text. Milliseconds. */
const NOBODY_FOR = 15 * MINUTE

/**
 * Hands what is to be said in a room without a network to a person who copies it there: whoever passed on what it
 * answers, else whoever last passed on something from there, else anybody who may.
 */
export function createHandOver(parts: {
  database: Database
  clock: Clock
  enqueue: Enqueue
  canReach(db: Db, personId: number): Promise<boolean>
  onQueued(): void
}): (message: OutgoingMessage) => Promise<Delivery> {
  const { database, clock, enqueue, canReach } = parts

  return async (message) => {
    const now = clock.now()
    const key = `relay:${message.key}`
    const handed = await database.transaction(async (tx): Promise<boolean> => {
      if (await tx.outboxMessage.findUnique({ where: { key }, select: { id: true } })) return true
      const room = await roomOf(tx, message.conversation)
      const person = room && (await copyist(tx, room.villageId, message))
      const to = person && (await directConversation(tx, person.id))
      if (!room || !to) return false
      const own = await tx.outboxMessage.findUnique({ where: { key: message.key }, select: { ticketId: true } })
      const { kind, attachments, mentions, about } = message
      const named = (await namedRooms(tx, room.villageId)).find((one) => one.room.id === room.id)
      const text = toBeCopied(named?.name ?? room.key, message.text, {
        mentions: mentions.map(({ name }) => name),
        answers: await senderOf(tx, message),
      })
      const letter = { ...to, key, villageId: room.villageId, private: true, kind, text, about, notBefore: now }
      const kept = attachments.map(({ bytes: _, ...attachment }) => attachment)
      const ticket = own?.ticketId == null ? {} : { ticketId: own.ticketId }
      await enqueue(tx, [{ ...letter, ...ticket, attachments: kept }], now)
      return true
    })
    if (!handed) return { ok: false, retry: 'after', ms: NOBODY_FOR, reason: 'nobody is there to copy it' }
    parts.onQueued()
    return { ok: true }
  }

  async function copyist(tx: Db, villageId: number, message: OutgoingMessage): Promise<Person | null> {
    const passedOn = { channel: RELAY, conversation: message.conversation, relayedById: { not: null } }
    const newest = { orderBy: { id: 'desc' }, select: { relayedById: true } } as const
    const answered = await tx.inboxEvent.findFirst({
      where: { ...passedOn, messageId: { in: [...message.about, ...(message.replyTo ? [message.replyTo] : [])] } },
      ...newest,
    })
    const last = await tx.inboxEvent.findFirst({ where: passedOn, ...newest })
    const ids = [answered, last].flatMap((event) => event?.relayedById ?? [])
    const people = await tx.person.findMany({ where: { id: { in: ids }, villageId, erasedAt: null } })
    const first = ids.flatMap((id) => people.filter((person) => person.id === id && may(person.role, 'relay')))
    for (const person of [...first, ...(await peopleWithRight(tx, villageId, 'relay'))]) {
      if (await canReach(tx, person.id)) return person
    }
    return null
  }

  /** Who is answered, as the room calls them. */
  async function senderOf(tx: Db, { conversation, replyTo }: OutgoingMessage): Promise<string | null> {
    if (replyTo === undefined) return null
    const where = { channel: RELAY, conversation, messageId: replyTo, type: 'message' }
    return (await tx.inboxEvent.findFirst({ where, select: { senderName: true } }))?.senderName ?? null
  }
}

/** The room behind a conversation: that something was passed on out of, or that is bound to it. */
async function roomOf(tx: Db, conversation: string) {
  const bound = await tx.room.findUnique({ where: { channel_conversation: { channel: RELAY, conversation } } })
  if (bound) return bound
  const event = await tx.inboxEvent.findFirst({
    where: { channel: RELAY, conversation, roomId: { not: null } },
    orderBy: { id: 'desc' },
    select: { roomId: true },
  })
  return event?.roomId ? tx.room.findUnique({ where: { id: event.roomId } }) : null
}
