import { type WallTime, wallTime } from '../clock.ts'
import { type CategoryCode, categoryOf } from '../understanding/categories.ts'

/** Every sentence of an explanation, for the person who looks after the village. */

/** How each rule is called; what the lexicon's lists are for. Rules of urgency and privacy have their own tables. */
const RULES: Readonly<Record<string, string>> = {
  phrase: '一听就是事的话',
  'thing+problem': '说了什么东西出了什么毛病',
  'thing+trouble': '说了什么东西坏了',
  'thing+appeal': '说了什么东西，还请人来管',
  question: '问政策、问法律',
  'service+question': '问怎么办事',
  topic: '说到了村里管的东西',
  place: '说了地点',
  appeal: '请人来管',
  'appeal without a category': '请人来管',
  grievance: '抱怨没人管',
  duration: '说了拖了多久',
  communal: '是大家的事',
  stake: '跟自家有关',
  sarcasm: '说的是反话',
  'officer blamed': '说到了村干部',
  notice: '像是通知',
  sale: '像是做买卖',
  borrow: '像是借东西、找东西',
  joke: '像是说笑',
  praise: '像是夸人、道谢',
  private: '像是自己家里的事',
  far: '像是外地的、电视上的事',
  chatter: '像是闲聊',
  hypothetical: '像是打比方、演练',
  past: '像是过去的事',
  solved: '像是已经解决了',
  you: '像是只对一个人说的',
  learned: '学来的整体感觉',
}

/** Dangers, by the rule that sees them. */
const DANGERS: Readonly<Record<string, string>> = {
  fire: '着火',
  wildfire: '山火',
  gas: '煤气',
  water: '落水、涨水',
  'self-harm': '想不开',
  missing: '人走丢了',
  life: '有人性命危险',
  'trapped-child': '孩子被困',
  violence: '打人、动刀',
  'live-wire': '电线落地',
  landslide: '滑坡、山垮',
  collapse: '房子垮塌',
  accident: '出了车祸、工伤',
  learned: '学来的：这样说话多半有危险',
}

/** Why something is kept private. */
const REASONS: Readonly<Record<string, string>> = {
  'family violence': '家里打人',
  'self-harm': '想不开',
  'harm to minors': '伤害孩子',
  'sexual harm': '性侵害',
  health: '谁的病',
  debt: '谁欠的债',
  poverty: '谁家的困难',
  accusation: '告了某个干部',
  'neighbour named': '点了邻居的名',
  'named neighbour': '点了邻居的名',
  'fraud loss': '被骗了钱',
  'identity number': '有身份证号',
  'other private': '别的私事',
  learned: '学来的：这样说话多半是私事',
}

const GATES: Readonly<Record<string, string>> = {
  ticket: '是要办的事',
  maybe: '拿不准，当疑似诉求',
  none: '不是要办的事',
}

/** What a line that opens nothing is. */
const INTENTS: Readonly<Record<string, string>> = {
  report: '报事',
  question: '问事',
  followup: '接着前面的事说',
  thanks: '道谢、说好了',
  urge: '催前面的事',
  withdraw: '说不用管了',
  schedule: '约时间',
  command: '命令',
  chatter: '闲聊',
}

const URGENCIES: Readonly<Record<string, string>> = { low: '不急', normal: '一般', urgent: '急', emergency: '特急' }

const STATUSES: Readonly<Record<string, string>> = {
  candidate: '疑似诉求，等网格员看',
  open: '等网格员接单',
  confirmed: '网格员接了单',
  assigned: '已派人',
  handling: '正在办',
  resolved: '办好了，等报的人回话',
  closed: '办完了',
  rejected: '没有受理',
  merged: '并到别的单子了',
  withdrawn: '报的人撤回了',
}

/** What a line did to a ticket, by the event in its history. */
const STEPS: Readonly<Record<string, string>> = {
  opened: '立了单',
  noticed: '记成疑似诉求',
  'me-too': '加一',
  detail: '补充',
  confirm: '收',
  assign: '派人',
  start: '在办',
  resolve: '办结',
  reject: '不受理',
  merge: '并单',
  absorbed: '并进来一件',
  split: '拆单',
  corrected: '改',
  extended: '延期',
  urged: '催',
  undone: '撤销上一步',
  withdraw: '撤回',
  fixed: '说已经好了',
  satisfied: '满意',
  reopen: '没好，重办',
}

export const labels = {
  text: '这句话',
  bundle: '连着的话',
  became: '后来',
  gate: '判断',
  instead: '为什么',
  for: '像要办的事',
  against: '不像要办的事',
  learned: '学来的（参考）',
  category: '类别',
  place: '地点',
  urgency: '轻重',
  sensitive: '保密',
  version: '按哪一版',
  now: '现在再看',
} as const

const percent = (chance: number) => `${Math.round(100 * chance)}%`
const quoted = (words: string) => (words === '' ? '' : `“${words}”`)
const category = (code: string) => categoryOf(code as CategoryCode).label

export function saidAt(name: string, at: Date, timeZone: string): string {
  const wall: WallTime = wallTime(at, timeZone)
  const clock = `${wall.hour}:${String(wall.minute).padStart(2, '0')}`
  return `${name}，${wall.month}月${wall.day}日 ${clock}`
}

export const spoken = (who: string, text: string) => `${who}：${text}`
export const hidden = '要保密的事，这里不显示谁说的、说了什么'
export const onlyPhotos = '（没有字）'

/** Step first, then where the ticket stands now. */
export const became = (no: number, event: string, status: string) =>
  `${no}号：${STEPS[event] ?? '有关的一句'}；现在${STATUSES[status] ?? status}`
