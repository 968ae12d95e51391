import { DAY } from '../../clock.ts'
import type { Db, Prisma, Schedule } from '../../db/database.ts'
import {
  type Answer,
  answerHere,
  type Change,
  type Commit,
  type Reply,
  type Request,
  refsOf,
  type Services,
  speaker,
} from '../feature.ts'
import { cardText } from './card.ts'
import { URGENT } from './command-words.ts'
import type { Draft, Problem } from './draft.ts'
import { usualLeads } from './leads.ts'
import { readSentence } from './reading/read-sentence.ts'
import { plainSchedule, wordsOf } from './recognise.ts'
import * as replies from './replies.ts'
import { roomsMeant } from './rooms.ts'
import { asJson, change, move, nextNumber, record, subjectOf } from './schedule.ts'

/** A draft waits this long for 确认, and a question for its answer. */
const LAPSES_AFTER = DAY
/** An answer to “几点？” is no longer than this. In UTF-16 units. */
const LONGEST_ANSWER = 40

/** What more words would put right; everything else is refused with the reason. */
const QUESTIONS: readonly Problem['type'][] = ['no-date', 'no-time', 'no-day', 'vague', 'weekday-mismatch']

/** Somebody who may orders something to be scheduled: a card, a question, or the reason why it cannot be. */
export async function takeSentence(request: Request, services: Services): Promise<Answer> {
  const reading = plainSchedule(request)
  if (!reading) return null
  if (reading.ok) {
    const update = await termsFrom(services.db, request, reading.draft)
    return async (tx) => {
      const draft = await create(tx, request, { ...update.data, status: 'draft' })
      return showCard(tx, request, draft, update.unknown)
    }
  }
  const { problem } = reading
  const text = replies.problem(problem)
  if (!QUESTIONS.includes(problem.type)) {
    return async () => [answerHere(request, { key: 'refused', kind: 'refusal', text })]
  }
  return async (tx) => {
    const asked = await create(tx, request, { status: 'asked', title: '', kind: 'other', leads: [], roomIds: [] })
    return [{ ...answerHere(request, { key: 'question', kind: 'question', text }), subject: subjectOf(asked) }]
  }
}

/** The answer to the one question that was asked; null when the line is none. */
export async function takeAnswer(request: Request, services: Services): Promise<Answer> {
  const { conversation, village, person, now } = request
  const text = wordsOf(request.text)
  if (text === '' || text.length > LONGEST_ANSWER) return null
  const asked = await services.db.schedule.findFirst({
    where: { villageId: village.id, status: 'asked', authorId: person.id, ...conversation },
    orderBy: { id: 'desc' },
  })
  if (!asked) return null
  const readings = completions(asked.text, text).map((sentence) => ({
    sentence,
    reading: readSentence(sentence, { now, timeZone: village.timezone }),
  }))
  const found = readings.find(({ reading }) => reading.ok)
  if (!found?.reading.ok) {
    const problem = readings.flatMap(({ reading }) => (reading.ok ? [] : [reading.problem]))[0]
    const own = readSentence(text, { now, timeZone: village.timezone })
    if (!own.ok && own.problem.type === 'no-date') return null
    const answer = problem && !QUESTIONS.includes(problem.type) ? replies.problem(problem) : replies.stillUnclear
    return async (tx) => {
      await move(tx, village, asked, 'lapse', {}, { by: speaker(request), at: now })
      return [answerHere(request, { key: 'refused', kind: 'refusal', text: answer })]
    }
  }
  const update = await termsFrom(services.db, request, found.reading.draft)
  return async (tx) => {
    const words = { ...update.data, text: found.sentence }
    const draft = await move(tx, village, asked, 'draft', words, { by: speaker(request), at: now })
    return showCard(tx, request, draft, update.unknown)
  }
}

/** How question and answer may be one sentence: 周三下午开支委会 and 三点. */
function completions(asked: string, answer: string): string[] {
  const bare = asked.replace(/[。.!！\s]+$/, '')
  return [`${bare}，${answer}`, `${answer}${bare}`, answer]
}

type TermsData = Pick<
  Prisma.ScheduleUncheckedCreateInput,
  'title' | 'kind' | 'theme' | 'place' | 'rule' | 'leads' | 'roomIds' | 'urgent'
>

