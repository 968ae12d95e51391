import { MINUTE } from '../clock.ts'
import type { InboxEvent } from '../db/database.ts'
import type { Request } from '../features/feature.ts'
import type { Attachment, Quote } from '../message.ts'
import { type Advice, heed } from '../understanding/heed.ts'
import type { Model } from '../understanding/learned/model.ts'
import { type CompiledGazetteer, understand } from '../understanding/understand.ts'
import type { Understanding } from '../understanding/understanding.ts'
import type { Scene } from './scenes.ts'

/** A message that arrives this long after it was sent comes from an outage. */
const LATE_AFTER = 15 * MINUTE

/** What the features are asked about: the messages of a bundle, oldest first, as they are understood. */
export function requestOf(
  messages: InboxEvent[],
  given: {
    scene: Scene
    gazetteer: CompiledGazetteer
    /** The village's own; the shipped one when absent. */
    model: Model | undefined
    advice: Advice | null
    mayWait: boolean
    now: Date
  },
): Request {
  const { scene, gazetteer, model, advice, mayWait, now } = given
  const first = messages[0]
  const last = messages.at(-1)
  if (!first || !last) throw new Error('a bundle has at least one message')
  const attachments = messages.flatMap((message) => message.attachments as unknown as Attachment[])
  const addressed = last.private || messages.some((message) => message.addressed)
  // Lines of one bundle are one sentence: 三组那个路灯 / 又不亮了.
  const sentence = linesOf(messages).join('，')
  const situation = { addressed, attachments: attachments.map((attachment) => attachment.kind) }
  const alone = understand(sentence, gazetteer, situation, model)
  const understanding = advice ? heed(alone, advice, sentence, gazetteer) : alone
  const quoted = messages.map((message) => message.quote as Quote | null).find((quote) => quote !== null)
  const { channel, conversation } = last
  const relayed = last.relayedById !== null
  // What is passed on by hand was said a while ago, and its room waits for an answer all the same.
  const late = !relayed && last.receivedAt.getTime() - last.sentAt.getTime() > LATE_AFTER
  const where = { conversation: { channel, conversation }, private: last.private }
  const text = linesOf(messages).join('\n')
  const what = { messages, text, attachments, addressed, quote: quoted ?? null, understanding, gazetteer }
  return { ...scene, ...where, ...what, mayWait: mayWait && !late, late, relayed, now }
}

export function linesOf(messages: readonly InboxEvent[]): string[] {
  return messages.map((message) => message.text).filter((text) => text !== '')
}

/** What the messages of one bundle have in common. */
export function sameBundle(event: InboxEvent) {
  return { channel: event.channel, conversation: event.conversation, senderId: event.senderId }
}

export function senderKey(event: InboxEvent): string {
  return JSON.stringify(sameBundle(event))
}

/** What is kept of a decision, to explain it later. */
export function keptUnderstanding(understanding: Understanding): string {
  const { version, gate, score, intent, act, category, urgency, sensitive, advisedBy, evidence } = understanding
  const decided = { version, gate, score, intent, act, category, urgency, sensitive }
  const kept = { ...decided, ...(advisedBy !== null && { advisedBy }), evidence: evidence.slice(0, 8) }
  return JSON.stringify(kept)
}
