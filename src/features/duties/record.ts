import { MINUTE } from '../../clock.ts'
import type { Db, InboxEvent } from '../../db/database.ts'
import { cut } from '../../text.ts'
import { answerHere, type Commit, type Reply, type Request, refsOf, type Services } from '../feature.ts'
import { check, type Draft, type Problem } from './check.ts'
import { DUTY_KINDS } from './kinds.ts'
import { type Entered, enter, keepPhotos, subjectOf } from './meetings.ts'
import { type Branch, keptBy, mayKeep } from './organisation.ts'
import { dayOf, type IsoDay, periodOf } from './periods.ts'
import { type Reading, readRecords } from './read-records.ts'
import { normalise, readSlots, type Slots } from './read-slots.ts'
import * as replies from './replies.ts'
import { type DutyStanding, standingOf } from './standing.ts'

/** How long somebody may think about a question without quoting it. Milliseconds. */
const ANSWER_WITHIN = 30 * MINUTE
/** No answer or correction is longer; the rest is not read. */
const MAX_ANSWER = 200
/** The subject of what is asked about a message that told of meetings. */
const QUESTION = 'meetings:question'

/** Meetings are told of as held. Null where the message tells of none that this feature keeps. */
export async function takeRecord(request: Request, services: Services, branches: Branch[]): Promise<Commit | null> {
  const readings = readRecords(request.text, writtenOn(request, request.messages), branches)
  if (readings.length === 0) return null
  if (keptBy(request.person, branches).length === 0) return request.private ? refuse(request) : null
  // Among others, 昨天的党员大会开了两个小时 is talk: only who met or how many came makes it a record.
  const isTalk = readings.every(
    ({ branch, group, attendance, full }) => !branch && !group && attendance === null && !full,
  )
  if (isTalk && !request.private && !request.addressed) return null
  return decide(request, services, branches, readings, request.messages)
}

/** 二支部, 7人: the answer to what was asked about an earlier message. Null where nothing was asked, or this is no answer. */
export async function takeAnswer(request: Request, services: Services, branches: Branch[]): Promise<Commit | null> {
  const { db } = services
  const earlier = await askedAbout(db, request)
  if (earlier.length === 0 || keptBy(request.person, branches).length === 0) return null
  const [first, ...answers] = [...earlier, ...request.messages]
  const answer = slotsOf(request.text, writtenOn(request, request.messages), branches)
  if (!first || !saysSomething(answer)) return null
  // Without a quote it must be nothing but an answer: 三组路灯坏了 is none.
  if (!request.quote && answer.content !== '') return null
  const readings = readRecords(first.text, writtenOn(request, [first]), branches)
  // Only what could not be entered is completed; the rest of that message stands.
  const open = readings.filter((reading) => 'type' in check(reading, branches, dayOf(request.now, zone(request))))
  const completed = open.map((reading) =>
    answers.reduce((sum, event) => overlaid(sum, slotsOf(event.text, writtenOn(request, [event]), branches)), reading),
  )
  return completed.length === 0
    ? null
    : decide(request, services, branches, completed, [...earlier, ...request.messages])
}

/** Enters what can be entered and asks about the first thing that cannot. */
async function decide(
  request: Request,
  services: Services,
  branches: Branch[],
  readings: readonly Reading[],
  about: readonly InboxEvent[],
): Promise<Commit> {
  const today = dayOf(request.now, zone(request))
  const drafts: Draft[] = []
  const problems: Problem[] = []
  let foreign: Draft | null = null
  for (const reading of readings) {
    const checked = check(reading, branches, today)
    if ('type' in checked) problems.push(checked)
    else {
      drafts.push(...checked.filter(({ body }) => mayKeep(request.person, branches, body)))
      foreign ??= checked.find(({ body }) => !mayKeep(request.person, branches, body)) ?? null
    }
  }
  const said: Reply[] = []
  const [problem] = problems
  if (problem) {
    const choices = replies.choicesFor(problem)
    said.push({
      ...answerHere(request, { key: 'duty-question', kind: 'question', text: replies.question(problem, today) }),
      about: refsOf(about),
      subject: QUESTION,
      ...(choices.length > 0 && { choices }),
    })
  }
  // That it is not theirs is between them and the assistant.
  if (foreign && (await services.canReach(services.db, request.person.id))) {
    const text = replies.notYourBody(foreign.body)
    said.push({ to: { person: request.person.id }, key: 'duty-refused', kind: 'refusal', text, about: [] })
  }
  return async (tx) => {
    const entered: Entered[] = []
    for (const draft of drafts) entered.push(await enter(tx, request, draft))
    const fresh = entered.filter(({ as }) => as === 'new')
    const photos = await keepPhotos(
      tx,
      request,
      fresh.map(({ meeting }) => meeting),
    )
    const lines = entered.map((one) => (one.as === 'new' ? { ...one, photos } : one))
    return entered.length === 0 ? said : [await receiptFor(tx, request, branches, lines), ...said]
  }
}