async function termsFrom(
  db: Db,
  request: Pick<Request, 'village' | 'room' | 'text'>,
  draft: Draft,
): Promise<{ data: TermsData; unknown: string[] }> {
  const { village, room: here } = request
  const { rooms, unknown } = await roomsMeant(db, village.id, draft.rooms, { kind: draft.kind, here })
  return {
    unknown,
    data: {
      title: draft.title,
      kind: draft.kind,
      theme: draft.theme ?? null,
      place: draft.place ?? null,
      rule: asJson(draft.rule),
      leads: asJson(draft.leads.length > 0 ? draft.leads : usualLeads(draft.rule)),
      roomIds: rooms.map((room) => room.id),
      urgent: URGENT.test(request.text),
    },
  }
}

async function create(
  tx: Db,
  request: Request,
  data: Pick<Prisma.ScheduleUncheckedCreateInput, 'status' | 'title' | 'kind' | 'leads' | 'roomIds'> &
    Partial<TermsData>,
): Promise<Schedule> {
  const { village, person, conversation, messages, now } = request
  const schedule = await tx.schedule.create({
    data: {
      ...data,
      villageId: village.id,
      no: await nextNumber(tx, village.id),
      text: wordsOf(request.text),
      authorId: person.id,
      inboxEventId: messages.at(-1)?.id ?? null,
      ...conversation,
      private: request.private,
      draftedAt: now,
      updatedAt: now,
    },
  })
  await record(tx, schedule, { event: 'schedule-drafted', by: speaker(request), at: now })
  await tx.timer.create({
    data: {
      key: `schedules.lapse:${schedule.id}`,
      villageId: village.id,
      kind: 'schedules.lapse',
      dueAt: new Date(now.getTime() + LAPSES_AFTER),
      data: { scheduleId: schedule.id },
    },
  })
  return schedule
}

/** The card of a draft where it was asked for, with names of rooms that were not found. */
export async function showCard(
  tx: Db,
  request: Request,
  draft: Schedule,
  unknown: readonly string[] = [],
  before?: string,
): Promise<Reply[]> {
  const text = await cardText(tx, request.village, draft, request.now)
  if (text === null) return []
  const lines = [
    ...(before === undefined ? [] : [before]),
    text,
    ...(unknown.length > 0 ? [replies.unknownRoom(unknown)] : []),
  ]
  const base = answerHere(request, { key: `card:${draft.id}`, kind: 'card', text: lines.join('\n') })
  return [
    { ...base, about: await withSource(tx, draft, base), subject: subjectOf(draft), choices: replies.CARD_CHOICES },
  ]
}

/** A card of a changed draft is about the first sentence, too. */
async function withSource(tx: Db, draft: Schedule, base: Reply): Promise<Reply['about']> {
  const source =
    draft.inboxEventId === null ? null : await tx.inboxEvent.findUnique({ where: { id: draft.inboxEventId } })
  const known = source && base.about.some(({ messageId }) => messageId === source.messageId)
  if (!source || known) return base.about
  return [{ channel: source.channel, conversation: source.conversation, messageId: source.messageId }, ...base.about]
}

/** The sentence of a draft was edited, so the draft is another one; or taken back, so there is none. */
export async function takeEdit(edit: Change, { db }: Services): Promise<Commit | null> {
  const { message, village, room, person, now } = edit
  const draft = await db.schedule.findFirst({
    where: { villageId: village.id, inboxEventId: message.id, status: { in: ['asked', 'draft'] } },
  })
  if (!draft) return null
  const by = { personId: person.id, name: person.name, inboxEventId: message.id }
  const to = { conversation: { channel: draft.channel, conversation: draft.conversation }, private: draft.private }
  const base = { to, about: refsOf([message]), subject: subjectOf(draft), replyTo: message.messageId }
  if (edit.type === 'recall') {
    return async (tx) => {
      await move(tx, village, draft, 'cancel', { text: '' }, { by, at: now })
      return []
    }
  }
  const text = wordsOf(message.text)
  const reading = readSentence(text, { now, timeZone: village.timezone })
  if (!reading.ok) {
    return async (tx) => {
      await move(tx, village, draft, 'cancel', { text }, { by, at: now })
      return [{ ...base, key: 'refused', kind: 'refusal', text: replies.problem(reading.problem) }]
    }
  }
  const { data } = await termsFrom(db, { village, room, text }, reading.draft)
  return async (tx) => {
    const step = { event: 'schedule-redrafted', by, at: now }
    const changed = await change(tx, village, draft, { ...data, status: 'draft', text }, step)
    const card = (await cardText(tx, village, changed, now)) ?? ''
    return [{ ...base, key: `card:${draft.id}`, kind: 'card', text: card, choices: replies.CARD_CHOICES }]
  }
}
