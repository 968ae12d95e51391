import { wallTime } from '../../clock.ts'
import type { Occurrence as OccurrenceRow, Schedule } from '../../db/database.ts'
import type { NamedRoom } from '../../village/room-names.ts'
import { dateOf, isoDay, parseIsoDay, weekdayOf } from './calendar.ts'
import type { CardDate, CardFacts } from './card.ts'
import type { Lead, Problem } from './draft.ts'
import { lunarDate } from './lunar.ts'
import { lunarDayName } from './numerals.ts'
import { wallDay } from './occurrences.ts'
import { renderRule, timeName } from './render-rule.ts'
import { isRecurring } from './rule.ts'

const WEEKDAY_NAMES = ['一', '二', '三', '四', '五', '六', '日']

/** 3月5日（周四）. */
function dayName(iso: string): string {
  const day = parseIsoDay(iso)
  const { month, day: number } = dateOf(day)
  return `${month}月${number}日（周${WEEKDAY_NAMES[weekdayOf(day) - 1]}）`
}

/** Why nothing can be scheduled, and what to write instead. */
export function problem(found: Problem): string {
  switch (found.type) {
    case 'no-date':
      return '没看出是哪一天。请写上日期和时间，比如“3月5日上午9点”或“每周三下午3点”。'
    case 'no-time':
      return found.period
        ? `“${found.period}”是几点？请写上时间，比如“${found.period}${/晚|夜/.test(found.period) ? '7点半' : '8点'}”。`
        : '几点开始？请写上时间，比如“上午9点”。'
    case 'no-day':
      return found.said
        ? `“${found.said}”是哪一天？请写明日子，比如“每周三”“每月5日”“3月5日”。`
        : '是哪一天？请写明日子，比如“3月5日”或“每周三”。'
    case 'vague':
      return `“${found.said}”说得不够准，我不敢猜。请写明是哪一天、几点。`
    case 'no-such-day':
      return `${noSuchDay(found)}请再核对一下日期。`
    case 'no-such-time':
      return `没有“${found.said}”这个时间，请再核对一下几点几分。`
    case 'past':
      return found.nextYear
        ? `${found.said}已经过去了。如果是明年，请写“明年${found.said}”。`
        : `“${found.said}”已经过去了，请写一个还没到的时间。`
    case 'weekday-mismatch':
      return `“${found.said}”对不上：${dayName(found.day)}。请问以哪个为准？`
    case 'ends-before-start':
      return `“${found.said}”结束在开始前面，请再核对一下。`
    case 'never':
      return '照这样写，一次也轮不到。请再核对一下日子。'
    case 'too-long':
      return '这段话太长了。请用一句话写明什么事、哪一天、几点。'
  }
}

function noSuchDay({ said, because }: Problem & { type: 'no-such-day' }): string {
  switch (because) {
    case 'leap-year':
      return `“${said}”那年不是闰年，2月没有29日。`
    case 'month-length':
      return `没有“${said}”这一天，那个月没有这么多天。`
    case 'month':
      return `“${said}”不对，一年只有12个月。`
    case 'lunar':
      return `农历里没有“${said}”这一天。`
    case 'weekday':
      return `没有“${said}”，一周是周一到周日。`
    default:
      return `没有“${said}”这一天。`
  }
}

const LUNAR_MONTHS = ['正', '二', '三', '四', '五', '六', '七', '八', '九', '十', '冬', '腊']

/** 3月5日（周四，正月十七）; with its year where that is not this one. */
function longDay(at: Date, now: Date, timeZone: string): string {
  const day = wallDay(at, timeZone)
  const { year, month, day: number } = dateOf(day)
  const lunar = lunarDate(day)
  const lunarName = `${lunar.month < 0 ? '闰' : ''}${LUNAR_MONTHS[Math.abs(lunar.month) - 1]}月${lunarDayName(lunar.day)}`
  const ofYear = year === dateOf(wallDay(now, timeZone)).year ? '' : `${year}年`
  return `${ofYear}${month}月${number}日（周${WEEKDAY_NAMES[weekdayOf(day) - 1]}，${lunarName}）`
}

