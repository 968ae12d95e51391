import type { Delivery, IncomingEvent, OutgoingMessage } from '../message.ts'
import type { Capabilities, Channel, Receive } from './channel.ts'

export interface RecordingChannel extends Channel {
  /** Everything that was sent, in order, with the id it got. */
  readonly sent: (OutgoingMessage & { messageId: string })[]
  /** Lets something come in. Resolves once it is stored. */
  deliver(event: IncomingEvent): Promise<void>
  /** What the next attempts to send are answered, in order; afterwards everything succeeds. */
  failNext(...deliveries: Delivery[]): void
}

/** A channel without a network: what is sent is kept, for replays and tests. */
export function createRecordingChannel(
  name: string,
  options: {
    capabilities?: Partial<Capabilities>
    onSent?: (message: OutgoingMessage & { messageId: string }) => void
    /** What is behind the attachments that come in; nothing when absent. */
    files?: ReadonlyMap<string, Uint8Array>
  } = {},
): RecordingChannel {
  const sent: RecordingChannel['sent'] = []
  const failures: Delivery[] = []
  let receive: Receive | null = null
  return {
    name,
    capabilities: {
      sentIds: true,
      writesFirst: true,
      idempotent: false,
      maxLength: 4096,
      paceMs: 0,
      ...options.capabilities,
    },
    sent,
    async start(given) {
      receive = given
    },
    async stop() {
      receive = null
    },
    async deliver(event) {
      if (!receive) throw new Error(`channel ${name} is not started`)
      await receive(event)
    },
    failNext(...deliveries) {
      failures.push(...deliveries)
    },
    async send(message) {
      const failure = failures.shift()
      if (failure) return failure
      const kept = { ...message, messageId: message.edits ?? `bot-${message.key}` }
      sent.push(kept)
      options.onSent?.(kept)
      return { ok: true, messageId: kept.messageId }
    },
    async open(attachment) {
      const bytes = options.files?.get(attachment.key)
      if (bytes) return bytes
      throw new Error(`nothing is kept behind ${attachment.key}`)
    },
    health: () => ({ state: receive ? 'up' : 'down' }),
  }
}
