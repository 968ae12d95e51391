import { wallTime } from '../../clock.ts'
import type { Ticket } from '../../db/database.ts'
import { writeNumeral } from '../../numerals.ts'
import { type CategoryCode, categoryOf } from '../../understanding/categories.ts'
import { stepLine } from './status.ts'

/** Every sentence about tickets that a person reads. Short, warm, concrete; an elder understands it at first reading. */

const URGENCY_WORDS: Record<string, string> = { low: '不急', normal: '一般', urgent: '急', emergency: '特急' }

const STATUS_WORDS: Record<string, string> = {
  candidate: '等网格员看是不是问题',
  open: '已记下，等网格员接单',
  confirmed: '网格员已核实',
  assigned: '已派人',
  handling: '正在办',
  resolved: '办好了，等您说一声满不满意',
  closed: '已办完',
  rejected: '核实过，没有受理',
  merged: '和另一件并在一起办',
  withdrawn: '报的人撤回了',
}

/** What to call and do at once, by category. */
const EMERGENCY_WORDS: Record<string, string> = {
  fire: '着火了马上打119！人先撤出来，别回去拿东西。',
  forest: '山上起火马上打119！人别往山上跑，先撤到空地。',
  gas: '闻到煤气别开灯、别点火，开窗走到外面，再打119！',
  flood: '人先往高处撤！有人落水或被困马上打119、110，不要下水去救。',
  geo: '人先撤离山坡和房子，离得远远的！有人受伤打120，被困打119。',
  house: '人先出来，别再进屋！有人被压马上打119、120。',
  medical: '马上打120！人先别乱动，身边留个人。',
  elder_risk: '马上打110！大家就近帮忙找一找。',
  crisis: '马上打110！请身边的人陪着，别离开。',
  family: '有危险马上打110！先离开，到安全的地方。',
  security: '马上打110！先保护好自己，别硬拦。',
  traffic: '有人受伤马上打120、122！注意后面来车。',
  power: '人离远一点，千万别碰电线！马上打95598，有人触电打120。',
  work: '先停下来，人撤出来！有人受伤打120，被困打119。',
  dog: '咬伤马上用肥皂水冲，去打针！伤得重打120。',
  food: '别再吃了，东西留着！人不舒服马上打120。',
}
const EMERGENCY_DEFAULT = '情况紧急，马上打110、119或120！'

/** Where to turn in a matter that is not for the group. */
const PRIVATE_HELP: Record<string, string> = {
  family: '有人要动手，马上打110；妇女维权打12338，孩子的事打12355。',
  crisis: '现在就难受，打12356有人陪您说话；有危险马上打110、120。',
  fraud: '钱刚转出去，马上打110和96110，越快越能追回来。',
  cadre: '也可以打12388向纪委反映。',
  debt: '要是有人上门逼债、动手，打110。',
  wage: '也可以打12333问劳动监察。',
  illegal: '也可以直接打110。',
  medical: '情况急，马上打120。',
  security: '有危险马上打110。',
  law: '也可以打12348免费问律师。',
}

export function label(category: string): string {
  return categoryOf(category as CategoryCode).label
}

export function urgencyWord(urgency: string): string {
  return URGENCY_WORDS[urgency] ?? urgency
}

/** 3月9日（周一）18点 */
export function dayWords(at: Date, timeZone: string): string {
  const wall = wallTime(at, timeZone)
  return `${wall.month}月${wall.day}日`
}

/** 三组, or the empty string. */
function groupWords(group: string | null): string {
  return group ? `${group}组` : ''
}

/** Where it is, as it was said; the group is added when the words do not name it. */
export function placeWords(ticket: Pick<Ticket, 'place' | 'group'>): string {
  const { place, group } = ticket
  if (!place) return groupWords(group)
  const names = group ? [`${group}组`, `${group}社`, `${group}队`, `${writeNumeral(Number(group))}组`] : []
  const spoken = /[组社队]/.test(place)
  return group && !spoken && !names.some((name) => place.includes(name)) ? `${groupWords(group)}${place}` : place
}

