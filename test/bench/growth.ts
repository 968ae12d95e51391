import { type Bench, createDesk, databaseUrl, drive, line, startBench } from './village.ts'

const ROUNDS = 3
const COUNT = 500
const OPEN = 300
const RESIDENTS = 300
const FEW = 1000
const MANY = 100_000

/** Puts tickets with their reporters, sources, history and messages into the database, all but the first long closed. */
async function fill(bench: Bench, from: number, to: number): Promise<void> {
  const { db } = bench.database
  const residents = await db.person.findMany({ where: { listed: false }, select: { id: true }, take: RESIDENTS })
  const resident = (n: number) => residents[n % residents.length]?.id ?? 0
  const { villageId } = bench
  const where = { channel: 'bench', conversation: 'villagers' }
  const json: [] = []
  for (let start = from; start < to; start += 1000) {
    const rows = Array.from({ length: Math.min(1000, to - start) }, (_, n) => start + n)
    // The open ones are of the last days, the others of the years before.
    const at = (n: number) => new Date(Date.now() - (n < OPEN ? n * 1_200_000 : 15 * 86_400_000 + n * 600_000))
    const events = await db.inboxEvent.createManyAndReturn({
      select: { id: true },
      data: rows.map((n) => ({
        ...where,
        messageId: `old-${n}`,
        type: 'message',
        private: false,
        senderId: `p${n % RESIDENTS}`,
        senderName: '老住户',
        text: '三组村口的路灯坏了',
        attachments: json,
        sentAt: at(n),
        receivedAt: at(n),
        state: 'done',
        villageId,
        personId: resident(n),
      })),
    })
    const tickets = await db.ticket.createManyAndReturn({
      select: { id: true },
      data: rows.map((n) => ({
        villageId,
        no: 1_000_000 + n,
        status: n < OPEN ? 'open' : 'closed',
        category: ['light', 'garbage', 'sewage', 'road'][n % 4] ?? 'light',
        urgency: 'normal',
        placeKey: `|老地方${n}`,
        reporterId: resident(n),
        text: '路灯坏了',
        summary: '路灯坏了',
        accusedIds: json,
        openedAt: at(n),
        updatedAt: at(n),
      })),
    })
    const pairs = tickets.flatMap((ticket, n) => {
      const event = events[n]
      return event ? [{ ticketId: ticket.id, inboxEventId: event.id, nth: start + n }] : []
    })
    await db.ticketSource.createMany({
      data: pairs.map(({ ticketId, inboxEventId }) => ({ ticketId, inboxEventId })),
    })
    await db.ticketReporter.createMany({
      data: pairs.map(({ ticketId, nth }) => ({
        ...where,
        ticketId,
        personId: resident(nth),
        name: '老住户',
        private: false,
        addedAt: at(nth),
      })),
    })
    await db.auditEntry.createMany({
      data: pairs.map(({ ticketId, inboxEventId, nth }) => ({
        villageId,
        at: at(nth),
        personId: resident(nth),
        by: '老住户',
        event: 'opened',
        ticketId,
        inboxEventId,
        data: {},
      })),
    })
    await db.outboxMessage.createMany({
      data: pairs.map(({ ticketId, nth }) => ({
        ...where,
        key: `old-${nth}`,
        villageId,
        private: false,
        kind: 'receipt',
        text: '记下了',
        mentions: json,
        attachments: json,
        about: json,
        ticketId,
        state: 'sent',
        notBefore: at(nth),
        createdAt: at(nth),
        sentAt: at(nth),
        messageId: `bot-old-${nth}`,
      })),
    })
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
await drive(bench, 0, 800)
await fill(bench, 0, FEW)
const few = await perMessage(bench, 1000)
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
