import { HOUR } from '../../clock.ts'
import type { Db, InboxEvent } from '../../db/database.ts'
import { type Redemption, redeemCode } from '../../village/binding.ts'
import { HOW_TO, redemptionReply, STRANGER, WELCOME } from './replies.ts'

/** So many wrong codes of one sender within an hour are answered; further ones are not even looked at. */
const MAX_WRONG = 5

/** How far back wrong codes are looked for, in stored messages: a bound for the reading, far beyond an hour's traffic. */
const REACH = 20_000

/** Literally, so that earlier attempts are found in the database however else the message is dressed up. */
const COMMAND = '绑定'

/** What somebody says who opens a conversation with the assistant. */
const ASKS_WHO = /^\/?(?:帮助|help|你好|您好|你是谁)[!！?？。.]*$/i

export interface Attempt {
  /** What is to be answered where the message came from; null is silence. */
  replyText: string | null
  /** What came of the code; null where there was none, or none was looked at. */
  redemption: Redemption | null
}

/** The code of a `/绑定 CODE` message, `''` where the command names none; null where it is no such command. */
export function codeIn(text: string): string | null {
  if (!text.includes(COMMAND)) return null
  const line = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
  const match = /^(?:@\S+\s+)?(\/?)\s*绑定(?:@\S+)?[\s:]*(.*)$/su.exec(line)
  if (!match) return null
  const [, slash = '', rest = ''] = match
  const code = rest.trim().replace(/^[<「《(["']|[>」》)\]"'。.!]$/g, '')
  // Without the slash, only what looks like a code: 绑定手机怎么弄 is a sentence.
  if (slash === '' && !/^[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){5,11}$/.test(code)) return null
  return code
}

/** Redeems the code in a message, if there is one. After five wrong codes within an hour a sender hears nothing more. */
export async function attemptBinding(tx: Db, event: InboxEvent, now: Date): Promise<Attempt> {
  const code = event.type === 'message' ? codeIn(event.text) : null
  if (code === null || (await wrongCodes(tx, event, now)) >= MAX_WRONG) return { replyText: null, redemption: null }
  if (code === '') return { replyText: HOW_TO, redemption: null }
  const { channel, conversation, senderId } = event
  const where = { channel, conversation, private: event.private }
  const redemption = await redeemCode(tx, code, where, { externalId: senderId, inboxEventId: event.id }, now)
  return { replyText: redemptionReply(redemption), redemption }
}

/**
 * What the assistant does with an event of a conversation that belongs to no village yet: on a join it says who it is,
 * on a binding code it binds, to a direct greeting it says what it needs to know, to everything else it is silent.
 */
export async function bindUnbound(tx: Db, event: InboxEvent, now: Date): Promise<Attempt> {
  if (event.type === 'join') return { replyText: WELCOME, redemption: null }
  if (event.type === 'message' && event.private && ASKS_WHO.test(event.text.trim())) {
    return { replyText: STRANGER, redemption: null }
  }
  return attemptBinding(tx, event, now)
}

/** Codes this sender has sent within an hour that bound nothing. An anonymous sender answers for the whole room. */
async function wrongCodes(tx: Db, event: InboxEvent, now: Date): Promise<number> {
  const sender =
    event.senderId === null ? { conversation: event.conversation, senderId: null } : { senderId: event.senderId }
  const earlier = await tx.inboxEvent.findMany({
    where: {
      id: { gt: event.id - REACH, lt: event.id },
      channel: event.channel,
      ...sender,
      type: 'message',
      text: { contains: COMMAND },
      receivedAt: { gt: new Date(now.getTime() - HOUR) },
    },
    select: { id: true, text: true },
  })
  const codes = earlier.filter(({ text }) => codeIn(text) !== null).map(({ id }) => id)
  if (codes.length < MAX_WRONG) return codes.length
  const bound = await tx.auditEntry.count({
    where: { event: { in: ['room-bound', 'person-bound'] }, inboxEventId: { in: codes } },
  })
  return codes.length - bound
}