/** #12 路灯 · 三组村口 · 一般 ●○○○○ */
function headline(ticket: Ticket): string {
  const where = placeWords(ticket)
  const parts = [`#${ticket.no} ${label(ticket.category)}`, ...(where ? [where] : []), urgencyWord(ticket.urgency)]
  return `${parts.join(' · ')} ${stepLine(ticket.status)}`
}

/** #12 ●●○○○ without anything of its content. */
export function bareHeadline(ticket: Ticket): string {
  return `#${ticket.no} ${stepLine(ticket.status)}`
}

function clipped(text: string, length = 120): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length > length ? `${characters.slice(0, length).join('')}…` : line
}

function countWords(others: number, photos: number): string {
  const parts = [...(others > 0 ? [`另有${others}人也这样说`] : []), ...(photos > 0 ? [`附件${photos}个`] : [])]
  return parts.length > 0 ? `（${parts.join('，')}）` : ''
}

export interface CardFacts {
  ticket: Ticket
  timeZone: string
  reporter: string
  others: number
  attachments: number
  linkedNo: number | null
  late: boolean
}

/** The card in the grid workers' room. */
export function card(facts: CardFacts): string {
  const { ticket, timeZone, reporter } = facts
  const due = ticket.dueAt ? `${dayWords(ticket.dueAt, timeZone)}前办好。` : ''
  const linked = facts.linkedNo ? `可能和#${facts.linkedNo}是一类事。` : ''
  const late = facts.late ? '这是断网时发的，现在才收到。' : ''
  const affected = ticket.affected ? `（替${ticket.affected}说的）` : ''
  const contact = ticket.contact ? '留了电话，私信我“看 ' + ticket.no + '”。' : ''
  return [
    headline(ticket),
    `${reporter}${affected}：${clipped(ticket.text)}${countWords(facts.others, facts.attachments)}`,
    `${late}${linked}${contact}${due}回“收”接单，回“派 名字”派人。`,
  ].join('\n')
}

/** The card of a private matter: the room hears only that there is one. */
export function privateCard(ticket: Ticket, timeZone: string): string {
  const due = ticket.dueAt ? `${dayWords(ticket.dueAt, timeZone)}前办好。` : ''
  return `${headline(ticket)}\n内容已私信网格员。${due}回“收”接单，私信我“看 ${ticket.no}”看内容。`
}

export function privateCandidateCard(ticket: Ticket): string {
  return `${headline(ticket)}\n疑似诉求，内容已私信网格员。回“收”就立单，回“不是”就不管。`
}

export function candidateCard(facts: CardFacts): string {
  return [
    headline(facts.ticket),
    `疑似诉求，${facts.reporter}：${clipped(facts.ticket.text)}${countWords(facts.others, facts.attachments)}`,
    '回“收”就立单，回“不是”就不管。',
  ].join('\n')
}

/** The full matter, for somebody who may see it, in a direct message. */
export function directCard(facts: CardFacts, sensitive: boolean): string {
  const { ticket, timeZone } = facts
  const due = ticket.dueAt ? `${dayWords(ticket.dueAt, timeZone)}前办好。` : ''
  const contact = ticket.contact ? `电话 ${ticket.contact}。` : ''
  const affected = ticket.affected ? `（替${ticket.affected}说的）` : ''
  const secret = sensitive ? '只有您和书记能看到，请不要在群里说。' : ''
  return [
    headline(ticket),
    `${facts.reporter}${affected}：${clipped(ticket.text, 500)}${countWords(facts.others, facts.attachments)}`,
    `${contact}${secret}${due}回“收 ${ticket.no}”接单，回“办结 ${ticket.no} 结果”办结。`,
  ].join('\n')
}

export function stepTaken(ticket: Ticket, sentence: string): string {
  return `${headline(ticket)}\n${sentence}`
}

