import type { Channel } from '../channels/channel.ts'
import { type Clock, MINUTE, SECOND } from '../clock.ts'
import type { Connection, Database, Db } from '../db/database.ts'
import type { Logger } from '../logger.ts'
import { RELAY } from '../message.ts'
import { peopleWithRight } from '../village/people.ts'
import type { Enqueue, Letter } from './enqueue.ts'
import * as replies from './replies.ts'

/** A connection that is not well for so long is told of. Milliseconds. */
const TELL_AFTER = 5 * MINUTE
/** One that is well for so long has come back; shorter spells belong to the trouble. Milliseconds. */
const STEADY_AFTER = 5 * MINUTE
/** Where nothing has changed, it is not looked again before. Milliseconds. */
const LOOK_EVERY = 10 * SECOND
/** What did not change is written down again after so long, for whoever looks from outside. Milliseconds. */
const SEEN_EVERY = MINUTE

/** How a connection stands. */
type Standing = Omit<Connection, 'id'>

export interface Watch {
  /** Looks at every connection, writes down how it stands, and tells the administrators where they must know. */
  look(): Promise<void>
}

/**
 * Watches the connections. One that fails for some minutes is told to the administrators over another connection, once,
 * however often it comes and goes; and once when it has come back for good. What was told is written down, so a restart
 * tells nothing twice.
 */
export function createWatch(parts: {
  database: Database
  channels: readonly Channel[]
  clock: Clock
  logger: Logger
  enqueue: Enqueue
  canReach(db: Db, personId: number): Promise<boolean>
  onQueued(): void
}): Watch {
  const { database, clock, logger, enqueue } = parts
  const { db } = database
  const watched = () => parts.channels.filter(({ name }) => name !== RELAY)
  const isWell = (name: string) =>
    watched()
      .find((channel) => channel.name === name)
      ?.health().state === 'up'

  let lastLook = { at: Number.NEGATIVE_INFINITY, states: '' }

  async function look(): Promise<void> {
    const now = clock.now()
    const states = watched()
      .map((channel) => channel.health().state)
      .join()
    const since = now.getTime() - lastLook.at
    if (states === lastLook.states && since >= 0 && since < LOOK_EVERY) return
    lastLook = { at: now.getTime(), states }
    const known = new Map((await db.connection.findMany()).map((row) => [row.channel, row]))
    for (const channel of watched()) {
      const before = known.get(channel.name)
      const seen = after(before, channel, now)
      const news = newsOf(seen, now)
      const { channel: name, ...state } = { ...seen, ...news?.becomes }
      if (before && !news && !changed(before, state) && now.getTime() - before.seenAt.getTime() < SEEN_EVERY) continue
      const told = await database.transaction(async (tx) => {
        await tx.connection.upsert({ where: { channel: name }, create: { channel: name, ...state }, update: state })
        return news ? tell(tx, seen, news.is, now) : null
      })
      if (told === 0) logger.error({ channel: name, news: news?.is }, 'no administrator can be told of a connection')
      if (told !== null) parts.onQueued()
    }
  }

  /** Writes to the administrators of every village that lives there, over connections that are well. Resolves to how many. */
  async function tell(tx: Db, connection: Standing, is: News['is'], now: Date): Promise<number> {
    const { channel, troubledSince } = connection
    const villages = await tx.village.findMany({
      where: { OR: [{ rooms: { some: { channel } } }, { people: { some: { identities: { some: { channel } } } } }] },
    })
    const letters: Letter[] = []
    for (const { id: villageId, timezone } of villages) {
      const people = await peopleWithRight(tx, villageId, 'administer')
      const admins = people.filter(({ role }) => role === 'admin')
      const text = replies.connection(connection, is, timezone, now)
      for (const group of [admins, people]) {
        if (letters.some((letter) => letter.villageId === villageId)) break
        for (const person of group) {
          const to = await otherWay(tx, person.id, channel, is)
          const key = `connection:${channel}:${is}:${troubledSince?.toISOString()}:${person.id}`
          if (to) letters.push({ key, villageId, ...to, private: true, kind: 'alarm', text, notBefore: now })
        }
      }
    }
    await enqueue(tx, letters, now)
    return letters.length
  }

  /** A connection over which a person can be told: another one that is well, or the same once it has come back. */
  async function otherWay(tx: Db, personId: number, troubled: string, is: News['is']) {
    const identities = await tx.identity.findMany({
      where: { personId, channel: { not: RELAY } },
      orderBy: { id: 'desc' },
    })
    const others = identities.filter(({ channel }) => channel !== troubled && isWell(channel))
    const same = is === 'back' ? identities.filter(({ channel }) => channel === troubled) : []
    const [first] = [...others, ...same]
    return first && { channel: first.channel, conversation: first.externalId }
  }

  return { look }
}

/** How a connection stands now, by how it stood before. */
function after(before: Standing | undefined, channel: Channel, now: Date): Standing {
  const { state, reason = null } = channel.health()
  const since = before?.state === state ? before.since : now
  const well = state === 'up'
  const steady = well && now.getTime() - since.getTime() >= STEADY_AFTER
  const troubledSince = before?.troubledSince ?? (well ? null : now)
  const toldAt = before?.toldAt ?? null
  // A short trouble that nobody was told of is over without a word.
  const over = steady && toldAt === null
  return {
    channel: channel.name,
    state,
    reason,
    since,
    seenAt: now,
    troubledSince: over ? null : troubledSince,
    toldAt,
  }
}

interface News {
  is: 'failing' | 'back'
  /** How the connection stands once it is told. */
  becomes: Partial<Standing>
}

function newsOf({ state, since, troubledSince, toldAt }: Standing, now: Date): News | null {
  if (troubledSince === null) return null
  if (toldAt === null) {
    const long = state !== 'up' && now.getTime() - troubledSince.getTime() >= TELL_AFTER
    return long ? { is: 'failing', becomes: { toldAt: now } } : null
  }
  const steady = state === 'up' && now.getTime() - since.getTime() >= STEADY_AFTER
  return steady ? { is: 'back', becomes: { troubledSince: null, toldAt: null } } : null
}

function changed(before: Standing, { state, reason, troubledSince }: Omit<Standing, 'channel'>): boolean {
  const same = before.state === state && before.reason === reason
  return !same || before.troubledSince?.getTime() !== troubledSince?.getTime()
}
