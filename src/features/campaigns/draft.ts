import type { Campaign, Db, Prisma } from '../../db/database.ts'
import { outsideQuietHours } from '../../quiet-hours.ts'
import { may } from '../../village/roles.ts'
import { type NamedRoom, namedRooms, roomsCalled } from '../../village/room-names.ts'
import {
  type Answer,
  answerHere,
  type Commit,
  offeredSubject,
  placeOfDraft,
  type Reply,
  type Request,
  refsOf,
  refusePrivately,
  type Services,
} from '../feature.ts'
import { planReminders, postCalls } from './call.ts'
import {
  change,
  DRAFT_LIVES,
  idIn,
  meantCampaign,
  PACE,
  record,
  remindersFor,
  roomsOf,
  stepOf,
  subjectOf,
} from './campaign.ts'
import { bare, isCall, placeIn, readDecision, titleIn, wantsSignUp } from './command-words.ts'
import * as replies from './replies.ts'

/** Reads when something begins; or says in words what is missing. Given by the joiner of parts. */
export type ReadWhen = (
  sentence: string,
  now: Date,
  timeZone: string,
) => { at: Date; recurring: boolean; leadMinutes: number[] } | { problem: string }

/** Somebody with the right wants a clean-up called: a card. Null where the line is none, or means a schedule. */
export async function takeDraft(request: Request, services: Services, readWhen: ReadWhen): Promise<Answer> {
  const text = bare(request.text)
  if (!isCall(text)) return null
  const { room, person, village, now, addressed } = request
  const spokenTo = request.private || addressed
  // Whoever calls people to sign up in the room itself needs nobody, and has nothing to complain of.
  if (!spokenTo && room?.kind !== 'grid') return wantsSignUp(text) ? async () => [] : null
  if (!may(person.role, 'broadcast'))
    return spokenTo && wantsSignUp(text) ? refusePrivately(request, services, replies.NOT_YOUR_RIGHT) : null
  const when = readWhen(text, now, village.timezone)
  if ('problem' in when) return wantsSignUp(text) ? ask(request, when.problem) : null
  // What comes again and again is a schedule's.
  if (when.recurring) return null
  const place = await placeOfDraft(request, services)
  if (!place) return ask(request, replies.WRITE_DIRECTLY)
  const named = await namedRooms(services.db, village.id)
  const rooms = named.filter((one) => one.room.kind === 'villagers').map((one) => one.room.id)
  return async (tx) => {
    const campaign = await tx.campaign.create({
      data: {
        villageId: village.id,
        personId: person.id,
        ...place.conversation,
        private: place.private,
        inboxEventId: request.messages.at(-1)?.id ?? 0,
        title: titleIn(text),
        place: placeIn(text) ?? request.understanding.place,
        startsAt: when.at,
        leadMinutes: when.leadMinutes,
        signUp: wantsSignUp(text),
        roomIds: rooms,
        createdAt: now,
        expiresAt: new Date(now.getTime() + DRAFT_LIVES),
      },
    })
    await record(tx, campaign, stepOf(request, 'campaign-drafted'))
    return [card(campaign, named, request)]
  }
}

/** An answer to a card: 确认, 取消 or a change; 取消 also of what people were called to. Null where it answers none. */
export async function takeDecision(request: Request, services: Services, readWhen: ReadWhen): Promise<Answer> {
  const read = readDecision(request.text)
  if (!read) return null
  const { person, village, now } = request
  const hasRight = may(person.role, 'broadcast')
  if (!request.quote && !hasRight) return null
  const campaign = request.quote ? await quoted(request, services.db) : await offered(request, services.db)
  if (!campaign || (campaign.state !== 'draft' && campaign.state !== 'called')) return null
  const isWorkRoom = request.private || request.room?.kind === 'grid'
  if (!hasRight) return isWorkRoom ? refusePrivately(request, services, replies.NOT_YOUR_RIGHT) : null
  const named = await namedRooms(services.db, village.id)
  if (campaign.state === 'called') return read.decision === 'cancel' ? takeOff(request, campaign, named) : null
  if (!request.quote && campaign.personId !== person.id) return null
  if (campaign.expiresAt <= now) return ask(request, replies.EXPIRED)
  const amend = (data: Prisma.CampaignUncheckedUpdateManyInput): Commit => {
    return async (tx) => [card(await change(tx, campaign, data, stepOf(request, 'campaign-amended')), named, request)]
  }
  switch (read.decision) {
    case 'cancel':
      return async (tx) => {
        await change(tx, campaign, { state: 'cancelled' }, stepOf(request, 'campaign-cancelled'))
        return [answerHere(request, { key: 'campaign', kind: 'answer', text: replies.CANCELLED })]
      }
    case 'confirm':
      return confirm(request, campaign, named)
    case 'with-list':
      return amend({ signUp: true })
    case 'without-list':
      return amend({ signUp: false })
    case 'place':
      return amend({ place: read.argument })
    case 'only': {
      const meant = roomsCalled(named, read.argument).map(({ room }) => room.id)
      return meant.length > 0 ? amend({ roomIds: meant }) : ask(request, replies.noSuchRoom(read.argument, named))
    }
    case 'time': {
      const when = readWhen(`${read.argument}${campaign.title}`, now, village.timezone)
      return 'problem' in when ? ask(request, when.problem) : amend({ startsAt: when.at })
    }
  }
}

