import type { DutyKind, Theme } from './kinds.ts'

/** Words that name a kind. */
export const KIND_WORDS: readonly (readonly [DutyKind, RegExp])[] = [
  ['party-day', /主题党日(?:活动)?|固定党日(?:活动)?|党员活动日|党日(?:活动)?/g],
  ['branch-committee', /支委会(?:议)?|支部委员会(?:会议|议)?|支委(?:开|碰)?会/g],
  ['members-meeting', /(?:支部)?党员大会|支部大会|全体党员会/g],
  ['party-group', /党小组会(?:议)?|党小组(?=.{0,14}(?:开|会))|(?<=[组社队])小组会/g],
  ['party-class', /党课/g],
]

/** Words that tell the theme; the first row with a hit wins. */
export const THEME_WORDS: readonly (readonly [Theme, RegExp])[] = [
  ['integrity', /廉政|廉洁|警示教育|反腐|纪律教育|违纪/],
  ['law', /普法|法治|法律|民法典|宪法|禁毒|反诈/],
  ['civility', /文明实践|志愿|移风易俗|文明新风|学雷锋|环境整治|捡垃圾|打扫/],
  ['preaching', /宣讲|宣传教育/],
  ['theory', /理论|党章|讲话精神|重温|二十大|全会精神|学习教育/],
]

/** That something has been held. */
export const HELD =
  /(?:召开|举行|开展|举办|组织)(?:了|过|完)|(?:开|上|讲|搞|办|弄|学)(?:了|过|完了?|好了)|已(?:经)?(?:开|召开|上|搞|完成)|开的|上的|搞的|办的|都开|完成|结束|补记|补录/
/** That it is about to be held, or is not said to have been. */
export const AHEAD = /每个?[月周季年]|提前|提醒|准备|计划|打算|通知|要开|将(?:要|于)|拟|安排|定于|定在|改到|推迟|取消/
export const NOT_HELD =
  /[?？]|吗|[了过]没有?(?=[啊呀呢哦,;。!\s]|$)|(.)没\1|是不是|有没有|没有?[开上搞办]|没有?召开|未[开召]|还没|还差|欠|几时|什么时候|啥时候|怎么|咋|要不要|多久|是什么|为什么/

/** What stands in a line for structure and says nothing of what was done. */
export const FILLER =
  /一共|总共|也|都是|都|各|每个|顺利|已经|已|的时候|会议|补记|补录|登记一下|登记|记一下|记上|报一下|上午|下午|晚上|早上|[0-9]{1,2}[点:][0-9半]{0,2}(?:分)?|现场|在村委会?/g

export const ALL = /(?:各|所有|全部|每个|全体|全村)(?:个)?/
