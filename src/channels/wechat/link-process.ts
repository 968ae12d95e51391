/**
 * The process that holds the connection to a WeChat gateway. It is apart from the program because of what it loads: what
 * makes it fail or hang is ended and begun anew, and whoever does without WeChat has none of it. It speaks with
 * `link-supervisor.ts` and ends with it.
 */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Puppet } from 'wechaty-puppet'
import { systemClock } from '../../clock.ts'
import type { Attachment, IncomingEvent } from '../../message.ts'
import { keepFile } from '../kept-files.ts'
import { attachmentKindOf, conversationOf, eventOf, type Payload, type Surroundings, talkerOf } from './incoming.ts'
import { createJournal, type Journal } from './journal.ts'
import { createLink, type Link, within } from './link.ts'
import type { FromLink, LinkTimes, ToLink } from './protocol.ts'
import { decodeVoice } from './voice.ts'

/** What is larger is not fetched: a village's computer has a small disk. Bytes. */
const LARGEST = 20 * 1024 * 1024

function tell(message: FromLink): void {
  if (process.connected) process.send?.(message)
}

function note(level: 'info' | 'warn' | 'error', words: string, about?: Record<string, string | number>): void {
  tell({ type: 'note', level, words, ...(about && { about }) })
}

function begin({ gateway, times, home, journal: directory, attachments }: Extract<ToLink, { type: 'begin' }>): {
  link: Link
  journal: Journal
} {
  // What Wechaty keeps of people: after days their names in a room are no longer those, and nobody tells it.
  rmSync(join(home, '.wechaty'), { recursive: true, force: true })
  const journal = createJournal(directory)
  /** Conversations do not wait for each other: a film in one must not hold up an emergency in another. */
  const orders = new Map<string, Promise<void>>()
  let leftOver = journal.left()

  function take(payload: Payload, entry = journal.keep(payload)): void {
    const conversation = conversationOf(payload, link.selfId())
    const before = orders.get(conversation) ?? Promise.resolve()
    const done = before.then(() => pass(payload, entry))
    orders.set(conversation, done)
    void done.finally(() => {
      if (orders.get(conversation) === done) orders.delete(conversation)
    })
  }

  /** Looks up what belongs to a message and passes it on. What it says nothing with is forgotten. */
  async function pass(payload: Payload, entry: string): Promise<void> {
    try {
      const event = await complete(payload)
      if (event) tell({ type: 'event', entry, event })
      else journal.done(entry)
    } catch (error) {
      note('error', 'a message cannot be read', { messageId: payload.id, fault: faultName(error) })
      journal.done(entry)
    }
  }

  async function complete(payload: Payload): Promise<IncomingEvent | null> {
    const puppet = link.puppet()
    const bare = { self: { id: link.selfId(), names: [] }, senderName: '' }
    // Nothing is fetched for what says nothing.
    if (!attachmentKindOf(payload) && !eventOf(payload, bare, systemClock.now()) && !payload.text?.includes('@'))
      return null
    const surroundings = puppet ? await surroundingsOf(puppet, payload, link.selfId(), times) : bare
    const attachment = await attachmentOf(puppet, payload, { times, attachments })
    return eventOf(payload, { ...surroundings, ...(attachment && { attachment }) }, systemClock.now())
  }

  const link = createLink(gateway, times, {
    tell,
    take: (payload) => take(payload),
    event: (event) => tell({ type: 'event', entry: '', event }),
    loggedIn() {
      // What was left by a process that died needs names and files, and these need a login.
      for (const { entry, payload } of leftOver) take(payload, entry)
      leftOver = []
    },
  })

  // `erase` removes the directory with what Wechaty keeps of people; then this process has to let go of it.
  setInterval(() => {
    if (existsSync(home)) return
    note('info', 'the cache was removed')
    process.exit(0)
  }, 5000).unref()
  return { link, journal }
}

