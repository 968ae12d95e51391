import { z } from 'zod'
import { fromWallTime, MINUTE, wallTime } from '../../clock.ts'
import { beforeQuietHours, outsideQuietHours } from '../../quiet-hours.ts'
import type { Lead } from './draft.ts'
import { type Rule, TimeOfDay } from './rule.ts'

export const Leads = z.array(
  z.union([
    z.strictObject({
      minutes: z
        .int()
        .min(0)
        .max(366 * 24 * 60),
    }),
    z.strictObject({ daysBefore: z.int().min(0).max(366), at: TimeOfDay }),
  ]),
)

const DAY_BEFORE: Lead = { minutes: 24 * 60 }
const HOUR_BEFORE: Lead = { minutes: 60 }

/** When to remind where nobody has said so: a day and an hour before; of what happens nearly every day an hour before. */
export function usualLeads(rule: Rule): Lead[] {
  const often = rule.parts.some(
    ({ days }) =>
      days.type === 'workdays' ||
      (days.type === 'daily' && days.every < 3) ||
      (days.type === 'weekly' && days.weekdays.length > 3),
  )
  return often ? [HOUR_BEFORE] : [DAY_BEFORE, HOUR_BEFORE]
}

/** How a lead is kept with a reminder: `60`, or `1@19:00`. */
export function leadKey(lead: Lead): string {
  return 'minutes' in lead ? String(lead.minutes) : `${lead.daysBefore}@${lead.at}`
}

export interface Moment {
  lead: Lead
  at: Date
  /** It would have fallen into the night. */
  shifted: boolean
}

/** When an occurrence is reminded of, earliest first. Leads that would lie after its beginning are left out. */
export function momentsOf(
  occurrence: { at: Date },
  leads: readonly Lead[],
  { timeZone, urgent }: { timeZone: string; urgent: boolean },
): Moment[] {
  return leads
    .map((lead) => ({ lead, at: momentBefore(occurrence.at, lead, timeZone) }))
    .filter(({ at }) => at <= occurrence.at)
    .map(({ lead, at }) => {
      const quiet = urgent ? at : outOfTheNight(at, occurrence.at, timeZone)
      return { lead, at: quiet, shifted: quiet.getTime() !== at.getTime() }
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime())
}

function momentBefore(at: Date, lead: Lead, timeZone: string): Date {
  if ('minutes' in lead) return new Date(at.getTime() - lead.minutes * MINUTE)
  const { year, month, day } = wallTime(at, timeZone)
  const [hour = 0, minute = 0] = lead.at.split(':').map(Number)
  return fromWallTime({ year, month, day: day - lead.daysBefore, hour, minute }, timeZone)
}

/** By day as it is; at night the next morning where that is still before the beginning, else the evening before. */
function outOfTheNight(at: Date, beginning: Date, timeZone: string): Date {
  const morning = outsideQuietHours(at, timeZone)
  return morning < beginning || morning.getTime() === at.getTime() ? morning : beforeQuietHours(at, timeZone)
}
