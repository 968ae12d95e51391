import { DAY } from '../../clock.ts'
import type { Feature } from '../feature.ts'
import { deleteChatter } from './delete-chatter.ts'

/** Villagers' ordinary talk is not kept for ever: what opened nothing is deleted when it is old enough. */
export const retention: Feature = {
  name: 'retention',
  async handle() {
    return null
  },
  daily: [
    {
      name: 'retention',
      hour: 3,
      minute: 30,
      async run(village, _day, { clock, retentionDays }) {
        if (retentionDays === null) return async () => []
        const before = new Date(clock.now().getTime() - retentionDays * DAY)
        return async (tx) => {
          await deleteChatter(tx, village.id, before, clock.now())
          return []
        }
      },
    },
  ],
}
