/** What is written to the assistant about broadcasts, and what people answer to one. */

const ADDRESS = /^\s*@?小格[\s,，:：]*/
const ROOM_NAME = '[^\\s，。,:：;；、]{0,8}群(?:众)?'
const ROOMS = `(?:所有|全部|各个?|每个)?(?:村民)?群|${ROOM_NAME}(?:(?:、|和|及|跟|,|，)${ROOM_NAME})*`

/** 广播：…, 紧急广播 …, 群发 …, 群发到三组群：…. */
const BROADCAST = new RegExp(
  `^(?:帮我?|请|给我)?(?:发个?|发一[个条下])?(?<urgent>紧急|加急)?(?<word>广播|群发)(?:一下|一条|通知|消息)?(?:(?:到|给|在)(?<rooms>${ROOMS}))?(?<colon>\\s*[:：]|\\s*[,，]|\\s+|$)\\s*(?<text>[\\s\\S]*)$`,
)
/** 通知各群：…, 通知党员群、网格员群 …. */
const NOTIFY = new RegExp(
  `^(?:帮我?|请)?(?<urgent>紧急|加急)?(?<word>通知|告知|转告)(?:到|给)?(?<rooms>${ROOMS})(?<colon>\\s*[:：]|\\s*[,，]|\\s+|$)\\s*(?<text>[\\s\\S]*)$`,
)

export interface Command {
  text: string
  /** Rooms as they were named; null where none was. */
  rooms: string[] | null
  urgent: boolean
  /** Said so that nobody says it to other people by chance: 群发 …, 通知各群 …. */
  unmistakable: boolean
}

/** Reads a line that wants something told to rooms; null where it is none. */
export function readCommand(line: string): Command | null {
  const match = BROADCAST.exec(bare(line)) ?? NOTIFY.exec(bare(line))
  const { urgent, word, rooms, text = '' } = match?.groups ?? {}
  if (!match || word === undefined) return null
  return {
    text: text.trim(),
    rooms: rooms === undefined ? null : namesIn(rooms),
    urgent: urgent !== undefined,
    unmistakable: word === '群发' || rooms !== undefined,
  }
}

/** The names in a list of rooms. */
export function namesIn(list: string): string[] {
  return list
    .split(/[、,，\s]+|和|及|跟|还有/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** A line without the assistant's name and the blanks around it. */
function bare(line: string): string {
  return line.replace(ADDRESS, '').trim()
}

const END = '[了吧啊呀哈的嘛呢。.!！~～\\s]*$'
const whole = (words: string) => new RegExp(`^(?:${words})${END}`)

/** What is answered to a draft, in the order in which it is tried. */
export const DECISIONS = {
  cancel: whole('取消|不发|算|作废|撤销|别发|不用发|先不发|取消广播|不广播'),
  confirm: whole('确认|确认发送?|发|发送|发出去|可以发?|同意|确定|就这样|没问题|还要发|照发|确认无误'),
  urgent: whole('紧急|加急|很急|急|马上发|现在就发|立刻发|等不得'),
  calm: whole('不急|不紧急|不着急|明早发?|明天早上发?|明早7点发?'),
  rewrite: /^(?:内容)?(?:改成|改为|换成|改)(?:内容)?\s*[:：,，]?\s*(?<text>[\s\S]+)$/,
  only: /^(?:只|就)(?:发|要|通知|发到|发给)(?:到|给)?\s*[:：]?\s*(?<text>.+)$/,
  without: /^(?:不发|不要|别发|去掉|除了|不通知)(?:到|给)?\s*[:：]?\s*(?<text>.+?)(?:都发|不发|除外)?$/,
  also: /^(?:加上|还发|也发|再加|增加|还有)(?:到|给)?\s*[:：]?\s*(?<text>.+)$/,
} as const satisfies Record<string, RegExp>
export type Decision = keyof typeof DECISIONS

/** Reads an answer to a draft with what comes after the verb; null where it is none. */
export function readDecision(line: string): { decision: Decision; argument: string } | null {
  const words = bare(line)
  for (const [decision, pattern] of Object.entries(DECISIONS) as [Decision, RegExp][]) {
    const match = pattern.exec(words)
    if (match) return { decision, argument: match.groups?.['text']?.trim() ?? '' }
  }
  return null
}

/** What is asked about a broadcast that is under way or over. */
export const FOLLOW_UPS = {
  stop: whole('停|停止|停下|停止广播|停止发送|别发|不要发|先停'),
  progress: /^(?:广播)?(?:发|送)(?:到|得|完)?(?:哪|怎么样|多少|没有?|几个群?)(?:里|儿)?了?[？?。\s]*$/,
  unread:
    /^(?:还有)?(?:谁|哪些人|哪个|有哪些人?)(?:还)?(?:没|没有|未)(?:看|读|收到|回|确认|已读)(?:到)?(?:的|过)?[？?。\s]*$|^多少人(?:看|收到|回)了?[？?。\s]*$/,
  nudge: whole('再提醒一?次?|再提醒一下|再催一?[次下]|催一下没看的'),
  retry: whole('重发|再发一次|重新发|补发'),
} as const satisfies Record<string, RegExp>
export type FollowUp = keyof typeof FOLLOW_UPS

/** Reads what is asked about a broadcast; null where it is nothing of it. */
export function readFollowUp(line: string): FollowUp | null {
  const words = bare(line)
  const found = (Object.entries(FOLLOW_UPS) as [FollowUp, RegExp][]).find(([, pattern]) => pattern.test(words))
  return found?.[0] ?? null
}

const RECEIVED =
  '收到|已收到|已收|已阅|已读|看到|看见|知道|晓得|明白|了解|好的?|好嘞|行|要得|ok|okay|嗯+|谢谢|辛苦|👌|👍|\\[ok\\]|\\[强\\]|\\[收到\\]'
const ONLY_RECEIVED = new RegExp(`^(?:(?:${RECEIVED})[了啦哈哦呀嘛的\\s,，。.!！~～]*)+$`, 'i')
const BEGINS_RECEIVED = new RegExp(`^(?:${RECEIVED})`, 'i')
const PLAINLY_RECEIVED = /^(?:已?收到|已阅|已读)[了啦哈的谢\s,，。.!！~～👌👍]*$/u

/**
 * Whether a line says that somebody has read something: `plain` in words that are said of nothing else, `polite` in words
 * that could answer anything (好的), `begins` where more follows. Null where it says something else.
 */
export function readReceipt(line: string): 'plain' | 'polite' | 'begins' | null {
  const words = bare(line)
  if (words === '' || words.length > 30) return null
  if (PLAINLY_RECEIVED.test(words)) return 'plain'
  if (ONLY_RECEIVED.test(words)) return 'polite'
  return BEGINS_RECEIVED.test(words) ? 'begins' : null
}
