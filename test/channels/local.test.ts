import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Channel, Receive } from '../../src/channels/channel.ts'
import { createRecordingChannel } from '../../src/channels/recording.ts'
import { createRelayChannel } from '../../src/channels/relay.ts'
import { createSimulatorChannel } from '../../src/channels/simulator.ts'
import type { SettableClock } from '../../src/clock.ts'
import { type Attachment, type Delivery, type IncomingEvent, type OutgoingMessage, RELAY } from '../../src/message.ts'
import { describeChannel, type Network, type Obstacle, type Saying } from './contract.ts'

const PHOTO = new TextEncoder().encode('bytes of a photo')

const ANSWERS: Record<Obstacle, Delivery> = {
  'arrives-in-doubt': { ok: false, retry: 'unknown', reason: 'no answer' },
  'lost-in-doubt': { ok: false, retry: 'unknown', reason: 'no answer' },
  busy: { ok: false, retry: 'after', ms: 3000, reason: 'busy' },
  refused: { ok: false, retry: 'never', reason: 'removed from the room' },
}

/** What the channels without a network have in common: people and rooms are their names. */
function aPlace(
  clock: SettableClock,
  parts: {
    open(): Channel
    deliver(event: IncomingEvent): Promise<void>
    attach: ((kind: Attachment['kind']) => Promise<Attachment>) | null
    close(): void
  },
): Network {
  const shown: (OutgoingMessage & { messageId: string })[] = []
  const obstacles: Obstacle[] = []
  const told: IncomingEvent[] = []
  let rooms: Record<string, string> = { villagers: 'v1', grid: 'g1' }
  let count = 0
  const tell = async (event: IncomingEvent) => {
    told.push(event)
    await parts.deliver(event)
  }
  const base = (saying: Saying, messageId: string) => ({
    channel: '',
    conversation: saying.where === 'direct' ? (saying.account ?? '') : (rooms[saying.where] ?? ''),
    messageId,
    private: saying.where === 'direct',
    sender: { ...(saying.account !== null && { id: saying.account }), name: saying.name },
    sentAt: clock.now(),
  })
  return {
    open() {
      const channel = parts.open()
      for (const event of told) event.channel = channel.name
      const { send } = channel
      channel.send = async (message) => {
        const obstacle = obstacles.shift()
        const arrives = obstacle === undefined || obstacle === 'arrives-in-doubt'
        const delivery = arrives ? await send(message) : null
        if (delivery?.ok && !shown.some((one) => channel.capabilities.idempotent && one.key === message.key)) {
          shown.push({ ...message, messageId: delivery.messageId ?? '' })
        }
        return obstacle === undefined ? (delivery as Delivery) : ANSWERS[obstacle]
      }
      return channel
    },
    bytes: parts.attach ? PHOTO : null,
    conversation: (room) => rooms[room] ?? '',
    account: (name) => name,
    async say(saying) {
      const messageId = `m${++count}`
      const attachments: Attachment[] = []
      for (const kind of saying.attachments ?? []) {
        attachments.push(parts.attach ? await parts.attach(kind) : { kind, key: `key${count}` })
      }
      const quote = saying.quote === undefined ? {} : { quote: { messageId: saying.quote } }
      const { text, mention = false } = saying
      await tell({ type: 'message', ...base(saying, messageId), text, addressed: mention, ...quote, attachments })
      return messageId
    },
    async edit(messageId, saying) {
      await tell({ type: 'edit', ...base(saying, messageId), text: saying.text })
    },
    async recall(messageId, saying) {
      await tell({ type: 'recall', ...base(saying, messageId) })
    },
    async moveRoom() {
      const { villagers: from = '', ...others } = rooms
      const place = { channel: '', conversation: from, messageId: 'move', private: false as const }
      rooms = { ...others, villagers: 'v2' }
      await tell({ type: 'move', ...place, to: 'v2', sender: { name: '' }, sentAt: clock.now() })
    },
    async tellAgain() {
      for (const event of told) await parts.deliver(event)
    },
    seen: () =>
      shown.map(({ conversation, text, messageId, replyTo, attachments }) => ({
        where:
          Object.keys(rooms).find((room) => rooms[room] === conversation) ??
          (conversation === 'v1' ? 'villagers' : conversation),
        text,
        messageId,
        ...(replyTo !== undefined && { replyTo }),
        attachments: attachments.length,
      })),
    obstruct: (...more) => void obstacles.push(...more),
    async close() {
      parts.close()
    },
  }
}

describeChannel('recording', { quotes: 'id', anonymous: true }, async (clock) => {
  let channel = createRecordingChannel('recording')
  return aPlace(clock, {
    open() {
      channel = createRecordingChannel('recording', { capabilities: { maxLength: 200 } })
      return channel
    },
    deliver: (event) => channel.deliver({ ...event, channel: 'recording' }),
    attach: null,
    close: () => {},
  })
})

describeChannel('simulator', { quotes: 'id', anonymous: true }, async (clock) => {
  const directory = mkdtempSync(join(tmpdir(), 'xiaoge-simulator-'))
  let channel = createSimulatorChannel(directory)
  return aPlace(clock, {
    open() {
      channel = createSimulatorChannel(directory)
      return channel
    },
    // One overload for each kind of event that the page can make; a room of the page never moves.
    deliver: (event) => channel.say(event as never),
    attach: (kind) => channel.keep(PHOTO, { kind }),
    close: () => rmSync(directory, { recursive: true, force: true }),
  })
})

/** What is passed on by hand is stored by the feature of that name; here it comes in as if a network had told it. */
describeChannel('relay', { quotes: 'id', anonymous: true }, async (clock) => {
  let receive: Receive | null = null
  return aPlace(clock, {
    open() {
      const channel = createRelayChannel(async () => ({ ok: true }))
      const { start } = channel
      channel.start = async (given) => {
        receive = given
        await start(given)
      }
      return channel
    },
    async deliver(event) {
      await receive?.({ ...event, channel: RELAY })
    },
    attach: null,
    close: () => {},
  })
})
