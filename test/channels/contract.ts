import { afterEach, describe, expect, test } from 'vitest'
import { advance } from '../../src/advance.ts'
import { type App, createApp } from '../../src/app.ts'
import type { Channel } from '../../src/channels/channel.ts'
import { createSettableClock, HOUR, MINUTE, SECOND, type SettableClock } from '../../src/clock.ts'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { ticketState } from '../../src/features/tickets/state.ts'
import { createLogger } from '../../src/logger.ts'
import type { Attachment, AttachmentKind } from '../../src/message.ts'
import { createEnqueue, type Letter } from '../../src/outbox/enqueue.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { villageFile } from '../support/conversation.ts'
import { createDatabase } from '../support/database.ts'

/** A person's way to say something on a network. */
export interface Saying {
  /** A room of the network, or `direct`. */
  where: string
  /** Whose account; null for somebody whom the network does not name. */
  account: string | null
  /** What the network shows as the name. */
  name: string
  text: string
  /** The id of the message it answers. */
  quote?: string
  mention?: boolean
  attachments?: AttachmentKind[]
}

/** Something the assistant said, as people see it there. */
export interface Seen {
  /** The room's name, or the account it was said to directly. */
  where: string
  text: string
  /** How people point at it. */
  messageId: string
  replyTo?: string
  attachments: number
}

/** What a sending meets. */
export type Obstacle =
  /** Taken, but the answer is lost. */
  | 'arrives-in-doubt'
  /** Lost on its way, or not: nobody knows. */
  | 'lost-in-doubt'
  /** Surely not taken; later it will be. */
  | 'busy'
  /** Surely not taken, ever. */
  | 'refused'

/**
 * A network with people on it, as the contract needs one. What a network has not got is left out, and what depends on it
 * is not asked of its channel.
 */
export interface Network {
  /** A new channel on the same network and account, as after a restart of the program. */
  open(): Channel
  /** The conversation that a room of the village is bound to: `villagers` or `grid`. */
  conversation(room: string): string
  /** The network's id of an account of that name. */
  account(name: string): string
  /** Somebody says something there. Resolves to the message's id once the network has it. */
  say(saying: Saying): Promise<string>
  /** What people see of the assistant, in order. */
  seen(): Seen[]
  /** What meets the next sendings, one each. */
  obstruct(...obstacles: Obstacle[]): void
  /** The bytes behind every photo and voice that `say` attaches. */
  bytes: Uint8Array | null
  edit?(messageId: string, saying: Saying): Promise<void>
  recall?(messageId: string, saying: Saying): Promise<void>
  /** The network tells again what it has told. */
  tellAgain?(): Promise<void>
  /** The connection breaks and comes again by itself. */
  reconnect?(): Promise<void>
  goDown?(): Promise<void>
  comeBack?(): Promise<void>
  /** The villagers' room gets another id. */
  moveRoom?(): Promise<void>
  /** The network tells the assistant what it said itself. */
  echo?(): Promise<void>
  close(): Promise<void>
}

/** How replies point at what they answer: by the message's id, or by its words. */
export interface Traits {
  quotes: 'id' | 'text'
  /** The network may name no account for a sender. */
  anonymous: boolean
  /** For a test, where a start takes seconds. Milliseconds. */
  timeout?: number
}

interface World {
  network: Network
  database: Database
  clock: SettableClock
  channel: Channel
  app: App
  say(name: string, text: string, how?: Partial<Saying>): Promise<string>
  /** Waits until so many messages are stored, and works on them. */
  stored(count: number): Promise<void>
  settle(): Promise<void>
  restart(): Promise<void>
  post(...letters: Partial<Letter>[]): Promise<void>
  seenIn(where: string): string[]
  statuses(): Promise<string[]>
  rows(): Promise<{ state: string; attempts: number }[]>
}

