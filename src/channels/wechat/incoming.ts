import type { Attachment, AttachmentKind, IncomingEvent, Quote } from '../../message.ts'
import { TOO_MUCH } from './limit-words.ts'
import { WECHAT } from './protocol.ts'

/** Kinds of message as Wechaty numbers them (`types.Message`); a test compares them. */
export const KIND = {
  Unknown: 0,
  Attachment: 1,
  Audio: 2,
  Image: 6,
  Text: 7,
  Location: 8,
  Recalled: 13,
  Video: 15,
} as const

/** What a gateway tells about a message (`PUPPET.payloads.Message`), as far as it is used here. */
export interface Payload {
  id: string
  type: number
  text?: string
  talkerId?: string
  /** The older name of `talkerId`. */
  fromId?: string
  listenerId?: string
  roomId?: string
  mentionIdList?: string[]
  /** Seconds or milliseconds. */
  timestamp?: number
  filename?: string
}

/** What has to be asked for besides: names, and what stands behind a photo. */
export interface Surroundings {
  /** The account of the assistant and what it is called: in general, and in this room. */
  self: { id: string; names: string[] }
  senderName: string
  title?: string
  /** Kept already, or the place. */
  attachment?: Attachment
}

const ATTACHMENTS: Record<number, AttachmentKind> = {
  [KIND.Image]: 'image',
  [KIND.Audio]: 'voice',
  [KIND.Video]: 'video',
  [KIND.Attachment]: 'file',
  [KIND.Location]: 'location',
}

/** The kind of attachment of a message; undefined where it is none. */
export function attachmentKindOf(payload: Payload): AttachmentKind | undefined {
  return ATTACHMENTS[payload.type]
}

export function talkerOf(payload: Payload): string {
  return payload.talkerId ?? payload.fromId ?? ''
}

/** The room, or in a direct conversation the other person. */
export function conversationOf(payload: Payload, selfId: string): string {
  const talker = talkerOf(payload)
  return payload.roomId || (talker === selfId ? (payload.listenerId ?? '') : talker)
}

/** Accounts that are no people: WeChat's own, and those of publishers. */
function isNobody(id: string): boolean {
  return (
    id === '' ||
    /^(gh_|weixin$|filehelper$|fmessage$|floatbottle$|medianote$|newsapp$|notifymessage$|qmessage$)/.test(id)
  )
}

/** WeChat's own notice that the account does too much. People may write the same words: theirs are texts. */
export function isSlowedNotice(payload: Payload, selfId: string): boolean {
  const talker = talkerOf(payload)
  const fromWeChat = payload.type !== KIND.Text || isNobody(talker) || talker === payload.roomId || talker === selfId
  return fromWeChat && !attachmentKindOf(payload) && !isXml(payload) && TOO_MUCH.test(payload.text ?? '')
}

/** Ids that change at each login, as the web interface gives them: nothing can be bound to them. */
export function isUnstable(id: string): boolean {
  return /^@@?[0-9a-f]{20,}$/i.test(id)
}

/** What a message says, in the words of this program; null where it says nothing to it. */
export function eventOf(payload: Payload, surroundings: Surroundings, now: Date): IncomingEvent | null {
  const { self } = surroundings
  const talker = talkerOf(payload)
  if (talker === self.id || (!payload.roomId && isNobody(talker))) return null
  const where = { channel: WECHAT, conversation: conversationOf(payload, self.id), private: !payload.roomId }
  const sender = { ...(talker !== '' && { id: talker }), name: surroundings.senderName }
  const sentAt = dateOf(payload.timestamp, now)
  if (payload.type === KIND.Recalled) {
    const recalled = recalledId(payload.text ?? '')
    return recalled === null ? null : { type: 'recall', ...where, messageId: recalled, sender, sentAt }
  }
  const kind = attachmentKindOf(payload)
  const words = kind ? { text: '' } : readWords(payload)
  if (!words) return null
  const { text, addressed } = withoutNames(words.text, payload, self)
  if (text === '' && !kind && !addressed) return null
  return {
    type: 'message',
    ...where,
    messageId: payload.id,
    ...(surroundings.title !== undefined && { title: surroundings.title }),
    sender,
    text,
    addressed,
    ...(words.quote && { quote: words.quote }),
    attachments: surroundings.attachment ? [surroundings.attachment] : [],
    sentAt,
  }
}

