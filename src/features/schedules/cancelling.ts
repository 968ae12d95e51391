import { type Answer, answerHere, type Commit, type Request, type Services, speaker } from '../feature.ts'
import { alter, snapshotOf } from './altering.ts'
import { nextPlanned, receipt } from './changing.ts'
import { ALL, CANCEL, THIS_ONE } from './command-words.ts'
import { say } from './confirming.ts'
import { atHand, isOvertaken, type Meant, numbered, quotedMeant } from './find-schedule.ts'
import { wordsOf } from './recognise.ts'
import * as replies from './replies.ts'
import { isRecurring } from './rule.ts'
import { move, subjectOf, termsOf } from './schedule.ts'
import { OPEN } from './status.ts'

export function isCancel(text: string): boolean {
  return CANCEL.test(wordsOf(text))
}

/** 取消: a draft, one time of an armed schedule, or all of it. */
export async function takeCancel(request: Request, services: Services): Promise<Answer> {
  const words = CANCEL.exec(wordsOf(request.text))
  if (!words) return null
  const { before = '', after = '', first, no = first } = words.groups ?? {}
  const meant = await cancelled(request, services, no === undefined ? null : Number(no))
  if (meant === 'several') return say(request, null, replies.whichToCancel(await drafts(request, services)), 'question')
  if (!meant) return null
  const { schedule } = meant
  const { village, now } = request
  if ((OPEN as readonly string[]).includes(schedule.status)) {
    return async (tx) => {
      const data = { before: await snapshotOf(tx, schedule, now) }
      const off = await move(tx, village, schedule, 'cancel', {}, { by: speaker(request), at: now, data })
      return [receipt(request, off, replies.draftCancelled(off))]
    }
  }
  if (schedule.status !== 'armed') return say(request, schedule, replies.noLonger(schedule))
  const { rule } = termsOf(schedule)
  const recurring = rule !== null && isRecurring(rule)
  const scope = before + after
  if (!recurring || ALL.test(scope)) return cancelAll(request, meant)
  if (THIS_ONE.test(scope) || meant.occurrence) return cancelOne(request, services, meant)
  const choices = replies.CANCEL_CHOICES
  const question = answerHere(request, { key: 'question', kind: 'question', text: replies.whichCancel(schedule) })
  return async () => [{ ...question, subject: subjectOf(schedule), choices }]
}

async function drafts({ village, conversation }: Request, { db }: Services) {
  return db.schedule.findMany({
    where: { villageId: village.id, status: { in: [...OPEN] }, ...conversation },
    orderBy: { id: 'asc' },
  })
}

async function cancelled(request: Request, services: Services, no: number | null): Promise<Meant | 'several' | null> {
  const { db } = services
  if (request.quote) return quotedMeant(db, request)
  if (no !== null) return numbered(db, request.village.id, no)
  const [only, ...more] = await drafts(request, services)
  if (more.length > 0) return 'several'
  if (only)
    return (await isOvertaken(db, request, only)) && only.status !== 'asked'
      ? null
      : { schedule: only, occurrence: null }
  const meant = await atHand(db, request)
  return meant?.schedule.status === 'armed' ? meant : null
}

function cancelAll(request: Request, { schedule }: Meant): Commit {
  return async (tx) => {
    const update = { status: 'cancelled', wakesAt: null }
    const done = await alter(tx, request, schedule, { event: 'schedule-cancel', update })
    return [receipt(request, done.schedule, replies.allCancelled(done.schedule, done.told.length > 0)), ...done.told]
  }
}

async function cancelOne(request: Request, { db }: Services, meant: Meant): Promise<Commit> {
  const { schedule } = meant
  const { village, now } = request
  const occurrence = meant.occurrence ?? (await nextPlanned(db, schedule, now))
  if (!occurrence || occurrence.status !== 'planned' || occurrence.at <= now) {
    return say(request, schedule, replies.occurrenceOver)
  }
  return async (tx) => {
    const done = await alter(tx, request, schedule, {
      event: 'occurrence-cancelled',
      occurrence: { row: occurrence, to: null },
    })
    const text = replies.oneCancelled(schedule, occurrence.at, village.timezone, done.told.length > 0)
    return [receipt(request, done.schedule, text), ...done.told]
  }
}