function clockOf(at: Date, timeZone: string): string {
  const { hour, minute } = wallTime(at, timeZone)
  const pad = (value: number) => String(value).padStart(2, '0')
  return timeName(`${pad(hour)}:${pad(minute)}`)
}

/** 3月5日（周四）上午9点. */
function momentName(at: Date, timeZone: string): string {
  return `${dayName(isoDay(wallDay(at, timeZone)))}${clockOf(at, timeZone)}`
}

/** 提前1天, 提前1小时, 前1天晚上7点, 到点. */
function leadName(lead: Lead): string {
  if (!('minutes' in lead)) {
    return lead.daysBefore === 0 ? `当天${timeName(lead.at)}` : `前${lead.daysBefore}天${timeName(lead.at)}`
  }
  const { minutes } = lead
  if (minutes === 0) return '到点'
  if (minutes % 1440 === 0) return `提前${minutes / 1440}天`
  if (minutes % 60 === 0) return `提前${minutes / 60}小时`
  if (minutes > 60) return `提前${Math.floor(minutes / 60)}小时${minutes % 60}分钟`
  return `提前${minutes}分钟`
}

function roomName({ room, name }: NamedRoom): string {
  return `${name}${room.channel === null ? '（还没绑定）' : ''}`
}

const REMARKS = { holiday: '，放假', 'make-up': '，调休上班', provisional: '，那年放假安排还没公布' }

function titleOf(schedule: Pick<Schedule, 'no' | 'title'>): string {
  return `安排${schedule.no}：${schedule.title}`
}

/** The card of a draft: everything that 确认 agrees to. */
export function card(facts: CardFacts): string {
  const { schedule, rule, dates, rooms, terms, now, timeZone } = facts
  const place = schedule.place ? `，地点${schedule.place}` : ''
  const day = ({ at, end, remark, shiftedFrom }: CardDate) =>
    `${longDay(at, now, timeZone)}${clockOf(at, timeZone)}${end ? `到${clockOf(end, timeZone)}` : ''}` +
    `${remark ? REMARKS[remark] : ''}${shiftedFrom ? `，原本${dayName(shiftedFrom)}` : ''}`
  const when = dates.length > 1 ? ['接下来：', ...dates.map((date) => `· ${day(date)}`)] : dates.map(day)
  const lines = [
    titleOf(schedule),
    ...(isRecurring(rule) ? [`${renderRule(rule)}${place}`] : place === '' ? [] : [place.slice(1)]),
    ...when,
    rooms.length > 0
      ? `发到：${rooms.map(roomName).join('、')}`
      : '发到：还不知道发哪个群，请说“发党员群”或“发村民群”。',
    `提醒：${terms.leads.map(leadName).join('、')}`,
    ...(facts.tooLate ? ['提醒的时候已经过了，确认后马上发一次。'] : []),
    ...(facts.shifted.length > 0
      ? [
          `夜里10点到早上7点不打扰大家，这次改在${facts.shifted.map(({ at }) => momentName(at, timeZone)).join('、')}提醒。`,
        ]
      : []),
    ...facts.clashes
      .slice(0, 2)
      .map(({ title, at }) => `注意：和“${title}”（${momentName(at, timeZone)}）撞在一起了。`),
    ...(schedule.status === 'draft' ? ['回“确认”就定下来；要改直接说，比如“改到下午3点”。'] : []),
  ]
  return lines.join('\n')
}

export const CARD_CHOICES = ['确认', '取消']

export function armed(facts: CardFacts): string {
  const { schedule, dates, rooms, timeZone } = facts
  const next = dates[0] ? `，下一次${momentName(dates[0].at, timeZone)}` : ''
  const unbound = rooms.filter(({ room }) => room.channel === null)
  const warning = unbound.length > 0 ? `${unbound.map(roomName).join('、')}，绑定以前发不出去。` : ''
  return `定好了。${titleOf(schedule)}${next}，到时候我在${rooms.map(({ name }) => name).join('、')}提醒。${warning}`
}