/** The receipt of some meetings; replying to it corrects them. */
export async function receiptFor(
  tx: Db,
  request: Request,
  branches: readonly Branch[],
  entered: readonly Entered[],
): Promise<Reply> {
  const today = dayOf(request.now, zone(request))
  const whole =
    keptBy(request.person, branches).length === branches.reduce((sum, one) => sum + 1 + one.groups.length, 0)
  // How the village stands is for those who see all of it, and not for a room.
  const standing: DutyStanding[] =
    request.private && whole
      ? (await standingOf(tx, request.village.id, branches, periodOf('month', today), today)).filter(
          ({ kind }) => DUTY_KINDS[kind].lesson,
        )
      : []
  const text = replies.receipt(entered, zone(request), today, standing)
  const subject = subjectOf(entered.map(({ meeting }) => meeting))
  return { ...answerHere(request, { key: 'duty', kind: 'receipt', text }), subject }
}

function refuse(request: Request): Commit {
  return async () => [answerHere(request, { key: 'duty-refused', kind: 'refusal', text: replies.notYours })]
}

/** The person's own messages about which the assistant has asked here: what was quoted, else what it said last. */
async function askedAbout(db: Db, request: Request): Promise<InboxEvent[]> {
  const { conversation, quote, now } = request
  const question = await db.outboxMessage.findFirst({
    where: quote?.messageId
      ? { ...conversation, messageId: quote.messageId }
      : { ...conversation, createdAt: { gte: new Date(now.getTime() - ANSWER_WITHIN) } },
    orderBy: { id: 'desc' },
  })
  if (question?.subject !== QUESTION) return []
  const messageIds = question.about as unknown as string[]
  return db.inboxEvent.findMany({
    where: { ...conversation, type: 'message', personId: request.person.id, messageId: { in: messageIds } },
    orderBy: { id: 'asc' },
  })
}

/** What a short answer or correction says. A bare number is one of people. */
export function slotsOf(text: string, today: IsoDay, branches: readonly Branch[]): Slots {
  const words = cut(normalise(text).trim(), MAX_ANSWER)
  return readSlots(/^(?:是|改成?|改为)?\s*\d{1,4}$/.test(words) ? `${words}人` : words, today, branches)
}

export function saysSomething(slots: Slots): boolean {
  const { branch, group, day, attendance, absent, full, theme, chair, kinds } = slots
  return (
    [branch, group, day, attendance, absent, theme, kinds[0]].some((value) => value != null) || full || chair !== ''
  )
}

function overlaid(reading: Reading, answer: Slots): Reading {
  return {
    ...reading,
    branch: answer.branch ?? reading.branch,
    group: answer.group ?? reading.group,
    day: answer.day ?? reading.day,
    attendance: answer.attendance ?? reading.attendance,
    absent: answer.absent ?? reading.absent,
    full: answer.full || reading.full,
    each: answer.each || reading.each,
    theme: reading.theme ?? answer.theme,
    chair: reading.chair || answer.chair,
  }
}

/** 昨天 is the day before the message was written, however late it arrived. */
export function writtenOn(request: Pick<Request, 'village' | 'now'>, messages: readonly InboxEvent[]): IsoDay {
  const sentAt = messages.at(-1)?.sentAt ?? request.now
  return dayOf(sentAt < request.now ? sentAt : request.now, request.village.timezone)
}

function zone({ village }: Pick<Request, 'village'>): string {
  return village.timezone
}
