/** What is said about clean-ups. */
import { wallTime } from '../../clock.ts'
import type { Campaign } from '../../db/database.ts'
import { maskNumbers } from '../../outbox/privacy-guard.ts'
import { cut } from '../../text.ts'
import type { NamedRoom } from '../../village/room-names.ts'

export const NOT_YOUR_RIGHT = '组织整治活动要由书记来发起。您有想法可以跟书记或网格员说。'
export const WRITE_DIRECTLY = '请先私信找我说一句话，我把卡片发给您看，不在这里发。'
export const NO_ROOMS = '还没有绑定村民群，发不出去。请管理员先绑定。'
export const noSuchRoom = (said: string, named: readonly NamedRoom[]) =>
  `没有叫“${cut(maskNumbers(said), 20)}”的群。现有：${namesOf(named)}。`
export const EXPIRED = '这张卡片放得太久了，请重新写一遍。'
export const PAST = '这个时间已经过去了，请写一个还没到的时间，比如“改到周日上午8点”。'
export const CANCELLED = '好，不发了。'

export const CARD_CHOICES = ['确认', '取消']
export const CALL_CHOICES = ['接龙', '不去了']

const namesOf = (rooms: readonly NamedRoom[]) => rooms.map(({ name }) => name).join('、')
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

/** 3月7日（周六）上午8:00. */
function time(at: Date, timeZone: string): string {
  const { month, day, weekday, hour, minute } = wallTime(at, timeZone)
  const half = hour < 12 ? '上午' : hour < 18 ? '下午' : '晚上'
  const shown = hour > 12 ? hour - 12 : hour
  return `${month}月${day}日（${WEEKDAYS[weekday]}）${half}${shown}:${String(minute).padStart(2, '0')}`
}

/** What the rooms hear, with the list of those who come below it. */
export function call(campaign: Campaign, timeZone: string, list: string | null): string {
  const where = campaign.place === null ? '' : `，${campaign.place}集合`
  const how = campaign.signUp ? '来的回“接龙”，几个人来就写“我参加 两个人”。自愿参加，来不了没关系。' : '有空的都来。'
  const words = `【${campaign.title}】${time(campaign.startsAt, timeZone)}${where}。${how}`
  return list === null ? words : `${words}\n${list}`
}

export interface Entry {
  name: string
  count: number
}
const MOST_NAMES = 80

/** Those who come, in the order in which they said so. */
export function list(entries: readonly Entry[]): string {
  const people = entries.reduce((sum, { count }) => sum + count, 0)
  if (people === 0) return '接龙：还没有人，等您第一个。'
  const rows = entries
    .slice(0, MOST_NAMES)
    .map(({ name, count }, n) => `${n + 1}. ${name}${count > 1 ? ` ${count}人` : ''}`)
  const more = entries.length > MOST_NAMES ? [`……共${entries.length}户`] : []
  return [`接龙：${people}人`, ...rows, ...more].join('\n')
}

/** The list as a message of its own, where the call cannot be changed. */
export function freshList(campaign: Campaign, timeZone: string, entries: readonly Entry[]): string {
  return `【${campaign.title}】${time(campaign.startsAt, timeZone)}\n${list(entries)}`
}

export function card(
  campaign: Campaign,
  timeZone: string,
  { rooms, reminders, later }: { rooms: readonly NamedRoom[]; reminders: readonly Date[]; later: boolean },
): string {
  return [
    '活动卡片，大家会看到：',
    maskNumbers(call(campaign, timeZone, null)),
    rooms.length > 0 ? `发到：${namesOf(rooms)}` : NO_ROOMS,
    ...(reminders.length > 0 ? [`提醒：${reminders.map((at) => time(at, timeZone)).join('、')}`] : []),
    ...(later ? ['现在是夜里休息时间，确认后早上7点发。'] : []),
    `回“确认”就发；${campaign.signUp ? '“不要接龙”' : '“要接龙”'}、“改到……”“地点改成……”“只发……”可以改，“取消”就不发。`,
  ].join('\n')
}

export const called = (rooms: number) => `发出去了：${rooms}个群。干完了写“整治完成，清运垃圾3车”，我来报结果。`
export const calledLater = '好，早上7点发。'
export const reminder = (campaign: Campaign, timeZone: string) =>
  `提醒：${time(campaign.startsAt, timeZone)}${campaign.title}${campaign.place === null ? '' : `，${campaign.place}集合`}。`
export const off = (campaign: Campaign, timeZone: string) =>
  `${time(campaign.startsAt, timeZone)}的${campaign.title}取消了，不用来了。`
export const TAKEN_OFF = '好，已经告诉大家取消了。'

export const joined = (count: number) => `记下了，${count}人。来不了了就说“不去了”。`
export const LEFT = '好，不算您了。'
export const photosKept = (count: number, stage: 'before' | 'after') =>
  `${stage === 'before' ? '整治前' : '整治后'}照片${count}张，收好了。`

export interface Counts {
  people: number
  /** Said by whoever closed it; else counted from the list. */
  peopleTold: boolean
  before: number
  after: number
  places: number | null
  loads: number | null
}

export function result(campaign: Campaign, timeZone: string, counts: Counts): string {
  const { month, day } = wallTime(campaign.startsAt, timeZone)
  const facts = [
    ...(counts.people > 0 ? [counts.peopleTold ? `到场${counts.people}人` : `接龙${counts.people}人`] : []),
    ...(counts.places === null ? [] : [`整治${counts.places}处`]),
    ...(counts.loads === null ? [] : [`清运垃圾${counts.loads}车`]),
    ...(counts.before + counts.after > 0 ? [`照片${counts.before + counts.after}张`] : []),
  ]
  const where = campaign.place === null ? '' : `${campaign.place}的`
  const said = campaign.result ? `\n${campaign.result}` : ''
  return `${month}月${day}日${where}${campaign.title}完成了${facts.length > 0 ? `：${facts.join('，')}` : ''}。谢谢大家！${said}`
}
export const DONE = '记下了，已经告诉大家。'
export const WHICH_ONE = '现在有几场活动，请回复那一场的卡片来说。'
