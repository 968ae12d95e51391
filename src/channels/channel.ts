import type { Attachment, Delivery, IncomingEvent, OutgoingMessage } from '../message.ts'

/** What a network can do. Parts ask for a capability and never for a network's name. */
export interface Capabilities {
  /** The id of a sent message is told, so a reply to it can be recognised by id. */
  sentIds: boolean
  /** The assistant may write first to somebody who has never written to it. */
  writesFirst: boolean
  /** Sending the same key twice shows it once, so an uncertain delivery may be repeated. */
  idempotent: boolean
  /** Longest text of one message, in UTF-16 units. */
  maxLength: number
  /** Least time between two messages to one conversation. Milliseconds. */
  paceMs: number
}

export type ChannelState = 'up' | 'down' | 'needs-login' | 'limited'

export interface ChannelHealth {
  state: ChannelState
  /** What is wrong and what to do about it. */
  reason?: string
}

/** Where a channel puts what comes in. Resolves once the event is stored: only then may the network be told so. */
export type Receive = (event: IncomingEvent) => Promise<void>

/** A chat network. It knows nothing of villages; order, repetition, rights and retries live outside. */
export interface Channel {
  readonly name: string
  readonly capabilities: Capabilities
  start(receive: Receive): Promise<void>
  stop(): Promise<void>
  /** Sends one message, once. Never throws for what the network answers; throws only on a fault of this program. */
  send(message: OutgoingMessage): Promise<Delivery>
  /** The bytes of an attachment. Throws when the network no longer has them. */
  open(attachment: Attachment): Promise<Uint8Array>
  health(): ChannelHealth
}
