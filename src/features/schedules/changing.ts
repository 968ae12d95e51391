import type { Db, Occurrence, Schedule } from '../../db/database.ts'
import { type Answer, answerHere, type Commit, type Reply, type Request, type Services, speaker } from '../feature.ts'
import { alter, snapshotOf } from './altering.ts'
import { cardText } from './card.ts'
import { NUMBERED } from './command-words.ts'
import { say } from './confirming.ts'
import type { Kind } from './draft.ts'
import { showCard } from './drafting.ts'
import { atHand, isOvertaken, type Meant, numbered, quotedMeant } from './find-schedule.ts'
import { nextTimes } from './occurrences.ts'
import { type Change, movedTime, readChange, ruleAt, withSessions } from './read-change.ts'
import { plainSchedule, wordsOf } from './recognise.ts'
import * as replies from './replies.ts'
import { roomsMeant } from './rooms.ts'
import { isRecurring, type Rule } from './rule.ts'
import { asJson, change as changeRow, type ScheduleChange, subjectOf, termsOf } from './schedule.ts'

/** No change of a schedule is longer. In UTF-16 units. */
const LONGEST = 120

/** A line that reads as a change of a draft or of an armed schedule. */
export async function takeChange(request: Request, services: Services): Promise<Answer> {
  const words = wordsOf(request.text)
  if (words === '' || words.length > LONGEST) return null
  const { db } = services
  const number = NUMBERED.exec(words)
  const text = number ? words.slice(number[0].length) : words
  const named = request.quote
    ? await quotedMeant(db, request)
    : number
      ? await numbered(db, request.village.id, Number(number.groups?.no))
      : null
  if ((request.quote || number) && !named) return null
  const meant = named ?? (await unnamed(request, services))
  if (!meant) return null
  if (meant === 'several') {
    const drafts = await openDrafts(db, request)
    const [first] = drafts
    const reading = first && reads(request, first, text)
    return reading?.ok && reading.change.plain && !plainSchedule(request)
      ? say(request, null, replies.whichToChange(drafts), 'question')
      : null
  }
  const { schedule } = meant
  const reading = reads(request, schedule, text)
  if (!reading) return null
  // A whole sentence of its own is another schedule, not a change of this one.
  if (!named && !(reading.ok && reading.change.plain) && (reading.ok || plainSchedule(request))) return null
  if (schedule.status !== 'draft' && schedule.status !== 'armed')
    return named ? say(request, schedule, replies.noLonger(schedule)) : null
  if (!reading.ok) return say(request, schedule, replies.problem(reading.problem), 'question')
  return schedule.status === 'draft'
    ? changeDraft(request, services, schedule, reading.change)
    : changeArmed(request, services, meant, reading.change, text)
}

function reads(request: Request, schedule: Schedule, text: string) {
  const { rule } = termsOf(schedule)
  return rule && readChange(text, { rule, now: request.now, timeZone: request.village.timezone })
}

async function openDrafts(db: Db, request: Request): Promise<Schedule[]> {
  return db.schedule.findMany({
    where: { villageId: request.village.id, status: 'draft', ...request.conversation },
    orderBy: { id: 'asc' },
  })
}

/** What a line without quote or number may be about: the only draft here, else what was just spoken of. */
async function unnamed(request: Request, { db }: Services): Promise<Meant | 'several' | null> {
  const [only, ...more] = await openDrafts(db, request)
  if (more.length > 0) return 'several'
  if (only) return (await isOvertaken(db, request, only)) ? null : { schedule: only, occurrence: null }
  const meant = await atHand(db, request)
  return meant?.schedule.status === 'armed' ? meant : null
}

/** The terms a change gives; `problem` where they cannot be. */
async function updateOf(
  db: Db,
  request: Request,
  schedule: Schedule,
  change: Change,
): Promise<{ update: ScheduleChange; unknown: string[] } | null> {
  const { rule } = termsOf(schedule)
  if (rule === null) return null
  const next = ruleAfter(request, rule, change)
  if (next === null) return null
  const found = change.rooms
    ? await roomsMeant(db, request.village.id, change.rooms, { kind: schedule.kind as Kind, here: request.room })
    : null
  return {
    unknown: found?.unknown ?? [],
    update: {
      ...(change.title && { title: change.title }),
      ...(change.leads && { leads: asJson(change.leads) }),
      ...(found && found.rooms.length > 0 && { roomIds: found.rooms.map((room) => room.id) }),
      ...(next !== rule && { rule: asJson(next) }),
    },
  }
}

