import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { advance } from '../advance.ts'
import { type App, createApp } from '../app.ts'
import { createRecordingChannel, type RecordingChannel } from '../channels/recording.ts'
import { createSettableClock, isoInZone } from '../clock.ts'
import { type Database, openDatabase, type Village } from '../db/database.ts'
import { type ScheduleState, scheduleState } from '../features/schedules/state.ts'
import { type TicketState, ticketState } from '../features/tickets/state.ts'
import type { Logger } from '../logger.ts'
import { ATTACHMENT_KINDS, type Attachment, type OutgoingMessage } from '../message.ts'
import { importVillage } from '../village/import-village.ts'
import { ensurePerson } from '../village/people.ts'
import type { VillageFile } from '../village/village-file.ts'

const CHANNEL = 'replay'

const id = z.union([z.string(), z.number()]).transform(String)

/** One line of a timeline. */
export const TimelineLine = z.object({
  at: z.iso.datetime({ offset: true }),
  room: z.string().optional(),
  dm: z.boolean().optional(),
  from: z.string().optional(),
  text: z.string().optional(),
  id: id.optional(),
  attachments: z.array(z.enum(ATTACHMENT_KINDS)).optional(),
  /** The words of a text file that comes along. */
  file: z.string().optional(),
  mention: z.boolean().optional(),
  replyTo: id.optional(),
  edit: id.optional(),
  recall: id.optional(),
  restart: z.boolean().optional(),
})
export type TimelineLine = z.output<typeof TimelineLine>

/** Something that left, when it left. */
export interface Said {
  at: string
  room?: string
  dm?: string
  text: string
  replyTo?: string
  mentions?: string[]
  about: string[]
  kind: string
  attachments?: number
}

export interface TimelineState {
  tickets: TicketState[]
  schedules: ScheduleState[]
}

export interface Timeline {
  /** Lets time pass until the line's moment, plays it and resolves when what follows at once has happened. */
  play(line: TimelineLine): Promise<void>
  state(): Promise<TimelineState>
  database: Database
  close(): Promise<void>
}

/** A village on a throw-away database (or the given empty one), with a clock that jumps to each line's time. */
export async function createTimeline(parts: {
  village: VillageFile
  logger: Logger
  onSaid: (said: Said) => void
  databaseUrl?: string
}): Promise<Timeline> {
  const directory = parts.databaseUrl ? null : await mkdtemp(join(tmpdir(), 'xiaoge-replay-'))
  const database = await openDatabase(parts.databaseUrl ?? `file:${directory}/replay.db`)
  const clock = createSettableClock(new Date(0))
  const { timezone } = parts.village
  const { logger } = parts
  const files = new Map<string, Uint8Array>()
  const channel: RecordingChannel = createRecordingChannel(CHANNEL, { onSent, files })
  let village: Village | null = null
  let app: App | null = null
  let count = 0

  function onSent(message: OutgoingMessage): void {
    parts.onSaid({
      at: isoInZone(clock.now(), timezone),
      ...(message.private ? { dm: message.conversation } : { room: message.conversation }),
      text: message.text,
      ...(message.replyTo !== undefined && { replyTo: message.replyTo }),
      ...(message.mentions.length > 0 && { mentions: message.mentions.map((mention) => mention.name) }),
      about: message.about,
      kind: message.kind,
      ...(message.attachments.length > 0 && { attachments: message.attachments.length }),
    })
  }

  async function begin(at: Date): Promise<{ app: App; village: Village }> {
    if (app && village) return { app, village }
    clock.set(at)
    village = await database.transaction((tx) => importVillage(tx, parts.village, { now: at, bindTo: CHANNEL }))
    app = createApp({ database, channels: [channel], clock, logger, manual: true })
    await app.start()
    return { app, village }
  }

  async function play(line: TimelineLine): Promise<void> {
    const at = new Date(line.at)
    const running = await begin(at)
    await advance(running.app, clock, at)
    if (line.restart) {
      await running.app.stop()
      app = createApp({ database, channels: [channel], clock, logger, manual: true })
      await app.start()
      await advance(app, clock, at)
      return
    }
    if (line.from === undefined) return
    if (!line.dm && line.room === undefined) throw new Error('a line with "from" needs "room" or "dm": true')
    await database.transaction((tx) => {
      const name = line.from ?? ''
      return ensurePerson(tx, { villageId: running.village.id, channel: CHANNEL, externalId: name, name }, at)
    })
    await channel.deliver(eventOf(line, at))
    await running.app.settle()
  }

  function eventOf(line: TimelineLine, at: Date): Parameters<RecordingChannel['deliver']>[0] {
    count += 1
    const from = line.from ?? ''
    const isPrivate = line.dm === true
    const conversation = isPrivate ? from : (line.room ?? '')
    const where = { channel: CHANNEL, conversation, private: isPrivate, sender: { id: from, name: from }, sentAt: at }
    if (line.edit !== undefined) return { ...where, type: 'edit', messageId: line.edit, text: line.text ?? '' }
    if (line.recall !== undefined) return { ...where, type: 'recall', messageId: line.recall }
    const messageId = line.id ?? `line-${count}`
    const attachments: Attachment[] = (line.attachments ?? []).map((kind, n) => ({ kind, key: `${messageId}-${n}` }))
    if (line.file !== undefined) {
      files.set(`${messageId}-file`, new TextEncoder().encode(line.file))
      attachments.push({ kind: 'file', key: `${messageId}-file`, name: 'chat.txt', mime: 'text/plain' })
    }
    const quoted = line.replyTo === undefined ? null : quotedId(conversation, line.replyTo)
    return {
      ...where,
      type: 'message',
      messageId,
      text: line.text ?? '',
      addressed: line.mention === true,
      ...(quoted !== null && { quote: { messageId: quoted } }),
      attachments,
    }
  }

  /** `bot:m1` is the newest thing the assistant said in this conversation about what came of m1. */
  function quotedId(conversation: string, replyTo: string): string | null {
    if (!replyTo.startsWith('bot:')) return replyTo
    const about = replyTo.slice('bot:'.length)
    const said = channel.sent.findLast(
      (message) => message.conversation === conversation && message.about.includes(about),
    )
    return said?.messageId ?? null
  }

  return {
    play,
    database,
    async state() {
      const tickets = await database.db.ticket.findMany({ orderBy: { id: 'asc' } })
      const states: TicketState[] = []
      for (const ticket of tickets) states.push(await ticketState(database.db, ticket))
      const schedules: ScheduleState[] = []
      for (const schedule of village ? await database.db.schedule.findMany({ orderBy: { id: 'asc' } }) : []) {
        if (village) schedules.push(await scheduleState(database.db, village, schedule, clock.now()))
      }
      return { tickets: states, schedules }
    },
    async close() {
      await app?.stop()
      await database.close()
      if (directory) await rm(directory, { recursive: true, force: true })
    },
  }
}
