import { fromWallTime, isoInZone } from '../../clock.ts'
import type { Db, Village } from '../../db/database.ts'

/** One clean-up as it is counted for the year. */
export interface CampaignState {
  startsAt: string
  title: string
  place: string | null
  state: string
  /** Those who said they come, with whom they bring. */
  signedUp: number
  /** People, loads of rubbish and places, as whoever closed it has told. */
  people: number | null
  loads: number | null
  places: number | null
  photosBefore: number
  photosAfter: number
  result: string | null
}

/** The village's clean-ups that were called for a day of `year`, oldest first. */
export async function campaignsOf(db: Db, village: Village, year: number): Promise<CampaignState[]> {
  const campaigns = await db.campaign.findMany({
    where: {
      villageId: village.id,
      calledAt: { not: null },
      startsAt: {
        gte: fromWallTime({ year, month: 1, day: 1 }, village.timezone),
        lt: fromWallTime({ year: year + 1, month: 1, day: 1 }, village.timezone),
      },
    },
    include: { participants: { select: { count: true } }, photos: { select: { stage: true } } },
    orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
  })
  return campaigns.map(({ startsAt, title, place, state, people, loads, places, result, participants, photos }) => ({
    startsAt: isoInZone(startsAt, village.timezone),
    title,
    place,
    state,
    signedUp: participants.reduce((sum, { count }) => sum + count, 0),
    people,
    loads,
    places,
    photosBefore: photos.filter(({ stage }) => stage === 'before').length,
    photosAfter: photos.filter(({ stage }) => stage === 'after').length,
    result,
  }))
}