export function reminder(
  schedule: Schedule,
  occurrence: Pick<OccurrenceRow, 'at' | 'endsAt'>,
  { now, late, timeZone }: { now: Date; late: boolean; timeZone: string },
): string {
  const days = wallDay(occurrence.at, timeZone) - wallDay(now, timeZone)
  const near = days === 0 ? '今天' : days === 1 ? '明天' : days === 2 ? '后天' : ''
  const time = `${clockOf(occurrence.at, timeZone)}${occurrence.endsAt ? `到${clockOf(occurrence.endsAt, timeZone)}` : ''}`
  const place = schedule.place ? `，地点${schedule.place}` : ''
  return `${late ? '提醒晚了些，请见谅。' : ''}${near}${longDay(occurrence.at, now, timeZone)}${time}，${schedule.title}${place}。看到请回“收到”。`
}

/** What could not be reminded of, told once. */
export function missed(
  occurrences: readonly { schedule: Pick<Schedule, 'no' | 'title'>; at: Date; unreachable: boolean }[],
  timeZone: string,
): string {
  const lines = occurrences
    .slice(0, 10)
    .map(
      ({ schedule, at, unreachable }) =>
        `· ${titleOf(schedule)}（${momentName(at, timeZone)}）${unreachable ? '：群还没绑定' : ''}`,
    )
  const more = occurrences.length > 10 ? `\n……一共${occurrences.length}次` : ''
  return `这些提醒没能按时发出去，我就不补发了，请您看看要不要说一声：\n${lines.join('\n')}${more}`
}

export function lapsed(schedule: Schedule): string {
  return `“${schedule.title}”的安排一天没有确认，先作废了。还要的话再写一次就行。`
}

export const notAllowed = '村里的安排由书记来定，我不能替您改。有想法可以直接跟书记说。'

export function alreadyArmed(schedule: Schedule): string {
  return `${titleOf(schedule)}，已经定好了，不用再确认。`
}

export function noLonger(schedule: Schedule): string {
  return `${titleOf(schedule)}，这份安排已经作废了。还要的话请再写一次。`
}

export const cardOutdated = '这张卡片后来改过了，请看最新的这张，没问题再回“确认”：'

export function whichDraft(drafts: readonly Schedule[]): string {
  const list = drafts.map((draft) => `· ${titleOf(draft)}`).join('\n')
  return `有几份还没确认，是哪一份？请回“确认${drafts[0]?.no ?? 1}”这样带上号码：\n${list}`
}

export const whichCard = '不知道您确认的是哪一张，请长按那张卡片回复“确认”。'

export const noRoomYet = '还不知道发到哪个群。请先说“发党员群”或“发村民群”。'

export const nowPast = '这个时间已经过去了，请改一个还没到的时间。'

export function unknownRoom(names: readonly string[]): string {
  return `没找到${names.map((name) => `“${name}”`).join('、')}。请写“党员群”“村民群”或“网格员群”。`
}

export const stillUnclear = '还是没看出来是什么时候。请用一句话完整写一遍，比如“3月5日上午9点开支委会，发党员群”。'

export function movedInRoom(schedule: Schedule, from: Date, to: Date, timeZone: string): string {
  return `改时间了：${schedule.title}，原定${momentName(from, timeZone)}，改到${momentName(to, timeZone)}。请互相转告。`
}

export function cancelledInRoom(schedule: Schedule, at: Date, timeZone: string): string {
  return `${momentName(at, timeZone)}的${schedule.title}取消了，请互相转告。`
}

export function asBeforeInRoom(schedule: Schedule, at: Date, timeZone: string): string {
  return `刚才说错了：${schedule.title}不变，还是${momentName(at, timeZone)}。`
}

const TOLD = '提醒过的群我已经说了。'

export function movedOne(schedule: Schedule, from: Date, to: Date, timeZone: string, told: boolean): string {
  return `好，${titleOf(schedule)}，这一次从${momentName(from, timeZone)}改到${momentName(to, timeZone)}。${told ? TOLD : ''}`
}

export function changed(cardText: string, told: boolean): string {
  return `改好了。\n${cardText}${told ? `\n${TOLD}` : ''}`
}

