import { readFileSync } from 'node:fs'
import { expect, onTestFinished } from 'vitest'
import { advance } from '../../src/advance.ts'
import { type App, createApp } from '../../src/app.ts'
import type { Capabilities } from '../../src/channels/channel.ts'
import { createRecordingChannel, type RecordingChannel } from '../../src/channels/recording.ts'
import { createSettableClock, DAY, HOUR, MINUTE, SECOND, type SettableClock } from '../../src/clock.ts'
import type { LlmConfig } from '../../src/config.ts'
import { type Database, openDatabase, type Provider, type Ticket } from '../../src/db/database.ts'
import { type TicketState, ticketState } from '../../src/features/tickets/state.ts'
import { openLlm } from '../../src/llm/open.ts'
import { createLogger } from '../../src/logger.ts'
import type { Attachment, AttachmentKind, Delivery, OutgoingMessage, Quote } from '../../src/message.ts'
import { type Model, shippedModel } from '../../src/understanding/learned/model.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { parseVillageFile, type VillageFile } from '../../src/village/village-file.ts'
import { createDatabase } from './database.ts'

/** A message of the assistant as it arrived. */
export type Heard = OutgoingMessage & { messageId: string }

/** Something a person said, to be quoted, edited or taken back. */
export interface Spoken {
  /** A room's name, or `@` and the person's name for a direct message. */
  where: string
  by: string
  messageId: string
  text: string
}

export interface Manner {
  attachments?: Attachment[]
  quote?: Quote
  /** The assistant is mentioned. */
  mention?: boolean
  /** The network's id of the message; a new one when absent. */
  id?: string
  sentAt?: Date
  /** Whose words it is, where the speaker only passes them on. */
  forwarded?: { name: string; sentAt: Date }
  /** What the network shows as the sender's name; the name itself when absent. */
  nickname?: string
  /** The network's id of the account; null for an anonymous sender, the name when absent. */
  account?: string | null
}

export interface Span {
  seconds?: number
  minutes?: number
  hours?: number
  days?: number
}

export interface Speaker {
  says(text: string, manner?: Manner): Promise<Spoken>
  /** Replies to something the assistant or somebody said. */
  replies(to: Heard | Spoken, text: string, manner?: Manner): Promise<Spoken>
  sends(...attachments: Attachment[]): Promise<Spoken>
}

/** Everything that stands in the database about tickets. Two of them are equal when nothing was changed. */
export type Records = Record<string, unknown[]>

export interface Conversation {
  readonly app: App
  readonly database: Database
  readonly clock: SettableClock
  readonly villageId: number
  readonly channel: RecordingChannel
  /** Somebody says something in the villagers' room. */
  says(name: string, text: string, manner?: Manner): Promise<Spoken>
  inVillagers(name: string): Speaker
  inGrid(name: string): Speaker
  inRoom(room: string, name: string): Speaker
  direct(name: string): Speaker
  edits(name: string, spoken: Spoken, text: string): Promise<void>
  recalls(name: string, spoken: Spoken): Promise<void>
  photo(): Attachment
  attachment(kind: AttachmentKind): Attachment
  /** Lets time pass; what falls due on the way happens. */
  passes(span: Span): Promise<void>
  until(at: string): Promise<void>
  restarts(): Promise<void>
  failNext(...deliveries: Delivery[]): void
  /**
   * What a room or, as `@老周`, a person has heard since the last thing that happened; the newest message that holds all
   * the words is returned. Fails when there is none.
   */
  hears(where: string, ...words: string[]): Heard
  hearsNothing(...where: string[]): void
  /** Heard since the last thing that happened. */
  heard(where: string): Heard[]
  /** Heard from the beginning. */
  everHeard(where: string): Heard[]
  /** Everything that any group has heard. */
  inGroups(): Heard[]
  /** The newest card of a ticket in the grid workers' room. */
  card(no: number): Promise<Heard>
  ticket(no: number): Promise<TicketState>
  row(no: number): Promise<Ticket>
  tickets(): Promise<TicketState[]>
  records(): Promise<Records>
  /** The other villages of the database, in the order they were asked for. */
  neighbours: Conversation[]
  close(): Promise<void>
}

export function villageFile(name: string): VillageFile {
  const path = new URL(`../replays/villages/${name}.json`, import.meta.url)
  return parseVillageFile(JSON.parse(readFileSync(path, 'utf8')))
}

export interface Setting {
  provider?: Provider
  village?: string | VillageFile
  /** When it begins. */
  at?: string
  capabilities?: Partial<Capabilities>
  /** More villages in the same database, each on a network of its own. */
  beside?: (string | VillageFile)[]
  /** Rooms of the first village that no network leads into. */
  unbound?: string[]
  /** The other villages are on the same network; their conversations begin with `b:`, `c:` … */
  sameNetwork?: boolean
  /** A language model, with so much patience in milliseconds. */
  llm?: { config: LlmConfig; budget?: number }
  /** After how many days talk that opened nothing is deleted; it is kept when absent. */
  retentionDays?: number
  /** How much the rules doubt, whatever the shipped model has learned: from which chance on, and below which. */
  doubts?: { problem: number; category: number }
  /** Lives longer than one test; the caller closes it. */
  keep?: boolean
}

