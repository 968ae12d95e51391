import { wallTime } from '../clock.ts'
import { campaignsOf } from '../features/campaigns/state.ts'
import { chooseVillage, type Io, parse, print, UsageError, withDatabase } from './command.ts'

export const usage = `[--json] [--village NAME] [--year YYYY]
Lists the clean-ups of a year with people, places, loads and photos, and their sums.
  --json           as JSON
  --village NAME   where there are several villages
  --year YYYY      this year when absent`

/** Lists the clean-ups of one year and what they add up to. */
export async function run(args: string[], io: Io): Promise<number> {
  const { values } = parse(args, {
    options: { json: { type: 'boolean' }, village: { type: 'string' }, year: { type: 'string' } },
  })
  if (values.year !== undefined && !/^\d{4}$/.test(values.year)) throw new UsageError('--year takes four digits')
  await withDatabase(io, async (database) => {
    const village = await chooseVillage(database, values.village)
    const year = Number(values.year ?? wallTime(io.clock.now(), village.timezone).year)
    const campaigns = await campaignsOf(database.db, village, year)
    const done = campaigns.filter(({ state }) => state === 'done')
    const sum = (of: (campaign: (typeof done)[number]) => number | null) =>
      done.reduce((total, campaign) => total + (of(campaign) ?? 0), 0)
    const total = {
      done: done.length,
      people: sum(({ people, signedUp }) => people ?? signedUp),
      places: sum(({ places }) => places),
      loads: sum(({ loads }) => loads),
      photos: sum(({ photosBefore, photosAfter }) => photosBefore + photosAfter),
    }
    if (values.json) return print(io.stdout, JSON.stringify({ year, campaigns, total }))
    for (const { startsAt, title, place, state, people, signedUp, loads, photosBefore, photosAfter } of campaigns) {
      const photos = photosBefore + photosAfter
      const figures = [`people ${people ?? signedUp}`, `loads ${loads ?? '-'}`, `photos ${photos}`]
      print(io.stdout, [startsAt.slice(0, 10), state, title, place ?? '-', ...figures].join('\t'))
    }
    const { done: count, people, places, loads, photos } = total
    const sums = `${count} done, people ${people}, places ${places}, loads ${loads}, photos ${photos}`
    print(io.stdout, `${year}: ${sums}`)
  })
  return 0
}