export const taken = {
  confirm: (name: string) => `${name}接单。`,
  assign: (name: string) => `派给${name}。`,
  start: (name: string) => `${name}在办。`,
  resolve: (result: string) => `办结：${clipped(result)}。已告诉报的人。`,
  reject: (reason: string) => (reason ? `没有受理：${clipped(reason)}。` : '不立单。'),
  merge: (into: number) => `并到#${into}一起办。点错了回“撤销”或“拆”。`,
  split: () => '拆出来单独办。',
  correct: (what: string) => `改为${what}。`,
  urgency: (word: string) => `改为${word}。`,
  extend: (day: string, reason: string) => `延到${day}，原因：${clipped(reason)}。`,
  urge: (name: string) => `已催${name}。`,
  undo: () => '刚才那一步撤销了。',
  withdraw: () => '报的人说不用管了。',
  fixed: () => '报的人说已经好了。',
  satisfied: () => '报的人说满意，办完。',
  reopen: () => '报的人说没好，请再去看看。',
  'urged-by-reporter': () => '报的人又在催了。',
  detail: (text: string) => `补充：${clipped(text)}`,
  edited: (text: string) => `报的人改了说法：${clipped(text)}`,
  recalled: () => '报的人撤回了消息，这件不用办了。',
}

/** The one receipt in the villagers' room or in a direct message. */
export function receipt(ticket: Ticket, worker: string | null): string {
  const where = placeWords(ticket)
  const who = worker ? `网格员${worker}` : '网格员'
  return `记下了，${ticket.no}号：${where}${label(ticket.category)}的事。${who}会去看，办好了告诉您。`
}

export function privateReceipt(ticket: Ticket): string {
  return `记下了，${ticket.no}号。网格员会私下联系您。`
}

/** A question of law or policy that the assistant may not answer itself. */
export function handedOver(ticket: Ticket): string {
  const help = ticket.category === 'law' ? '也可以打12348免费问律师。' : ''
  return `这个我不敢乱说，记下了（${ticket.no}号），请懂的人回您。${help}`
}

export function mergedReceipt(ticket: Ticket): string {
  return `这件事已经有人报了（${ticket.no}号），也给您记上了，办好了一起告诉您。`
}

export function sensitiveReceipt(ticket: Ticket, category: string): string {
  const help = PRIVATE_HELP[category] ?? '情况紧急请马上打110。'
  return `您说的事收到了（${ticket.no}号），已经单独转给能管的人，不会在群里说。${help}`
}

/** In the group, where the person cannot be written to: nothing of the matter. */
export const writeToMe = '请直接私信我说，这里人多。'

export const pleaseGetInTouch = (ticket: Ticket, name: string) =>
  `${bareHeadline(ticket)} ${name}没法收到我的私信，请您当面或打电话找他说。`

/** What the alarm in the room says: what to do, and the place when everybody may know it. */
export function alarm(category: string, place: string | null, worker: string | null): string {
  const what = EMERGENCY_WORDS[category] ?? EMERGENCY_DEFAULT
  const where = place ? `${place}：` : ''
  const who = worker ? `已经通知网格员${worker}。` : '已经通知村里。'
  return `${where}${what}${who}`
}

export function alarmToWorker(facts: CardFacts): string {
  const { ticket } = facts
  return [
    `紧急！${headline(ticket)}`,
    `${facts.reporter}：${clipped(ticket.text, 300)}`,
    `请马上去看，回“收 ${ticket.no}”。5分钟没人回，我就报书记。`,
  ].join('\n')
}

export function alarmCard(facts: CardFacts): string {
  const { ticket } = facts
  return [
    `紧急！${headline(ticket)}`,
    `${facts.reporter}：${clipped(ticket.text)}${countWords(facts.others, facts.attachments)}`,
    '哪位在附近马上去，回“收”。5分钟没人回，我就报书记。',
  ].join('\n')
}

export function privateAlarmCard(ticket: Ticket, sensitive: boolean): string {
  return `紧急！${sensitive ? bareHeadline(ticket) : headline(ticket)}\n内容已私信网格员，请马上回“收”。5分钟没人回，我就报书记。`
}

