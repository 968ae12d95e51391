import { createHash, randomInt } from 'node:crypto'
import { DAY } from '../clock.ts'
import { actorOf, audit } from '../db/audit.ts'
import type { Db, Person, Room } from '../db/database.ts'
import type { ConversationRef } from '../message.ts'
import { forgetGazetteer } from './gazetteer.ts'

/** Without characters that look or sound like another: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
const ALPHABET = '34679ACDEFGHJKMNPQRTWXY'
const LENGTH = 8

/** How long a code is valid. Milliseconds. */
const CODE_VALID = DAY

/** Where a code was sent: a room, or a direct conversation. */
export type Where = ConversationRef & { private: boolean }

export interface Who {
  /** The network's id of the sender's account; null for anonymous senders. */
  externalId: string | null
  inboxEventId?: number
}

export type Redemption =
  | { outcome: 'bound-room'; room: Room }
  | { outcome: 'bound-person'; person: Person }
  /** No such code. */
  | { outcome: 'unknown' }
  | { outcome: 'expired' }
  | { outcome: 'used' }
  /** A room's code in a direct message, or a person's code in a room, where others have read it: that one is spent. */
  | { outcome: 'wrong-place'; belongs: 'room' | 'person' }
  /** The conversation is bound to a room of another village. */
  | { outcome: 'taken' }

/**
 * Makes a one-time code that binds a room or a person; only its hash is kept. It is valid for 24 hours and replaces
 * earlier codes for the same room or person.
 */
export async function createCode(
  db: Db,
  options: { villageId: number; now: Date } & ({ roomId: number } | { personId: number }),
): Promise<string> {
  const target =
    'roomId' in options ? { roomId: options.roomId, personId: null } : { roomId: null, personId: options.personId }
  const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  await db.bindingCode.deleteMany({ where: { villageId: options.villageId, ...target, usedAt: null } })
  await db.bindingCode.create({
    data: {
      villageId: options.villageId,
      ...target,
      codeHash: hashOf(code),
      expiresAt: new Date(options.now.getTime() + CODE_VALID),
    },
  })
  return code
}

/** Binds the room or person that a code is for to where it was sent from. Every use is audited. */
export async function redeemCode(tx: Db, code: string, where: Where, who: Who, now: Date): Promise<Redemption> {
  const row = await tx.bindingCode.findUnique({ where: { codeHash: hashOf(code) } })
  if (!row) return { outcome: 'unknown' }
  if (row.usedAt) return { outcome: 'used' }
  if (row.expiresAt <= now) return { outcome: 'expired' }
  const spend = async () => {
    const { count } = await tx.bindingCode.updateMany({ where: { id: row.id, usedAt: null }, data: { usedAt: now } })
    return count === 1
  }
  const room = row.roomId === null ? null : await tx.room.findUnique({ where: { id: row.roomId } })
  if (room) {
    if (where.private) return { outcome: 'wrong-place', belongs: 'room' }
    if (await isTaken(tx, room, where)) return { outcome: 'taken' }
    if (!(await spend())) return { outcome: 'used' }
    return { outcome: 'bound-room', room: await bindRoom(tx, room, where, who, now) }
  }
  const person = row.personId === null ? null : await tx.person.findUnique({ where: { id: row.personId } })
  if (!person || person.erasedAt) return { outcome: 'unknown' }
  if (!where.private || who.externalId === null) {
    await spend()
    return { outcome: 'wrong-place', belongs: 'person' }
  }
  if (!(await spend())) return { outcome: 'used' }
  return { outcome: 'bound-person', person: await bindPerson(tx, person, where.channel, who.externalId, who, now) }
}

/** A code as it was made, however it is written: small letters, blanks, hyphens, full-width characters. */
function hashOf(code: string): string {
  const canonical = code
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
  return createHash('sha256').update(canonical).digest('hex')
}

async function isTaken(tx: Db, room: Room, { channel, conversation }: Where): Promise<boolean> {
  const holder = await tx.room.findUnique({ where: { channel_conversation: { channel, conversation } } })
  return holder !== null && holder.villageId !== room.villageId
}

/** A conversation belongs to one room: another room of the village that had it is bound to nothing afterwards. */
async function bindRoom(tx: Db, room: Room, where: Where, who: Who, now: Date): Promise<Room> {
  const { channel, conversation } = where
  await tx.room.updateMany({
    where: { channel, conversation, id: { not: room.id } },
    data: { channel: null, conversation: null, boundAt: null },
  })
  const bound = await tx.room.update({ where: { id: room.id }, data: { channel, conversation, boundAt: now } })
  await audit(tx, {
    villageId: room.villageId,
    at: now,
    event: 'room-bound',
    inboxEventId: who.inboxEventId,
    data: { room: room.key, channel, conversation },
  })
  forgetGazetteer(room.villageId)
  return bound
}

/** One account per channel: a new one takes the place of the old, which has no rights afterwards. */
async function bindPerson(
  tx: Db,
  person: Person,
  channel: string,
  externalId: string,
  who: Who,
  now: Date,
): Promise<Person> {
  const key = { channel, externalId, villageId: person.villageId }
  const held = await tx.identity.findUnique({
    where: { channel_externalId_villageId: key },
    include: { person: { include: { identities: true } } },
  })
  await tx.identity.deleteMany({ where: { personId: person.id, channel, externalId: { not: externalId } } })
  if (!held) await tx.identity.create({ data: { ...key, personId: person.id } })
  else if (held.personId !== person.id) {
    await tx.identity.update({ where: { id: held.id }, data: { personId: person.id } })
    if (!held.person.listed && held.person.identities.length === 1) await absorb(tx, held.person, person)
  }
  await audit(tx, {
    villageId: person.villageId,
    at: now,
    by: actorOf(person),
    event: 'person-bound',
    inboxEventId: who.inboxEventId,
    data: { person: person.id, channel },
  })
  forgetGazetteer(person.villageId)
  return person
}

/** What somebody reported before their account was bound is theirs afterwards. */
async function absorb(tx: Db, from: Person, into: Person): Promise<void> {
  const mine = { where: { personId: from.id }, data: { personId: into.id } }
  await tx.inboxEvent.updateMany(mine)
  await tx.question.updateMany(mine)
  await tx.auditEntry.updateMany(mine)
  await tx.ticket.updateMany({ where: { reporterId: from.id }, data: { reporterId: into.id } })
  const already = await tx.ticketReporter.findMany({ where: { personId: into.id }, select: { ticketId: true } })
  await tx.ticketReporter.deleteMany({
    where: { personId: from.id, ticketId: { in: already.map((row) => row.ticketId) } },
  })
  await tx.ticketReporter.updateMany({ ...mine, data: { personId: into.id, name: into.name } })
  await tx.person.delete({ where: { id: from.id } })
}