/** Names as people see them. What cannot be had is left out: a message counts without a name, too. */
async function surroundingsOf(
  puppet: Puppet,
  payload: Payload,
  selfId: string,
  times: LinkTimes,
): Promise<Surroundings> {
  const ask = <T>(question: Promise<T>) => within(times.lookup, question).catch(() => undefined)
  const talker = talkerOf(payload)
  const { roomId } = payload
  const [member, contact, room, self, selfMember] = await Promise.all([
    roomId && talker ? ask(puppet.roomMemberPayload(roomId, talker)) : undefined,
    talker ? ask(puppet.contactPayload(talker)) : undefined,
    roomId ? ask(puppet.roomPayload(roomId)) : undefined,
    ask(puppet.contactPayload(selfId)),
    roomId ? ask(puppet.roomMemberPayload(roomId, selfId)) : undefined,
  ])
  return {
    self: { id: selfId, names: [selfMember?.roomAlias, self?.name].filter((name) => typeof name === 'string') },
    senderName: member?.roomAlias || contact?.alias || contact?.name || member?.name || '',
    ...(room?.topic && { title: room.topic }),
  }
}

/** Fetches what stands behind a photo, voice or file at once: gateways keep it for minutes. */
async function attachmentOf(
  puppet: Puppet | null,
  payload: Payload,
  how: { times: LinkTimes; attachments: string },
): Promise<Attachment | undefined> {
  const kind = attachmentKindOf(payload)
  if (!kind) return undefined
  const lost: Attachment = { kind, key: '', ...(payload.filename && { name: payload.filename }) }
  if (kind === 'location') return { kind, key: '', name: await placeOf(puppet, payload, how.times) }
  const said = payload.text ?? ''
  // Some gateways write what was said into the text of a voice.
  const transcript = kind === 'voice' && said !== '' && !said.includes('<') ? { transcript: said } : {}
  for (let attempt = 1; puppet && attempt <= 2; attempt++) {
    try {
      const bytes = await within(how.times.download, download(puppet, payload.id))
      if (!bytes) {
        note('info', 'a file is too large to be kept', { messageId: payload.id })
        return { ...lost, ...transcript }
      }
      const wav = kind === 'voice' ? await decodeVoice(bytes).catch(() => null) : null
      const kept = wav ?? bytes
      const mime = wav ? 'audio/wav' : kind === 'image' ? imageType(bytes) : undefined
      const key = await keepFile(how.attachments, kept)
      return { ...lost, ...transcript, key, size: kept.byteLength, ...(mime !== undefined && { mime }) }
    } catch {
      await sleep(500)
    }
  }
  note('warn', 'a file could not be fetched from the gateway', { messageId: payload.id })
  return { ...lost, ...transcript }
}

/** The bytes of a message; null where there are too many. */
async function download(puppet: Puppet, messageId: string): Promise<Uint8Array | null> {
  const box = await puppet.messageFile(messageId)
  if (box.size > LARGEST) return null
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (await box.toStream()) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength
    if (length > LARGEST) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function imageType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('hex')
  if (head.startsWith('ffd8')) return 'image/jpeg'
  if (head === '89504e47') return 'image/png'
  return head.startsWith('474946') ? 'image/gif' : undefined
}

async function placeOf(puppet: Puppet | null, payload: Payload, times: LinkTimes): Promise<string> {
  const place = puppet && (await within(times.lookup, puppet.messageLocation(payload.id)).catch(() => null))
  if (!place) return ''
  return [place.name, place.address].filter(Boolean).join(' ') || `${place.latitude},${place.longitude}`
}

function faultName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

let running: ReturnType<typeof begin> | null = null

process.on('message', (message: ToLink) => {
  switch (message.type) {
    case 'begin':
      running ??= begin(message)
      return
    case 'send':
      void running?.link.send(message.line).then((delivery) => tell({ type: 'sent', id: message.id, delivery }))
      return
    case 'stored':
      running?.journal.done(message.entry)
      return
    case 'ping':
      tell({ type: 'pong' })
  }
})
// No connection outlives the program: the gateway would go on telling it, and the next one nothing.
process.on('disconnect', () => process.exit(0))
// What gRPC throws outside of every call says that the connection is beyond repair.
process.on('uncaughtException', (error) => {
  note('error', 'the connection failed by a fault', { fault: faultName(error) })
  process.exit(1)
})
// Wechaty leaves rejections behind when a connection is given up.
process.on('unhandledRejection', () => {})
tell({ type: 'ready' })