/** A village with its people, its rooms, a clock that is turned by hand, and the assistant. */
export async function aVillage(setting: Setting = {}): Promise<Conversation> {
  const { url, remove } = await createDatabase(setting.provider ?? 'sqlite')
  const database = await openDatabase(url)
  const clock = createSettableClock(new Date(setting.at ?? '2026-03-02T09:00:00+08:00'))
  const names = [setting.village ?? 'qinghe', ...(setting.beside ?? [])]
  const options = setting.capabilities ? { capabilities: setting.capabilities } : {}
  const channels: RecordingChannel[] = []
  const views: ((world: World) => Conversation)[] = []
  const models = new Map<number, Model>()
  for (const [index, name] of names.entries()) {
    const own = index === 0 || !setting.sameNetwork
    const channel = own ? createRecordingChannel(`network${index + 1}`, options) : (channels[0] as RecordingChannel)
    if (own) channels.push(channel)
    const prefix = own ? '' : `${'abcdef'[index]}:`
    const file = typeof name === 'string' ? villageFile(name) : name
    const binding = { now: clock.now(), bindTo: channel.name, conversationPrefix: prefix }
    const { id } = await database.transaction((tx) => importVillage(tx, file, binding))
    if (setting.doubts) models.set(id, doubtfulModel(setting.doubts))
    views.push((world) => conversationIn(world, channel, id, prefix))
  }
  await database.db.room.updateMany({
    where: { channel: 'network1', key: { in: setting.unbound ?? [] } },
    data: { channel: null, conversation: null, boundAt: null },
  })
  const logger = createLogger('silent')
  const { config, ...patience } = setting.llm ?? {}
  const llm = config && (await openLlm(config, { db: database.db, clock, logger, ...patience }))
  const retention = setting.retentionDays === undefined ? {} : { retentionDays: setting.retentionDays }
  const makeApp = () => createApp({ database, channels, clock, logger, llm, models, ...retention, manual: true })
  const world: World = { database, clock, app: makeApp(), makeApp, count: 0, last: 'the beginning', marks: [] }
  const [first, ...others] = views.map((view) => view(world))
  if (!first) throw new Error('there is no village')
  first.neighbours = others
  await world.app.start()
  let closed = false
  first.close = async () => {
    if (closed) return
    closed = true
    await world.app.stop()
    await database.close()
    await remove()
  }
  if (!setting.keep) onTestFinished(first.close)
  return first
}

/** The shipped model with other doubts. */
function doubtfulModel({ problem, category }: { problem: number; category: number }): Model {
  const { thresholds, ...model } = shippedModel()
  return { ...model, thresholds: { ...thresholds, unsureProblem: problem, unsureCategory: category } }
}

interface World {
  database: Database
  clock: SettableClock
  app: App
  makeApp(): App
  count: number
  /** What happened last, in words. */
  last: string
  /** How much each channel had sent before that. */
  marks: { channel: RecordingChannel; sent: number }[]
}

