import { SolarTerm } from 'tyme4ts'
import { type Day, dayOf, weekdayOf } from './calendar.ts'
import { fromLunar, lunarNewYear } from './lunar.ts'
import { type FESTIVALS, SOLAR_TERMS } from './rule.ts'

type FestivalName = (typeof FESTIVALS)[number]

/** How the day of a festival is found: by date, by lunar date, or by the n-th weekday of a month. */
type When =
  | { month: number; day: number }
  | { lunarMonth: number; lunarDay: number }
  | { month: number; nth: number; weekday: number }

const WHEN: Record<Exclude<FestivalName, 'new-years-eve' | 'harvest'>, When> = {
  'new-year': { month: 1, day: 1 },
  'womens-day': { month: 3, day: 8 },
  'arbor-day': { month: 3, day: 12 },
  'labour-day': { month: 5, day: 1 },
  'youth-day': { month: 5, day: 4 },
  'childrens-day': { month: 6, day: 1 },
  'party-founding': { month: 7, day: 1 },
  'army-day': { month: 8, day: 1 },
  'teachers-day': { month: 9, day: 10 },
  'martyrs-day': { month: 9, day: 30 },
  'national-day': { month: 10, day: 1 },
  'safety-day': { month: 11, day: 9 },
  'constitution-day': { month: 12, day: 4 },
  'memorial-day': { month: 12, day: 13 },
  'spring-festival': { lunarMonth: 1, lunarDay: 1 },
  lantern: { lunarMonth: 1, lunarDay: 15 },
  'dragon-head': { lunarMonth: 2, lunarDay: 2 },
  shangsi: { lunarMonth: 3, lunarDay: 3 },
  'dragon-boat': { lunarMonth: 5, lunarDay: 5 },
  qixi: { lunarMonth: 7, lunarDay: 7 },
  ghost: { lunarMonth: 7, lunarDay: 15 },
  'mid-autumn': { lunarMonth: 8, lunarDay: 15 },
  'double-ninth': { lunarMonth: 9, lunarDay: 9 },
  // The two of the last lunar month belong to the lunar year that began a year before.
  laba: { lunarMonth: 12, lunarDay: 8 },
  'little-new-year': { lunarMonth: 12, lunarDay: 23 },
  'mothers-day': { month: 5, nth: 2, weekday: 7 },
  'fathers-day': { month: 6, nth: 3, weekday: 7 },
}

const known = new Map<string, Day>()

/**
 * The day of a festival or solar term. `year` is the Gregorian year for those that always fall into it, and the lunar
 * year for those of the last lunar month: 除夕 of 2026 is the eve of the lunar year 2027.
 */
export function festivalDay(name: string, year: number): Day {
  const key = `${name} ${year}`
  let day = known.get(key)
  if (day === undefined) {
    day = find(name, year)
    known.set(key, day)
  }
  return day
}

function find(name: string, year: number): Day {
  if (name === 'new-years-eve') return lunarNewYear(year + 1) - 1
  // 农民丰收节 is the autumn equinox.
  const term = (SOLAR_TERMS as readonly string[]).indexOf(name === 'harvest' ? 'qiufen' : name)
  if (term >= 0) {
    // The library counts from 冬至 of the year before.
    const found = SolarTerm.fromIndex(year, term + 1)
      .getJulianDay()
      .getSolarDay()
    return dayOf(found.getYear(), found.getMonth(), found.getDay())
  }
  const when = WHEN[name as keyof typeof WHEN]
  if ('lunarMonth' in when) {
    const day = fromLunar(year, when.lunarMonth, when.lunarDay)
    if (day === null) throw new RangeError(`${name} is not in ${year}`)
    return day
  }
  if ('day' in when) return dayOf(year, when.month, when.day)
  const first = dayOf(year, when.month, 1)
  return first + ((when.weekday - weekdayOf(first) + 7) % 7) + 7 * (when.nth - 1)
}
