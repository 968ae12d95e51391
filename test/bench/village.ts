/** What the benches share: a village, its talk, and an assistant that runs as fast as it can. */
import { type App, createApp } from '../../src/app.ts'
import { createRecordingChannel, type RecordingChannel } from '../../src/channels/recording.ts'
import { systemClock } from '../../src/clock.ts'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { createLogger } from '../../src/logger.ts'
import type { IncomingMessage, OutgoingMessage } from '../../src/message.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { plainVillage } from '../support/plain-village.ts'

const PLACES = [...'大小东南西北上下前后石柳桃松竹梅金银龙虎马牛羊白黑红青黄新老高双'].flatMap((first) =>
  [...'岭坡湾塘坪坳桥井坝冲垭沟'].map((second) => first + second),
)

const VILLAGE = plainVillage('量尺村', PLACES)

const CHATTER = [
  '今天豆腐三块钱一斤',
  '哈哈哈你这个人太逗了',
  '早上好[太阳]',
  '晚上广场舞几点开始',
  '谁家有拖拉机借用一下',
  '收到',
]
const PROBLEMS = [
  '的路灯坏了，晚上黑得很',
  '的垃圾堆了一个礼拜没人拉，臭得很',
  '的下水道堵了，污水漫到路上',
  '的路面坑坑洼洼，摩托车都摔了',
  '的水渠堵死了，水下不来',
  '的水管爆了，水流了一地',
  '的野狗乱咬人',
  '停电了，一下午没来电',
]

export interface Bench {
  database: Database
  channel: RecordingChannel
  app: App
  villageId: number
  stop(): Promise<void>
}

/** Opens an empty database with the bench's village and starts the assistant on it. */
export async function startBench(url: string, onSent?: (message: OutgoingMessage) => void): Promise<Bench> {
  const database = await openDatabase(url)
  const found = await database.db.village.findUnique({ where: { name: VILLAGE.name } })
  const village =
    found ??
    (await database.transaction((tx) => importVillage(tx, VILLAGE, { now: systemClock.now(), bindTo: 'bench' })))
  const channel = createRecordingChannel('bench', onSent ? { onSent } : {})
  const app = createApp({ database, channels: [channel], clock: systemClock, logger: createLogger('error') })
  await app.start()
  const stop = async () => {
    await app.stop()
    await database.close()
  }
  return { database, channel, app, villageId: village.id, stop }
}

const run = Date.now().toString(36)

/** What the grid worker sees in the grid room and works on: first come, first served. */
export interface Desk {
  /** Cards nobody has answered yet. */
  fresh: OutgoingMessage[]
  confirmed: OutgoingMessage[]
}

export function createDesk(): Desk {
  return { fresh: [], confirmed: [] }
}

export function lay(desk: Desk, message: OutgoingMessage): void {
  if (message.conversation === 'grid' && message.kind === 'card' && !message.key.includes(':step')) {
    desk.fresh.push(message)
  }
}

/**
 * The n-th message of a lively village: 70 % chatter, 15 % reports of different things, 5 % "+1", 10 % steps of the
 * grid worker by quote or number. `quiet`: nine tenths of the time there is only chatter.
 */
export function messageOf(n: number, desk: Desk, quiet = false): IncomingMessage {
  const common = {
    type: 'message' as const,
    channel: 'bench',
    private: false,
    addressed: false,
    attachments: [],
    messageId: `${run}-${n}`,
    sentAt: new Date(),
  }
  const villager = { conversation: 'villagers', sender: { id: `p${n % 300}`, name: `村民${n % 300}` } }
  const kind = quiet && n % 200 >= 20 ? 0 : n % 20
  const worker = { conversation: 'grid', sender: { id: '老周', name: '老周' } }
  if (kind === 7) {
    const card = desk.fresh.shift()
    if (card) {
      desk.confirmed.push(card)
      return { ...common, ...worker, text: '收', quote: { messageId: `bot-${card.key}` } }
    }
  }
  if (kind === 17) {
    const card = desk.confirmed.shift()
    const no = /#(\d+)/.exec(card?.text ?? '')?.[1]
    if (no) return { ...common, ...worker, text: `${no} 办结 换了新的，弄好了` }
  }
  const nth = [3, 10, 15].indexOf(kind)
  if (nth >= 0) {
    const report = Math.floor(n / 20) * 3 + nth
    const problem = PROBLEMS[Math.floor(report / PLACES.length) % PROBLEMS.length] ?? ''
    return { ...common, ...villager, text: `${PLACES[report % PLACES.length]}${problem}` }
  }
  if (kind === 11) return { ...common, ...villager, text: '+1' }
  return { ...common, ...villager, text: `${CHATTER[n % CHATTER.length]}${n % 13}` }
}

