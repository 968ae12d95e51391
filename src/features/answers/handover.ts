import { DAY, HOUR } from '../../clock.ts'
import type { Db, Inquiry, Person, Timer, Village } from '../../db/database.ts'
import { outsideQuietHours } from '../../quiet-hours.ts'
import { may } from '../../village/roles.ts'
import { answerHere, type Commit, type Feature, type Reply, type Request, type Services } from '../feature.ts'
import { inquiryKey, moveInquiry, note, openInquiry } from './inquiry.ts'
import * as replies from './replies.ts'
import { nextInLine } from './rota.ts'
import { bucketsOf } from './search/neighbours.ts'
import { questionTerms } from './search/terms.ts'

/** When somebody who was asked is reminded, and when it is the next one's turn. Milliseconds. */
const REMIND_AFTER = 6 * HOUR
const NEXT_AFTER = DAY
/** So many questions of one person may be with others at a time. */
const MOST_OPEN = 5
/** A question with this share of its terms in common with another is the same one. */
const SAME = 0.8

/** Puts a question to somebody who knows, and says so; null where there is nobody to ask. */
export async function handOver(
  request: Request,
  services: Services,
  of: { question: string; topic: string; earlier?: Inquiry },
): Promise<Commit | null> {
  const { village, person, now } = request
  const open = await services.db.inquiry.findMany({
    where: { villageId: village.id, askerId: person.id, status: 'handed-over' },
  })
  const sayHere = (text: string): Commit => {
    return async () => [answerHere(request, { key: 'handover', kind: 'refusal', text })]
  }
  if (open.some(({ question }) => isSame(question, of.question))) return sayHere(replies.alreadyAsked)
  if (open.length >= MOST_OPEN) return sayHere(replies.enoughAsked)
  const asked = { villageId: village.id, askerId: person.id, question: of.question, inquiryId: null }
  const helper = await nextInLine(services.db, services, asked)
  if (!helper) return null
  return async (tx) => {
    const inquiry = of.earlier
      ? await pursued(tx, of.earlier, request, of.question)
      : await openInquiry(tx, request, { ...of, status: 'handed-over' })
    const text = replies.handedOver(may(helper.role, 'answer-questions'))
    return [
      answerHere(request, { key: 'handover', kind: 'refusal', text }),
      await giveTurn(tx, village, inquiry, helper, now),
    ]
  }
}

/** What was asked back about goes on as it is known now; the answer goes to what was said last. */
async function pursued(tx: Db, earlier: Inquiry, request: Request, question: string): Promise<Inquiry> {
  const messageId = request.messages.at(-1)?.messageId ?? earlier.messageId
  await moveInquiry(tx, earlier, 'handed-over', request.person, request.now, { question, messageId })
  return { ...earlier, status: 'handed-over', question, messageId }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => [...bucketsOf(questionTerms(text))])
  if (!a || !b || a.length === 0) return one === other
  return a.filter((bucket) => b.includes(bucket)).length / Math.max(a.length, b.length) >= SAME
}

/** The question in a private message, with its reminder and the next turn planned. */
async function giveTurn(tx: Db, village: Village, inquiry: Inquiry, person: Person, now: Date): Promise<Reply> {
  await tx.inquiryTurn.create({
    data: { villageId: village.id, inquiryId: inquiry.id, personId: person.id, askedAt: now },
  })
  await note(tx, inquiry, { event: 'inquiry-turn', by: null, at: now, data: { person: person.id } })
  const at = (ms: number) => outsideQuietHours(new Date(now.getTime() + ms), village.timezone)
  const data = { inquiry: inquiry.id, person: person.id }
  const timer = { villageId: village.id, data }
  await tx.timer.createMany({
    data: [
      { ...timer, kind: 'answers.remind', key: `answers.remind:${inquiry.id}:${person.id}`, dueAt: at(REMIND_AFTER) },
      { ...timer, kind: 'answers.next', key: `answers.next:${inquiry.id}:${person.id}`, dueAt: at(NEXT_AFTER) },
    ],
  })
  const text = replies.askHelper(inquiry.question, inquiry.private)
  return { to: { person: person.id }, key: inquiryKey(inquiry.id), kind: 'question', text, about: sourceOf(inquiry) }
}

/** The message an inquiry came from, as what replies are about. */
function sourceOf({ channel, conversation, messageId }: Inquiry) {
  return messageId === '' ? [] : [{ channel, conversation, messageId }]
}

/** Something said to the asker, where they asked. */
export function toAsker(inquiry: Inquiry, reply: Pick<Reply, 'key' | 'kind' | 'text'>): Reply {
  const { channel, conversation, messageId } = inquiry
  return {
    ...reply,
    to: { conversation: { channel, conversation }, private: inquiry.private },
    ...(messageId !== '' && { replyTo: messageId }),
    about: sourceOf(inquiry),
  }
}

/** The next one is asked, or the asker told that nobody knows. */
export async function passOn(services: Services, village: Village, inquiry: Inquiry): Promise<Commit> {
  const next = await nextInLine(services.db, services, { ...inquiry, inquiryId: inquiry.id })
  const now = services.clock.now()
  return async (tx) => {
    if (next) return [await giveTurn(tx, village, inquiry, next, now)]
    const lapsed = await moveInquiry(tx, inquiry, 'lapsed', null, now)
    return lapsed ? [toAsker(inquiry, { key: 'lapsed', kind: 'refusal', text: replies.nobodyKnows })] : []
  }
}

const NOTHING: Commit = async () => []

/** The inquiry of a timer, while it is still the turn of the person the timer was planned for. */
async function inquiryOfTurn(timer: Timer, services: Services) {
  const { inquiry: id, person } = timer.data as { inquiry: number; person: number }
  const inquiry = await services.db.inquiry.findUnique({ where: { id } })
  const turn = await services.db.inquiryTurn.findFirst({ where: { inquiryId: id }, orderBy: { id: 'desc' } })
  return inquiry?.status === 'handed-over' && turn?.personId === person ? { inquiry, person } : null
}

export const handoverTimers: NonNullable<Feature['timers']> = {
  async 'answers.remind'(timer, _village, services) {
    const turn = await inquiryOfTurn(timer, services)
    if (!turn) return NOTHING
    const { inquiry, person } = turn
    const text = replies.remindHelper(inquiry.question)
    return async () => [
      { to: { person }, key: inquiryKey(inquiry.id), kind: 'reminder', text, about: sourceOf(inquiry) },
    ]
  },
  async 'answers.next'(timer, village, services) {
    const turn = await inquiryOfTurn(timer, services)
    return turn ? passOn(services, village, turn.inquiry) : NOTHING
  },
}