export const answered = '小格回了话，没有立单'
export const becameNothing = '小格没作声，也没记什么'
export const states: Readonly<Record<string, string>> = {
  new: '还没轮到处理',
  waiting: '小格还在等这个人的下一句',
  failed: '处理时出了错，请运行 xiaoge doctor',
}
export const recalled = '这句话撤回了，没有留下判断。'
export const unbound = '说话的群还没有绑定，小格没有看。'
export const erased = '这句话按要求删除了，没有留下判断。'

/** What it is in one line: which tickets it opened, else those it touched, else nothing. */
export function title(opened: readonly Numbered[], touched: readonly Numbered[]): string {
  const [candidate] = opened.filter(({ event }) => event === 'noticed')
  if (candidate) return `拿不准，记成了疑似诉求${candidate.no}号`
  if (opened.length > 0) return `是要办的事，立了${numbers(opened)}`
  if (touched.length > 0) return `记在${numbers(touched)}上`
  return '没有当成要办的事'
}

/** A ticket's number and what a message did to it. */
export interface Numbered {
  no: number
  event: string
}

const numbers = (tickets: readonly Numbered[]) => tickets.map(({ no }) => `${no}号`).join('、')

export const notHere = '这件事不在群里说，也不在这里解释。'

export function gate(of: { gate: string; intent: string; score: number; ticket: number; maybe: number }): string {
  const what = of.gate === 'none' ? `${GATES.none}，是${INTENTS[of.intent] ?? of.intent}` : (GATES[of.gate] ?? of.gate)
  return `${what}。把握${percent(of.score)}；到${percent(of.ticket)}立单，到${percent(of.maybe)}当疑似诉求`
}

/** Why the decision is not the one that the chance alone would give. */
export const instead = {
  emergency: '有危险，马上办，不看把握',
  officer: '说到了村干部，不看把握',
  other: (intent: string) => `这样的话是${INTENTS[intent] ?? intent}，自己不立单`,
  addressed: '是专门跟小格说的，不用那么有把握',
  rules: '字词说得明白，不用那么有把握',
  noTopic: '没有一个词说到村里管的事',
  support: '还差别的依据：没说清地点或毛病，或者只是听说，先不立单',
  known: '村里知道的地点和毛病都有了',
}

/** What a rule that speaks for or against a problem is called; undefined for one that has no name yet. */
export const nameOf = (rule: string): string | undefined => RULES[rule] ?? REASONS[rule]
export const evidence = (rule: string, words: string) => `${nameOf(rule) ?? '别的依据'}${quoted(words)}`
export const list = (items: readonly string[]) => items.join('；')
export const learned = (towards: readonly string[], away: readonly string[]) =>
  [
    ...(towards.length > 0 ? [`偏向“是”的：${towards.map(quoted).join('')}`] : []),
    ...(away.length > 0 ? [`偏向“不是”的：${away.map(quoted).join('')}`] : []),
  ].join('；')

export function categories(code: string, runnerUp: { code: string; chance: number } | null, words: string): string {
  const second =
    runnerUp && runnerUp.chance >= 0.01 ? `；其次像${category(runnerUp.code)}（${percent(runnerUp.chance)}）` : ''
  return `${category(code)}${words === '' ? '' : `，看的是${quoted(words)}`}${second}`
}

const PLACE_BY = {
  listed: '村里名册上有',
  pattern: '名册上没有，按说法认出来的',
  learned: '名册上没有，按学来的说法认出来的',
} as const

/** 三组村口: “3组 村口”（村里名册上有）. */
export function place(words: string, key: string, by: keyof typeof PLACE_BY): string {
  const [group = '', name = ''] = key.split('|')
  const normal = [...(group === '' ? [] : [`${group}组`]), ...(name === '' ? [] : [name])].join(' ')
  return `${quoted(words)}${normal === '' ? '，只有说的人知道在哪' : `，记作 ${normal}`}（${PLACE_BY[by]}）`
}
export const noPlace = '没说，或没听出来'

export function urgency(
  level: string,
  of: { danger: { rule: string; words: string } | null; raised: readonly string[]; lowered: readonly string[] },
): string {
  const because = [
    ...(of.danger ? [`有危险：${DANGERS[of.danger.rule] ?? '危险'}${quoted(of.danger.words)}`] : []),
    ...(of.raised.length > 0 ? [`听着急的：${of.raised.map(quoted).join('')}`] : []),
    ...(of.lowered.length > 0 ? [`听着不急的：${of.lowered.map(quoted).join('')}`] : []),
  ]
  return `${URGENCIES[level] ?? level}，${because.length > 0 ? because.join('；') : '按这类事的平常轻重'}`
}

export function sensitive(reasons: readonly { rule: string; words: string }[]): string {
  const named = reasons.map(({ rule, words }) => {
    const code = /^category (.+)$/.exec(rule)?.[1]
    return `${code ? `${category(code)}这类事都保密` : (REASONS[rule] ?? '别的私事')}${quoted(words)}`
  })
  return `要保密：${[...new Set(named)].join('；')}`
}
export const notSensitive = '不用'

export const version = (kept: string, now: string) => (kept === now ? kept : `当时是 ${kept}，现在是 ${now}`)
export const now = (gateNow: string, categoryNow: string | null, urgencyNow: string | null) =>
  [
    GATES[gateNow] ?? gateNow,
    ...(categoryNow === null ? [] : [category(categoryNow)]),
    ...(urgencyNow === null ? [] : [URGENCIES[urgencyNow] ?? urgencyNow]),
  ].join('，')
export const neverRead = '当时没有留下判断，下面是现在看的'
