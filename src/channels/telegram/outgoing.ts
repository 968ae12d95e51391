import { type Api, GrammyError, HttpError, InputFile } from 'grammy'
import type { InlineKeyboardMarkup, InputMediaPhoto, MessageEntity } from 'grammy/types'
import { SECOND } from '../../clock.ts'
import type { Delivery, OutgoingAttachment, OutgoingMessage } from '../../message.ts'
import type { Capabilities } from '../channel.ts'
import { chatOf, type FileKind, fileOf, numberOf, TELEGRAM } from './incoming.ts'

/** Telegram's limits for messages and captions. In UTF-16 units. */
const LIMIT = { text: 4096, caption: 1024 }
/** What is left of that for the words, beside the names of those who are mentioned before them. */
const ROOM_FOR_NAMES = 400
export const MAX_LENGTH = LIMIT.text - ROOM_FOR_NAMES
export const MAX_CAPTION = LIMIT.caption - ROOM_FOR_NAMES

/** Errors of a connection that was never made: nothing can have arrived. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'CERT_HAS_EXPIRED',
])

/** Sends one message in one call. Returns Telegram's id of it; rejects with grammY's errors. */
export async function transmit(api: Api, message: OutgoingMessage): Promise<string> {
  const to = chatOf(message.conversation)
  if (!to) throw new TypeError('no conversation of Telegram')
  try {
    return await call(api, message, to)
  } catch (error) {
    // The topic was deleted: the group is still there. It was refused, so nothing is said twice.
    const gone = error instanceof GrammyError && /thread not found|TOPIC_(DELETED|CLOSED)/i.test(error.description)
    if (!gone || to.topic === undefined) throw error
    return call(api, message, { chat: to.chat })
  }
}

async function call(api: Api, message: OutgoingMessage, to: { chat: number; topic?: number }): Promise<string> {
  const { choices = [], replyTo } = message
  const { text, entities } = withMentions(message)
  const answered = replyTo === undefined ? undefined : numberOf(replyTo)
  const common = {
    ...(to.topic !== undefined && { message_thread_id: to.topic }),
    ...(answered !== undefined && {
      reply_parameters: { message_id: answered, allow_sending_without_reply: true },
    }),
    ...(choices.length > 0 && {
      reply_markup: { inline_keyboard: [choices.map((choice) => ({ text: choice, callback_data: choice }))] },
    }),
  }
  const edited = message.edits === undefined ? undefined : numberOf(message.edits)
  if (edited !== undefined) return edit(api, to.chat, edited, { text, entities, ...common })
  const files = message.attachments.flatMap((attachment) => inputOf(attachment) ?? [])
  const [file] = files
  if (!file) {
    const sent = await api.sendMessage(to.chat, text, {
      ...common,
      entities,
      link_preview_options: { is_disabled: true },
    })
    return String(sent.message_id)
  }
  const caption = text === '' ? {} : { caption: text, caption_entities: entities }
  if (files.length > 1) {
    const { reply_markup: _, ...together } = common
    // Telegram shows the words of the first one below them all.
    const media = files.map(({ as, input }, n) => ({ type: as, media: input, ...(n === 0 && caption) }))
    const [first] = await api.sendMediaGroup(to.chat, media as InputMediaPhoto[], together)
    return String(first?.message_id)
  }
  const captioned = { ...common, ...caption }
  const sent = await sendFile(api, to.chat, file, captioned)
  return String(sent.message_id)
}

/** Changes the words of a sent message. That they are the same already is no failure. */
async function edit(
  api: Api,
  chat: number,
  messageId: number,
  { text, entities, reply_markup }: { text: string; entities: MessageEntity[]; reply_markup?: InlineKeyboardMarkup },
): Promise<string> {
  const other = { entities, link_preview_options: { is_disabled: true }, ...(reply_markup && { reply_markup }) }
  await api.editMessageText(chat, messageId, text, other).catch((error: unknown) => {
    if (!(error instanceof GrammyError && /message is not modified/i.test(error.description))) throw error
  })
  return String(messageId)
}

