/** What the benches share: a village, its talk, and an assistant that runs as fast as it can. */
import { type App, createApp } from '../../src/app.ts'
import { createRecordingChannel, type RecordingChannel } from '../../src/channels/recording.ts'
import { systemClock } from '../../src/clock.ts'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { createLogger } from '../../src/logger.ts'
import type { IncomingMessage, OutgoingMessage } from '../../src/message.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { parseVillageFile } from '../../src/village/village-file.ts'

const SURNAMES = [...'王李张刘陈杨黄赵周吴徐孙马朱胡郭何罗高林郑梁谢唐许韩冯邓曹彭']
const PLACES = SURNAMES.flatMap((surname) => [...'沟湾坡坝冲坪岭垭坳塘'].map((end) => `${surname}家${end}`))

const VILLAGE = parseVillageFile({
  name: '量尺村',
  groups: ['1', '2', '3'],
  grids: [{ name: '一网格', groups: ['1', '2', '3'] }],
  places: PLACES,
  rooms: [
    { id: 'villagers', kind: 'villagers' },
    { id: 'grid', kind: 'grid' },
  ],
  people: [
    { name: '老周', role: 'grid-worker', grid: '一网格', duty: true },
    { name: '陈书记', role: 'secretary' },
  ],
})

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
  '的路塌了个大坑，车都过不去了',
  '的垃圾堆了一个礼拜没人拉，臭得很',
  '的下水道堵了，污水漫到路上',
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

/** The n-th message of a lively village: 70 % chatter, 15 % reports, 5 % "+1", 10 % workers' replies. */
export function messageOf(n: number, cards: OutgoingMessage[]): IncomingMessage {
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
  const kind = n % 20
  if (kind === 7 || kind === 17) {
    const card = cards.shift()
    if (card) {
      const quote = { messageId: `bot-${card.key}` }
      const text = kind === 7 ? '收' : '办结 换了新的，弄好了'
      return { ...common, conversation: 'grid', sender: { id: '老周', name: '老周' }, text, quote }
    }
  }
  if (kind === 3 || kind === 10 || kind === 15) {
    const place = PLACES[Math.floor(n / 7) % PLACES.length] ?? ''
    return { ...common, ...villager, text: `${place}${PROBLEMS[Math.floor(n / 20) % PROBLEMS.length]}` }
  }
  if (kind === 11) return { ...common, ...villager, text: '+1' }
  return { ...common, ...villager, text: `${CHATTER[n % CHATTER.length]}${n % 13}` }
}

/** Sends `count` messages with so many under way at a time; resolves when everything that follows has been said. */
export async function drive(bench: Bench, from: number, count: number, window = 32): Promise<number> {
  const cards: OutgoingMessage[] = []
  let seen = bench.channel.sent.length
  const started = performance.now()
  let next = from
  const worker = async () => {
    while (next < from + count) {
      for (const message of bench.channel.sent.slice(seen)) {
        if (message.conversation === 'grid' && message.kind === 'card') cards.push(message)
      }
      seen = bench.channel.sent.length
      await bench.channel.deliver(messageOf(next++, cards))
    }
  }
  await Promise.all(Array.from({ length: window }, worker))
  await bench.app.settle()
  return (performance.now() - started) / 1000
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

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export const databaseUrl = process.argv[2] ?? 'file:/tmp/xiaoge-bench.db'

export function line(name: string, value: string, meaning: string): void {
  console.log(`${name.padEnd(34)} ${value.padStart(14)}   ${meaning}`)
}
