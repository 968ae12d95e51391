import type { Db, Ticket, TicketReporter } from '../../db/database.ts'
import type { MessageRef } from '../../message.ts'
import type { Reply } from '../feature.ts'

/** Ids of a ticket and of all that were merged into it, directly or by way of others. */
async function withMerged(db: Db, ticketId: number): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    WITH RECURSIVE "family"("id") AS (
      SELECT "id" FROM "Ticket" WHERE "id" = ${ticketId}
      UNION SELECT "Ticket"."id" FROM "Ticket" JOIN "family" ON "Ticket"."mergedIntoId" = "family"."id"
    ) SELECT "id" FROM "family"`
  return rows.map((row) => Number(row.id))
}

/** The ticket that something merged has become in the end. */
export async function livingTicket(db: Db, ticket: Ticket): Promise<Ticket> {
  let living = ticket
  for (let hops = 0; living.mergedIntoId !== null && hops < 20; hops++) {
    living = await db.ticket.findUniqueOrThrow({ where: { id: living.mergedIntoId } })
  }
  return living
}

/** The reporter and every "+1" of a ticket and of those merged into it, each once. */
export async function reportersOf(db: Db, ticketId: number): Promise<TicketReporter[]> {
  const rows = await db.ticketReporter.findMany({
    where: { ticketId: { in: await withMerged(db, ticketId) } },
    orderBy: { id: 'asc' },
  })
  const seen = new Set<number>()
  return rows.filter((row) => !seen.has(row.personId) && seen.add(row.personId))
}

/** The messages a ticket and those merged into it rest on, oldest first. */
export async function sourcesOf(db: Db, ticketId: number): Promise<MessageRef[]> {
  return db.$queryRaw<MessageRef[]>`
    WITH RECURSIVE "family"("id") AS (
      SELECT "id" FROM "Ticket" WHERE "id" = ${ticketId}
      UNION SELECT "Ticket"."id" FROM "Ticket" JOIN "family" ON "Ticket"."mergedIntoId" = "family"."id"
    ) SELECT "channel", "conversation", "messageId" FROM "InboxEvent" WHERE "id" IN (
      SELECT "inboxEventId" FROM "TicketSource" JOIN "family" ON "TicketSource"."ticketId" = "family"."id"
    ) ORDER BY "id"`
}

/**
 * Says something to everybody who reported a ticket, where they spoke: one message for each room with all of them
 * mentioned, one for each direct conversation. A sensitive ticket is spoken of in direct messages only.
 */
export async function tellReporters(
  db: Db,
  ticket: Ticket,
  words: { inRoom: string; direct: string },
  message: Pick<Reply, 'key' | 'kind' | 'attachments' | 'choices'>,
  canReach: (db: Db, personId: number) => Promise<boolean>,
): Promise<{ replies: Reply[]; unreachable: TicketReporter[] }> {
  const about = await sourcesOf(db, ticket.id)
  const rooms = new Map<string, TicketReporter[]>()
  const replies: Reply[] = []
  const unreachable: TicketReporter[] = []
  for (const reporter of await reportersOf(db, ticket.id)) {
    const inRoom = !reporter.private && !ticket.sensitive
    if (inRoom) {
      const key = `${reporter.channel} ${reporter.conversation}`
      rooms.set(key, [...(rooms.get(key) ?? []), reporter])
    } else if (await canReach(db, reporter.personId)) {
      const to = { person: reporter.personId }
      replies.push({
        ...message,
        to,
        key: `${message.key}:p${reporter.personId}`,
        text: words.direct,
        about,
        ticketId: ticket.id,
      })
    } else {
      unreachable.push(reporter)
    }
  }
  let n = 0
  for (const reporters of rooms.values()) {
    const [first] = reporters
    if (!first) continue
    const { channel, conversation } = first
    const replyTo = about.find(
      (source) => source.channel === channel && source.conversation === conversation,
    )?.messageId
    replies.push({
      ...message,
      to: { conversation: { channel, conversation }, private: false },
      key: `${message.key}:r${n++}`,
      text: words.inRoom,
      mentions: reporters.map((reporter) => reporter.personId),
      ...(replyTo !== undefined && { replyTo }),
      about,
      ticketId: ticket.id,
    })
  }
  return { replies, unreachable }
}
