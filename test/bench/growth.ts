import { type Bench, databaseUrl, drive, line, startBench } from './village.ts'

const COUNT = 1200
const OPEN = 300

/** Puts tickets with their reporters, sources and messages into the database, most of them long closed. */
async function fill(bench: Bench, from: number, to: number): Promise<void> {
  const { db } = bench.database
  const old = new Date(Date.now() - 90 * 86_400_000)
  const person = await db.person.create({ data: { villageId: bench.villageId, name: '老住户', createdAt: old } })
  for (let start = from; start < to; start += 1000) {
    const rows = Array.from({ length: Math.min(1000, to - start) }, (_, n) => start + n)
    const where = { channel: 'bench', conversation: 'villagers' }
    const json: [] = []
    await db.inboxEvent.createMany({
      data: rows.map((n) => ({
        ...where,
        messageId: `old-${n}`,
        type: 'message',
        private: false,
        senderId: `old-${n}`,
        senderName: '老住户',
        text: '三组村口的路灯坏了',
        attachments: json,
        sentAt: old,
        receivedAt: old,
        state: 'done',
        villageId: bench.villageId,
        personId: person.id,
      })),
    })
    await db.ticket.createMany({
      data: rows.map((n) => ({
        villageId: bench.villageId,
        no: 1_000_000 + n,
        status: n < OPEN ? 'open' : 'closed',
        category: 'light',
        urgency: 'normal',
        placeKey: `|老地方${n}`,
        reporterId: person.id,
        text: '路灯坏了',
        summary: '路灯坏了',
        accusedIds: json,
        openedAt: old,
        updatedAt: old,
      })),
    })
    const tickets = await db.ticket.findMany({
      where: { no: { gte: 1_000_000 + start } },
      select: { id: true },
      take: 1000,
    })
    const sender = await db.person.findMany({ where: { villageId: bench.villageId }, select: { id: true }, take: 1 })
    await db.ticketReporter.createMany({
      data: tickets.map((ticket) => ({
        ...where,
        ticketId: ticket.id,
        personId: sender[0]?.id ?? 0,
        name: '老住户',
        private: false,
        addedAt: old,
      })),
    })
    await db.outboxMessage.createMany({
      data: rows.map((n) => ({
        ...where,
        key: `old-${n}`,
        private: false,
        kind: 'receipt',
        text: '记下了',
        mentions: json,
        attachments: json,
        about: json,
        state: 'sent',
        notBefore: old,
        createdAt: old,
      })),
    })
  }
}

const bench = await startBench(databaseUrl)
await drive(bench, 0, 200)
await fill(bench, 0, 1000)
const few = (await drive(bench, 1000, COUNT)) / COUNT
await fill(bench, 1000, 100_000)
const many = (await drive(bench, 10_000, COUNT)) / COUNT
line('with 1,000 stored tickets', `${(few * 1000).toFixed(2)} ms`, 'per message, same mix')
line('with 100,000 stored tickets', `${(many * 1000).toFixed(2)} ms`, `per message; ${OPEN} of them open`)
line('growth', `${(many / few).toFixed(2)} ×`, 'to reach: 1.30 × or less')
await bench.stop()