export function escalation(facts: CardFacts): string {
  return `紧急，5分钟没人接！${headline(facts.ticket)}\n${facts.reporter}：${clipped(facts.ticket.text, 300)}\n请您马上安排人，回“收 ${facts.ticket.no}”。`
}

export const escalationInRoom = (ticket: Ticket) =>
  `${bareHeadline(ticket)} 5分钟没人接，已经报给书记。哪位能去请回“收”。`

/** One question at a time. */
const QUESTIONS: Record<string, string> = {
  place: '在几组、哪家附近？',
  'place-again': '大概在哪里？说个组或者旁边的人家就行。',
  route: '是哪条路线的车？',
}

export function question(ticket: Ticket, slot: string): string {
  return `${label(ticket.category)}的事记下了，${ticket.no}号。${QUESTIONS[slot] ?? ''}`
}

export function answerReceipt(ticket: Ticket, worker: string | null): string {
  const who = worker ? `网格员${worker}` : '网格员'
  const where = placeWords(ticket)
  return `好，${where ? `${where}，` : ''}${ticket.no}号已经转给${who}，办好了告诉您。`
}

/** The result, to everybody who reported it. */
export function result(ticket: Ticket, text: string): string {
  const where = placeWords(ticket)
  return `${ticket.no}号${where}${label(ticket.category)}的事办好了：${clipped(text, 200)}。满意回“满意”，没弄好回“没好”。`
}

export function privateResult(ticket: Ticket, text: string): string {
  return `您说的事（${ticket.no}号）办好了：${clipped(text, 200)}。满意回“满意”，没弄好回“没好”。`
}

/** In the group, for a result that is not for everybody and whose reporter cannot be written to. */
export const resultWithoutContent = (ticket: Ticket) => `${ticket.no}号有结果了，请私信我看。`

export function rejected(ticket: Ticket, reason: string): string {
  return `${ticket.no}号核实过了，没有立单：${clipped(reason, 200)}。不对的话，再说一声。`
}

export const resultPhoto = (ticket: Ticket) => `${ticket.no}号办好后的照片。`

export const notRejected = (ticket: Ticket) => `刚才说${ticket.no}号没有立单，是点错了，还在办。`

export const takenBack = (ticket: Ticket) => `刚才说${ticket.no}号办好了，是点错了，还在办。`

export const reopened = (ticket: Ticket, worker: string | null) =>
  `好，${ticket.no}号重新办，${worker ? `网格员${worker}` : '网格员'}再去看。`

export const urged = (ticket: Ticket, worker: string | null) =>
  `${ticket.no}号已经帮您催${worker ?? '网格员'}了，有消息马上告诉您。`

export const withdrawn = (ticket: Ticket) => `好，${ticket.no}号就不办了。`

/** One line about one ticket, for its reporter. */
export function progressLine(ticket: Ticket, worker: string | null, timeZone: string): string {
  const where = placeWords(ticket)
  const who = worker && ['assigned', 'handling'].includes(ticket.status) ? `（${worker}）` : ''
  const due =
    ticket.dueAt && ['open', 'confirmed', 'assigned', 'handling'].includes(ticket.status)
      ? `，${dayWords(ticket.dueAt, timeZone)}前办好`
      : ''
  const outcome =
    ticket.result && ['resolved', 'closed'].includes(ticket.status) ? `：${clipped(ticket.result, 60)}` : ''
  const what = ticket.sensitive ? '您说的事' : `${where}${label(ticket.category)}`
  return `${ticket.no}号 ${what} ${stepLine(ticket.status)} ${STATUS_WORDS[ticket.status] ?? ''}${who}${outcome}${due}`
}

export const noneReported = '没有查到您还在办的事。有事直接说就行。'
export const noSuchNumber = (no: number) => `没有${no}号，请看看号码对不对。`

