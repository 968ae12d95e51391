import { SECOND } from '../../clock.ts'
import type { Delivery } from '../../message.ts'
import { LOGGED_OUT, REFUSED, TOO_MUCH } from './limit-words.ts'
import type { Line } from './protocol.ts'

/** Longest text that goes out as one message, in UTF-16 units: what people can still read in a group. */
export const MAX_LENGTH = 1800

/** A mention as WeChat knows one: the name, and behind it the space U+2005. */
const AFTER_NAME = '\u2005'

/** The words with everybody who is mentioned, and the accounts of those. */
export function withMentions(line: Pick<Line, 'text' | 'mentions'>): { text: string; ids: string[] } {
  let { text } = line
  for (const { name } of line.mentions) {
    const mention = `@${name}`
    const at = text.indexOf(mention)
    if (at < 0) text = `${mention}${AFTER_NAME}${text}`
    else {
      const after = text.slice(at + mention.length)
      text = text.slice(0, at) + mention + AFTER_NAME + after.replace(/^[ \u2005]/, '')
    }
  }
  return { text, ids: line.mentions.map(({ id }) => id) }
}

/** What became of a message whose sending failed with these words. `slowed`: WeChat says that the account does too much. */
export function deliveryOf(words: string): Delivery & { slowed?: true } {
  const reason = reasonOf(words)
  if (TOO_MUCH.test(words)) return { ok: false, retry: 'after', ms: 30 * SECOND, reason, slowed: true }
  if (LOGGED_OUT.test(words)) return { ok: false, retry: 'after', ms: 30 * SECOND, reason }
  if (/No connection established|ECONNREFUSED|NO CLIENT|no grpc manager|UNAUTHENTICATED/i.test(words))
    return { ok: false, retry: 'after', ms: SECOND, reason }
  // Of what is not understood nobody knows whether it arrived.
  return { ok: false, retry: REFUSED.test(words) ? 'never' : 'unknown', reason }
}

/** What went wrong without what gateways quote: that may be somebody's words, names or the token. */
function reasonOf(words: string): string {
  if (TOO_MUCH.test(words)) return 'WeChat says: too many messages'
  if (LOGGED_OUT.test(words)) return 'nobody is logged in at the gateway'
  if (REFUSED.test(words)) return 'the gateway refuses: no such room, not in it, or no friend'
  const [, status] = /\b(\d{1,2} [A-Z_]{4,20})\b/.exec(words) ?? []
  return `the gateway failed (${status ?? 'no answer in time'})`
}
