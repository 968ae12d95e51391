import type { CallbackQuery, Chat, Message, MessageEntity, Update, User } from 'grammy/types'
import type { Attachment, IncomingEvent, IncomingMessage, IncomingMove, Quote, Sender } from '../../message.ts'
import { VILLAGERS_MENU, WORKERS_MENU } from './replies.ts'

/** The name of this network in rows and settings. */
export const TELEGRAM = 'telegram'

/** The kinds of update that mean something here; nothing else is asked for. */
export const UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const

/** The account of the assistant itself. */
export interface Self {
  id: number
  username: string
}

const COMMANDS = new Map([...VILLAGERS_MENU, ...WORKERS_MENU].map(({ command, text }) => [command, text]))

/** What an update says, in the words of this program; null where it says nothing to it. `now` dates what carries no date. */
export function eventOf(update: Update, self: Self, now: Date): IncomingEvent | null {
  if (update.message) return messageEvent(update.message, self)
  if (update.edited_message) return editEvent(update.edited_message, self)
  if (update.callback_query) return tapEvent(update.callback_query, now)
  const membership = update.my_chat_member
  if (!membership || membership.chat.type === 'private' || membership.chat.type === 'channel') return null
  const wasIn = isMember(membership.old_chat_member)
  if (wasIn || !isMember(membership.new_chat_member)) return null
  return {
    type: 'join',
    channel: TELEGRAM,
    conversation: String(membership.chat.id),
    messageId: `join-${update.update_id}`,
    private: false,
    title: membership.chat.title,
    sender: personOf(membership.from),
    sentAt: new Date(membership.date * 1000),
  }
}

function isMember(member: { status: string; is_member?: boolean }): boolean {
  if (member.status === 'restricted') return member.is_member === true
  return ['creator', 'administrator', 'member'].includes(member.status)
}

function messageEvent(message: Message, self: Self): IncomingEvent | null {
  const moved = moveIn(message)
  if (moved) return moved
  const attachments = attachmentsOf(message)
  const { text, addressed } = wordsOf(message, self)
  if (isOurs(message, self) || (text === '' && attachments.length === 0 && !addressed)) return null
  const quote = quoteOf(message)
  const forwarded = forwardOf(message, self)
  return {
    type: 'message',
    ...whereOf(message),
    ...(message.chat.title !== undefined && { title: message.chat.title }),
    sender: senderOf(message),
    text,
    addressed,
    ...(quote && { quote }),
    attachments,
    ...(message.media_group_id !== undefined && { album: message.media_group_id }),
    ...(forwarded && { forwarded }),
    sentAt: new Date(message.date * 1000),
  }
}

function editEvent(message: Message, self: Self): IncomingEvent | null {
  // A live location is edited every few seconds.
  if (isOurs(message, self) || message.location) return null
  const sentAt = new Date((message.edit_date ?? message.date) * 1000)
  return { type: 'edit', ...whereOf(message), sender: senderOf(message), text: wordsOf(message, self).text, sentAt }
}

/** A tapped button says, for whoever tapped it, what stands on it, in reply to the message it hangs below. */
function tapEvent(query: CallbackQuery, now: Date): IncomingEvent | null {
  const { message, data } = query
  if (!message || !data) return null
  return {
    type: 'message',
    ...whereOf(message),
    messageId: tapId(message.message_id, query.id),
    sender: personOf(query.from),
    text: data,
    addressed: true,
    quote: { messageId: String(message.message_id) },
    attachments: [],
    sentAt: now,
  }
}

/** An id that no message has, and that still tells which message an answer to the tap belongs to. */
function tapId(messageId: number, queryId: string): string {
  return `${messageId}-tap-${queryId}`
}

