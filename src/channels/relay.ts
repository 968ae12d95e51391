import { type Delivery, type OutgoingMessage, RELAY } from '../message.ts'
import type { Channel } from './channel.ts'

/**
 * The way into rooms that no network leads into: somebody passes on by hand what is said there, and what is to be said
 * there is handed to that person to be copied. It comes in with what that person writes elsewhere, so nothing is received
 * here; `handOver` says whether somebody is there to copy a message, and is given the same one twice after a crash.
 */
export function createRelayChannel(handOver: (message: OutgoingMessage) => Promise<Delivery>): Channel {
  let started = false
  return {
    name: RELAY,
    // Nobody can be written to but in the room; who copies a text need not copy it twice.
    capabilities: { sentIds: true, writesFirst: false, idempotent: true, maxLength: 2000, handsOn: true, paceMs: 0 },
    async start() {
      started = true
    },
    async stop() {
      started = false
    },
    async send(message) {
      if (message.private) return { ok: false, retry: 'never', reason: 'nobody has an account here' }
      const delivery = await handOver(message)
      return delivery.ok ? { ok: true, messageId: `relay-${message.key}` } : delivery
    },
    async open(attachment) {
      throw new Error(`what was passed on by hand came without ${attachment.kind}s`)
    },
    health: () => (started ? { state: 'up' } : { state: 'down', reason: 'not started' }),
  }
}
