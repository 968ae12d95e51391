import chineseDays from 'chinese-days'
import { audit } from '../../db/audit.ts'
import { peopleWithRight } from '../../village/people.ts'
import type { DailyJob, Reply } from '../feature.ts'
import { DUTY_KINDS, type Theme } from './kinds.ts'
import { organisationOf } from './organisation.ts'
import { addDays, dayOf, type IsoDay, periodOf, yearMonthDay } from './periods.ts'
import * as replies from './replies.ts'
import { standingOf, themesOf } from './standing.ts'

/** The day of the month from which the first working day is the one of the reminder. */
const FROM = 20
const SUGGESTED = 'duty-theme-suggested'

/**
 * Once a month, on the 20th or the working day after it, what is still owed is told to the secretary, directly and to
 * nobody else. Nothing is said where nothing is owed, and nothing while it is turned off.
 */
export const monthlyReminder: DailyJob = {
  name: 'duties',
  hour: 9,
  minute: 0,
  async run(village, day, { db }) {
    const today = dayOf(day, village.timezone)
    const current = await db.village.findUnique({ where: { id: village.id } })
    if (!isReminderDay(today) || current === null || current.dutyRemindersOffAt !== null) return async () => []
    const branches = await organisationOf(db, village.id)
    const [, month] = yearMonthDay(today)
    // What is owed for the quarter is told in its last month.
    const period = periodOf(month % 3 === 0 ? 'quarter' : 'month', today)
    const standing = (await standingOf(db, village.id, branches, period, today)).filter(
      ({ held, period: part, kind }) => held === 0 && part.until >= today && DUTY_KINDS[kind].lesson,
    )
    const year = Number(today.slice(0, 4))
    const suggested = await db.auditEntry.findMany({ where: { villageId: village.id, event: SUGGESTED } })
    const known = suggested.map(({ data }) => data as { year?: number; theme?: string })
    const themes = await themesOf(db, village.id, year)
    const anyThemes = themes.some(([theme, count]) => theme !== null && count > 0)
    const neglected = themes.find(
      ([theme, count]) =>
        anyThemes && theme !== null && count === 0 && !known.some((each) => each.year === year && each.theme === theme),
    )?.[0] as Theme | undefined
    if (standing.length === 0 && neglected === undefined) return async () => []
    const keepers = await peopleWithRight(db, village.id, 'keep-duties')
    const text = replies.reminder(standing, neglected ?? null)
    return async (tx) => {
      if (neglected !== undefined) {
        const data = { year, theme: neglected }
        await audit(tx, { villageId: village.id, at: day, event: SUGGESTED, data })
      }
      return keepers.map(
        ({ id }): Reply => ({ to: { person: id }, key: `duties:${id}`, kind: 'reminder', text, about: [] }),
      )
    }
  },
}

function isReminderDay(today: IsoDay): boolean {
  const [, , date] = yearMonthDay(today)
  if (date < FROM || !chineseDays.isWorkday(today)) return false
  for (let back = 1; date - back >= FROM; back += 1) {
    if (chineseDays.isWorkday(addDays(today, -back))) return false
  }
  return true
}
