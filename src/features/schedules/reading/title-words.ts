import type { Kind, Theme } from '../draft.ts'
import { KIND_NAMES, KIND_WORDS, THEME_WORDS } from '../kind-words.ts'

const ROOM_CHAR = '[^，。；,;、:：和及与跟发在到给往转\\s]'
const ROOM_VERB = '(?:发送?布?|通知|推送?|转发?|同步|告知|通报|转达|@)(?:到|至|给|在|进|往|一下|进)*'
const ROOM_LIST = `(?:(?:${ROOM_CHAR}{0,10}?)群(?![众体策山里情]))(?:(?:、|和|及|与|跟|,|，|还有|以及|加|\\+)(?:${ROOM_CHAR}{0,10}?)群(?![众体策山情]))*`

/** Where it is to be said. */
export const ROOMS = new RegExp(
  `(?:${ROOM_VERB}|在|给|到)(?<list>${ROOM_LIST}|(?:本|微信)?群)(?:里面|里|内|中|上)?(?:发|说|提醒|通知|喊)?(?:一下|一声|一遍)?`,
  'g',
)

export function roomNames(list: string): string[] {
  return list
    .split(/、|和|及|与|跟|,|，|还有|以及|加|\+/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** Where people meet. */
export const PLACE =
  /(?:地点[:：为是在]*|在|于|到|去|来)(?<place>[^，。；,;、:：0-9点]{0,12}?(?:[0-9一二三四五六七八九]楼)?[^，。；,;、:：点|]{0,6}?(?:会议室|活动室|广场|村委会?|服务中心|文化站|文化室|院坝|坝子|礼堂|晒谷场|晒场|大院|村部|村口|学校|小学|祠堂|桥头|办公室|阵地|书屋|活动中心|实践站|农家乐|河边|操场|党群中心|便民中心|戏台|食堂|家里|门口|会堂|老年中心)(?:[0-9一二三四五六七八九]楼)?(?:大?会议室|活动室|广场|院坝|坝子|门口|大厅|礼堂|前|里)*)/

/** Words around a title that are none of it. */
const LEADING =
  /^(?:通知|公告|提醒|温馨提示|各位(?:党员|村民|乡亲|同志)?|大家|请|帮我?|麻烦|给我?|我们?|咱们?|村里|村上|村两委|全体|全村|于|在|的|是|要|将|把|召开|开展|举行|组织(?!生活|关系|委员)|进行|安排|举办|搞一?次?|开个?(?!会)|做一?次?|定于|定在|定个?|定一?下|拟|准备|计划|打算|设置?个?|新建|加个?|建个?|新增|有个?|去|记得|别忘了?|一下|次|时间|地点|内容|主题(?!党日|教育|团日|宣)|会议(?=[:：]|主题|内容)|活动时间|固定|统一|集中|按时|准时|都|就|也|再|各|每次|参加|上一?[次堂节]?(?=.*课)|和|与|及|以|为|从|到|至|起|止|等|一次|两次|半天|共|第|左右|后|前|开始|结束|小格|老师|书记|同志们?|好|:|我村|本村)+/
const TRAILING =
  /(?:的|了|吧|哈|哦|啊|呢|一次|一下|提醒|通知|时间|开始|进行|举行|召开|为|是|在|于|和|并|请|要|会上|地点|在群里|准时|按时|大家|我)+$/

/** What kind it is, by the first table row whose words stand in the text. */
export function kindOf(text: string): Kind {
  return KIND_WORDS.find(([, words]) => words.test(text))?.[0] ?? 'other'
}

export function themeOf(text: string, kind: Kind): Theme | undefined {
  if (kind !== 'party-day' && kind !== 'party-class') return undefined
  return THEME_WORDS.find(([, words]) => words.test(text))?.[0]
}

/** What it is called: of what is left when times, rooms and leads are cut out, the part that names the kind, or the first. */
export function titleOf(left: string, kind: Kind): string {
  const parts = left
    .split(/[|，。；、,;:：!！?？()（）[\]【】\s]+/)
    .map((part) => part.replace(LEADING, '').replace(TRAILING, '') || part)
    .filter((part) => /[\p{Script=Han}\w]{2}/u.test(part) && !(LEADING.exec(part)?.[0] === part))
  const words = KIND_WORDS.find(([name]) => name === kind)?.[1]
  const named = words && parts.find((part) => words.test(part))
  return (named ?? parts[0] ?? KIND_NAMES[kind]).slice(0, 40)
}
