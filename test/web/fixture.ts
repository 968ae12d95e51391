import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { createSimulatorChannel, type SimulatorChannel } from '../../src/channels/simulator.ts'
import { createShiftableClock, type ShiftableClock } from '../../src/clock.ts'
import { type Database, openDatabase } from '../../src/db/database.ts'
import type { Attachment, IncomingEvent, Mention, OutgoingKind } from '../../src/message.ts'
import { createMetrics, type Metrics } from '../../src/metrics.ts'
import { createWeb, type Demo, type Health, type WebParts } from '../../src/web/web.tsx'

/** The demo page on a real database and a real simulator, with a receiver that only stores what comes in. */
export interface Fixture {
  database: Database
  clock: ShiftableClock
  simulator: SimulatorChannel
  metrics: Metrics
  villageId: number
  directory: string
  jumps: number[]
  health: { now: Health }
  web(changes?: Partial<WebParts>): Hono
  /** Lets the assistant say something, as the outbox would. */
  speak(conversation: string, text: string, more?: Spoken): Promise<string>
  close(): Promise<void>
}

interface Spoken {
  kind?: OutgoingKind
  private?: boolean
  mentions?: Mention[]
  about?: string[]
  replyTo?: string
  attachments?: Attachment[]
}

const PEOPLE = [
  { id: 'u-liu', name: '刘嫂', role: 'villager', group: '3', duty: false },
  { id: 'u-wang', name: '王大爷', role: 'villager', group: '5', duty: false },
  { id: 'u-li', name: '李会计', role: 'informant', group: '2', duty: false },
  { id: 'u-wu', name: '小吴', role: 'grid-worker', group: null, duty: false },
  { id: 'u-zhou', name: '老周', role: 'grid-worker', group: '3', duty: true },
  { id: 'u-chen', name: '陈书记', role: 'secretary', group: null, duty: false },
]

export async function openFixture(): Promise<Fixture> {
  const directory = mkdtempSync(join(tmpdir(), 'xiaoge-web-'))
  const database = await openDatabase(`file:${join(directory, 'test.db')}`)
  const { db } = database
  const clock = createShiftableClock()
  const now = clock.now()
  const village = await db.village.create({ data: { name: '东升村', demo: true, createdAt: now } })
  const villageId = village.id
  for (const kind of ['villagers', 'grid', 'party']) {
    await db.room.create({ data: { villageId, key: kind, kind, channel: 'simulator', conversation: `room-${kind}` } })
  }
  for (const { id, ...person } of PEOPLE) {
    const { id: personId } = await db.person.create({ data: { villageId, ...person, listed: true, createdAt: now } })
    await db.identity.create({ data: { villageId, personId, channel: 'simulator', externalId: id } })
  }
  const simulator = createSimulatorChannel(join(directory, 'attachments'))
  await simulator.start((event) => store(database, clock, event))
  const metrics = createMetrics()
  const jumps: number[] = []
  const health: Fixture['health'] = {
    now: { status: 'ok', channels: { simulator: { state: 'up', lastIn: null, lastOut: null } } },
  }
  let spoken = 0
  const jump = async (ms: number) => {
    jumps.push(ms)
    clock.jump(ms)
  }

  /** Knows every message, and says where it was asked about it. */
  const explain: Demo['explain'] = async (place, messageId) => {
    const said = await db.inboxEvent.findFirst({
      where: { channel: 'simulator', ...place, messageId, type: 'message' },
    })
    return (
      said && {
        title: `<${said.text}>`,
        lines: [{ label: place.private ? 'private' : 'room', text: place.conversation }],
      }
    )
  }

  return {
    database,
    clock,
    simulator,
    metrics,
    villageId,
    directory,
    jumps,
    health,
    web: (changes) =>
      createWeb({
        database,
        clock,
        password: undefined,
        metrics,
        health: async () => health.now,
        demo: { simulator, jump, villageId, explain },
        ...changes,
      }),
    async speak(conversation, text, more = {}) {
      const key = `k-${++spoken}`
      const { kind = 'other', mentions = [], attachments = [], about = [] } = more
      const message = { key, conversation, private: more.private ?? false, kind, text }
      await simulator.send({ ...message, channel: 'simulator', mentions, attachments, about })
      const at = clock.now()
      await db.outboxMessage.create({
        data: {
          ...message,
          channel: 'simulator',
          villageId,
          mentions: mentions.map((mention) => ({ ...mention })),
          attachments: attachments.map((attachment) => ({ ...attachment })),
          about,
          replyTo: more.replyTo ?? null,
          state: 'sent',
          notBefore: at,
          createdAt: at,
          sentAt: at,
          messageId: `bot-${key}`,
        },
      })
      return `bot-${key}`
    },
    async close() {
      await simulator.stop()
      await database.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function store(database: Database, clock: ShiftableClock, event: IncomingEvent): Promise<void> {
  await database.db.inboxEvent.create({
    data: {
      channel: event.channel,
      conversation: event.conversation,
      messageId: event.messageId,
      type: event.type,
      revision: event.type === 'edit' ? event.sentAt.toISOString() : '',
      private: event.private,
      senderId: event.sender.id ?? null,
      senderName: event.sender.name,
      text: 'text' in event ? event.text : '',
      addressed: event.type === 'message' && event.addressed,
      ...(event.type === 'message' && event.quote && { quote: { ...event.quote } }),
      attachments: event.type === 'message' ? event.attachments.map((attachment) => ({ ...attachment })) : [],
      sentAt: event.sentAt,
      receivedAt: clock.now(),
      state: 'done',
    },
  })
}

/** A form as the page's own script sends it. */
export function post(
  web: Hono,
  path: string,
  fields: Record<string, string | File>,
  headers: Record<string, string> = {},
) {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  return web.request(path, { method: 'POST', body, headers: { 'Sec-Fetch-Site': 'same-origin', ...headers } })
}

/** The smallest PNG there is. */
export const PNG = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
)
