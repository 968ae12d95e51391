import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import type { IncomingMessage, OutgoingMessage } from '../../src/message.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { ensurePerson } from '../../src/village/people.ts'
import { createDatabase, providers } from '../support/database.ts'
import { plainVillage } from '../support/plain-village.ts'

const MESSAGES = 2000
const KILLS = 25
/** Messages under way at a time. */
const WINDOW = 20

const SURNAMES = [...'王李张刘陈杨黄赵周吴徐孙马朱胡郭何罗高林郑梁谢唐许韩冯邓曹彭']
const ENDINGS = [...'沟湾坡坝冲坪岭垭坳塘']
/** 300 places, so that each report is a thing of its own. */
const PLACES = SURNAMES.flatMap((surname) => ENDINGS.map((ending) => `${surname}家${ending}`))

const VILLAGE = plainVillage('试验村', PLACES)

type FromChild = { type: 'ready' } | { type: 'stored'; messageId: string } | { type: 'send'; message: OutgoingMessage }

/** What happens in the village: mostly chatter, some reports, and workers who answer the newest cards. */
function messageOf(n: number, cards: OutgoingMessage[]): IncomingMessage {
  const base = { type: 'message' as const, channel: 'pipe', private: false, addressed: false, attachments: [] }
  const common = { ...base, messageId: `m${n}`, sentAt: new Date() }
  const card = n % 7 === 3 || n % 7 === 5 ? cards.shift() : undefined
  if (card) {
    const quote = { messageId: `bot-${card.key}` }
    return { ...common, conversation: 'grid', sender: { id: '老周', name: '老周' }, text: '收', quote }
  }
  const place = n % 7 === 0 ? PLACES[n / 7] : undefined
  const text = place ? `${place}的路灯坏了，晚上黑得很` : `今天豆腐三块钱一斤，第${n}锅`
  return { ...common, conversation: 'villagers', sender: { id: `p${n % 200}`, name: `村民${n % 200}` }, text }
}

