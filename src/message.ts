/** The words every part shares: what comes in from a chat network and what goes out to one. All values are JSON-safe. */

/** A chat room or a direct conversation. In a direct conversation `conversation` is the other person's id. */
export interface ConversationRef {
  channel: string
  conversation: string
}

/**
 * The channel of what people pass on by hand out of rooms that no network leads into. Nobody has an account on it: its
 * people are made of the nicknames in what is passed on, and can be written to only in the room.
 */
export const RELAY = 'relay'

/** One message. A message id is unique only within its conversation. */
export interface MessageRef extends ConversationRef {
  messageId: string
}

export interface Sender {
  /** Absent for anonymous administrators and channel posts: they have no rights. */
  id?: string
  name: string
}

export const ATTACHMENT_KINDS = ['image', 'voice', 'video', 'file', 'location'] as const
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number]

export interface Attachment {
  kind: AttachmentKind
  /** The channel that gave it; absent on its way in, where that is plain. */
  channel?: string
  /** Opaque to everybody but the channel that gave it; `''` where there is nothing to open. */
  key: string
  name?: string
  mime?: string
  /** Bytes. */
  size?: number
  transcript?: string
}

/** What a reply points at. Only `messageId` may select a ticket; quoted words alone can be forged by typing them. */
export interface Quote {
  messageId?: string
  text?: string
}

export interface IncomingMessage extends MessageRef {
  type: 'message'
  /** A direct message to the assistant. */
  private: boolean
  title?: string
  sender: Sender
  text: string
  /** The assistant is mentioned by name or id. */
  addressed: boolean
  quote?: Quote
  attachments: Attachment[]
  /** The same for the messages of one album: photos that were sent together and arrive one by one. */
  album?: string
  /** Whose words these are where the sender only passes them on, and when they were said. Nobody's account: a name shows. */
  forwarded?: { name: string; sentAt: Date }
  /** When the person sent it, by the network's clock. */
  sentAt: Date
}

/** The text of an earlier message is now another one. */
export interface IncomingEdit extends MessageRef {
  type: 'edit'
  private: boolean
  sender: Sender
  text: string
  sentAt: Date
}

/** An earlier message was taken back. */
export interface IncomingRecall extends MessageRef {
  type: 'recall'
  private: boolean
  sender: Sender
  sentAt: Date
}

/** The assistant was added to a room. `messageId` is unique to the occasion. */
export interface IncomingJoin extends MessageRef {
  type: 'join'
  private: false
  title?: string
  sender: Sender
  sentAt: Date
}

/** The network has given a room another id. `messageId` is unique to the occasion, `conversation` is the old id. */
export interface IncomingMove extends MessageRef {
  type: 'move'
  private: false
  /** The new id. */
  to: string
  sender: Sender
  sentAt: Date
}

export type IncomingEvent = IncomingMessage | IncomingEdit | IncomingRecall | IncomingJoin | IncomingMove

export const OUTGOING_KINDS = [
  'receipt',
  'card',
  'question',
  'answer',
  'reminder',
  'broadcast',
  'digest',
  'result',
  'refusal',
  'alarm',
  'other',
] as const
export type OutgoingKind = (typeof OUTGOING_KINDS)[number]

export interface Mention {
  id: string
  name: string
}

export interface OutgoingMessage extends ConversationRef {
  /** The same key is never knowingly sent twice. */
  key: string
  private: boolean
  kind: OutgoingKind
  text: string
  /** The id of the message this one answers, in the same conversation. */
  replyTo?: string
  mentions: Mention[]
  attachments: OutgoingAttachment[]
  /** Ids of the messages this one is about. */
  about: string[]
  /** The id of the message whose words these replace; only where the channel can do that. */
  edits?: string
  /** Answers to choose from, as a person would type them. A channel that has buttons may offer them. */
  choices?: string[]
}

export interface OutgoingAttachment extends Attachment {
  /** Present where it comes from another channel, whose key says nothing here. */
  bytes?: Uint8Array
}

/** What became of one attempt to send. */
export type Delivery =
  | { ok: true; messageId?: string }
  /** Certainly not sent; try again after `ms`. */
  | { ok: false; retry: 'after'; ms: number; reason: string }
  /** May have been sent. */
  | { ok: false; retry: 'unknown'; reason: string }
  /** Certainly not sent and never will be. */
  | { ok: false; retry: 'never'; reason: string }
