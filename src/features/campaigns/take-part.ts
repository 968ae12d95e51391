import type { Prisma } from '../../db/database.ts'
import { may } from '../../village/roles.ts'
import { namedRooms } from '../../village/room-names.ts'
import { type Answer, answerHere, type Commit, type Reply, type Request, type Services } from '../feature.ts'
import { planLists } from './call.ts'
import {
  change,
  entriesOf,
  idIn,
  meantCampaign,
  OPEN_AFTER,
  PACE,
  record,
  roomsOf,
  stepOf,
  subjectOf,
} from './campaign.ts'
import { loadsIn, peopleIn, placesIn, readDone, readSignUp, stageIn } from './command-words.ts'
import * as replies from './replies.ts'

/**
 * Somebody comes, or does not any more: the list changes, nothing else is said in a group. Null where nothing is open to
 * join. A bare +1 joins only where the call is what the assistant said last: else it is a +1 to a ticket.
 */
export async function takeSignUp(request: Request, services: Services): Promise<Answer> {
  const read = readSignUp(request.text)
  if (!read || (request.room !== null && request.room.kind !== 'villagers')) return null
  const { db } = services
  const meant = await meantCampaign(request, db)
  if (!meant || meant === 'several') return null
  const { campaign } = meant
  const { person, village, now, room, messages } = request
  if (campaign.state !== 'called' || !campaign.signUp || campaign.startsAt <= now) return null
  if (read !== 'leave' && read.plus && !meant.quoted && !(await isLastSaid(request, services))) return null
  const key = { campaignId_personId: { campaignId: campaign.id, personId: person.id } }
  const before = await db.campaignParticipant.findUnique({ where: key })
  if (read === 'leave') {
    if (!before) return meant.quoted ? async () => [] : null
    return async (tx) => {
      await tx.campaignParticipant.deleteMany({ where: { id: before.id } })
      await record(tx, campaign, stepOf(request, 'campaign-left'))
      await planLists(tx, campaign, village, services, now)
      return direct(request, replies.LEFT)
    }
  }
  const count = read.join
  return async (tx) => {
    const inboxEventId = messages.at(-1)?.id ?? 0
    await tx.campaignParticipant.upsert({
      where: key,
      create: {
        campaignId: campaign.id,
        personId: person.id,
        roomId: room?.id ?? null,
        count,
        inboxEventId,
        at: now,
      },
      update: { count },
    })
    if (before?.count === count) return []
    await record(tx, campaign, stepOf(request, 'campaign-joined', { count }))
    await planLists(tx, campaign, village, services, now)
    return direct(request, replies.joined(count))
  }
}

/** In a direct message there is no list to be seen, so it is answered. */
function direct(request: Request, text: string): Reply[] {
  return request.private ? [answerHere(request, { key: 'campaign', kind: 'answer', text })] : []
}

async function isLastSaid({ conversation }: Request, { db }: Services): Promise<boolean> {
  const last = await db.outboxMessage.findFirst({ where: { ...conversation, state: 'sent' }, orderBy: { id: 'desc' } })
  return idIn(last?.subject ?? null) !== null
}

/** Photos of before and after: by what is written beside them, else below the call by whether it had begun. */
export async function takePhotos(request: Request, services: Services): Promise<Answer> {
  const { attachments, messages, person, now, quote, village } = request
  const images = messages.flatMap((message) =>
    (message.attachments as unknown as Request['attachments'])
      .filter(({ kind }) => kind === 'image' || kind === 'video')
      .map((attachment) => ({ message, attachment })),
  )
  const stage = stageIn(request.text)
  if (attachments.length === 0 || images.length === 0 || (stage === null && !quote) || readDone(request.text))
    return null
  // Below a call 三组桥头还有一堆垃圾 with a photo is a report.
  if (stage === null && request.understanding.gate === 'ticket') return null
  const meant = await meantCampaign(request, services.db)
  if (!meant || meant === 'several') return null
  const { campaign } = meant
  if (campaign.state !== 'called' && campaign.state !== 'done') return null
  const taken = stage ?? (now < campaign.startsAt ? 'before' : 'after')
  return async (tx) => {
    await tx.campaignPhoto.createMany({
      data: images.map(({ message, attachment }) => ({
        villageId: village.id,
        campaignId: campaign.id,
        personId: person.id,
        inboxEventId: message.id,
        stage: taken,
        official: person.role !== 'villager',
        attachment: { channel: message.channel, ...attachment } as unknown as Prisma.InputJsonValue,
        at: now,
      })),
    })
    await record(tx, campaign, stepOf(request, 'campaign-photos', { count: images.length, stage: taken }))
    return request.private || request.room?.kind === 'grid'
      ? [answerHere(request, { key: 'campaign', kind: 'answer', text: replies.photosKept(images.length, taken) })]
      : []
  }
}

/** Photos that are shown of before and of after, at most. */
const SHOWN = 2

/** It is over: the rooms that were called hear what came of it. Of the photos only those of office-holders are shown. */
export async function takeDone(request: Request, services: Services): Promise<Answer> {
  const done = readDone(request.text)
  const { person, village, now, room } = request
  if (!done) return null
  if (room && room.kind === 'party') return null
  const meant = await meantCampaign(request, services.db)
  // From anybody else it is a word among neighbours, and nothing that would be a ticket.
  if (!(may(person.role, 'broadcast') || may(person.role, 'work-tickets'))) return meant ? async () => [] : null
  if (meant === 'several') return ask(request, replies.WHICH_ONE)
  if (meant?.campaign.state !== 'called' || now.getTime() > meant.campaign.startsAt.getTime() + OPEN_AFTER) return null
  const { campaign } = meant
  const named = await namedRooms(services.db, village.id)
  return async (tx) => {
    const told = { people: peopleIn(done.rest), loads: loadsIn(done.rest), places: placesIn(done.rest) }
    const data = { state: 'done', finishedAt: now, result: done.rest === '' ? null : done.rest, ...told }
    const finished = await change(tx, campaign, data, stepOf(request, 'campaign-finished'))
    const signed = (await entriesOf(tx, campaign)).reduce((sum, { count }) => sum + count, 0)
    const photos = await tx.campaignPhoto.findMany({ where: { campaignId: campaign.id }, orderBy: { id: 'asc' } })
    const of = (stage: string) => photos.filter((photo) => photo.stage === stage)
    const shown = ['before', 'after'].flatMap((stage) =>
      of(stage)
        .filter((photo) => photo.official)
        .slice(0, SHOWN),
    )
    const text = replies.result(finished, village.timezone, {
      people: told.people ?? signed,
      peopleTold: told.people !== null,
      before: of('before').length,
      after: of('after').length,
      places: told.places,
      loads: told.loads,
    })
    const results = roomsOf(finished, named).map(
      (one, n): Reply => ({
        to: { room: one.room },
        key: `campaign-result-${one.room.id}`,
        kind: 'result',
        text,
        attachments: shown.map(({ attachment }) => attachment as unknown as Request['attachments'][number]),
        subject: subjectOf(campaign),
        about: [],
        notBefore: new Date(now.getTime() + n * PACE),
      }),
    )
    const isHeard = results.some(({ to }) => 'room' in to && to.room.id === room?.id)
    const answer = { ...answerHere(request, { key: 'campaign', kind: 'answer', text: replies.DONE }) }
    return isHeard ? results : [...results, answer]
  }
}

function ask(request: Request, text: string): Commit {
  return async () => [answerHere(request, { key: 'question', kind: 'question', text })]
}