/** A gateway's time; `now` where there is none. */
function dateOf(timestamp: number | undefined, now: Date): Date {
  if (!timestamp) return now
  return new Date(timestamp < 1e11 ? timestamp * 1000 : timestamp)
}

function isXml({ text = '' }: Payload): boolean {
  return /^\s*(<\?xml|<msg|<appmsg|<sysmsg)|^[\w@-]+:\s*\n\s*</.test(text)
}

/** The words of a text, or of a quote that arrives as WeChat's own XML; null for stickers, links, cards and the like. */
function readWords(payload: Payload): { text: string; quote?: Quote } | null {
  const { text = '' } = payload
  if (isXml(payload)) return quoteInXml(text)
  return payload.type === KIND.Text ? quoteInText(text) : null
}

/** Two spellings: gateways write dashes with spaces, older ones without, some with a half-width colon. */
const FLATTENED = /^「([\s\S]*?)[：:]([\s\S]*?)」\s*\n[ \t]*(?:- ?){5,}[ \t]*\r?\n?([\s\S]*)$/

/** A quote that the gateway has written into the text, so that its id is lost. */
function quoteInText(raw: string): { text: string; quote?: Quote } {
  const [, , quoted, text] = FLATTENED.exec(raw) ?? []
  if (quoted === undefined || text === undefined) return { text: raw.trim() }
  return { text: text.trim(), quote: { text: quoted.trim() } }
}

/** A quote as WeChat writes it: `svrid` is the id of the message that is quoted. */
function quoteInXml(xml: string): { text: string; quote: Quote } | null {
  if (!/<appmsg[\s>]/.test(xml) || !/<type>57<\/type>/.test(xml)) return null
  const reference = element(xml, 'refermsg') ?? ''
  const messageId = element(reference, 'svrid')
  const quoted = element(reference, 'content')
  return {
    text: (element(xml.replace(/<refermsg[\s\S]*<\/refermsg>/, ''), 'title') ?? '').trim(),
    quote: {
      ...(messageId && { messageId }),
      ...(quoted && !quoted.trimStart().startsWith('<') && { text: quoted }),
    },
  }
}

/** What stands in the first element of that name. */
function element(xml: string, name: string): string | undefined {
  const [, inner] = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`).exec(xml) ?? []
  const [, data] = /^\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*$/.exec(inner ?? '') ?? []
  return data ?? (inner === undefined ? undefined : unescaped(inner))
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'", '#x20': ' ', amp: '&' }

function unescaped(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|#39|#x20|amp);/g, (_, name: string) => ENTITIES[name] ?? '')
}

/** The id of what was taken back: gateways give it as the text, or leave WeChat's XML as it is. */
function recalledId(text: string): string | null {
  const id = element(text, 'newmsgid') ?? element(text, 'msgid') ?? text.trim()
  return /^[\w@.:-]{3,80}$/.test(id) ? id : null
}

/** After a name a telephone writes U+2005, a computer a space. */
function withoutNames(raw: string, payload: Payload, self: Surroundings['self']): { text: string; addressed: boolean } {
  let addressed = payload.mentionIdList?.includes(self.id) ?? false
  let text = raw
  // The longest first: 小格 is the beginning of 小格助手.
  for (const name of self.names.filter((one) => one !== '').sort((a, b) => b.length - a.length)) {
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const mention = new RegExp(`@${escaped}(?:[\\u2005\\u00a0\\s]+|$)`, 'g')
    if (!mention.test(text)) continue
    addressed = true
    text = text.replace(mention, ' ')
  }
  return { text: text.replaceAll('\u2005', ' ').trim(), addressed }
}
