import type { Attachment, ConversationRef, IncomingEvent } from '../message.ts'
import type { Channel, Receive } from './channel.ts'
import { keepFile, readKept } from './kept-files.ts'

export interface SimulatorChannel extends Channel {
  /** Lets a demo person write, edit or recall. Resolves once it is stored. */
  say(event: Omit<Extract<IncomingEvent, { type: 'message' }>, 'channel'>): Promise<void>
  say(event: Omit<Extract<IncomingEvent, { type: 'edit' }>, 'channel'>): Promise<void>
  say(event: Omit<Extract<IncomingEvent, { type: 'recall' }>, 'channel'>): Promise<void>
  /** Keeps a file that a demo person attaches. */
  keep(bytes: Uint8Array, about: Pick<Attachment, 'kind' | 'name' | 'mime'>): Promise<Attachment>
  /** Calls `listener` after each message that comes in or goes out; returns what ends that. */
  listen(listener: (conversation: ConversationRef) => void): () => void
}

/** The chat network of the demo page. Messages stand in the database; only attachments are kept here, in `directory`. */
export function createSimulatorChannel(directory: string): SimulatorChannel {
  const name = 'simulator'
  const listeners = new Set<(conversation: ConversationRef) => void>()
  const shown = new Map<string, string>()
  let receive: Receive | null = null

  function changed(conversation: string): void {
    for (const listener of listeners) listener({ channel: name, conversation })
  }

  return {
    name,
    capabilities: { sentIds: true, writesFirst: true, idempotent: true, maxLength: 4096, paceMs: 0 },
    async start(given) {
      receive = given
    },
    async stop() {
      receive = null
      listeners.clear()
    },
    async say(event: Omit<IncomingEvent, 'channel'>) {
      if (!receive) throw new Error('the simulator is not started')
      await receive({ ...event, channel: name } as IncomingEvent)
      changed(event.conversation)
    },
    async keep(bytes, about) {
      const key = await keepFile(directory, bytes)
      return { ...about, key, size: bytes.byteLength }
    },
    async send(message) {
      const messageId = shown.get(message.key) ?? `bot-${message.key}`
      shown.set(message.key, messageId)
      // The page reads the outbox, which is marked only after this returns.
      setTimeout(() => changed(message.conversation), 20)
      return { ok: true, messageId }
    },
    open: (attachment) => readKept(directory, attachment.key),
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    health: () => ({ state: receive ? 'up' : 'down' }),
  }
}
