import { MINUTE } from '../../clock.ts'
import type { Db, Meeting } from '../../db/database.ts'
import { answerHere, type Commit, quotedSubject, type Request, type Services } from '../feature.ts'
import { check, type Draft, objectionTo, objectionToDay, type Problem } from './check.ts'
import { type DutyKind, isDutyKind } from './kinds.ts'
import { correct, idsIn, isEvidence, keepPhotos, photosOf, restore, subjectOf, takeBack } from './meetings.ts'
import { type Body, type Branch, keptBy, mayKeep } from './organisation.ts'
import { dayOf, type IsoDay } from './periods.ts'
import { readRecords } from './read-records.ts'
import { type Mention, normalise, type Slots } from './read-slots.ts'
import { receiptFor, saysSomething, slotsOf, writtenOn } from './record.ts'
import * as replies from './replies.ts'

const UNDO = /^(?:撤销|撤回|取消|删掉|删除|作废|记错了|不算)[了吧。!\s]*$/
/** How long a step may be taken back, or completed by photos, without quoting its receipt. Milliseconds. */
const SOON = 10 * MINUTE

/** A reply to a receipt: corrects or takes back what stands in it, or adds photos. Null where none is quoted. */
export async function takeReply(request: Request, services: Services, branches: Branch[]): Promise<Commit | null> {
  const { db } = services
  const ids = idsIn(await quotedSubject(db, request))
  if (ids.length === 0) return null
  const known = await db.meeting.findMany({ where: { id: { in: ids }, villageId: request.village.id } })
  const meetings = ids.flatMap((id) => known.find((meeting) => meeting.id === id) ?? [])
  const mine = meetings.filter((meeting) => mayKeep(request.person, branches, bodyOf(meeting)))
  if (meetings.length > 0 && mine.length === 0) return request.private ? say(request, replies.notYours) : null
  const { chosen, text } = chosenLine(normalise(request.text).trim(), ids, mine)
  if (UNDO.test(text))
    return chosen.length === 0 ? say(request, replies.alreadyTakenBack) : takeAllBack(request, chosen)
  if (text === '' && request.attachments.some(isEvidence)) return addPhotos(request, chosen)
  // Something else that was held is told, not corrected.
  if (readRecords(text, writtenOn(request, request.messages), branches).length > 0) return null
  // What was not this is that.
  const slots = slotsOf(text.replace(/不是.*?而?是/, ''), writtenOn(request, request.messages), branches)
  const content = /^(?:改)?(?:内容|议题|学的是|学了)/.test(text) ? slots.content : ''
  const another = slots.held && (slots.branch !== null || slots.group !== null)
  if (another || (!saysSomething(slots) && content === ''))
    return request.private ? say(request, replies.notYetChanged) : null
  const [meeting, ...others] = chosen
  if (!meeting) return say(request, replies.alreadyTakenBack)
  if (others.length > 0) return say(request, replies.whichLine)
  const kind = slots.kinds[0] ?? meeting.kind
  if (!isDutyKind(kind)) return null
  const today = dayOf(request.now, request.village.timezone)
  const wrongDay = objectionToDay(slots.day, today)
  if (wrongDay) return say(request, replies.question(wrongDay, today))
  const body = movedTo(slots, kind, meeting, branches, today)
  if ('type' in body) return say(request, replies.question(body, today))
  if (!mayKeep(request.person, branches, body)) return say(request, replies.notYourBody(body))
  const draft: Draft = {
    kind,
    body,
    day: slots.day?.day ?? meeting.day,
    attendance: slots.attendance ?? (slots.full ? body.members : meeting.attendance),
    absent: slots.absent ?? meeting.absent,
    theme: slots.theme ?? (meeting.theme as Draft['theme']),
    chair: slots.chair || meeting.chair,
    content: content || meeting.content,
  }
  const problem = objectionTo(draft)
  if (problem) return say(request, replies.question(problem, today))
  return async (tx) => {
    const corrected = await correct(tx, request, meeting, draft)
    if (!corrected) return [answerHere(request, { key: 'duty-taken', kind: 'refusal', text: replies.dayIsTaken })]
    if (request.attachments.some(isEvidence)) await keepPhotos(tx, request, [corrected.meeting])
    return [await receiptFor(tx, request, branches, [corrected])]
  }
}

/** 撤销 without a quote takes back the person's own last step here, if it was one of these and a moment ago. */
export async function takeUndo(request: Request, services: Services, branches: Branch[]): Promise<Commit | null> {
  if (request.quote || !UNDO.test(normalise(request.text).trim())) return null
  const last = await lastStep(services.db, request)
  if (!last) return null
  if (last.event === 'duty-corrected') {
    const { meeting: id, before } = last.data as { meeting?: number; before?: Record<string, unknown> }
    const meeting = await services.db.meeting.findUnique({ where: { id: id ?? 0 } })
    if (!meeting || !before) return null
    return async (tx) => {
      const restored = await restore(tx, request, meeting, before)
      const photos = await photosOf(tx, restored.id)
      return [await receiptFor(tx, request, branches, [{ meeting: restored, as: 'corrected', alsoOn: null, photos }])]
    }
  }
  const meetings = await enteredBy(services.db, request, last.inboxEventId)
  return meetings.length === 0 ? null : takeAllBack(request, meetings)
}

