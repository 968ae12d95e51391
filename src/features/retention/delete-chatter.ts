import { audit } from '../../db/audit.ts'
import type { Db } from '../../db/database.ts'
import { TABLES, tableOf } from '../../village/tables.ts'

/** Most messages of one night; the rest follows in the next. */
const MOST = 20_000
/** Columns by which a row rests on a message. */
const REFERENCES = ['inboxEventId', 'stepEventId']
/** They count what was asked and are no reason to keep the words. */
const NO_REASON: readonly string[] = ['LlmCall']

export interface Deleted {
  messages: number
  replies: number
}

/**
 * Deletes what was said in a village (and in conversations that belong to none) before a moment and what nothing rests
 * on: no ticket, no step, no notice. Of direct conversations the fact that somebody has written stays, without the words:
 * on it depends whether they may be written to. What the assistant said goes with it, but for what belongs to a ticket or
 * another matter. Audited where anything was deleted.
 */
export async function deleteChatter(tx: Db, villageId: number, before: Date, now: Date): Promise<Deleted> {
  const lastEvent = await tx.inboxEvent.findFirst({
    where: { receivedAt: { lt: before } },
    orderBy: { id: 'desc' },
    select: { id: true },
  })
  const lastReply = await tx.outboxMessage.findFirst({
    where: { createdAt: { lt: before } },
    orderBy: { id: 'desc' },
    select: { id: true },
  })
  const old = `"InboxEvent"."id" <= ${lastEvent?.id ?? 0} AND "InboxEvent"."state" = 'done'
    AND ("InboxEvent"."villageId" = ${villageId} OR "InboxEvent"."villageId" IS NULL) AND ${restsOnNothing(tx)}`
  const messages = await tx.$executeRawUnsafe(
    `DELETE FROM "InboxEvent" WHERE "id" IN
      (SELECT "InboxEvent"."id" FROM "InboxEvent" WHERE NOT "InboxEvent"."private" AND ${old} LIMIT ${MOST})`,
  )
  const letters = await tx.$executeRawUnsafe(
    `UPDATE "InboxEvent" SET "text" = '', "attachments" = '[]', "quote" = NULL, "understanding" = NULL
     WHERE "id" IN (SELECT "InboxEvent"."id" FROM "InboxEvent" WHERE "InboxEvent"."private"
      AND ("InboxEvent"."text" <> '' OR "InboxEvent"."understanding" IS NOT NULL) AND ${old} LIMIT ${MOST})`,
  )
  const { count: replies } = await tx.outboxMessage.deleteMany({
    where: {
      id: { lte: lastReply?.id ?? 0 },
      villageId,
      ticketId: null,
      subject: null,
      state: { in: ['sent', 'dead', 'unknown'] },
    },
  })
  const deleted = { messages: messages + letters, replies }
  if (deleted.messages + replies > 0) {
    const data = { ...deleted, before: before.toISOString() }
    await audit(tx, { villageId, at: now, event: 'chatter-deleted', data })
  }
  return deleted
}

/** A condition on messages, for every table that refers to them: one that is added is looked at as well. */
function restsOnNothing(tx: Db): string {
  const conditions = TABLES.filter((name) => !NO_REASON.includes(name)).flatMap((name) =>
    tableOf(tx, name)
      .columns.filter((column) => REFERENCES.includes(column.name))
      .map((column) => `NOT EXISTS (SELECT 1 FROM "${name}" WHERE "${name}"."${column.name}" = "InboxEvent"."id")`),
  )
  return conditions.join(' AND ')
}
