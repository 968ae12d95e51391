import { asWritten, type NormalText } from './text.ts'

const NUMBER = '[\\d一二三四五六七八九十百千万几两半]'
const SLOTS: readonly [slot: string, pattern: RegExp][] = [
  [
    'households',
    new RegExp(`(?:好|十|二十|三十|大概|有)?${NUMBER}{1,4}多?(?:来)?户(?:人家|人)?|全组|全村|整个组|家家`),
  ],
  [
    'since',
    /(?:从|自)?(?:昨天(?:晚上|下午|早上|夜里)?|昨晚|今早|今天(?:早上|上午|下午|凌晨)?|前天(?:晚上)?|上周[一二三四五六日]?|上个?月|半夜|凌晨|早上[\d一二三四五六七八九十两]+点)(?:就|开始|起)?|(?:[\d一二三四五六七八九十两几半]+|好几|大半)个?(?:多)?(?:天|月|星期|礼拜|年|小时|钟头)(?:多)?(?=了|没|都|还|,|。|$)/,
  ],
  ['amount', new RegExp(`${NUMBER}{1,8}多?(?:块钱|块|元|万元|万块|万|千)(?!户|人)`)],
  ['people', new RegExp(`${NUMBER}{1,4}多?(?:来)?个(?:工人|人|民工|老乡|兄弟)`)],
  ['operator', /移动|电信|联通|广电/],
  ['passable?', /过不去|过不了|走不了|进不来|出不去|勉强能过|能过|断了路|绕路|绕道|只能走人|过得去/],
  ['injured?', /咬伤|咬了|受伤|流血|没伤|没咬到|没受伤|伤了/],
  ['occupied?', /住着人|没人住|还住着|一个人住|住着|空着|没住人/],
  ['conscious?', /叫不醒|没意识|昏迷|不省人事|清醒|有意识|能说话|喊不醒/],
  ['transferred?', /(?:已经|刚|都|)(?:转|汇|打)(?:了|过去|走)|还没转|没转|没给钱/],
  ['time', /(?:每天|天天|半夜|凌晨|深夜|晚上[\d一二三四五六七八九十]+点|通宵|中午|大清早)/],
  ['area', new RegExp(`${NUMBER}{1,5}多?亩`)],
  ['ongoing?', /现在还在|正在|还在|一直在|这会儿|天天/],
  ['shop', /小卖部|超市|药店|餐馆|饭店|烧烤摊|早餐店|副食店/],
  [
    'who',
    /我(?:妈|爸|爹|娘|奶奶|爷爷|老公|媳妇|儿子|女儿|孙子|孙女|公公|婆婆)|(?:老|小)?[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯](?:大爷|奶奶|婆婆|爷爷|大娘|叔|婶|伯|嫂)/,
  ],
]

/** What is said beyond place and category, by slot name, in the villager's words. */
export function findSlots(n: NormalText): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [slot, pattern] of SLOTS) {
    const m = pattern.exec(n.text)
    if (m) found[slot] = asWritten(n, m.index, m.index + m[0].length)
  }
  return found
}
