import type { Campaign, Db, Timer, Village } from '../../db/database.ts'
import { outsideQuietHours } from '../../quiet-hours.ts'
import { type NamedRoom, namedRooms } from '../../village/room-names.ts'
import type { Commit, Reply, Services } from '../feature.ts'
import { entriesOf, LIST_EVERY, LIST_SOON, LIST_WAIT, PACE, roomsOf, subjectOf } from './campaign.ts'
import * as replies from './replies.ts'

interface RoomData {
  campaignId: number
  roomId: number
}

/** Plans the call in each room, one after the other. */
export async function postCalls(tx: Db, campaign: Campaign, rooms: readonly NamedRoom[], from: Date): Promise<void> {
  await tx.timer.createMany({
    data: rooms.map(({ room }, n) => ({
      key: `campaign:${campaign.id}:call:${room.id}`,
      villageId: campaign.villageId,
      kind: 'campaigns.call',
      dueAt: new Date(from.getTime() + n * PACE),
      data: { campaignId: campaign.id, roomId: room.id },
    })),
  })
}

export async function planReminders(tx: Db, campaign: Campaign, reminders: readonly Date[]): Promise<void> {
  await tx.timer.createMany({
    data: reminders.map((dueAt, n) => ({
      key: `campaign:${campaign.id}:remind:${n}`,
      villageId: campaign.villageId,
      kind: 'campaigns.remind',
      dueAt,
      data: { campaignId: campaign.id },
    })),
  })
}

/** Says in a room that there is something to come to. Once it has begun, a call that is late is left out. */
async function call(timer: Timer, village: Village, services: Services): Promise<Commit> {
  const now = services.clock.now()
  const { campaignId, roomId } = timer.data as unknown as RoomData
  return async (tx) => {
    const campaign = await tx.campaign.findUnique({ where: { id: campaignId } })
    const room = await tx.room.findUnique({ where: { id: roomId } })
    if (campaign?.state !== 'called' || campaign.startsAt <= now || !room?.conversation) return []
    await tx.campaignCall.create({ data: { campaignId, roomId, key: `t:${timer.key}:call`, listedAt: now } })
    const list = campaign.signUp ? replies.list(await entriesOf(tx, campaign)) : null
    const posted: Reply = {
      to: { room },
      key: 'call',
      kind: 'broadcast',
      text: replies.call(campaign, village.timezone, list),
      subject: subjectOf(campaign),
      about: [],
      ...(campaign.signUp && { choices: replies.CALL_CHOICES }),
    }
    return [posted]
  }
}

/** Reminds the rooms, unless it has begun. */
async function remind(timer: Timer, village: Village, services: Services): Promise<Commit> {
  const now = services.clock.now()
  const { campaignId } = timer.data as unknown as { campaignId: number }
  return async (tx) => {
    const campaign = await tx.campaign.findUnique({ where: { id: campaignId } })
    if (campaign?.state !== 'called' || campaign.startsAt <= now) return []
    return roomsOf(campaign, await namedRooms(tx, village.id)).map(
      ({ room }, n): Reply => ({
        to: { room },
        key: `remind-${room.id}`,
        kind: 'reminder',
        text: replies.reminder(campaign, village.timezone),
        subject: subjectOf(campaign),
        about: [],
        notBefore: new Date(now.getTime() + n * PACE),
      }),
    )
  }
}

/**
 * Plans that every room sees the new list: in the call itself after a moment where that can be changed, else in a message
 * of its own, not more often than every ten minutes and not at night.
 */
export async function planLists(
  tx: Db,
  campaign: Campaign,
  village: Village,
  services: Services,
  now: Date,
): Promise<void> {
  const calls = await tx.campaignCall.findMany({ where: { campaignId: campaign.id, listDueAt: null } })
  for (const { id, roomId, listedAt } of calls) {
    const room = await tx.room.findUnique({ where: { id: roomId } })
    if (!room?.channel) continue
    const anew = new Date(Math.max(now.getTime() + LIST_WAIT, listedAt.getTime() + LIST_EVERY))
    const dueAt = services.canEdit(room.channel)
      ? new Date(now.getTime() + LIST_SOON)
      : outsideQuietHours(anew, village.timezone)
    await tx.campaignCall.update({ where: { id }, data: { listDueAt: dueAt } })
    const key = `campaign:${campaign.id}:list:${roomId}:${dueAt.getTime()}`
    const data = { campaignId: campaign.id, roomId }
    const timer = { key, villageId: village.id, kind: 'campaigns.list', dueAt, data }
    await tx.timer.upsert({ where: { key }, create: timer, update: { state: 'pending' } })
  }
}

/** Shows the list as it is now. */
async function list(timer: Timer, village: Village, services: Services): Promise<Commit> {
  const now = services.clock.now()
  const { campaignId, roomId } = timer.data as unknown as RoomData
  return async (tx) => {
    const where = { campaignId_roomId: { campaignId, roomId } }
    const shown = await tx.campaignCall.findUnique({ where, include: { campaign: true } })
    if (!shown) return []
    await tx.campaignCall.update({ where, data: { listDueAt: null, listedAt: now } })
    const { campaign } = shown
    const room = await tx.room.findUnique({ where: { id: roomId } })
    if (campaign.state !== 'called' || campaign.startsAt <= now || !room?.channel) return []
    const entries = await entriesOf(tx, campaign)
    const edits = services.canEdit(room.channel)
    const changed: Reply = {
      to: { room },
      key: 'list',
      kind: 'broadcast',
      text: edits
        ? replies.call(campaign, village.timezone, replies.list(entries))
        : replies.freshList(campaign, village.timezone, entries),
      choices: replies.CALL_CHOICES,
      subject: subjectOf(campaign),
      about: [],
      ...(edits && { replaces: shown.key }),
    }
    return [changed]
  }
}

export const campaignTimers = {
  'campaigns.call': call,
  'campaigns.remind': remind,
  'campaigns.list': list,
}
