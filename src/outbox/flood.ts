import { MINUTE } from '../clock.ts'
import type { Db, OutboxMessage } from '../db/database.ts'
import { directConversation, peopleWithRight } from '../village/people.ts'
import * as replies from './replies.ts'

/**
 * What only answers talk. Two programs that answer each other do it with these; cards, receipts, alarms and notices have
 * causes of their own and are never refused.
 */
const TALK: readonly string[] = ['answer', 'refusal', 'other']
/** Answers to one conversation within a minute; no person asks so fast. */
const MOST_A_MINUTE = 30
/** The error of a message that was refused. */
const FLOOD = `refused: more than ${MOST_A_MINUTE} answers a minute to one conversation`

/** Counts the answers to each conversation, and says when it is one too many. */
export function createFloodGate() {
  const answered = new Map<string, number[]>()
  return {
    /** Whether one more answer may go there now. A clock that was set back begins anew. */
    admits({ kind, conversation }: OutboxMessage, now: Date): boolean {
      if (!TALK.includes(kind)) return true
      const at = now.getTime()
      const lately = (answered.get(conversation) ?? []).filter((time) => time <= at && at - time < MINUTE)
      const admitted = lately.length < MOST_A_MINUTE
      if (admitted) lately.push(at)
      if (answered.size > 5000) answered.clear()
      answered.set(conversation, lately)
      return admitted
    },
  }
}

/** Refuses a message for good, where the doctor sees it, and tells the administrators: once an hour for a conversation. */
export async function refuseFlood(tx: Db, row: OutboxMessage, now: Date): Promise<void> {
  await tx.outboxMessage.update({ where: { id: row.id }, data: { state: 'dead', error: FLOOD } })
  if (row.villageId === null) return
  const { villageId, channel } = row
  const people = await peopleWithRight(tx, villageId, 'administer')
  const admins = people.filter(({ role }) => role === 'admin')
  const hour = Math.floor(now.getTime() / (60 * MINUTE))
  for (const { id } of admins.length > 0 ? admins : people) {
    const to = await directConversation(tx, id, channel)
    if (!to || to.conversation === row.conversation) continue
    const key = `flood:${channel}:${row.conversation}:${hour}:${id}`
    const text = replies.flood(row.private, MOST_A_MINUTE)
    const letter = { villageId, ...to, private: true, kind: 'alarm', text, mentions: [], attachments: [], about: [] }
    await tx.outboxMessage.upsert({
      where: { key },
      create: { ...letter, key, notBefore: now, createdAt: now },
      update: {},
    })
  }
}
