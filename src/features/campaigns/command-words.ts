import { readNumeral } from '../../numerals.ts'

/** What is written about clean-ups, and what people answer to a call. */

const ADDRESS = /^\s*@?小格[\s,，:：]*/
const END = '[了吧啊呀哈的嘛呢。.!！~～\\s]*$'
const whole = (words: string) => new RegExp(`^(?:${words})${END}`)

export function bare(line: string): string {
  return line.replace(ADDRESS, '').trim()
}

const CLEAN_UP =
  /环境(?:卫生)?(?:大?整治|治理|清洁|清理)|卫生(?:大?整治|大?扫除|清洁)|大扫除|(?:清理|清扫|捡|打扫)(?:[^，。,]{0,6})(?:垃圾|河道|沟渠|公路|道路|卫生|院坝|白色污染)|清洁家园|爱国卫生/
const CALLS = /接龙|报名|集合|发起|组织|参加|带(?:上|好|锄头|扫把|扫帚|铁锹|工具)/

/** Whether a sentence wants a clean-up called, rather than only noted in the calendar. */
export function isCall(text: string): boolean {
  return CLEAN_UP.test(text) && CALLS.test(text) && !DONE.test(text) && !STAGE.test(text)
}

/** What it is called in its own words. */
export function titleIn(text: string): string {
  return CLEAN_UP.exec(text)?.[0] ?? TITLE
}
const TITLE = '环境卫生整治'

/** Whether people are to say that they come. */
export function wantsSignUp(text: string): boolean {
  return /接龙|报名|报个名/.test(text) && !/(?:不用|不要|不搞|无需|不必)(?:接龙|报名)/.test(text)
}

/** Where people meet: 三组文化广场集合, 在一组桥头集合. Null where the sentence names no such place. */
export function placeIn(text: string): string | null {
  const clause = text.split(/[，。；,;\n]/).find((part) => part.includes('集合'))
  const said = clause
    ?.replace(/集合.*$/, '')
    .replace(/^.*(?:点半?|点钟|\d分|[:：]\d\d)/, '')
    .replace(/^.*?(?:在|到|去|于|地点[:：]?)/, '')
    .replace(CLEAN_UP, '')
    .trim()
  return said && said.length <= 30 ? said : null
}

const DECISIONS = {
  cancel: whole('取消|不搞|不办|算|作废|取消整治|取消活动|整治取消|活动取消|不发'),
  confirm: whole('确认|确认发[送出]?|发|发送|发出去|可以发?|同意|确定|就这样|没问题'),
  'without-list': whole('(?:不要|不用|不搞|去掉)(?:接龙|报名)'),
  'with-list': whole('(?:要|加上?|开|搞)(?:接龙|报名)'),
  only: /^(?:只|就)(?:发|要|通知|发到|发给)(?:到|给)?\s*[:：]?\s*(?<text>.+)$/,
  place: /^(?:集合)?(?:地点|地方|位置)(?:改成|改到|改为|改在|换到|[:：]|是)\s*(?<text>.+)$|^改?在(?<text2>.+)集合$/,
  time: /^(?:时间)?(?:改成|改到|改为|换到|推迟到|提前到|时间[:：])\s*(?<text>.+)$/,
} as const satisfies Record<string, RegExp>
export type Decision = keyof typeof DECISIONS

/** Reads an answer to a campaign's card; null where it is none. */
export function readDecision(line: string): { decision: Decision; argument: string } | null {
  const words = bare(line)
  for (const [decision, pattern] of Object.entries(DECISIONS) as [Decision, RegExp][]) {
    const match = pattern.exec(words)
    if (!match) continue
    const { text, text2 } = (match.groups ?? {}) as { text?: string; text2?: string }
    return { decision, argument: (text ?? text2 ?? '').trim() }
  }
  return null
}

const NUMERAL = '\\d{1,3}|[一二两三四五六七八九十百]{1,4}'
const PLUS = /^[+＋]\s*(?<n>\d{1,2})(?:人|个人?|位)?[!！。~～\s]*$/
const JOIN = new RegExp(
  `^(?:#?接龙|我(?:也|要|来|家|们|和[^，。,]{1,6})*(?:参加|报名|来|去)|参加|报名|报个名|算(?:上|我)?我?(?:家)?一个|(?:给我)?算上?我|我(?:们)?(?:家)?(?:来|去|出)?(?:${NUMERAL})(?:个人?|人|口|位)(?:参加|报名|来|去)?)(?=$|[\\s，,。.!！~～了啊哈吧呀我和带]|${NUMERAL})[^？?]{0,20}$`,
)
const LEAVE = whole(
  '(?:我|我们|我家)?(?:不去|不来|去不了|来不了|不参加|不能来|不能去|退出接龙|退出|取消报名|有事去不了|有事来不了|有事不去|不接龙|不算我|别算我)',
)
const QUESTION = /[?？吗么]|怎么|啥时候|什么时候|哪里|可不可以|能不能/

/** Reads whether somebody comes, with how many people in all; `plus` where it is a bare +1, which may mean other things. */
export function readSignUp(line: string): { join: number; plus: boolean } | 'leave' | null {
  const words = bare(line)
  if (words.length > 40) return null
  if (LEAVE.test(words)) return 'leave'
  const plus = PLUS.exec(words)?.groups?.['n']
  if (plus !== undefined) return { join: within(Number(plus)), plus: true }
  if (QUESTION.test(words) || /不|没/.test(words)) return null
  const match = JOIN.exec(words)
  return match ? { join: within(peopleIn(words) ?? 1), plus: false } : null
}

const MOST_OF_ONE = 20
function within(count: number): number {
  return Math.min(MOST_OF_ONE, Math.max(1, count))
}

const STAGE = /(?:整治|打扫|清理|清扫|扫|治理)(?<stage>前|后)/
/** Whether a line beside photos says that they were taken before or after. */
export function stageIn(line: string): 'before' | 'after' | null {
  const stage = STAGE.exec(line)?.groups?.['stage']
  return stage === undefined ? null : stage === '前' ? 'before' : 'after'
}

const DONE =
  /^(?:今天的?|本次|这次)?(?:环境)?(?:卫生)?(?:整治|大扫除|打扫|清理|清扫|活动|治理)(?:行动|活动|工作)?(?:已经?|都|全部|圆满)?(?:完成|结束|搞完|做完|搞好|完毕|收工)了?[\s，,。.:：!！]*(?<rest>[\s\S]*)$/

/** Reads that it is over, with what is told of it; null where the line says something else. */
export function readDone(line: string): { rest: string } | null {
  const match = DONE.exec(bare(line))
  return match ? { rest: match.groups?.['rest']?.trim() ?? '' } : null
}

const counted = (units: string) => new RegExp(`(?<n>${NUMERAL})\\s*(?:多)?(?:${units})`)
const PEOPLE = counted('个?(?:人|村民|党员|群众)|口|名|位|人次')
const LOADS = counted('大?(?:卡)?车|拖拉机')
const PLACES = counted('处|个点|个地方|个卫生死角')

/** Counts in words that tell of people, loads of rubbish and places; null where none is told. */
export const peopleIn = (text: string) => countOf(PEOPLE, text)
export const loadsIn = (text: string) => countOf(LOADS, text)
export const placesIn = (text: string) => countOf(PLACES, text)

function countOf(pattern: RegExp, text: string): number | null {
  const said = pattern.exec(text)?.groups?.['n']
  if (said === undefined) return /一家三口/.test(text) && pattern === PEOPLE ? 3 : null
  return readNumeral(said)
}