/** The message that is meant by an id of this channel; undefined where it is none of Telegram's. */
export function numberOf(messageId: string): number | undefined {
  const [, digits] = /^(\d+)(?:-tap-.*)?$/.exec(messageId) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** A topic of a group is a room of its own. */
function whereOf(message: { chat: Chat; message_id: number; message_thread_id?: number; is_topic_message?: boolean }) {
  const isPrivate = message.chat.type === 'private'
  const topic = !isPrivate && message.is_topic_message ? message.message_thread_id : undefined
  return {
    channel: TELEGRAM,
    conversation: topic === undefined ? String(message.chat.id) : `${message.chat.id}/${topic}`,
    messageId: String(message.message_id),
    private: isPrivate,
  }
}

/** The chat and topic of a conversation of this channel; undefined where it is none of Telegram's. */
export function chatOf(conversation: string): { chat: number; topic?: number } | undefined {
  const [, chat, topic] = /^(-?\d+)(?:\/(\d+))?$/.exec(conversation) ?? []
  if (chat === undefined) return undefined
  return { chat: Number(chat), ...(topic !== undefined && { topic: Number(topic) }) }
}

/** Both rooms of a migration tell of it, in either order: it is the same event. */
function moveIn(message: Message): IncomingMove | null {
  const here = String(message.chat.id)
  const to = message.migrate_to_chat_id === undefined ? undefined : String(message.migrate_to_chat_id)
  const from = message.migrate_from_chat_id === undefined ? undefined : String(message.migrate_from_chat_id)
  const at = new Date(message.date * 1000)
  if (to !== undefined) return moveEvent(here, to, at)
  return from === undefined ? null : moveEvent(from, here, at)
}

/** A group has become a supergroup, with another id. */
export function moveEvent(from: string, to: string, at: Date): IncomingMove {
  const common = { channel: TELEGRAM, conversation: from, messageId: `move-${to}`, private: false } as const
  return { type: 'move', ...common, to, sender: { name: '' }, sentAt: at }
}

/** What the assistant or another bot said, but not what Telegram says in an anonymous administrator's name. */
function isOurs(message: Message, self: Self): boolean {
  return message.from?.id === self.id || (message.from?.is_bot === true && !message.sender_chat)
}

/** Who speaks as a group or channel is nobody in particular. */
function senderOf(message: Message): Sender {
  const { sender_chat: chat, from } = message
  if (chat || !from) return { name: message.author_signature ?? chat?.title ?? '' }
  return personOf(from)
}

function personOf(user: User): Sender {
  return { id: String(user.id), name: [user.first_name, user.last_name].filter(Boolean).join(' ') }
}

/** The words of a message without the name of the assistant, and commands as a person would say them. */
function wordsOf(message: Message, self: Self): { text: string; addressed: boolean } {
  const written = message.text ?? message.caption ?? ''
  const entities = message.entities ?? message.caption_entities ?? []
  const command = commandIn(written, self)
  if (command !== null) return { text: command, addressed: true }
  let text = written
  let addressed = false
  for (const entity of entities.toReversed()) {
    if (!isMentionOf(entity, written, self)) continue
    addressed = true
    text = text.slice(0, entity.offset) + text.slice(entity.offset + entity.length)
  }
  return { text: text.trim(), addressed }
}

function isMentionOf(entity: MessageEntity, text: string, self: Self): boolean {
  if (entity.type === 'text_mention') return entity.user.id === self.id
  if (entity.type !== 'mention') return false
  return isName(text.slice(entity.offset + 1, entity.offset + entity.length), self)
}

function isName(name: string, self: Self): boolean {
  return name.toLowerCase() === self.username.toLowerCase()
}

/** What a command of the menu says; null where the text is none, or one of another bot. */
function commandIn(text: string, self: Self): string | null {
  const [, name, bot, rest] = /^\/([a-z][a-z0-9_]*)(?:@(\w+))?(?:\s+(.*))?$/is.exec(text.trim()) ?? []
  if (name === undefined || (bot !== undefined && !isName(bot, self))) return null
  const argument = rest?.trim() ?? ''
  // https://t.me/BOT?start=CODE binds whoever opens it, https://t.me/BOT?startgroup=CODE the room it is added to.
  if (name.toLowerCase() === 'start') return argument === '' ? '帮助' : `/绑定 ${argument}`
  const said = COMMANDS.get(name.toLowerCase())
  return said === undefined ? null : `${said} ${argument}`.trim()
}

function quoteOf(message: Message): Quote | null {
  const { reply_to_message: original, quote, external_reply: elsewhere } = message
  // In a topic every message answers the one that opened the topic, which says nothing.
  if (original && !(message.is_topic_message && original.message_id === message.message_thread_id)) {
    const text = quote?.text ?? original.text ?? original.caption
    return { messageId: String(original.message_id), ...(text !== undefined && { text }) }
  }
  return elsewhere && quote ? { text: quote.text } : null
}

/** Whose words somebody passes on; null for their own, and for what the assistant has said itself. */
function forwardOf({ forward_origin: origin }: Message, self: Self): IncomingMessage['forwarded'] | null {
  if (!origin) return null
  const sentAt = new Date(origin.date * 1000)
  switch (origin.type) {
    case 'user':
      return origin.sender_user.id === self.id ? null : { name: personOf(origin.sender_user).name, sentAt }
    case 'hidden_user':
      return { name: origin.sender_user_name, sentAt }
    case 'chat':
      return { name: origin.author_signature ?? titleOf(origin.sender_chat), sentAt }
    case 'channel':
      return { name: origin.author_signature ?? titleOf(origin.chat), sentAt }
  }
}

function titleOf(chat: Chat): string {
  return chat.title ?? ''
}

function attachmentsOf(message: Message): Attachment[] {
  const photo = message.photo?.at(-1)
  if (photo) return [kept('image', 'photo', photo, 'image/jpeg')]
  if (message.voice) return [kept('voice', 'voice', message.voice)]
  if (message.video) return [kept('video', 'video', message.video)]
  if (message.video_note) return [kept('video', 'video_note', message.video_note)]
  // A moving picture is told as a document as well.
  if (message.animation) return [kept('video', 'animation', message.animation)]
  if (message.audio) return [kept('file', 'audio', message.audio)]
  const { document, location, venue } = message
  if (document) return [kept(document.mime_type?.startsWith('image/') ? 'image' : 'file', 'document', document)]
  if (!location) return []
  return [{ kind: 'location', key: '', name: venue?.title ?? `${location.latitude},${location.longitude}` }]
}

/** How Telegram keeps a file; it can be sent on only as the same. */
export type FileKind = 'photo' | 'voice' | 'video' | 'video_note' | 'animation' | 'audio' | 'document'

function kept(
  kind: Attachment['kind'],
  as: FileKind,
  file: { file_id: string; file_size?: number; file_name?: string; mime_type?: string },
  mime = file.mime_type,
): Attachment {
  return {
    kind,
    key: `${as}:${file.file_id}`,
    ...(file.file_name !== undefined && { name: file.file_name }),
    ...(mime !== undefined && { mime }),
    ...(file.file_size !== undefined && { size: file.file_size }),
  }
}

/** What a key of this channel stands for; undefined where it is none. */
export function fileOf(key: string): { as: FileKind; id: string } | undefined {
  const [, as, id] = /^(photo|voice|video|video_note|animation|audio|document):([\w-]+)$/.exec(key) ?? []
  return as === undefined || id === undefined ? undefined : { as: as as FileKind, id }
}
