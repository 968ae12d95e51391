import { type Bench, createDesk, databaseUrl, drive, line, startBench } from './village.ts'

const ROUNDS = 3
const COUNT = 500
const OPEN = 300
const RESIDENTS = 300
const FEW = 1000
const MANY = 100_000
const DAY = 86_400_000

/**
 * Puts tickets with their reporters, sources, history and messages into the database: the first ones open and a day
 * old, the others closed and older. The database itself makes the rows; by way of Prisma this would take minutes.
 */
async function fill({ database: { db }, villageId }: Bench, from: number, to: number): Promise<void> {
  const numbers = (first: number, end: number) =>
    `WITH RECURSIVE "row"("n") AS (SELECT ${first} UNION ALL SELECT "n" + 1 FROM "row" WHERE "n" + 1 < ${end})`
  const person = await db.person.findFirstOrThrow({ where: { villageId, listed: false }, select: { id: true } })
  const personId = `${person.id} + "n" % ${RESIDENTS}`
  const parts = from < OPEN ? [[from, OPEN, 'open', 1] as const, [OPEN, to, 'closed', 30] as const] : []
  for (const [first, end, status, days] of parts.length > 0 ? parts : [[from, to, 'closed', 30] as const]) {
    const at = `'${new Date(Date.now() - days * DAY).toISOString().replace('Z', '+00:00')}'`
    const statements = [
      `INSERT INTO "InboxEvent" ("channel", "conversation", "messageId", "type", "private", "senderId", "senderName",
         "text", "attachments", "sentAt", "receivedAt", "state", "villageId", "personId") ${numbers(first, end)}
       SELECT 'bench', 'villagers', 'old-' || "n", 'message', false, 'p' || ("n" % ${RESIDENTS}), '老住户',
         '三组村口的路灯坏了', '[]', ${at}, ${at}, 'done', ${villageId}, ${personId} FROM "row"`,
      `INSERT INTO "Ticket" ("villageId", "no", "status", "category", "urgency", "placeKey", "reporterId", "text",
         "summary", "accusedIds", "openedAt", "updatedAt") ${numbers(first, end)}
       SELECT ${villageId}, 1000000 + "n", '${status}', CASE "n" % 4 WHEN 0 THEN 'light' WHEN 1 THEN 'garbage'
         WHEN 2 THEN 'sewage' ELSE 'road' END, 'normal', '|老地方' || "n", ${personId}, '路灯坏了',
         '路灯坏了', '[]', ${at}, ${at} FROM "row"`,
      `INSERT INTO "TicketSource" ("ticketId", "inboxEventId") ${numbers(first, end)}
       SELECT "Ticket"."id", "InboxEvent"."id" FROM "row"
         JOIN "Ticket" ON "Ticket"."villageId" = ${villageId} AND "Ticket"."no" = 1000000 + "n"
         JOIN "InboxEvent" ON "channel" = 'bench' AND "conversation" = 'villagers' AND "messageId" = 'old-' || "n"`,
      `INSERT INTO "TicketReporter" ("ticketId", "personId", "name", "channel", "conversation", "private", "addedAt")
       SELECT "id", "reporterId", '老住户', 'bench', 'villagers', false, ${at}
         FROM "Ticket" WHERE "no" >= ${1_000_000 + first} AND "no" < ${1_000_000 + end}`,
      `INSERT INTO "AuditEntry" ("villageId", "at", "personId", "by", "event", "ticketId", "data")
       SELECT ${villageId}, ${at}, "reporterId", '老住户', 'opened', "id", '{}'
         FROM "Ticket" WHERE "no" >= ${1_000_000 + first} AND "no" < ${1_000_000 + end}`,
      `INSERT INTO "OutboxMessage" ("key", "villageId", "channel", "conversation", "private", "kind", "text",
         "mentions", "attachments", "about", "ticketId", "state", "notBefore", "createdAt", "sentAt", "messageId")
       SELECT 'old-' || "no", ${villageId}, 'bench', 'villagers', false, 'receipt', '记下了', '[]', '[]', '[]', "id",
         'sent', ${at}, ${at}, ${at}, 'bot-old-' || "no"
         FROM "Ticket" WHERE "no" >= ${1_000_000 + first} AND "no" < ${1_000_000 + end}`,
    ]
    for (const statement of statements) await db.$executeRawUnsafe(statement)
  }
}

/** The fastest of some rounds: what else the computer does only ever adds. Milliseconds a message. */
async function perMessage(bench: Bench, from: number): Promise<number> {
  const desk = createDesk()
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push((await drive(bench, from + round * COUNT, COUNT, { desk })) / COUNT)
  }
  return Math.min(...rounds) * 1000
}

const bench = await startBench(databaseUrl)
await drive(bench, 0, 1600)
await fill(bench, 0, FEW)
const few = await perMessage(bench, 2000)
await fill(bench, FEW, MANY)
const many = await perMessage(bench, 4000)
line('with 1,000 stored tickets', `${few.toFixed(2)} ms`, `per message, fastest of ${ROUNDS} rounds of ${COUNT}`)
line(
  'with 100,000 stored tickets',
  `${many.toFixed(2)} ms`,
  `the same; ${OPEN} old ones open, with all that belongs to them`,
)
line('growth', `${(many / few).toFixed(2)} ×`, 'to reach: 1.30 × or less')
await bench.stop()
