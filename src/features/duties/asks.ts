import { readNumeral } from '../../numerals.ts'
import { type IsoDay, monthOf, type Period, parsePeriod, periodOf, quarterOf, yearMonthDay, yearOf } from './periods.ts'

/** What somebody wants to know or have of the duties. */
export type Ask =
  | { type: 'standing'; period: Period }
  | { type: 'themes'; year: number }
  | { type: 'ledger'; period: Period; formats: ('docx' | 'xlsx')[] }
  | { type: 'reminders'; on: boolean }

const STANDING =
  /^欠账$|(?:三会一课|会议|党课|党日).{0,4}欠账|欠账.{0,4}(?:三会一课|会)|还[差欠缺](?:哪些|什么|哪几|几个?|多少)?次?.{0,4}(?:会|三会一课|党课|党日)|(?:哪些|什么|哪个)(?:会|党课|主题党日).{0,3}没[开上搞有]|三会一课.{0,6}(?:完成|进度|情况|怎么样|差|欠|开了哪些)|^.{0,8}三会一课[?？]?$/
const THEMES = /主题.{0,6}(?:均衡|没搞|没做|没办|没学|缺|差|哪些|哪个|统计)|主题党日.{0,4}(?:统计|情况)/
const LEDGER = /(?:三会一课|党建|主题党日|季度|\d|^)台账|(?:导出|生成|打印|下载|发我|给我).{0,10}台账/
const SWITCH = /^(?:请|把)?(关闭|关掉|停止|取消|打开|开启|恢复).{0,2}三会一课.{0,3}提醒$/
const MAX_LENGTH = 40

/** Reads what is asked; null where the line is no such request. `today` is the day on which it was written. */
export function readAsk(text: string, today: IsoDay): Ask | null {
  const line = text
    .normalize('NFKC')
    .trim()
    .replace(/^@?小格[\s,:]*/, '')
    .replace(/^\//, '')
    .replace(/[。!~\s]+$/, '')
  if (line.length > MAX_LENGTH || /什么是|啥是|是什么|是啥|介绍/.test(line)) return null
  const turned = SWITCH.exec(line)
  if (turned) return { type: 'reminders', on: /打开|开启|恢复/.test(turned[1] ?? '') }
  const named = periodIn(line, today)
  if (LEDGER.test(line)) {
    const excel = /excel|xlsx|表格/i.test(line)
    const word = /word|docx|文档/i.test(line)
    const formats = [...(excel && !word ? [] : ['docx' as const]), ...(word && !excel ? [] : ['xlsx' as const])]
    return { type: 'ledger', period: named ?? periodOf('quarter', today), formats }
  }
  if (THEMES.test(line)) return { type: 'themes', year: (named ?? periodOf('year', today)).year }
  return STANDING.test(line) ? { type: 'standing', period: named ?? periodOf('quarter', today) } : null
}

function periodIn(line: string, today: IsoDay): Period | null {
  const [year, month] = yearMonthDay(today)
  const quarter = Math.ceil(month / 3)
  const key = /20\d\d(?:Q[1-4]|-\d\d)/i.exec(line)?.[0]
  if (key) return parsePeriod(key)
  const [, before] = /(去年|20\d\d年)/.exec(line) ?? []
  const of = before === undefined ? year : before === '去年' ? year - 1 : Number(before.slice(0, 4))
  const numbered = /第?([1-4一二三四])季度|Q([1-4])/i.exec(line)
  if (numbered) return quarterOf(of, readNumeral(numbered[1] ?? numbered[2] ?? '') ?? Number.NaN)
  if (/上个?季度/.test(line)) return quarter === 1 ? quarterOf(year - 1, 4) : quarterOf(year, quarter - 1)
  if (/季度/.test(line)) return quarterOf(year, quarter)
  if (/上个?月/.test(line)) return month === 1 ? monthOf(year - 1, 12) : monthOf(year, month - 1)
  if (/本月|这个?月|当月/.test(line)) return monthOf(year, month)
  const inMonth = /(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月/.exec(line)
  if (inMonth) return monthOf(of, readNumeral(inMonth[1] ?? '') ?? Number.NaN)
  return before !== undefined || /今年|全年|本年|年度/.test(line) ? yearOf(of) : null
}