/**
 * Sends `count` messages, `window` of them at a time, as a network hands over what has gathered: the next come when all
 * that follows from these has been said, so that the worker has cards to answer. Resolves to seconds.
 */
export async function drive(
  bench: Bench,
  from: number,
  count: number,
  options: { desk?: Desk; quiet?: boolean; window?: number } = {},
): Promise<number> {
  const { desk = createDesk(), quiet = false, window = 32 } = options
  const { sent } = bench.channel
  const started = performance.now()
  for (let n = from; n < from + count; n += window) {
    const numbers = Array.from({ length: Math.min(window, from + count - n) }, (_, k) => n + k)
    const before = sent.length
    await Promise.all(numbers.map((number) => bench.channel.deliver(messageOf(number, desk, quiet))))
    await bench.app.settle()
    for (const message of sent.slice(before)) lay(desk, message)
  }
  return (performance.now() - started) / 1000
}

/** What came of it: a bench that measures silence would be fast. */
export async function outcomeOf({ database, channel }: Bench): Promise<string> {
  const [tickets, taken, results] = await Promise.all([
    database.db.ticket.count(),
    database.db.ticket.count({ where: { confirmedAt: { not: null } } }),
    database.db.ticket.count({ where: { resolvedAt: { not: null } } }),
  ])
  return `${tickets} tickets, ${taken} confirmed, ${results} resolved, ${channel.sent.length} messages out`
}

/** How fast the same database takes single rows, one commit after the other, through the same client. */
export async function bareInsertRate(database: Database, count = 400): Promise<number> {
  const started = performance.now()
  for (let n = 0; n < count; n++) {
    await database.db.inboxEvent.create({
      data: {
        channel: 'bare',
        conversation: 'bare',
        messageId: `${run}-${started}-${n}`,
        type: 'message',
        private: false,
        senderId: 'p1',
        senderName: '村民',
        text: '三组村口的路灯坏了，晚上黑得很',
        attachments: [],
        sentAt: new Date(),
        receivedAt: new Date(),
        state: 'done',
      },
    })
  }
  return count / ((performance.now() - started) / 1000)
}

/** The same without Prisma, for information: what the disk and the driver allow. */
export async function rawInsertRate(database: Database, count = 400): Promise<number> {
  const insert = `INSERT INTO "BindingCode" ("villageId", "codeHash", "expiresAt") VALUES `
  if (database.provider === 'postgresql') {
    const { Client } = await import('pg')
    const client = new Client({ connectionString: database.url })
    await client.connect()
    const started = performance.now()
    for (let n = 0; n < count; n++) await client.query(`${insert}(1, $1, now())`, [`raw-${started}-${n}`])
    const seconds = (performance.now() - started) / 1000
    await client.end()
    return count / seconds
  }
  const { default: Libsql } = await import('libsql')
  const connection = new Libsql(database.url.replace(/^file:/, ''), { timeout: 10_000 })
  connection.exec('PRAGMA synchronous = FULL')
  const statement = connection.prepare(`${insert}(1, ?, '2026-01-01')`)
  const started = performance.now()
  for (let n = 0; n < count; n++) statement.run([`raw-${started}-${n}`])
  const seconds = (performance.now() - started) / 1000
  connection.close()
  return count / seconds
}

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export const databaseUrl = process.argv[2] ?? 'file:/tmp/xiaoge-bench.db'

export function line(name: string, value: string, meaning: string): void {
  console.log(`${name.padEnd(34)} ${value.padStart(14)}   ${meaning}`)
}