function conversationIn(world: World, channel: RecordingChannel, villageId: number, prefix: string): Conversation {
  const { database, clock } = world
  if (!world.marks.some((mark) => mark.channel === channel)) world.marks.push({ channel, sent: 0 })

  function happens(what: string): void {
    world.last = what
    for (const mark of world.marks) mark.sent = mark.channel.sent.length
  }

  const isPrivate = (where: string) => where.startsWith('@')
  const conversationOf = (where: string) => (isPrivate(where) ? where.slice(1) : prefix + where)
  const isAt = (where: string) => (message: Heard) =>
    message.private === isPrivate(where) && message.conversation === conversationOf(where)

  function sinceLast(): Heard[] {
    const mark = world.marks.find((one) => one.channel === channel)
    return channel.sent.slice(mark?.sent ?? 0)
  }

  async function speak(where: string, name: string, text: string, manner: Manner = {}): Promise<Spoken> {
    const messageId = manner.id ?? `m${++world.count}`
    happens(`${name} said “${text.slice(0, 60)}” ${isPrivate(where) ? 'directly' : `in ${where}`}`)
    const account = manner.account === undefined ? name : manner.account
    await channel.deliver({
      type: 'message',
      channel: channel.name,
      conversation: isPrivate(where) ? (account ?? '') : conversationOf(where),
      messageId,
      private: isPrivate(where),
      sender: { ...(account !== null && { id: account }), name: manner.nickname ?? name },
      text,
      addressed: manner.mention ?? false,
      ...(manner.quote && { quote: manner.quote }),
      attachments: manner.attachments ?? [],
      ...(manner.forwarded && { forwarded: manner.forwarded }),
      sentAt: manner.sentAt ?? clock.now(),
    })
    await world.app.settle()
    return { where, by: name, messageId, text }
  }

  function speaker(where: string, name: string): Speaker {
    return {
      says: (text, manner) => speak(where, name, text, manner),
      replies: (to, text, manner) => speak(where, name, text, { ...manner, quote: { messageId: to.messageId } }),
      sends: (...attachments) => speak(where, name, '', { attachments }),
    }
  }

  async function changes(type: 'edit' | 'recall', name: string, spoken: Spoken, text: string): Promise<void> {
    happens(`${name} ${type === 'edit' ? `edited it to “${text.slice(0, 60)}”` : 'took it back'}: “${spoken.text}”`)
    const base = {
      channel: channel.name,
      conversation: conversationOf(spoken.where),
      messageId: spoken.messageId,
      private: isPrivate(spoken.where),
      sender: { id: name, name },
      sentAt: clock.now(),
    }
    await channel.deliver(type === 'edit' ? { ...base, type, text } : { ...base, type })
    await world.app.settle()
  }

  const words = (messages: readonly Heard[]) =>
    messages.length === 0 ? 'nothing' : messages.map((message) => `[${message.kind}] ${message.text}`).join(' | ')

  async function row(no: number): Promise<Ticket> {
    const found = await database.db.ticket.findUnique({ where: { villageId_no: { villageId, no } } })
    expect(found, `ticket ${no} should exist after ${world.last}`).not.toBeNull()
    return found as Ticket
  }

  const view: Conversation = {
    get app() {
      return world.app
    },
    database,
    clock,
    villageId,
    channel,
    neighbours: [],
    says: (name, text, manner) => speak('villagers', name, text, manner),
    inVillagers: (name) => speaker('villagers', name),
    inGrid: (name) => speaker('grid', name),
    inRoom: (room, name) => speaker(room, name),
    direct: (name) => speaker(`@${name}`, name),
    edits: (name, spoken, text) => changes('edit', name, spoken, text),
    recalls: (name, spoken) => changes('recall', name, spoken, ''),
    photo: () => view.attachment('image'),
    attachment: (kind) => ({ kind, key: `${kind}-${++world.count}` }),
    async passes({ seconds = 0, minutes = 0, hours = 0, days = 0 }) {
      const span = seconds * SECOND + minutes * MINUTE + hours * HOUR + days * DAY
      await view.until(new Date(clock.now().getTime() + span).toISOString())
    },
    async until(at) {
      happens(`time went on to ${at}`)
      await advance(world.app, clock, new Date(at))
    },
    async restarts() {
      happens('the assistant was restarted')
      await world.app.stop()
      world.app = world.makeApp()
      await world.app.start()
      await world.app.settle()
    },
    failNext: (...deliveries) => channel.failNext(...deliveries),
    hears(where, ...wanted) {
      const heard = view.heard(where)
      const found = heard.findLast((message) => wanted.every((word) => message.text.includes(word)))
      const rest = words(sinceLast().filter((message) => !heard.includes(message)))
      expect(
        found,
        `${where} should have heard ${wanted.join(' + ') || 'something'} after ${world.last}, but heard: ${words(heard)} (elsewhere: ${rest})`,
      ).toBeDefined()
      return found as Heard
    },
    hearsNothing(...where) {
      for (const one of where) {
        const heard = view.heard(one)
        expect(heard.length, `${one} should have heard nothing after ${world.last}, but heard: ${words(heard)}`).toBe(0)
      }
    },
    heard: (where) => sinceLast().filter(isAt(where)),
    everHeard: (where) => channel.sent.filter(isAt(where)),
    inGroups: () => channel.sent.filter((message) => !message.private),
    async card(no) {
      const { id } = await row(no)
      const cards = await database.db.outboxMessage.findMany({
        where: { ticketId: id, private: false, conversation: conversationOf('grid'), state: 'sent' },
        orderBy: { id: 'desc' },
        select: { messageId: true },
      })
      const found = channel.sent.find((message) => message.messageId === cards[0]?.messageId)
      expect(found, `the grid room should have a card of ${no} after ${world.last}`).toBeDefined()
      return found as Heard
    },
    row,
    ticket: async (no) => ticketState(database.db, await row(no)),
    async tickets() {
      const rows = await database.db.ticket.findMany({ where: { villageId }, orderBy: { id: 'asc' } })
      return Promise.all(rows.map((one) => ticketState(database.db, one)))
    },
    async records() {
      const { db } = database
      const order = { orderBy: { id: 'asc' } } as const
      return {
        tickets: await db.ticket.findMany(order),
        reporters: await db.ticketReporter.findMany(order),
        sources: await db.ticketSource.findMany(order),
        attachments: await db.ticketAttachment.findMany(order),
        questions: await db.question.findMany(order),
        history: await db.auditEntry.findMany(order),
        timers: await db.timer.findMany(order),
        labels: await db.label.findMany(order),
        people: await db.person.findMany({ ...order, where: { listed: true } }),
        rooms: await db.room.findMany(order),
      }
    },
    close: async () => {},
  }
  return view
}

/** Attachments and texts of everything that any group has heard, as one text to be searched. */
export function groupWords(village: Conversation): string {
  return village
    .inGroups()
    .map((message) => JSON.stringify([message.text, message.mentions, message.attachments]))
    .join('\n')
}