for (const provider of providers) {
  test(`kill -9 at ${KILLS} moments of ${MESSAGES} messages loses nothing and repeats nothing that was sure (${provider})`, {
    timeout: 600_000,
  }, async () => {
    const { url, remove } = await createDatabase(provider)
    const setup = await openDatabase(url)
    await setup.transaction(async (tx) => {
      const now = new Date()
      const village = await importVillage(tx, VILLAGE, { now, bindTo: 'pipe' })
      for (let n = 0; n < 200; n++) {
        await ensurePerson(tx, { villageId: village.id, channel: 'pipe', externalId: `p${n}`, name: `村民${n}` }, now)
      }
    })
    await setup.close()

    const stored = new Set<string>()
    const reports = new Map<string, string>()
    const confirmed = new Map<string, string>()
    const open = new Map<string, IncomingMessage>()
    const cards: OutgoingMessage[] = []
    /** How often each message reached the network. */
    const arrivals = new Map<string, number>()
    /** Arrived, but the assistant may have been killed before it could know: no certainty. */
    const uncertain = new Set<string>()
    let next = 0
    let child: ChildProcess | null = null
    let kills = 0

    const feed = () => {
      while (child?.connected && open.size < WINDOW && next < MESSAGES) {
        const event = messageOf(next++, cards)
        if (event.text.includes('路灯')) reports.set(event.messageId, event.text)
        if (event.quote?.messageId) confirmed.set(event.messageId, event.quote.messageId)
        open.set(event.messageId, event)
        child.send({ type: 'event', event })
      }
    }

    const begin = async () => {
      const started = fork('test/support/crash-child.ts', [url], {
        execArgv: ['--import', 'tsx'],
        serialization: 'advanced',
      })
      child = started
      const ready = new Promise<void>((resolve, reject) => {
        started.once('exit', (code) => reject(new Error(`the assistant ended by itself with ${code}`)))
        started.on('message', (message: FromChild) => {
          if (message.type === 'ready') return resolve()
          if (message.type === 'stored') {
            stored.add(message.messageId)
            open.delete(message.messageId)
            return feed()
          }
          const { key } = message.message
          arrivals.set(key, (arrivals.get(key) ?? 0) + 1)
          uncertain.add(key)
          if (message.message.kind === 'card' && message.message.conversation === 'grid') cards.push(message.message)
          setTimeout(() => {
            if (child === started && started.connected) started.send({ type: 'sent', key })
          }, 1)
        })
      })
      await ready
      // The network tells again what was not acknowledged.
      for (const event of open.values()) started.send({ type: 'event', event })
      feed()
    }

    await begin()
    while (kills < KILLS) {
      // In the middle of traffic, not before there is any: on a busy machine a start takes its time.
      const before = stored.size + arrivals.size
      for (let wait = 0; wait < 200 && stored.size + arrivals.size === before; wait++) await sleep(10)
      await sleep(30 + ((kills * 37) % 240))
      const victim = child as ChildProcess | null
      if (!victim) break
      victim.removeAllListeners('exit')
      victim.kill('SIGKILL')
      await once(victim, 'exit')
      kills += 1
      await begin()
    }
    const finished = async () => {
      const check = await openDatabase(url)
      try {
        const left = await check.db.inboxEvent.count({ where: { state: { in: ['new', 'waiting'] } } })
        const unsent = await check.db.outboxMessage.count({ where: { state: { in: ['pending', 'sending'] } } })
        return stored.size === MESSAGES && left === 0 && unsent === 0
      } finally {
        await check.close()
      }
    }
    for (let wait = 0; wait < 400 && !(await finished()); wait++) await sleep(500)
    const last = child as ChildProcess | null
    last?.removeAllListeners('exit')
    last?.kill('SIGKILL')
    if (last) await once(last, 'exit')

    const { db, close } = await openDatabase(url)
    expect(stored.size).toBe(MESSAGES)
    expect(await db.inboxEvent.count()).toBe(MESSAGES)
    expect(await db.inboxEvent.count({ where: { state: { not: 'done' } } })).toBe(0)

    // Every acknowledged report has its effect, once: a ticket, a receipt, a card.
    const tickets = await db.ticket.findMany({ orderBy: { no: 'asc' } })
    expect(tickets.map((ticket) => ticket.no)).toEqual(tickets.map((_, n) => n + 1))
    expect(tickets.map((ticket) => ticket.text).sort()).toEqual([...reports.values()].sort())
    for (const kind of ['receipt', 'card']) {
      const said = await db.outboxMessage.findMany({
        where: { kind, key: { contains: kind === 'card' ? ':card' : ':receipt' } },
      })
      expect(new Set(said.map((message) => message.ticketId)).size).toBe(tickets.length)
      expect(said.length).toBe(tickets.length)
    }
    // Every 收 has confirmed the ticket of the card it quotes.
    const cardsSent = await db.outboxMessage.findMany({
      where: { messageId: { in: [...new Set(confirmed.values())] } },
    })
    const quotedTickets = [...new Set(cardsSent.map((card) => card.ticketId))]
    const done = tickets.filter((ticket) => ticket.status === 'confirmed').map((ticket) => ticket.id)
    expect(new Set(done)).toEqual(new Set(quotedTickets))
    expect(confirmed.size).toBeGreaterThan(20)

    // Everything that was to be said has reached the network.
    const outbox = await db.outboxMessage.findMany()
    expect(outbox.filter((message) => message.state !== 'sent').map((message) => message.state)).toEqual([])
    expect(outbox.filter((message) => !arrivals.has(message.key))).toEqual([])
    const repeated = [...arrivals].filter(([, count]) => count > 1)
    const repetitions = repeated.reduce((sum, [, count]) => sum + count - 1, 0)
    expect(repetitions).toBeLessThanOrEqual(kills)
    for (const [key] of repeated) expect(uncertain.has(key)).toBe(true)
    console.info(
      `${provider}: ${kills} kills, ${tickets.length} tickets, ${arrivals.size} messages out, ${repetitions} repetitions`,
    )
    await close()
    await remove()
  })
}
