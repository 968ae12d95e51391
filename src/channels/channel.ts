import type { Attachment, Delivery, IncomingEvent, OutgoingMessage } from '../message.ts'

/** What a network can do. Parts ask for a capability and never for a network's name. */
export interface Capabilities {
  /** The id of a sent message is told, so a reply to it can be recognised by id. */
  sentIds: boolean
  /** The assistant may write first to somebody who has never written to it. */
  writesFirst: boolean
  /** Sending the same key twice shows it once, so an uncertain delivery may be repeated. */
  idempotent: boolean
  /** The text of a sent message can be changed later. False when absent. */
  edits?: boolean
  /** Longest text of one message, in UTF-16 units. What is longer is sent as several. */
  maxLength: number
  /** Longest text that attachments carry along, in UTF-16 units. What is longer goes before them; `maxLength` when absent. */
  maxCaption?: number
  /** Most attachments of one message. What is more is sent as several; any number when absent. */
  maxAttachments?: number
  /**
   * Attachments for which `kindOf` says the same word may go as one message, at most so many; null goes alone. Such a
   * message offers no choices.
   */
  album?: { most: number; kindOf(attachment: Attachment): string | null }
  /** It hands attachments on as they are and never needs their bytes. */
  handsOn?: boolean
  /** Least time between two messages to one conversation. Milliseconds. */
  paceMs: number
}

export type ChannelState = 'up' | 'down' | 'needs-login' | 'limited'

export interface ChannelHealth {
  state: ChannelState
  /** What is wrong and what to do about it. */
  reason?: string
  /** How many messages may still be sent today; absent where nobody counts. */
  budgetLeft?: number
}

/** Where a channel puts what comes in. Resolves once the event is stored: only then may the network be told so. */
export type Receive = (event: IncomingEvent) => Promise<void>

/** Where the program is at home on a channel, as it stands now. */
export interface Presence {
  /** Conversations of the bound rooms. */
  rooms: readonly string[]
  /** Conversations in which tickets are worked on: grid workers' rooms and direct conversations with workers. */
  work: readonly string[]
}

/** A chat network. It knows nothing of villages; order, repetition, rights and retries live outside. */
export interface Channel {
  readonly name: string
  readonly capabilities: Capabilities
  start(receive: Receive): Promise<void>
  stop(): Promise<void>
  /**
   * Sends one message, once. Never throws for what the network answers; throws only on a fault of this program.
   * It never tries again by itself: that is the outbox's business.
   */
  send(message: OutgoingMessage): Promise<Delivery>
  /** The bytes of an attachment. Throws when the network no longer has them. */
  open(attachment: Attachment): Promise<Uint8Array>
  health(): ChannelHealth
  /** Is told after the start, and whenever it changes, where the program is at home: to look whether it can read there, to offer menus. */
  attend?(presence: Presence): Promise<void>
}
