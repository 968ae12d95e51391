import { LunarYear } from 'tyme4ts'
import { type Day, dateOf, dayOf } from './calendar.ts'

export interface LunarDate {
  year: number
  /** 1–12; negative for the leap month after the ordinary one. */
  month: number
  day: number
  /** How many days this month has, 29 or 30. */
  length: number
}

interface Month {
  month: number
  first: Day
  length: number
}

/** The months of each lunar year that was asked for; asking the library costs a hundred times more. */
const years = new Map<number, Month[]>()

/** The months of a lunar year, in order. */
function monthsOf(year: number): Month[] {
  let months = years.get(year)
  if (!months) {
    months = LunarYear.fromYear(year)
      .getMonths()
      .map((month) => {
        const first = month.getFirstJulianDay().getSolarDay()
        return {
          month: month.getMonthWithLeap(),
          first: dayOf(first.getYear(), first.getMonth(), first.getDay()),
          length: month.getDayCount(),
        }
      })
    years.set(year, months)
  }
  return months
}

export function lunarDate(day: Day): LunarDate {
  const { year } = dateOf(day)
  const lunarYear = day < lunarNewYear(year) ? year - 1 : year
  const found = monthsOf(lunarYear).findLast((month) => month.first <= day)
  if (!found) throw new RangeError(`no lunar month for day ${day}`)
  return { year: lunarYear, month: found.month, day: day - found.first + 1, length: found.length }
}

/** The day of a lunar date; null where that year has no such month or the month no such day. */
export function fromLunar(year: number, month: number, day: number): Day | null {
  const found = monthsOf(year).find((each) => each.month === month)
  return found && day >= 1 && day <= found.length ? found.first + day - 1 : null
}

/** The first day of the lunar year, 春节. */
export function lunarNewYear(year: number): Day {
  return monthsOf(year)[0]?.first ?? dayOf(year, 2, 1)
}