/** To somebody who has not the right, in a direct message. */
export const notYourRight = '派单、办结要由网格员来做。您有事直接说，我来转给网格员。'

export const needResult = (numbers: string) => `${numbers}做了什么？说一句话，好告诉报的人。`
export const needReason = (numbers: string) => `${numbers}为什么不受理？说一句话，好告诉报的人。`
export const needExtension = (numbers: string) => `${numbers}要延几天，什么原因？例如“延 3天 等配件”。`
export const needExtensionReason = (numbers: string) => `${numbers}为什么要延？请带上原因，例如“延 3天 等配件”。`
export const needPerson = (name: string) => `没找到“${name}”这个人，请写名单上的名字，例如“派 老周”。`
export const notForAccused = (name: string) => `这件不能派给${name}，请换一个人。`
export const needCategory = (word: string) =>
  `没有“${clipped(word, 20)}”这一类，例如“改 道路”“改 路灯”，改地点写“改 地点 三组桥头”。`
export const cannotNow = (ticket: Ticket) => `${headline(ticket)}\n现在不能这样做。`
export const nothingToUndo = '5分钟内没有您可以撤销的一步。'
export const noSuchTickets = (numbers: readonly number[]) => `没有${numbers.join('、')}号，请看看号码对不对。`
export const mergeEnded = (target: Ticket) => `${target.no}号已经办完了，不能再并过去。`
export const mergeSensitive = '要保密的事不能并到别的单子。'
export const mergeItself = '不能并到它自己。'

export function whichOne(tickets: readonly Ticket[]): string {
  const lines = tickets.slice(0, 6).map((ticket) => (ticket.sensitive ? bareHeadline(ticket) : headline(ticket)))
  return `说的是哪一件？请带上号码：\n${lines.join('\n')}`
}

export const numbersOf = (tickets: readonly Ticket[]) => tickets.map((ticket) => `${ticket.no}号`).join('、')

export interface DigestLine {
  ticket: Ticket
  worker: string | null
  overdue: boolean
  dueToday: boolean
}

/** The 08:00 list in the grid room. */
export function digest(lines: readonly DigestLine[], candidates: number, day: string): string {
  const shown = lines.slice(0, 15).map(({ ticket, worker, overdue, dueToday }) => {
    const flag = overdue ? '【超期】' : dueToday ? '【今天到期】' : ''
    return `${flag}${ticket.sensitive ? bareHeadline(ticket) : headline(ticket)}${worker ? ` ${worker}` : ''}`
  })
  const more = lines.length > 15 ? [`还有${lines.length - 15}件，回“待办”看全部。`] : []
  const unsure = candidates > 0 ? [`另有${candidates}条疑似诉求没看，回“收”或“不是”。`] : []
  return [`今日待办 ${day}，共${lines.length}件：`, ...shown, ...more, ...unsure].join('\n')
}

export const nothingToDo = '现在没有待办的事。'

/** Reminders along the overdue chain. */
export const unanswered = (ticket: Ticket) =>
  `${ticket.sensitive ? bareHeadline(ticket) : headline(ticket)}\n还没人接单，请回“收”。`
export const overdueWorker = (ticket: Ticket) =>
  `${ticket.sensitive ? bareHeadline(ticket) : headline(ticket)}\n到期了还没办完，请抓紧；办不完回“延 3天 原因”。`
export const overdueRoom = (ticket: Ticket) =>
  `${ticket.sensitive ? bareHeadline(ticket) : headline(ticket)}\n已经超期，请各位网格员看谁能帮一把。`
export const overdueSecretary = (ticket: Ticket, worker: string | null) =>
  `${headline(ticket)}\n超期还没办完${worker ? `，现在在${worker}手上` : '，还没人接'}，请您过问。`

export const urgedByColleague = (ticket: Ticket, name: string) => `${headline(ticket)}\n${name}催您抓紧办。`
export const assignedToYou = (facts: CardFacts, name: string) =>
  `${name}把这件派给您：\n${directCard(facts, facts.ticket.sensitive)}`