export function draftCancelled(schedule: Schedule): string {
  return schedule.title === '' ? '好，不定了。' : `好，${titleOf(schedule)}不定了，群里没有说过。`
}

export function oneCancelled(schedule: Schedule, at: Date, timeZone: string, told: boolean): string {
  return `好，${momentName(at, timeZone)}这一次取消了，${titleOf(schedule)}以后照常。${told ? TOLD : ''}`
}

export function allCancelled(schedule: Schedule, told: boolean): string {
  return `好，${titleOf(schedule)}取消了，以后不再提醒。${told ? TOLD : ''}`
}

export const CANCEL_CHOICES = ['这次取消', '全部取消']

export function whichCancel(schedule: Schedule): string {
  return `${titleOf(schedule)}，只取消这一次，还是以后都不要了？请回“这次取消”或“全部取消”。`
}

export function scopeChoices(change: string): string[] {
  const bare = change.replace(/[。.!！\s]+$/, '')
  return [`这次${bare}`, `以后都${bare}`]
}

export function whichScope(schedule: Schedule, choices: readonly string[]): string {
  return `${titleOf(schedule)}，只改这一次，还是以后都改？请回“${choices[0]}”或“${choices[1]}”。`
}

export const occurrenceOver = '这一次已经过去或者取消了，没有改。'

export const sameTime = '本来就是这个时间，不用改。'

export const sayDays = '没看出改到什么时候。请写明日子和时间，比如“改到3月8日上午9点”。'

export function whichToChange(drafts: readonly Schedule[]): string {
  return `要改哪一份？请带上号码，比如“安排${drafts[0]?.no ?? 1} 改到下午3点”：\n${drafts.map((draft) => `· ${titleOf(draft)}`).join('\n')}`
}

export function whichToCancel(drafts: readonly Schedule[]): string {
  return `要取消哪一份？请回“取消${drafts[0]?.no ?? 1}”这样带上号码：\n${drafts.map((draft) => `· ${titleOf(draft)}`).join('\n')}`
}

export const undone = '好，退回刚才那一步：'

export function undoneArmed(schedule: Schedule): string {
  return `好，刚才那一步不算，${titleOf(schedule)}照原来的办。`
}

/** Who has read a reminder. Only ever said in private. */
export function readers(
  schedule: Schedule,
  at: Date,
  { read, unread }: { read: readonly string[]; unread: readonly string[] },
  timeZone: string,
): string {
  const names = (people: readonly string[]) =>
    `${people.slice(0, 40).join('、')}${people.length > 40 ? `等${people.length}人` : ''}`
  return [
    `${schedule.title}（${momentName(at, timeZone)}）`,
    read.length > 0 ? `收到${read.length}人：${names(read)}` : '还没有人回“收到”。',
    ...(unread.length > 0 ? [`在群里说过话、还没回的${unread.length}人：${names(unread)}`] : []),
  ].join('\n')
}

export function readersCount(count: number): string {
  return `已有${count}人回“收到”。名单不在群里说，请私信我问。`
}

const SPANS: readonly (readonly [RegExp, string])[] = [
  [/今/, '今天'],
  [/明/, '明天'],
  [/近/, '近两周'],
  [/下.*月/, '下月'],
  [/月/, '本月'],
  [/下/, '下周'],
]

export function spanName(span: string): string {
  return SPANS.find(([words]) => words.test(span))?.[1] ?? '本周'
}

export function list(
  span: string,
  items: readonly { at: Date; schedule: Schedule }[],
  drafts: readonly Schedule[],
  timeZone: string,
): string {
  const lines = items.map(
    ({ at, schedule }) =>
      `· ${momentName(at, timeZone)} ${schedule.title}${schedule.place ? `（${schedule.place}）` : ''}`,
  )
  const waiting = drafts.map((draft) => `· ${titleOf(draft)}`)
  return [
    lines.length > 0 ? `${span}安排：` : `${span}没有安排。`,
    ...lines,
    ...(waiting.length > 0 ? ['还没确认的：', ...waiting] : []),
  ].join('\n')
}
