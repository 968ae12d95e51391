/**
 * The verbs by which grid workers work tickets: one row each. `word` is what the help shows, `whole` matches a text that
 * says only this, `lead` matches its beginning and leaves the rest as the argument, `within` matches anywhere and makes
 * the whole text the argument.
 */
export interface VerbRow {
  word: string
  /** After the number or the quote, for the help. */
  example: string
  whole?: RegExp
  lead?: RegExp
  within?: RegExp
  /** Whole texts so common in any chat that they count only with a quote, a number or a fresh card. */
  weak?: RegExp
}

const POLITE_END = '[了啦哈哦喔呀嘛吧的哒呢~～。.!！，,\\s]*$'

const whole = (words: string) => new RegExp(`^(?:${words})${POLITE_END}`, 'i')
const lead = (words: string) => new RegExp(`^(?:${words})(?:了)?(?=[\\s:：,，。.、!！#＃]|$)[\\s:：,，。.、!！]*`, 'i')
/** For verbs whose argument follows without a break: 派老周. */
const joined = (words: string) => new RegExp(`^(?:${words})[\\s:：,，]*`, 'i')

/** In the order in which they are tried: 不属实 must be seen before 属实, 不急 before 急. */
export const VERBS = {
  undo: {
    word: '撤销',
    example: '撤销',
    whole: whole('撤销|撤回|取消|点错|弄错|搞错|发错|按错|回退|撤销一下'),
  },
  list: {
    word: '待办',
    example: '待办',
    whole: whole('/?(?:今日)?待办|清单|列表|任务|(?:还)?有哪些(?:没办|待办|任务|单子)?|还有多少(?:没办|单子)?'),
  },
  merge: {
    word: '并',
    example: '并 8',
    lead: /^(?:合并|并|合)(?:到|入|进|给|在)?\s*(?=[#＃]?\s*\d)|^(?:和|跟|同|与)\s*(?=[#＃]?\s*\d+\s*号?\s*(?:是)?(?:重复|一样|同|一(?:件|个|回)))/,
  },
  split: {
    word: '拆',
    example: '拆',
    whole: whole('拆|拆开|拆分|分开|不是一(?:件|个|回|码)事|并错'),
  },
  extend: {
    word: '延',
    example: '延 3天 等配件',
    lead: /^(?:延期?|延长|宽限|推迟|缓)\s*(?=[\d一二两三四五六七八九十半])/,
  },
  reject: {
    word: '不属实',
    example: '不属实 是自家跳闸',
    lead: /^(?:不属实|不实|误报|假的|没这回事|没有这回事|驳回|不受理|不予受理|无效|作废|不是我们村的?|不归我们管)[\s:：,，。.、!！]*/,
    whole: whole('不是|不算|不用管|忽略|不是问题|不要|否'),
  },
  urge: {
    word: '催',
    example: '催',
    whole: whole('催|催一下|催催|催办|再催一下|催一催|抓紧|抓紧办|快点办'),
  },
  urgency: {
    word: '急',
    example: '急',
    whole: whole(
      '急|加急|紧急|很急|特急|十万火急|改急|改成急|改紧急|这个急|不急|一般|普通|不着急|改一般|改普通|改不急|缓办',
    ),
  },
  correct: {
    word: '改',
    example: '改 道路',
    lead: /^(?:改为|改成|改到|改|类别|分类|地点|地址|位置)\s*[:：]?\s*(?=\S)/,
  },
  assign: {
    word: '派',
    example: '派 老周',
    lead: joined('派给|派|转给|转交给?|转|交给|分给|指派给?|指派'),
    whole: whole('我来|我来办|我来弄|我来处理|我办|我负责|我去办|我去处理|我去弄|我接|交给我|给我'),
  },
  start: {
    word: '在办',
    example: '在办',
    lead: lead('在办|办理中|处理中|维修中|正在办理?|正在处理|在处理|在跟进|跟进中|已派人|已经派人'),
    within:
      /正在(?:修|弄|处理|办|抢修|清理|协调|联系)|(?:在|已经?)(?:修|弄|抢修|施工|处理|协调)(?:着|中)|(?:已经?|都)?(?:联系|通知|叫|喊)(?:了|好了?).{0,10}(?:师傅|电工|供电所|水厂|水管员|施工队|镇上|公司|他们|人)|(?:师傅|电工|施工队|维修的?人?).{0,6}(?:路上|来了|到了|在修|在弄)|到现场了|开始(?:修|弄|清理|施工)|正在现场/,
  },
  resolve: {
    word: '办结',
    example: '办结 换了灯泡',
    lead: /^(?:已经?|都|全部)?(?:办结|办妥|完结|结案|结了|办完|办好|处理完毕?|处理好|处理|解决|搞定|弄好|弄完|完成|搞好|整好|了结)了?(?=[\s:：,，。.、!！]|$)[\s:：,，。.、!！]*/,
    within:
      /(?:修|换|装|补|接|清理?|清运|疏通|处理|解决|弄|搞|整|安|拉|抢修|调解|协调|办|登记|焊|铺|填|挖|扫|洗|消杀|拴|关|打捞|砍|扶|加固|围|做|送|交|调)(?:好|完|通|走|干净|到位|妥|成|上|掉)了|(?:换|修|补|清理|疏通|更换|维修|安装|加装)了.{1,}|(?:通|来)(?:水|电|网|气)了|恢复(?:供|正常|通|了)|(?:火|明火).{0,4}(?:灭了|扑灭)|扑灭了|疏通了|拉走了|抓走了|找到了|亮了/,
  },
  confirm: {
    word: '收',
    example: '收',
    whole: whole(
      '收|接|接单|受理|属实|情况属实|确认|确认属实|是真的|是有这回事|有这回事|核实了?|已核实|看过了?属实|收下|算|立单|立|是',
    ),
    weak: /^(?:(?:收到|好的?|好嘞|好勒|行|中|可以|嗯+|哦|噢|知道|明白|晓得|ok|okay|得|要得|没问题|👌|👍)[了啦哈哦呀嘛的呢~～。.!！，,、\s]*)?(?:(?:上午|中午|下午|晚上|等下|一会儿?|明天)?(?:我|俺|咱)?(?:马上|这就|现在|立刻|立马|上午|中午|下午|晚上|等下|等会儿?|一会儿?|待会儿?|明天|今天|正)?(?:就)?(?:过?去|来|到|在路上)(?:看|瞧|处理|弄|办|查|了解|核实|现场)*(?:看|一下|下|哈|了|的|情况|现场)*)?[了啦哈哦呀嘛的呢~～。.!！，,\s]*$/i,
  },
  show: {
    word: '看',
    example: '12',
    whole: whole('看|详情|查看|看看|情况|进度|怎么样'),
  },
} as const satisfies Record<string, VerbRow>
export type VerbName = keyof typeof VERBS

export interface Work {
  verb: VerbName
  /** Ticket numbers written in the text; of 并 8 the 8 stands in the argument. */
  numbers: number[]
  argument: string
  /** Said in words that could be about anything: acted on only with a quote, a number or a fresh card. */
  weak: boolean
}

const CHINESE_DIGITS = '零一二三四五六七八九'

/** Full-width digits, letters, ＃ and ＠ as the usual ones; Chinese punctuation stays what it is. */
function halfWidth(text: string): string {
  return text.replace(/[＃＠０-９Ａ-Ｚａ-ｚ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
}

/** Reads 12, 十二, 二十, 两; NaN for anything else. Up to 99 in Chinese. */
function readNumber(text: string): number {
  const ascii = halfWidth(text)
  if (/^\d+$/.test(ascii)) return Number(ascii)
  const plain = text.replaceAll('两', '二').replaceAll('〇', '零')
  const match = /^([一二三四五六七八九])?(十)?([一二三四五六七八九])?$/.exec(plain)
  if (!match || plain === '') return Number.NaN
  const [, tens, ten, ones] = match
  if (!ten) return tens && !ones ? CHINESE_DIGITS.indexOf(tens) : Number.NaN
  return (tens ? CHINESE_DIGITS.indexOf(tens) : 1) * 10 + (ones ? CHINESE_DIGITS.indexOf(ones) : 0)
}

/** What follows a figure that counts things and is no ticket number: 3组, 12盏, 2天. */
const COUNTED = '(?!\\s*[个户人天盏米块点月日年组社队岁元斤桶车根条处次小分秒亩％%.:：/-])(?!\\d)'
const ONE = `(?:[#＃]\\s*\\d{1,6}\\s*(?:号单?|单)?|\\d{1,6}\\s*(?:号单?|单)|\\d{1,6}${COUNTED}|[一二三四五六七八九十两]{1,3}号(?:单)?)`
const LEADING = new RegExp(`^(?:第)?(${ONE}(?:[\\s,，、和与及跟]+${ONE})*)[\\s:：,，。.、]*`)

/** Takes the ticket numbers from the beginning of a text. */
export function takeNumbers(text: string): { numbers: number[]; rest: string } {
  const match = LEADING.exec(text)
  if (!match?.[1]) return { numbers: [], rest: text }
  const numbers = match[1]
    .split(/[\s,，、和与及跟]+/)
    .map((part) => readNumber(part.replace(/[#＃号单\s]/g, '')))
    .filter((number) => Number.isFinite(number))
  return { numbers, rest: text.slice(match[0].length) }
}

/** Says that nothing is done, or asks whether it is. */
const NOT_DONE =
  /(?:没|未|沒|不|别|难|等)(?:有|能|得|用|要)?(?:修|办|搞|解决|处理|弄|换|完)|[吗么嘛没][?？]*$|没有[?？]*$|[?？]\s*$|怎么|什么时候|啥时候|谁去|哪个去/

const ADDRESS = /^\s*@?小格[\s,，:：]*/

/** What somebody says who takes a card on: 收到，我带人去找; 好的，明天一早去. */
const TAKES_ON = /^(?:收到|好的?|好嘞|行|中|要得|可以|嗯|知道|明白|晓得|马上|这就|我|俺|咱|ok)/i

/**
 * Reads a grid worker's line as a verb with its ticket numbers; null when it is just talk.
 * Under a quoted card more counts as taking it on than in the open room.
 */
export function parseWork(text: string, names: readonly string[] = [], quoting = false): Work | null {
  const line = halfWidth(text).replace(ADDRESS, '').trim()
  if (line === '' || line.length > 500) return null
  const { numbers, rest } = takeNumbers(line)
  const found = rest === '' ? null : (findVerb(rest, names) ?? (quoting || numbers.length > 0 ? takesOn(rest) : null))
  if (!found) return numbers.length > 0 && rest === '' ? { verb: 'show', numbers, argument: '', weak: false } : null
  if (numbers.length > 0 || found.verb === 'merge' || found.verb === 'extend') return { ...found, numbers }
  // 办结 12 换了灯泡, 收12
  const after = takeNumbers(found.argument)
  return { ...found, numbers: after.numbers, argument: after.rest }
}

function takesOn(text: string): Omit<Work, 'numbers'> | null {
  if (!TAKES_ON.test(text) || NOT_DONE.test(text)) return null
  return { verb: 'confirm', argument: '', weak: true }
}

function findVerb(text: string, names: readonly string[]): Omit<Work, 'numbers'> | null {
  // 收12, 催 12: a whole-text verb followed by nothing but numbers.
  const short = /^(\D{1,6}?)\s*((?:[#＃]?\d{1,6}(?:号|单)?[\s,，、和]*)+)$/.exec(text)
  if (short?.[1] && short[2]) {
    const inner = matchWhole(short[1])
    if (inner) return { verb: inner, argument: short[2], weak: false }
  }
  for (const [name, row] of Object.entries(VERBS) as [VerbName, VerbRow][]) {
    if (row.whole?.test(text)) return { verb: name, argument: name === 'urgency' ? text : '', weak: false }
    const match = row.lead?.exec(text)
    if (match) {
      const argument = text.slice(match[0].length).trim()
      if (name === 'assign' && !startsWithName(argument, names)) continue
      if (name === 'resolve' && NOT_DONE.test(text)) continue
      return { verb: name, argument, weak: false }
    }
    if (row.within?.test(text) && !NOT_DONE.test(text)) return { verb: name, argument: text, weak: false }
    if (name === 'assign') {
      const assigned = nameFirst(text, names)
      if (assigned) return { verb: 'assign', argument: assigned, weak: false }
    }
    if (row.weak?.test(text)) return { verb: name, argument: '', weak: true }
  }
  return null
}

function matchWhole(text: string): VerbName | null {
  for (const [name, row] of Object.entries(VERBS) as [VerbName, VerbRow][]) {
    if (row.whole?.test(text.trim()) || row.lead?.exec(text.trim())?.[0] === text.trim()) return name
  }
  return null
}

function startsWithName(argument: string, names: readonly string[]): boolean {
  const bare = argument.replace(/^@/, '')
  return /^(?:我|自己)(?:$|[\s,，。去来办])/.test(bare) || names.some((name) => bare.startsWith(name))
}

/** 老周去一下, @老周 你去看看, 安排老周过去. */
function nameFirst(text: string, names: readonly string[]): string | null {
  const bare = text.replace(/^(?:安排|让|请|喊|叫|麻烦)?\s*@?/, '')
  const name = names.find((candidate) => bare.startsWith(candidate))
  if (!name) return null
  return /^[\s,，]*(?:你|您)?(?:负责|去|来|过去|跟进|处理|办|接|看)/.test(bare.slice(name.length)) ? name : null
}

/** Words that close a ticket without saying what was done. */
const EMPTY_RESULT =
  /^(?:已经?|都|全部|全|今天|刚才|刚刚)?(?:办结|办妥|完结|结案|结了|办完|办好|处理完?毕?|处理好|解决|搞定|弄好|弄完|完成|搞好|整好|了结|好)?(?:了|啦)?[\s。.!！,，~～]*$/

/** Whether a result tells the villager something. */
export function isTellingResult(text: string): boolean {
  const trimmed = text.trim()
  return trimmed.replace(/[\s\p{P}]/gu, '').length >= 2 && !EMPTY_RESULT.test(trimmed)
}

/** Days of 3天, 三天, 一周, 半个月; null where no span is named. The rest is the reason. */
export function readSpan(text: string): { days: number; reason: string } | null {
  const match =
    /^\s*(\d{1,3}|[一二两三四五六七八九十]{1,3}|半)\s*个?\s*(?:工作)?(天|日|周|星期|礼拜|月)[\s:：,，。]*/.exec(text)
  if (!match?.[1]) return null
  const unit = match[2] === '月' ? 30 : match[2] === '天' || match[2] === '日' ? 1 : 7
  const count = match[1] === '半' ? 0.5 : readNumber(match[1])
  const days = Math.round(count * unit)
  return Number.isFinite(days) && days > 0 ? { days, reason: text.slice(match[0].length).trim() } : null
}
