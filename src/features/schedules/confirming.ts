import { MINUTE } from '../../clock.ts'
import type { Db, Schedule } from '../../db/database.ts'
import { outsideQuietHours } from '../../quiet-hours.ts'
import { type Answer, answerHere, type Commit, type Reply, type Request, type Services, speaker } from '../feature.ts'
import { snapshotOf } from './altering.ts'
import { cardFacts } from './card.ts'
import { CONFIRM } from './command-words.ts'
import { showCard } from './drafting.ts'
import { isOutdated, isOvertaken, type Meant, numbered, quotedMeant } from './find-schedule.ts'
import { nextTimes } from './occurrences.ts'
import { wordsOf } from './recognise.ts'
import { occurrenceSubject } from './remind.ts'
import * as replies from './replies.ts'
import { move, subjectOf, termsOf } from './schedule.ts'
import { sourceOf } from './source.ts'

/** A second 确认 within this time is answered, later it is talk. */
const AGAIN_WITHIN = 10 * MINUTE

/** 确认, and which number, if one was said. */
function readConfirm(text: string): { no: number | null } | null {
  const match = CONFIRM.exec(wordsOf(text))
  if (!match) return null
  const no = match.groups?.first ?? match.groups?.no
  return { no: no === undefined ? null : Number(no) }
}

/** Arms a draft. Only this word does, of somebody who may: quoting the card, with its number, or for the only draft here. */
export async function takeConfirm(request: Request, services: Services): Promise<Answer> {
  const said = readConfirm(request.text)
  if (!said) return null
  const { db } = services
  const { village, conversation, now } = request
  if (request.quote) {
    const meant = await quotedMeant(db, request)
    return meant ? confirmMeant(request, services, meant) : null
  }
  const drafts = await db.schedule.findMany({
    where: { villageId: village.id, status: 'draft', ...conversation },
    orderBy: { id: 'asc' },
  })
  if (said.no !== null) {
    const meant = await numbered(db, village.id, said.no)
    // 确认12 may be a ticket, unless drafts wait here.
    return meant && (drafts.length > 0 || /安排/.test(request.text)) ? confirmMeant(request, services, meant) : null
  }
  const [only, ...more] = drafts
  if (!only) {
    const recent = await db.schedule.findFirst({
      where: {
        villageId: village.id,
        status: 'armed',
        ...conversation,
        confirmedAt: { gte: new Date(now.getTime() - AGAIN_WITHIN) },
      },
      orderBy: { confirmedAt: 'desc' },
    })
    return recent && !(await isOvertaken(db, request, recent))
      ? say(request, recent, replies.alreadyArmed(recent))
      : null
  }
  if (more.length > 0) return say(request, null, replies.whichDraft(drafts), 'question')
  if (await isOvertaken(db, request, only)) return say(request, null, replies.whichCard, 'question')
  return confirmMeant(request, services, { schedule: only, occurrence: null })
}

async function confirmMeant(request: Request, services: Services, meant: Meant): Promise<Commit | null> {
  const { schedule } = meant
  const { village, now } = request
  if (meant.occurrence) return null
  if (schedule.status === 'armed') return say(request, schedule, replies.alreadyArmed(schedule))
  if (schedule.status !== 'draft') return say(request, schedule, replies.noLonger(schedule))
  if (await isOutdated(services.db, request, schedule)) {
    return async (tx) => showCard(tx, request, schedule, [], replies.cardOutdated)
  }
  const { rule, roomIds } = termsOf(schedule)
  if (roomIds.length === 0) return say(request, schedule, replies.noRoomYet, 'question')
  if (rule === null || nextTimes(rule, now, 1, village.timezone).length === 0) {
    return say(request, schedule, replies.nowPast, 'question')
  }
  return async (tx) => {
    const facts = await cardFacts(tx, village, schedule, now)
    const by = speaker(request)
    const update = { confirmedAt: now, confirmedById: request.person.id, remindedUntil: now }
    const data = { before: await snapshotOf(tx, schedule, now) }
    const armed = await move(tx, village, schedule, 'confirm', update, { by, at: now, data })
    if (!facts) return []
    const text = replies.armed(facts)
    const receipt: Reply = {
      ...answerHere(request, { key: 'armed', kind: 'receipt', text }),
      subject: subjectOf(armed),
    }
    return [receipt, ...(facts.tooLate ? await remindAtOnce(tx, request, armed) : [])]
  }
}

/** The first time is so near that every lead has passed: the rooms hear of it now, or in the morning. */
async function remindAtOnce(tx: Db, request: Request, schedule: Schedule): Promise<Reply[]> {
  const { village, now } = request
  const occurrence = await tx.occurrence.findFirst({
    where: { scheduleId: schedule.id, status: 'planned', at: { gt: now } },
    orderBy: { at: 'asc' },
  })
  if (!occurrence) return []
  const rooms = await tx.room.findMany({ where: { id: { in: termsOf(schedule).roomIds } }, orderBy: { id: 'asc' } })
  const morning = outsideQuietHours(now, village.timezone)
  const waits = !schedule.urgent && morning > now && morning < occurrence.at
  const notBefore = waits ? morning : now
  await tx.reminder.createMany({
    data: rooms.map((room) => ({
      villageId: village.id,
      occurrenceId: occurrence.id,
      roomId: room.id,
      lead: 'at-once',
      dueAt: notBefore,
      outcome: room.channel === null ? 'unreachable' : 'sent',
      at: now,
      ...(room.channel === null && { toldAt: now }),
    })),
  })
  const about = await sourceOf(tx, schedule)
  const text = replies.reminder(schedule, occurrence, { now: notBefore, late: false, timeZone: village.timezone })
  return rooms.map((room) => ({
    to: { room },
    key: `reminder:${occurrence.id}:${room.id}:at-once`,
    kind: 'reminder',
    text,
    about,
    subject: occurrenceSubject(occurrence),
    notBefore,
  }))
}

/** A word to whoever spoke, here. */
export function say(
  request: Request,
  schedule: Schedule | null,
  text: string,
  kind: 'other' | 'question' = 'other',
): Commit {
  return async () => [
    { ...answerHere(request, { key: 'said', kind, text }), ...(schedule && { subject: subjectOf(schedule) }) },
  ]
}

/** Somebody without the right says 确认 to a card. */
export function isConfirm(text: string): boolean {
  return readConfirm(text) !== null
}
