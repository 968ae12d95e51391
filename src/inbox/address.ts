import type { Db } from '../db/database.ts'
import type { Reply } from '../features/feature.ts'
import type { Mention } from '../message.ts'
import type { Letter } from '../outbox/enqueue.ts'
import { directConversation } from '../village/people.ts'

/** Turns what features want said into letters: rooms and people become conversations. What cannot be reached is left out. */
export async function address(
  tx: Db,
  cause: { key: string; villageId: number; channel: string | null },
  replies: readonly Reply[],
  now: Date,
): Promise<Letter[]> {
  const letters: Letter[] = []
  for (const reply of replies) {
    const to = await destination(tx, reply, cause.channel)
    if (!to) continue
    const mentions = reply.mentions?.length ? await mentionsOf(tx, reply.mentions, to.channel) : []
    letters.push({
      key: `${cause.key}:${reply.key}`,
      villageId: cause.villageId,
      ...to,
      kind: reply.kind,
      text: reply.text,
      ...(reply.replyTo !== undefined && { replyTo: reply.replyTo }),
      mentions,
      attachments: reply.attachments ?? [],
      about: reply.about.map((message) => message.messageId),
      ...(reply.choices && { choices: reply.choices }),
      ...(reply.ticketId !== undefined && { ticketId: reply.ticketId }),
      ...(reply.subject !== undefined && { subject: reply.subject }),
      ...(reply.replaces !== undefined && { replaces: reply.replaces }),
      notBefore: reply.notBefore ?? now,
    })
  }
  return letters
}

async function destination(tx: Db, reply: Reply, preferredChannel: string | null) {
  const { to } = reply
  if ('conversation' in to) return { ...to.conversation, private: to.private }
  if ('person' in to) {
    const conversation = await directConversation(tx, to.person, preferredChannel ?? undefined)
    return conversation && { ...conversation, private: true }
  }
  const { channel, conversation } = to.room
  return channel && conversation ? { channel, conversation, private: false } : null
}

/** A mention needs the account somebody has on that very channel. */
async function mentionsOf(tx: Db, people: readonly number[], channel: string): Promise<Mention[]> {
  const identities = await tx.identity.findMany({
    where: { personId: { in: [...people] }, channel },
    include: { person: { select: { name: true } } },
    orderBy: { id: 'asc' },
  })
  const seen = new Set<number>()
  return identities
    .filter((identity) => !seen.has(identity.personId) && seen.add(identity.personId))
    .map((identity) => ({ id: identity.externalId, name: identity.person.name }))
}
