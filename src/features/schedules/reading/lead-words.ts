import { NUMERAL } from '../../../numerals.ts'
import type { Lead } from '../draft.ts'
import { parseNumber } from './number.ts'
import { planOf } from './planner.ts'
import { tokenise } from './token-words.ts'

const COUNT = `(?:${NUMERAL}个?半|半|${NUMERAL})个?`
const SPAN = `${COUNT}(?:分钟|分(?!组|批|别)|小时|钟头|刻钟|天|日|周|星期|礼拜|月)`
/** Without a word before it, 5日 and 3月 are dates. */
const PLAIN_SPAN = `${COUNT}(?:分钟|小时|钟头|刻钟|天|周|星期|礼拜)`
const CLOCK =
  '(?:的)?(?:凌晨|清早|早晨|早上|上午|中午|下午|傍晚|晚上|晚|早)?[\\d一二三四五六七八九十两]{1,3}(?:点钟?|时|:\\d\\d)(?:半|[一三]刻|\\d{1,2}分?|[一二三四五]?十[一二三四五六七八九]?分?)?'
const BEFORE = '(?:提前|提早|预先|会前|课前|活动前|开始前|开会前|开课前|上课前|集合前|出发前|临开会前|头|前)'
const FIRST = `(?:${BEFORE}(?:的)?(?:${SPAN}|一?晚)(?:之?前)?(?:${CLOCK})?|${PLAIN_SPAN}之?前(?:${CLOCK})?|当[天日]${CLOCK}|头[天晚]${CLOCK})`
const ITEM = `(?:${FIRST}|${SPAN}(?!后)(?:${CLOCK})?)`
const AND = '(?:、|和|及|,|，|与|跟|以及|还有|/)?(?:再|又|还|各|都|和)?(?:要)?'
const REMIND = '(?:提醒|通知|预告|告知|喊|叫|吱|说一声|打招呼|预警|推送|发(?=通知|提醒|消息|信息|预告|一[条次遍下]|个))'

/** One or several leads, with or without the word for reminding behind them. */
const LEADS = new RegExp(
  `(?:请|并|记得|麻烦|另|分别|务必|于|在)*(?<list>${FIRST}(?:${AND}${ITEM})*)(?<tail>(?:各|再|都|分别|还|也|要|就|均|给|向|对|在|把|大家|我|党员|群众|全体|各位|群里|群内|一次|自动|先)*${REMIND}?(?:一下|一次|一遍|一声|两次|大家|我|各位|群众|他们|次|群里)*)`,
  'g',
)
const ONE = new RegExp(ITEM, 'g')

/** Being there before it begins is no reminder. */
const ARRIVE = /^(?:到|入场|签到|进场|就位|集合|抵达|来|做好|准备)/

export interface FoundLeads {
  leads: Lead[]
  /** Where they stand, to be left out of what is read next. */
  spans: [number, number][]
}

/** Finds when to remind in a normalised text. */
export function findLeads(text: string): FoundLeads {
  const found: FoundLeads = { leads: [], spans: [] }
  for (const match of text.matchAll(LEADS)) {
    const list = match.groups?.list ?? ''
    const reminds = new RegExp(REMIND).test(match.groups?.tail ?? '')
    const end = match.index + match[0].length
    const explicit = /^(?:提前|提早|预先|会前|课前|活动前|开始前|开会前|开课前|上课前|集合前|出发前|临开会前)/.test(
      list,
    )
    if (!reminds && !explicit) continue
    found.spans.push([match.index, end])
    if (!reminds && ARRIVE.test(text.slice(end))) continue
    for (const item of list.match(ONE) ?? []) {
      const lead = readLead(item)
      if (lead && !found.leads.some((each) => JSON.stringify(each) === JSON.stringify(lead))) found.leads.push(lead)
    }
  }
  const onTime = /(?:准时|按时|到点|到时候?|届时)(?:再)?提醒/.exec(text)
  if (onTime) {
    found.leads.push({ minutes: 0 })
    found.spans.push([onTime.index, onTime.index + onTime[0].length])
  }
  return found
}

function readLead(item: string): Lead | null {
  const at = clockOf(item)
  const [, count, unit] =
    new RegExp(`(${NUMERAL}个?半|半|${NUMERAL})个?(分钟|分|小时|钟头|刻钟|天|日|周|星期|礼拜|月)`).exec(item) ?? []
  if (at !== null) {
    if (item.startsWith('当')) return { daysBefore: 0, at }
    if (item.startsWith('头') || /前的?一?晚/.test(item)) return { daysBefore: 1, at }
    if (count && unit && /[天日周期拜月]/.test(unit))
      return { daysBefore: (amount(count) * minutesOf(unit)) / (24 * 60), at }
  }
  if (!count || !unit) return null
  return { minutes: Math.round(amount(count) * minutesOf(unit)) }
}

function clockOf(item: string): string | null {
  const clock = new RegExp(`${CLOCK}$`).exec(item)?.[0]
  if (!clock) return null
  const text = /晚[\d一二三四五六七八九十两]/.test(item) ? clock.replace(/^晚?/, '晚上') : clock
  const evening = /晚/.test(item) && !/[早上午中下凌傍晚]/.test(text)
  const [hours] = planOf(tokenise(evening ? `晚上${text}` : text), {
    text: evening ? `晚上${text}` : text,
    evening: false,
  }).groups.flatMap((group) => group.hours)
  if (!hours) return null
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${pad(Math.floor(hours.at / 60) % 24)}:${pad(hours.at % 60)}`
}

function amount(text: string): number {
  if (text === '半') return 0.5
  return parseNumber(text.replace(/个?半$/, '')) + (text.endsWith('半') ? 0.5 : 0)
}

function minutesOf(unit: string): number {
  if (unit.startsWith('分')) return 1
  if (unit === '刻钟') return 15
  if (unit === '小时' || unit === '钟头') return 60
  const day = 24 * 60
  if (unit === '天' || unit === '日') return day
  return unit === '月' ? 30 * day : 7 * day
}