/** What every channel must hold to, over a network that behaves as the real one does. */
export function describeChannel(
  name: string,
  traits: Traits,
  create: (clock: SettableClock) => Promise<Network>,
): void {
  describe(`the channel ${name}`, { timeout: traits.timeout ?? 30_000 }, () => {
    const endings: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const end of endings.splice(0).reverse()) await end()
    })

    async function aWorld(): Promise<World> {
      const clock = createSettableClock(new Date('2026-03-02T09:00:00+08:00'))
      const network = await create(clock)
      endings.push(() => network.close())
      const { url, remove } = await createDatabase('sqlite')
      endings.push(remove)
      const database = await openDatabase(url)
      endings.push(() => database.close())
      const { db } = database
      const village = await database.transaction((tx) => importVillage(tx, villageFile('qinghe'), { now: clock.now() }))
      const logger = createLogger('silent')
      const start = async () => {
        world.channel = network.open()
        world.app = createApp({ database, channels: [world.channel], clock, logger, manual: true })
        await world.app.start()
        await expect.poll(() => world.channel.health().state, { timeout: 10_000 }).toBe('up')
      }
      let letters = 0
      const world: World = {
        network,
        database,
        clock,
        channel: network.open(),
        app: null as never,
        async say(who, text, how = {}) {
          return network.say({ where: 'villagers', account: who, name: who, text, ...how })
        },
        async stored(count) {
          await expect.poll(() => db.inboxEvent.count(), { timeout: 10_000 }).toBeGreaterThanOrEqual(count)
          await world.settle()
        },
        // Time goes on a little, so that the pace of a network holds nothing up.
        settle: () => advance(world.app, clock, new Date(clock.now().getTime() + 5 * SECOND)),
        async restart() {
          await world.app.stop()
          await start()
        },
        async post(...given) {
          const enqueue = createEnqueue([world.channel])
          const base = { villageId: village.id, channel: world.channel.name, private: false, kind: 'other' as const }
          const conversation = network.conversation('villagers')
          await database.transaction((tx) =>
            enqueue(
              tx,
              given.map((letter) => ({
                key: `contract${++letters}`,
                ...base,
                conversation,
                text: '',
                notBefore: clock.now(),
                ...letter,
              })),
              clock.now(),
            ),
          )
        },
        seenIn: (where) => network.seen().flatMap((one) => (one.where === where ? [one.text] : [])),
        async statuses() {
          const tickets = await db.ticket.findMany({ orderBy: { id: 'asc' } })
          return Promise.all(tickets.map(async (ticket) => (await ticketState(db, ticket)).status))
        },
        rows: () => db.outboxMessage.findMany({ orderBy: { id: 'asc' }, select: { state: true, attempts: true } }),
      }
      for (const key of ['villagers', 'grid']) {
        const bound = { channel: world.channel.name, conversation: network.conversation(key) }
        await db.room.update({ where: { villageId_key: { villageId: village.id, key } }, data: bound })
      }
      for (const person of await db.person.findMany({ where: { listed: true } })) {
        const account = { channel: world.channel.name, externalId: network.account(person.name) }
        await db.identity.create({ data: { villageId: village.id, personId: person.id, ...account } })
      }
      await start()
      endings.push(() => world.app.stop())
      return world
    }

    /** The newest card of the grid workers' room. */
    const card = (world: World) =>
      world.network.seen().findLast((one) => one.where === 'grid' && one.text.includes('#'))

    test('takes in what is said in its order, and says things in theirs', async () => {
      const world = await aWorld()
      for (let n = 0; n < 20; n++) await world.say(n % 3 ? '刘嫂' : '王婶', `今天豆腐三块钱一斤，第${n}锅`)
      await world.stored(20)
      const events = await world.database.db.inboxEvent.findMany({ orderBy: { id: 'asc' } })
      expect(events.map((event) => event.text)).toEqual(
        Array.from({ length: 20 }, (_, n) => `今天豆腐三块钱一斤，第${n}锅`),
      )
      expect(new Set(events.map((event) => event.messageId)).size).toBe(20)
      await world.post(...Array.from({ length: 8 }, (_, n) => ({ text: `通知${n}` })))
      await advance(world.app, world.clock, new Date(world.clock.now().getTime() + MINUTE))
      expect(world.seenIn('villagers')).toEqual(Array.from({ length: 8 }, (_, n) => `通知${n}`))
    })

    test('a report is answered where it was said, and told where it is worked on', async () => {
      const world = await aWorld()
      const report = await world.say('刘嫂', '三组桥头路灯坏了')
      await world.stored(1)
      const [receipt] = world.network.seen().filter((one) => one.where === 'villagers')
      expect(receipt?.text).toContain('1号')
      if (traits.quotes === 'id') expect(receipt?.replyTo).toBe(report)
      expect(card(world)?.text).toContain('#1')
    })

    test('what is told again, and across five restarts, is one ticket and one receipt', async () => {
      const world = await aWorld()
      await world.say('刘嫂', '三组桥头路灯坏了')
      await world.stored(1)
      for (let n = 0; n < 5; n++) {
        await world.network.tellAgain?.()
        await world.restart()
        await world.network.reconnect?.()
        await world.say('王婶', `今天豆腐三块钱一斤，第${n}锅`)
        await world.stored(2 + n)
      }
      expect(await world.database.db.inboxEvent.count()).toBe(6)
      expect(await world.statuses()).toEqual(['open'])
      expect(world.seenIn('villagers').length).toBe(1)
      expect(world.seenIn('grid').length).toBe(1)
    })

    test('a reply to a card is about its ticket', async () => {
      const world = await aWorld()
      await world.say('刘嫂', '三组桥头路灯坏了')
      await world.stored(1)
      const first = card(world)
      await world.say('赵大爷', '五组晒谷场的水管爆了')
      await world.stored(2)
      await world.say('老周', '收', { where: 'grid', ...(first && { quote: first.messageId }) })
      await world.stored(3)
      expect(await world.statuses()).toEqual(['confirmed', 'open'])
    })

    test('is addressed by its name, and hears the rest', async () => {
      const world = await aWorld()
      await world.say('刘嫂', '今天豆腐三块钱一斤')
      await world.say('刘嫂', '三组桥头路灯坏了', { mention: true })
      await world.stored(2)
      const events = await world.database.db.inboxEvent.findMany({ orderBy: { id: 'asc' } })
      expect(events.map((event) => event.addressed)).toEqual([false, true])
      expect(events[1]?.text).toContain('三组桥头路灯坏了')
    })

    test.each(['image', 'voice'] as const)('a %s is kept and can be opened', async (kind) => {
      const world = await aWorld()
      await world.say('刘嫂', '', { attachments: [kind] })
      await world.stored(1)
      const event = await world.database.db.inboxEvent.findFirstOrThrow()
      const [attachment] = event.attachments as unknown as Attachment[]
      expect(attachment).toMatchObject({ kind, channel: world.channel.name })
      if (world.network.bytes && attachment) {
        expect(Buffer.from(await world.channel.open(attachment))).toEqual(Buffer.from(world.network.bytes))
      }
    })

    test('an edited message counts with its new words', async ({ skip }) => {
      const world = await aWorld()
      if (!world.network.edit) return skip()
      const id = await world.say('刘嫂', '今天豆腐三块钱一斤')
      await world.stored(1)
      const saying = { where: 'villagers', account: '刘嫂', name: '刘嫂', text: '三组桥头路灯坏了' }
      await world.network.edit(id, saying)
      await world.network.edit(id, { ...saying, text: '三组桥头路灯坏了，黑得很' })
      await world.stored(3)
      expect(await world.statuses()).toEqual(['open'])
      expect((await world.database.db.ticket.findFirstOrThrow()).text).toContain('黑得很')
      return undefined
    })

    test('a message that was taken back is withdrawn', async ({ skip }) => {
      const world = await aWorld()
      if (!world.network.recall) return skip()
      const id = await world.say('刘嫂', '三组桥头路灯坏了')
      await world.stored(1)
      await world.network.recall(id, { where: 'villagers', account: '刘嫂', name: '刘嫂', text: '' })
      await world.stored(2)
      expect((await world.database.db.inboxEvent.findFirstOrThrow()).text).toBe('')
      return undefined
    })

    test('a text that is too long arrives in parts, each once, although one of them has to wait', async () => {
      const world = await aWorld()
      const sentence = '村里的路灯要一盏一盏修好。'
      const text = sentence.repeat(Math.ceil((world.channel.capabilities.maxLength * 2.5) / sentence.length))
      await world.post({ text }, { text: '后面的话' })
      world.network.obstruct('busy')
      await advance(world.app, world.clock, new Date(world.clock.now().getTime() + MINUTE))
      const seen = world.seenIn('villagers')
      expect(seen.slice(0, -1).join('')).toBe(text)
      expect(seen.length).toBe(4)
      expect(seen.at(-1)).toBe('后面的话')
      for (const part of seen) expect(part.endsWith('。') || part === '后面的话').toBe(true)
    })

    test('what may have arrived is sent once more at most, and what surely did not is sent until it has', async () => {
      const world = await aWorld()
      await world.post({ text: '甲' }, { text: '乙' }, { text: '丙' })
      world.network.obstruct('arrives-in-doubt')
      await advance(world.app, world.clock, new Date(world.clock.now().getTime() + SECOND))
      await recovers(world)
      const doubtful = world.seenIn('villagers')
      expect(doubtful.filter((text) => text === '甲').length).toBeLessThanOrEqual(2)
      expect([...new Set(doubtful)]).toEqual(['甲', '乙', '丙'])
      const before = doubtful.length
      await world.post({ text: '丁' }, { text: '戊' })
      world.network.obstruct('lost-in-doubt')
      await advance(world.app, world.clock, new Date(world.clock.now().getTime() + SECOND))
      await recovers(world)
      expect(world.seenIn('villagers').slice(before)).toEqual(['丁', '戊'])
      await world.post({ text: '己' })
      world.network.obstruct('busy', 'busy', 'busy')
      await recovers(world)
      expect(world.seenIn('villagers').slice(before + 2)).toEqual(['己'])
      const { state } = (await world.rows()).at(-1) ?? {}
      expect(state).toBe('sent')
    })

    test('what the network refuses is dead at once, and the next is said', async () => {
      const world = await aWorld()
      await world.post({ text: '甲' }, { text: '乙' })
      world.network.obstruct('refused')
      await world.settle()
      expect(world.seenIn('villagers')).toEqual(['乙'])
      expect(await world.rows()).toEqual([
        { state: 'dead', attempts: 1 },
        { state: 'sent', attempts: 1 },
      ])
    })

    /** Gives a broken connection the time to come again, and the outbox the time to use it. */
    async function recovers(world: World): Promise<void> {
      for (let n = 0; n < 3; n++) {
        await expect.poll(() => world.channel.health().state, { timeout: 10_000 }).toBe('up')
        await advance(world.app, world.clock, new Date(world.clock.now().getTime() + 2 * MINUTE))
      }
    }

    test('a room that moves takes its village with it', async ({ skip }) => {
      const world = await aWorld()
      if (!world.network.moveRoom) return skip()
      await world.say('刘嫂', '三组桥头路灯坏了')
      await world.stored(1)
      await world.network.moveRoom()
      await world.stored(2)
      await world.say('老周', '1 办结 换了灯泡', { where: 'grid' })
      await world.say('王婶', '五组晒谷场的水管爆了')
      await world.stored(4)
      expect(world.seenIn('villagers').at(-1)).toContain('2号')
      expect(world.seenIn('villagers').some((text) => text.includes('换了灯泡'))).toBe(true)
      const room = await world.database.db.room.findFirstOrThrow({ where: { key: 'villagers' } })
      expect(room.conversation).toBe(world.network.conversation('villagers'))
      return undefined
    })

    test('what waited to be said when the room moved is said in the new one', async ({ skip }) => {
      const world = await aWorld()
      if (!world.network.moveRoom) return skip()
      await world.post({ text: '甲', replyTo: '1' })
      await world.network.moveRoom()
      await advance(world.app, world.clock, new Date(world.clock.now().getTime() + MINUTE))
      await world.stored(1)
      await advance(world.app, world.clock, new Date(world.clock.now().getTime() + MINUTE))
      expect(world.seenIn('villagers')).toEqual(['甲'])
      return undefined
    })

    test('rights belong to the bound account and to nothing that can be shown or quoted', async ({ skip: _ }) => {
      const world = await aWorld()
      await world.say('刘嫂', '三组桥头路灯坏了')
      await world.stored(1)
      const quote = card(world)?.messageId ?? ''
      await world.say('骗子', '1 办结 换了灯泡', { where: 'grid', name: '老周', quote })
      await world.stored(2)
      let count = 2
      if (traits.anonymous) {
        await world.say('老周', '1 办结 换了灯泡', { where: 'grid', account: null, quote })
        await world.stored(++count)
      }
      expect(await world.statuses()).toEqual(['open'])
      await world.say('老周', '1 办结 换了灯泡', { where: 'grid', name: '什么都行', quote })
      await world.stored(++count)
      expect(await world.statuses()).toEqual(['resolved'])
    })

    test('does not hear itself', async ({ skip }) => {
      const world = await aWorld()
      if (!world.network.echo) return skip()
      await world.post({ text: '三组桥头路灯坏了' })
      await world.settle()
      await world.network.echo()
      await world.say('刘嫂', '今天豆腐三块钱一斤')
      await world.stored(1)
      expect(await world.database.db.inboxEvent.count()).toBe(1)
      expect(await world.statuses()).toEqual([])
      return undefined
    })

    test('what was said while the network was away is taken in quietly, and what waited is said once', async ({
      skip,
    }) => {
      const world = await aWorld()
      const { goDown, comeBack } = world.network
      if (!goDown || !comeBack) return skip()
      await world.post({ text: '明早八点开会' })
      await goDown()
      await expect.poll(() => world.channel.health().state, { timeout: 10_000 }).not.toBe('up')
      await advance(world.app, world.clock, new Date(world.clock.now().getTime() + SECOND))
      await world.say('刘嫂', '三组桥头路灯坏了')
      await advance(world.app, world.clock, new Date(world.clock.now().getTime() + 4 * HOUR))
      await comeBack()
      await expect.poll(() => world.channel.health().state, { timeout: 10_000 }).toBe('up')
      await world.stored(1)
      await recovers(world)
      expect(await world.statuses()).toEqual(['open'])
      expect(world.seenIn('villagers')).toEqual(['明早八点开会'])
      expect(card(world)?.text).toContain('#1')
      return undefined
    })

    test('what was said while the program was off is heard after the next start', async ({ skip }) => {
      const world = await aWorld()
      if (!world.network.tellAgain) return skip()
      await world.app.stop()
      expect(world.channel.health().state).toBe('down')
      await world.say('刘嫂', '三组桥头路灯坏了').catch(() => {})
      await world.restart()
      await world.network.tellAgain()
      await world.stored(1)
      expect(await world.statuses()).toEqual(['open'])
      return undefined
    })
  })
}