/** The rule as it is after a change; null where the change cannot be made of all of it. */
function ruleAfter({ now, village }: Request, rule: Rule, change: Change): Rule | null {
  if (change.rule) return change.rule
  if (change.sessions) return withSessions(rule, change.sessions)
  if (change.by === undefined) return rule
  const [next] = nextTimes(rule, now, 1, village.timezone)
  if (!next || isRecurring(rule)) return null
  const at = movedTime(next.at, change, village.timezone)
  if (!at) return null
  return ruleAt(at, next.end ? new Date(at.getTime() + next.end.getTime() - next.at.getTime()) : null, village.timezone)
}

async function changeDraft(request: Request, { db }: Services, draft: Schedule, change: Change): Promise<Commit> {
  const { village, now } = request
  const found = await updateOf(db, request, draft, change)
  if (!found) return say(request, draft, replies.sayDays, 'question')
  const rule = (found.update.rule ?? draft.rule) as Rule
  if (nextTimes(rule, now, 1, village.timezone).length === 0) return say(request, draft, replies.nowPast, 'question')
  return async (tx) => {
    const data = { before: await snapshotOf(tx, draft, now) }
    const step = { event: 'schedule-redrafted', by: speaker(request), at: now, data }
    return showCard(tx, request, await changeRow(tx, village, draft, found.update, step), found.unknown)
  }
}

async function changeArmed(
  request: Request,
  services: Services,
  meant: Meant,
  change: Change,
  text: string,
): Promise<Commit> {
  const { db } = services
  const { village, now } = request
  const { schedule } = meant
  const { rule } = termsOf(schedule)
  const recurring = rule !== null && isRecurring(rule)
  const ofTime = change.by !== undefined || change.sessions !== undefined || change.rule !== undefined
  const scope =
    !recurring || !ofTime ? 'all' : (change.scope ?? (meant.occurrence || namesOneDay(change) ? 'one' : null))
  if (scope === null) return askScope(request, schedule, text)
  if (scope === 'one') {
    const occurrence = meant.occurrence ?? (await nextPlanned(db, schedule, now))
    const to = occurrence && movedTime(occurrence.at, change, village.timezone)
    if (!occurrence || !to) return say(request, schedule, replies.sayDays, 'question')
    if (occurrence.status !== 'planned' || occurrence.at <= now) return say(request, schedule, replies.occurrenceOver)
    if (to <= now) return say(request, schedule, replies.nowPast, 'question')
    if (to.getTime() === occurrence.at.getTime()) return say(request, schedule, replies.sameTime)
    return async (tx) => {
      const done = await alter(tx, request, schedule, {
        event: 'occurrence-moved',
        occurrence: { row: occurrence, to },
      })
      const told = replies.movedOne(done.schedule, occurrence.at, to, village.timezone, done.told.length > 0)
      return [receipt(request, done.schedule, told), ...done.told]
    }
  }
  const found = await updateOf(db, request, schedule, change)
  if (!found) return say(request, schedule, replies.sayDays, 'question')
  if (found.update.rule && nextTimes(found.update.rule as Rule, now, 1, village.timezone).length === 0) {
    return say(request, schedule, replies.nowPast, 'question')
  }
  if (Object.keys(found.update).length === 0)
    return say(request, schedule, replies.unknownRoom(found.unknown), 'question')
  return async (tx) => {
    const done = await alter(tx, request, schedule, { event: 'schedule-changed', update: found.update })
    const card = (await cardText(tx, village, done.schedule, now)) ?? ''
    return [receipt(request, done.schedule, replies.changed(card, done.told.length > 0), 'card'), ...done.told]
  }
}

/** A day of the calendar is one day; a time of day may be every day's. */
function namesOneDay(change: Change): boolean {
  return change.rule !== undefined && !isRecurring(change.rule)
}

export async function nextPlanned(db: Db, schedule: Schedule, now: Date): Promise<Occurrence | null> {
  return db.occurrence.findFirst({
    where: { scheduleId: schedule.id, status: 'planned', at: { gt: now } },
    orderBy: { at: 'asc' },
  })
}

function askScope(request: Request, schedule: Schedule, text: string): Commit {
  const choices = replies.scopeChoices(text)
  const question = answerHere(request, {
    key: 'question',
    kind: 'question',
    text: replies.whichScope(schedule, choices),
  })
  return async () => [{ ...question, subject: subjectOf(schedule), choices }]
}

export function receipt(
  request: Request,
  schedule: Schedule,
  text: string,
  kind: 'receipt' | 'card' = 'receipt',
): Reply {
  return { ...answerHere(request, { key: `altered:${schedule.id}`, kind, text }), subject: subjectOf(schedule) }
}