async function quoted(request: Request, db: Db): Promise<Campaign | null> {
  const meant = await meantCampaign(request, db)
  return meant === 'several' ? null : (meant?.campaign ?? null)
}

/** A bare 确认 is the author's answer to the card that was shown last. */
async function offered(request: Request, db: Db): Promise<Campaign | null> {
  const id = idIn(await offeredSubject(db, request, '确认'))
  if (id === null) return null
  return db.campaign.findFirst({ where: { id, villageId: request.village.id, state: 'draft' } })
}

function ask(request: Request, text: string): Commit {
  return async () => [answerHere(request, { key: 'question', kind: 'question', text })]
}

function card(campaign: Campaign, named: readonly NamedRoom[], request: Request): Reply {
  const { channel, conversation } = campaign
  const { timezone } = request.village
  return {
    to: { conversation: { channel, conversation }, private: campaign.private },
    key: 'campaign-card',
    kind: 'card',
    text: replies.card(campaign, timezone, {
      rooms: roomsOf(campaign, named),
      reminders: remindersFor(campaign, request.now, timezone),
      later: outsideQuietHours(request.now, timezone) > request.now,
    }),
    choices: replies.CARD_CHOICES,
    subject: subjectOf(campaign),
    about: refsOf(request.messages),
  }
}

function confirm(request: Request, campaign: Campaign, named: readonly NamedRoom[]): Commit {
  const { village, now } = request
  const rooms = roomsOf(campaign, named)
  if (rooms.length === 0) return ask(request, replies.NO_ROOMS)
  if (campaign.startsAt <= now) return ask(request, replies.PAST)
  return async (tx) => {
    const data = { state: 'called', calledAt: now }
    const called = await change(tx, campaign, data, stepOf(request, 'campaign-called'))
    const start = outsideQuietHours(now, village.timezone)
    await postCalls(tx, called, rooms, start)
    await planReminders(tx, called, remindersFor(called, now, village.timezone))
    const text = start > now ? replies.calledLater : replies.called(rooms.length)
    return [{ ...answerHere(request, { key: 'campaign', kind: 'answer', text }), subject: subjectOf(campaign) }]
  }
}

/** What people were called to does not take place: every room that was called hears it. */
function takeOff(request: Request, campaign: Campaign, named: readonly NamedRoom[]): Commit {
  const { village, now } = request
  const start = outsideQuietHours(now, village.timezone)
  return async (tx) => {
    await change(tx, campaign, { state: 'cancelled' }, stepOf(request, 'campaign-cancelled'))
    const calls = await tx.campaignCall.findMany({ where: { campaignId: campaign.id } })
    const told = roomsOf(campaign, named).filter(({ room }) => calls.some(({ roomId }) => roomId === room.id))
    const offs = told.map(
      ({ room }, n): Reply => ({
        to: { room },
        key: `campaign-off-${room.id}`,
        kind: 'broadcast',
        text: replies.off(campaign, village.timezone),
        subject: subjectOf(campaign),
        about: [],
        notBefore: new Date(start.getTime() + n * PACE),
      }),
    )
    return [...offs, answerHere(request, { key: 'campaign', kind: 'answer', text: replies.TAKEN_OFF })]
  }
}