/** Photos that follow what was entered a moment ago belong to it. */
export async function takePhotos(request: Request, services: Services, branches: Branch[]): Promise<Commit | null> {
  if (request.quote || request.text.trim() !== '' || !request.attachments.some(isEvidence)) return null
  if (keptBy(request.person, branches).length === 0) return null
  const last = await lastStep(services.db, request)
  if (!last) return null
  const ids = last.event === 'duty-photo' ? ((last.data as { meetings?: number[] }).meetings ?? []) : null
  const meetings = ids
    ? await services.db.meeting.findMany({ where: { id: { in: ids }, villageId: request.village.id } })
    : await enteredBy(services.db, request, last.inboxEventId)
  return meetings.length === 0 ? null : addPhotos(request, meetings)
}

function addPhotos(request: Request, meetings: readonly Meeting[]): Commit {
  return async (tx) => {
    await keepPhotos(tx, request, meetings)
    const [first] = meetings
    if (!first) return [answerHere(request, { key: 'duty-gone', kind: 'answer', text: replies.alreadyTakenBack })]
    const today = dayOf(request.now, request.village.timezone)
    const text = replies.photosKept(meetings, today, await photosOf(tx, first.id))
    return [{ ...answerHere(request, { key: 'duty', kind: 'receipt', text }), subject: subjectOf(meetings) }]
  }
}

function takeAllBack(request: Request, meetings: readonly Meeting[]): Commit {
  return async (tx) => {
    for (const meeting of meetings) await takeBack(tx, request, meeting)
    const text = replies.takenBack(meetings, dayOf(request.now, request.village.timezone))
    return [answerHere(request, { key: 'duty-taken-back', kind: 'receipt', text })]
  }
}

function say(request: Request, text: string): Commit {
  return async () => [answerHere(request, { key: 'duty-answer', kind: 'question', text })]
}

/** `2 8人` means the second line of a receipt that has several. */
function chosenLine(text: string, ids: readonly number[], meetings: readonly Meeting[]) {
  const [, number, rest] = ids.length > 1 ? (/^第?(\d{1,2})(?:条|[.、:\s])\s*(.*)$/su.exec(text) ?? []) : []
  if (number === undefined || rest === undefined) return { chosen: [...meetings], text }
  return { chosen: meetings.filter(({ id }) => id === ids[Number(number) - 1]), text: rest.trim() }
}

function bodyOf({ branch, partyGroup }: Meeting) {
  return { branch, group: partyGroup }
}

function bodyIn(branches: readonly Branch[], meeting: Meeting) {
  const { branch, group } = bodyOf(meeting)
  const found = branches
    .flatMap((one) => [one, ...one.groups])
    .find((one) => one.branch === branch && one.group === group)
  // One that the village file no longer has is still what the meeting was of.
  return found ?? { branch, group, members: null, number: Number.NaN, keeperId: null }
}

/** The body that a correction names; the meeting's own where it names none. */
function movedTo(slots: Slots, kind: DutyKind, meeting: Meeting, branches: Branch[], today: IsoDay): Body | Problem {
  const own = bodyIn(branches, meeting)
  if (slots.branch === null && slots.group === null && kind === meeting.kind) return own
  const named = (name: string): Mention => ({ numbers: [], names: [name], all: false, count: null, said: name })
  const branch = slots.branch ?? (slots.group ? null : named(own.branch))
  const group = slots.group ?? (own.group === '' ? null : named(own.group))
  const checked = check({ ...slots, kind, branch, group, day: null, attendance: null, absent: null }, branches, today)
  if ('type' in checked) return checked
  const [body, ...more] = checked
  if (body && more.length === 0) return body.body
  return { type: 'which', kind, bodies: checked.map((draft) => draft.body) }
}

async function lastStep(db: Db, { village, person, now }: Request) {
  const last = await db.auditEntry.findFirst({
    where: { villageId: village.id, personId: person.id, at: { gte: new Date(now.getTime() - SOON) } },
    orderBy: { id: 'desc' },
  })
  const own = ['duty-entered', 'duty-photo', 'duty-corrected', 'duty-restored']
  return last && own.includes(last.event) ? last : null
}

/** The meetings that the person entered by one message. */
async function enteredBy(db: Db, { village, person }: Request, inboxEventId: number | null): Promise<Meeting[]> {
  if (inboxEventId === null) return []
  return db.meeting.findMany({
    where: { villageId: village.id, personId: person.id, inboxEventId },
    orderBy: { id: 'asc' },
  })
}
