import { z } from 'zod'

/**
 * A rule says on which days and at what times something happens, as plain data that JSON can hold. Days and times are
 * those of the village's wall; which time zone that is, whoever asks for the next times says.
 */

/** A day of the Gregorian calendar, `2026-03-05`. */
export const IsoDay = z.string().refine(isDay, 'no day of the calendar')
export type IsoDay = z.infer<typeof IsoDay>

/** A time of day, `09:00`. */
export const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
export type TimeOfDay = z.infer<typeof TimeOfDay>

/** From `at` to `end`. An end before its beginning is on the following day. */
export const Session = z.strictObject({ at: TimeOfDay, end: TimeOfDay.optional() })
export type Session = z.infer<typeof Session>

/** 1 is Monday, 7 is Sunday. */
const Weekday = z.int().min(1).max(7)

/** The festivals and turning points of the year that a rule may name; festivals.ts knows when they are. */
export const FESTIVALS = [
  'new-year',
  'womens-day',
  'arbor-day',
  'labour-day',
  'youth-day',
  'childrens-day',
  'party-founding',
  'army-day',
  'teachers-day',
  'national-day',
  'constitution-day',
  'memorial-day',
  'martyrs-day',
  'safety-day',
  'new-years-eve',
  'spring-festival',
  'lantern',
  'dragon-head',
  'shangsi',
  'dragon-boat',
  'qixi',
  'ghost',
  'mid-autumn',
  'double-ninth',
  'laba',
  'little-new-year',
  'mothers-day',
  'fathers-day',
  'harvest',
] as const

/** The 24 solar terms in the order of the year that begins with 小寒. */
export const SOLAR_TERMS = [
  'xiaohan',
  'dahan',
  'lichun',
  'yushui',
  'jingzhe',
  'chunfen',
  'qingming',
  'guyu',
  'lixia',
  'xiaoman',
  'mangzhong',
  'xiazhi',
  'xiaoshu',
  'dashu',
  'liqiu',
  'chushu',
  'bailu',
  'qiufen',
  'hanlu',
  'shuangjiang',
  'lidong',
  'xiaoxue',
  'daxue',
  'dongzhi',
] as const

const Festival = z.enum([...FESTIVALS, ...SOLAR_TERMS] as [string, ...string[]])

/** A day within a month. Negative numbers count from the end: -1 is the last. */
export const MonthDay = z.union([
  z.strictObject({ day: z.union([z.int().min(1).max(31), z.int().min(-10).max(-1)]) }),
  z.strictObject({ nth: z.union([z.int().min(1).max(5), z.int().min(-4).max(-1)]), weekday: Weekday }),
  z.strictObject({ workday: z.union([z.int().min(1).max(15), z.int().min(-10).max(-1)]) }),
])
export type MonthDay = z.infer<typeof MonthDay>

/** Which days. */
export const Days = z.discriminatedUnion('type', [
  /** Exactly these. */
  z.strictObject({ type: z.literal('dates'), dates: z.array(IsoDay).min(1) }),
  /** Every n-th day, counted from the rule's `from`. */
  z.strictObject({ type: z.literal('daily'), every: z.int().min(1).max(366) }),
  /** The working days of the official calendar, with its make-up Saturdays and Sundays. */
  z.strictObject({ type: z.literal('workdays') }),
  /** These weekdays in every n-th week, counted from the week of the rule's `from`; weeks begin on Monday. */
  z.strictObject({ type: z.literal('weekly'), every: z.int().min(1).max(52), weekdays: z.array(Weekday).min(1) }),
  /** These days of each month; what a month does not have (the 31st) is left out. */
  z.strictObject({ type: z.literal('monthly'), on: z.array(MonthDay).min(1) }),
  /**
   * These days of the lunar months; -1 is the last. `months` limits them: a positive number is the ordinary month, a
   * negative one the leap month after it. Without `months` every lunar month counts, leap months too.
   */
  z.strictObject({
    type: z.literal('lunar'),
    months: z.array(z.int().min(-12).max(12)).min(1).optional(),
    days: z.array(z.union([z.int().min(1).max(30), z.literal(-1)])).min(1),
  }),
  /** So many days (or working days) after a festival of each year; negative is before it. */
  z.strictObject({
    type: z.literal('festival'),
    name: Festival,
    offset: z.int().min(-60).max(60),
    unit: z.enum(['days', 'workdays']),
  }),
])
export type Days = z.infer<typeof Days>

/** What becomes of a day on which people do not work. */
export const Shift = z.strictObject({
  /** Which days move: all free days, only those of official holidays, or only Saturdays and Sundays that are free. */
  on: z.enum(['free-days', 'holidays', 'weekends']),
  to: z.enum(['next-workday', 'previous-workday', 'previous-friday', 'next-monday', 'next-week', 'nowhere']),
})
export type Shift = z.infer<typeof Shift>

/** These days, in these months of the year only (1–12) where `months` is given, at these times. */
export const Part = z.strictObject({
  days: Days,
  months: z.array(z.int().min(1).max(12)).min(1).optional(),
  sessions: z.array(Session).min(1),
})
export type Part = z.infer<typeof Part>

/** When something happens: all parts together, from the day `from` to the day `until`, both included. */
export const Rule = z
  .strictObject({
    parts: z.array(Part).min(1),
    from: IsoDay.optional(),
    until: IsoDay.optional(),
    shift: Shift.optional(),
  })
  .refine((rule) => rule.from !== undefined || !rule.parts.some(countsFromStart), 'every n-th needs a first day')
  .refine((rule) => !rule.from || !rule.until || rule.from <= rule.until, 'ends before it begins')
export type Rule = z.infer<typeof Rule>

/** Whether it needs a day from which days or weeks are counted. */
function countsFromStart({ days }: Part): boolean {
  return (days.type === 'daily' || days.type === 'weekly') && days.every > 1
}

/** Whether it happens by a rule, not just on named days. */
export function isRecurring(rule: Rule): boolean {
  return rule.parts.some(({ days }) => days.type !== 'dates')
}

/** Whether the next times depend on the calendar of working days, which is announced year by year. */
export function needsHolidays(rule: Rule): boolean {
  return rule.shift !== undefined || rule.parts.some(({ days }) => usesWorkdays(days))
}

function usesWorkdays(days: Days): boolean {
  if (days.type === 'workdays') return true
  if (days.type === 'monthly') return days.on.some((on) => 'workday' in on)
  return days.type === 'festival' && days.unit === 'workdays'
}

function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  if (!year) return false
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
}