function sendFile(api: Api, chat: number, file: { as: FileKind; input: string | InputFile }, other: object) {
  switch (file.as) {
    case 'photo':
      return api.sendPhoto(chat, file.input, other)
    case 'voice':
      return api.sendVoice(chat, file.input, other)
    case 'video':
      return api.sendVideo(chat, file.input, other)
    case 'video_note':
      return api.sendVideoNote(chat, file.input, other)
    case 'animation':
      return api.sendAnimation(chat, file.input, other)
    case 'audio':
      return api.sendAudio(chat, file.input, other)
    case 'document':
      return api.sendDocument(chat, file.input, other)
  }
}

/** Photos and videos go together, and documents with documents. */
export const ALBUM: NonNullable<Capabilities['album']> = {
  most: 10,
  kindOf({ channel, key, kind }) {
    const as = channel === undefined || channel === TELEGRAM ? fileOf(key)?.as : foreign(kind)
    if (as === 'photo' || as === 'video') return 'seen'
    return as === 'document' ? 'document' : null
  },
}

/** What a file of another network is sent as. */
function foreign(kind: OutgoingAttachment['kind']): FileKind {
  return kind === 'image' ? 'photo' : kind === 'video' ? 'video' : 'document'
}

/** An attachment as Telegram takes it: its own by id, one of another network by its bytes; a place is only words. */
function inputOf({ key, kind, bytes, name }: OutgoingAttachment) {
  if (bytes) return { as: foreign(kind), input: new InputFile(bytes, name ?? kind) }
  const file = fileOf(key)
  return file && { as: file.as, input: file.id }
}

/** The words with everybody who is mentioned, by account: that reaches people without a user name, too. */
function withMentions(message: OutgoingMessage): { text: string; entities: MessageEntity[] } {
  const unnamed = message.mentions.filter(({ name }) => !message.text.includes(`@${name}`))
  let names = ''
  for (const { name } of unnamed) if (names.length + name.length + 2 <= ROOM_FOR_NAMES) names += `@${name} `
  const text = names + message.text
  const entities = message.mentions.flatMap(({ id, name }): MessageEntity[] => {
    const offset = text.indexOf(`@${name}`)
    if (offset < 0 || !/^\d+$/.test(id)) return []
    const user = { id: Number(id), is_bot: false, first_name: name }
    return [{ type: 'text_mention', offset, length: name.length + 1, user }]
  })
  return { text, entities }
}

/** What became of a message whose sending threw. Anything but the network's own errors is a fault and thrown on. */
export function deliveryOf(error: unknown): Delivery {
  const reason = reasonOf(error)
  if (error instanceof GrammyError) {
    const { error_code: code, parameters } = error
    if (code === 429) return { ok: false, retry: 'after', ms: (parameters.retry_after ?? 5) * SECOND, reason }
    if (code >= 500) return { ok: false, retry: 'unknown', reason }
    // 401 and 404 are about the token, not about the message: a new token sets it right.
    if (code === 401 || code === 404) return { ok: false, retry: 'after', ms: 30 * SECOND, reason }
    return { ok: false, retry: 'never', reason }
  }
  if (error instanceof HttpError) {
    if (NEVER_LEFT.has(codeOf(error))) return { ok: false, retry: 'after', ms: SECOND, reason }
    return { ok: false, retry: 'unknown', reason }
  }
  if (error instanceof TypeError) return { ok: false, retry: 'never', reason }
  throw error
}

/** The id a group has moved to, where that is why a call was refused. */
export function movedTo(error: unknown): string | null {
  const id = error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined
  return id === undefined ? null : String(id)
}

/** What went wrong, in words that hold neither the token (it is part of every address) nor what was to be said. */
export function reasonOf(error: unknown): string {
  if (error instanceof GrammyError) return `${error.error_code} ${error.description}`
  if (error instanceof HttpError) return `Telegram cannot be reached (${codeOf(error) || 'no answer'})`
  return error instanceof Error ? error.name : 'a fault'
}

function codeOf(error: HttpError): string {
  const inner: unknown = error.error
  return typeof inner === 'object' && inner !== null && 'code' in inner && typeof inner.code === 'string'
    ? inner.code
    : ''
}
