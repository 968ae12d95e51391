import { audit } from '../../db/audit.ts'
import type { Db, Meeting, Prisma } from '../../db/database.ts'
import { isUniqueViolation } from '../../db/database.ts'
import type { Attachment } from '../../message.ts'
import { type Request, StaleError, speaker } from '../feature.ts'
import type { Draft } from './check.ts'
import { DUTY_KINDS } from './kinds.ts'
import { periodOf } from './periods.ts'

/** What became of a draft. */
export interface Entered {
  meeting: Meeting
  /** `known`: the same body has a meeting of that kind on that day already. */
  as: 'new' | 'known' | 'corrected'
  /** Another day of the same month or quarter on which the body met for the same. */
  alsoOn: string | null
  photos: number
}

/** What a receipt is about, in the order of its lines: replying to it finds its meetings again. */
export function subjectOf(meetings: readonly Pick<Meeting, 'id'>[]): string {
  return `meetings:${meetings.map(({ id }) => id).join(',')}`
}

/** The meetings that a subject names; none where it names something else. */
export function idsIn(subject: string | null): number[] {
  const [, ids] = /^meetings:([\d,]+)$/.exec(subject ?? '') ?? []
  return ids === undefined ? [] : ids.split(',').map(Number)
}

/** Who does something, when, because of which messages. */
export type Doing = Pick<Request, 'village' | 'person' | 'now' | 'messages'>

/** Writes one row of the audit log about a meeting. */
async function note(tx: Db, doing: Doing, event: string, data: Record<string, unknown>): Promise<void> {
  const { village, now } = doing
  await audit(tx, { villageId: village.id, at: now, by: speaker(doing), event, data })
}

function keyOf(villageId: number, { kind, body, day }: Draft) {
  return { villageId, kind, branch: body.branch, partyGroup: body.group, day }
}

/** Enters a meeting, or finds that it is known: what was entered is never changed by telling it again. */
export async function enter(tx: Db, request: Doing, draft: Draft): Promise<Entered> {
  const { village, person, now, messages } = request
  const key = keyOf(village.id, draft)
  const { attendance, absent, theme, content, chair } = draft
  const known = await tx.meeting.findUnique({ where: { villageId_kind_branch_partyGroup_day: key } })
  if (known) return { meeting: known, as: 'known', alsoOn: null, photos: 0 }
  const { from, until } = periodOf(DUTY_KINDS[draft.kind].every, draft.day)
  const { day: _, ...body } = key
  const another = await tx.meeting.findFirst({ where: { ...body, day: { gte: from, lte: until } } })
  const meeting = await tx.meeting
    .create({
      data: {
        ...key,
        attendance,
        absent,
        theme,
        content,
        chair,
        enteredAt: now,
        updatedAt: now,
        personId: person.id,
        by: person.name,
        inboxEventId: messages.at(-1)?.id ?? null,
      },
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? new StaleError('somebody else has just entered it') : error
    })
  await note(tx, request, 'duty-entered', { meeting: meeting.id })
  return { meeting, as: 'new', alsoOn: another?.day ?? null, photos: 0 }
}

/**
 * Changes a meeting; when it was entered stays as it is. Null where the body met for the same on the new day already.
 * Throws StaleError when somebody else was faster.
 */
export async function correct(tx: Db, request: Doing, meeting: Meeting, draft: Draft): Promise<Entered | null> {
  const key = keyOf(request.village.id, draft)
  const holder = await tx.meeting.findUnique({ where: { villageId_kind_branch_partyGroup_day: key } })
  if (holder && holder.id !== meeting.id) return null
  const { attendance, absent, theme, content, chair } = draft
  const data = { ...key, attendance, absent, theme, content, chair }
  const changed = await change(tx, request, meeting, data, 'duty-corrected')
  return { meeting: changed, as: 'corrected', alsoOn: null, photos: await photosOf(tx, meeting.id) }
}

async function change(
  tx: Db,
  request: Doing,
  meeting: Meeting,
  data: Prisma.MeetingUncheckedUpdateManyInput,
  event: string,
): Promise<Meeting> {
  const [changed] = await tx.meeting.updateManyAndReturn({
    where: { id: meeting.id, version: meeting.version },
    data: { ...data, version: { increment: 1 }, updatedAt: request.now },
  })
  if (!changed) throw new StaleError(`meeting ${meeting.id} has changed`)
  await note(tx, request, event, { meeting: meeting.id, before: meeting })
  return changed
}

/** Takes a meeting back; the audit log keeps what it was. */
export async function takeBack(tx: Db, request: Doing, meeting: Meeting): Promise<void> {
  const { count } = await tx.meeting.deleteMany({ where: { id: meeting.id, version: meeting.version } })
  if (count === 0) throw new StaleError(`meeting ${meeting.id} has changed`)
  await tx.meetingPhoto.deleteMany({ where: { meetingId: meeting.id } })
  await note(tx, request, 'duty-taken-back', { meeting: meeting.id, before: meeting })
}

/** Brings back what a meeting was before a correction. */
export async function restore(tx: Db, request: Doing, meeting: Meeting, before: Record<string, unknown>) {
  const fields = ['kind', 'branch', 'partyGroup', 'day', 'attendance', 'absent', 'theme', 'content', 'chair']
  const data = Object.fromEntries(Object.entries(before).filter(([field]) => fields.includes(field)))
  return change(tx, request, meeting, data, 'duty-restored')
}

/** Keeps photos, videos and files as evidence of meetings; says how many came. */
export async function keepPhotos(tx: Db, request: Doing, meetings: readonly Meeting[]): Promise<number> {
  let kept = 0
  for (const message of request.messages) {
    for (const attachment of (message.attachments as unknown as Attachment[]).filter(isEvidence)) {
      kept += 1
      await tx.meetingPhoto.createMany({
        data: meetings.map((meeting) => ({
          villageId: request.village.id,
          meetingId: meeting.id,
          inboxEventId: message.id,
          channel: message.channel,
          attachment: attachment as unknown as Prisma.InputJsonValue,
          addedAt: request.now,
        })),
      })
    }
  }
  if (kept > 0) await note(tx, request, 'duty-photo', { meetings: meetings.map((meeting) => meeting.id), photos: kept })
  return kept
}

export function isEvidence({ kind }: Attachment): boolean {
  return kind === 'image' || kind === 'video' || kind === 'file'
}

export function photosOf(db: Db, meetingId: number): Promise<number> {
  return db.meetingPhoto.count({ where: { meetingId } })
}
