import { DAY, fromWallTime, HOUR, MINUTE, SECOND, wallTime } from '../../clock.ts'
import { actorOf, audit } from '../../db/audit.ts'
import type { Campaign, Db, Person, Prisma } from '../../db/database.ts'
import { outsideQuietHours } from '../../quiet-hours.ts'
import type { NamedRoom } from '../../village/room-names.ts'
import { quotedSubject, type Request, StaleError } from '../feature.ts'
import type { Entry } from './replies.ts'

/** How long a card waits for its 确认. Milliseconds. */
export const DRAFT_LIVES = 12 * HOUR
/** How long after its beginning photos and a result still belong to it. Milliseconds. */
export const OPEN_AFTER = 3 * DAY
/** Time between two rooms. Milliseconds. */
export const PACE = 20 * SECOND
/** How soon a changed list is shown where a message can be changed, and how seldom where it is said anew. Milliseconds. */
export const LIST_SOON = 5 * SECOND
export const LIST_EVERY = 10 * MINUTE
/** It is said anew only after waiting for more to join. Milliseconds. */
export const LIST_WAIT = 5 * MINUTE
/** Reminders where the sentence names none: the evening before at this hour, and so long before. */
const EVENING = 19
const LAST_CALL = HOUR

/** How messages about a campaign are found again. */
export const subjectOf = (campaign: Pick<Campaign, 'id'>) => `campaign:${campaign.id}`

/** The campaign a subject names; null where it names something else. */
export function idIn(subject: string | null): number | null {
  const [, id] = /^campaign:(\d+)$/.exec(subject ?? '') ?? []
  return id === undefined ? null : Number(id)
}

/** The rooms that are called and bound. */
export function roomsOf(campaign: Campaign, named: readonly NamedRoom[]): NamedRoom[] {
  const ids = campaign.roomIds as unknown as number[]
  return named.filter(({ room }) => ids.includes(room.id) && room.conversation !== null)
}

/**
 * When the rooms are reminded, as far as that is yet to come: as the sentence says, else the evening before and an hour
 * before.
 */
export function remindersFor(
  { startsAt, leadMinutes }: Pick<Campaign, 'startsAt' | 'leadMinutes'>,
  now: Date,
  timeZone: string,
): Date[] {
  const leads = leadMinutes as number[]
  const isToCome = (at: Date) => at.getTime() > now.getTime() + LAST_CALL / 2 && at < startsAt
  if (leads.length > 0)
    return leads
      .map((minutes) => outsideQuietHours(new Date(startsAt.getTime() - minutes * MINUTE), timeZone))
      .filter(isToCome)
  const day = wallTime(new Date(startsAt.getTime() - DAY), timeZone)
  const evening = fromWallTime({ year: day.year, month: day.month, day: day.day, hour: EVENING }, timeZone)
  const before = outsideQuietHours(new Date(startsAt.getTime() - LAST_CALL), timeZone)
  return [evening, before].filter(isToCome)
}

/** The campaign that is quoted; else the only one in this room that people are called to. */
export async function meantCampaign(
  request: Request,
  db: Db,
): Promise<{ campaign: Campaign; quoted: boolean } | 'several' | null> {
  const { village, room, now } = request
  if (request.quote) {
    const id = idIn(await quotedSubject(db, request))
    const quoted = id === null ? null : await db.campaign.findFirst({ where: { id, villageId: village.id } })
    return quoted && { campaign: quoted, quoted: true }
  }
  const open = await db.campaign.findMany({
    where: { villageId: village.id, state: 'called', startsAt: { gte: new Date(now.getTime() - OPEN_AFTER) } },
  })
  const here = room?.kind === 'villagers' ? open.filter(({ roomIds }) => (roomIds as number[]).includes(room.id)) : open
  const [only, ...more] = here
  if (!only) return null
  return more.length > 0 ? 'several' : { campaign: only, quoted: false }
}

/** Who comes, in the order in which they said so. */
export async function entriesOf(db: Db, campaign: Pick<Campaign, 'id'>): Promise<Entry[]> {
  const rows = await db.campaignParticipant.findMany({ where: { campaignId: campaign.id }, orderBy: { id: 'asc' } })
  const people = await db.person.findMany({
    where: { id: { in: rows.map(({ personId }) => personId) } },
    select: { id: true, name: true },
  })
  return rows.map(({ personId, count }) => ({ name: people.find(({ id }) => id === personId)?.name ?? '', count }))
}

/** Writes one change with its audit row. Throws StaleError when somebody else was faster. */
export async function change(
  tx: Db,
  campaign: Campaign,
  data: Prisma.CampaignUncheckedUpdateManyInput,
  step: Step,
): Promise<Campaign> {
  const [written] = await tx.campaign.updateManyAndReturn({
    where: { id: campaign.id, version: campaign.version },
    data: { ...data, version: { increment: 1 } },
  })
  if (!written) throw new StaleError(`campaign ${campaign.id} has changed`)
  await record(tx, campaign, step)
  return written
}

interface Step {
  event: string
  by: Person | null
  at: Date
  inboxEventId?: number
  data?: Record<string, number | string>
}

export function stepOf({ person, now, messages }: Request, event: string, data?: Step['data']): Step {
  const inboxEventId = messages.at(-1)?.id
  return { event, by: person, at: now, ...(inboxEventId !== undefined && { inboxEventId }), ...(data && { data }) }
}

export async function record(tx: Db, campaign: Pick<Campaign, 'id' | 'villageId'>, step: Step): Promise<void> {
  const { at, by, event, inboxEventId } = step
  const data = { campaign: campaign.id, ...step.data }
  await audit(tx, { villageId: campaign.villageId, at, by: by && actorOf(by), event, inboxEventId, data })
}
