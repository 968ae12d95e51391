import type { Db, Person } from '../db/database.ts'
import { type ConversationRef, RELAY } from '../message.ts'
import { cut } from '../text.ts'
import { UNNAMED } from './replies.ts'
import { RIGHTS, type Right } from './roles.ts'

const MAX_NAME = 40

export interface Account {
  villageId: number
  channel: string
  /** The network's own id of the account. */
  externalId: string
}

/** Who an account is in a village; null when it is not known there. */
export async function findPerson(
  db: Db,
  villageId: number,
  channel: string,
  externalId: string,
): Promise<Person | null> {
  const identity = await db.identity.findUnique({
    where: { channel_externalId_villageId: { channel, externalId, villageId } },
    include: { person: true },
  })
  return identity?.person ?? null
}

/**
 * Who an account is in a village; an unknown one becomes a villager of the name its network shows.
 * The name of somebody who is not listed follows what the network shows.
 */
export async function ensurePerson(tx: Db, account: Account & { name: string }, now: Date): Promise<Person> {
  const { villageId, channel, externalId } = account
  const name = readableName(account.name)
  const known = await findPerson(tx, villageId, channel, externalId)
  if (known) {
    if (known.listed || known.name === name || name === UNNAMED) return known
    return tx.person.update({ where: { id: known.id }, data: { name } })
  }
  const person = await tx.person.create({ data: { villageId, name, createdAt: now } })
  await tx.identity.create({ data: { villageId, personId: person.id, channel, externalId } })
  return person
}

/** A name as it can stand in one line of chat. */
function readableName(name: string): string {
  const line = name
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return cut(line, MAX_NAME) || UNNAMED
}

/** Everybody of the village who may do something, by id. */
export async function peopleWithRight(db: Db, villageId: number, right: Right): Promise<Person[]> {
  return db.person.findMany({
    where: { villageId, erasedAt: null, role: { in: [...RIGHTS[right]] } },
    orderBy: { id: 'asc' },
  })
}

/** The grid worker to call: the grid's own on duty, else any of the grid, else any of the village (on duty first). */
export async function dutyWorker(db: Db, villageId: number, gridId: number | null): Promise<Person | null> {
  const workers = await db.person.findMany({
    where: { villageId, role: 'grid-worker', erasedAt: null },
    orderBy: [{ duty: 'desc' }, { id: 'asc' }],
  })
  return workers.find((worker) => gridId !== null && worker.gridId === gridId) ?? workers[0] ?? null
}

/** The accounts of a person, newest first. A nickname out of what was passed on by hand is none. */
async function identitiesOf(db: Db, personId: number): Promise<{ channel: string; externalId: string }[]> {
  return db.identity.findMany({
    where: { personId, channel: { not: RELAY } },
    orderBy: { id: 'desc' },
    select: { channel: true, externalId: true },
  })
}

/** Where to write to a person directly, on the preferred channel if possible; null when they have no account. */
export async function directConversation(
  db: Db,
  personId: number,
  preferredChannel?: string,
): Promise<ConversationRef | null> {
  const identities = await identitiesOf(db, personId)
  const chosen = identities.find((identity) => identity.channel === preferredChannel) ?? identities[0]
  return chosen ? { channel: chosen.channel, conversation: chosen.externalId } : null
}
