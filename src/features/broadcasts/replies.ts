/** What is said about broadcasts. */
import type { Broadcast } from '../../db/database.ts'
import { maskNumbers } from '../../outbox/privacy-guard.ts'
import { cut } from '../../text.ts'
import type { NamedRoom } from '../../village/room-names.ts'
import { minutesFor, PACE } from './broadcast.ts'

export const NOT_YOUR_RIGHT = '群发通知要由书记来发。您有事要告诉大家，可以请书记帮忙；村里哪里有问题，直接告诉我就行。'
export const WHAT_TEXT = '要通知什么？请连内容一起发，比如“广播：今晚八点停水，请提前接水”。'
export const WRITE_DIRECTLY = '请先私信找我说一句话，我把预览发给您看，不在这里发。'
export const NO_ROOMS = '村里还没有登记可以发通知的群，请管理员先把群绑定好。'
export const tooLong = (most: number) => `内容太长了，大家看不完。请缩到${most}个字以内，或者作为文件发。`
export const noSuchRoom = (said: string, named: readonly NamedRoom[]) =>
  `没有叫“${cut(maskNumbers(said), 20)}”的群。现有：${namesOf(named)}。`

const namesOf = (rooms: readonly NamedRoom[]) => rooms.map(({ name }) => name).join('、')

/** What the rooms hear. */
export const notice = ({ text }: Pick<Broadcast, 'text'>) => (text === '' ? '【村通知】' : `【村通知】${text}`)

/** What stands below it where a network shows choices. */
export const NOTICE_CHOICES = ['收到']

export const CARD_CHOICES = ['确认', '取消']
export const SENDING_CHOICES = ['停']
export const RESULT_CHOICES = ['谁没看', '再提醒一次']
export const RETRY_CHOICE = '重发'

export function preview(
  broadcast: Broadcast,
  to: { rooms: readonly (NamedRoom & { speakers: number })[]; unbound: readonly NamedRoom[]; quietUntil: boolean },
): string {
  const photos = (broadcast.attachments as unknown[]).length
  const seen = maskNumbers(notice(broadcast))
  const rooms = to.rooms.map(({ name, speakers }) => (speakers > 0 ? `${name}（说过话的有${speakers}人）` : name))
  return [
    `${broadcast.urgent ? '紧急' : ''}通知预览，大家会看到：`,
    seen,
    ...(photos > 0 ? [`附件：${photos}个`] : []),
    rooms.length > 0 ? `发到${rooms.length}个群：${rooms.join('、')}` : '现在一个群也发不到。',
    ...(to.unbound.length > 0 ? [`还没绑定、发不到的群：${namesOf(to.unbound)}`] : []),
    ...(rooms.length > 1 ? [paceOf(broadcast, rooms.length)] : []),
    ...(to.quietUntil ? ['现在是夜里休息时间，确认后早上7点开始发。等不得就回“紧急”。'] : []),
    ...(seen === notice(broadcast) ? [] : ['电话这类长号码发到群里会盖成***。']),
    '回“确认”就发；回“改成……”换内容，“只发……”“不发……”换群，“取消”就不发。',
  ].join('\n')
}

function paceOf(broadcast: Broadcast, rooms: number): string {
  const [least, most] = broadcast.urgent ? PACE.urgent : PACE.calm
  return `一个群一个群地发，隔${least / 1000}到${most / 1000}秒，全部发完约${minutesFor(broadcast, rooms)}分钟。`
}

export const CANCELLED = '好，不发了。'
export const EXPIRED = '这份预览放得太久了，请重新写一遍。'
export const NOTHING_LEFT = '这样就一个群也没有了。要是都不发，回“取消”。'
export const NO_BOUND_ROOM = '选的群都还没有绑定，发不出去。请管理员先绑定。'
export const sameAgain = (minutes: number) =>
  `同样的内容${minutes < 1 ? '刚刚' : `${minutes}分钟前`}才发过。真要再发一遍，请再回一次“确认”；不发回“取消”。`
export const tooMany = (rooms: readonly NamedRoom[], most: number, urgent: boolean) =>
  `${namesOf(rooms)}今天已经收了${most}条通知，再发就太吵了。${urgent ? '请明天再发。' : '请明天再发；真的很急，先回“紧急”再回“确认”。'}`

export function started(broadcast: Broadcast, rooms: number, at: Date | null): string {
  if (at) return `好，早上7点开始发到${rooms}个群。改主意了就回“停”。`
  if (rooms === 1) return '好，马上发。'
  return `开始发了：${rooms}个群，约${minutesFor(broadcast, rooms)}分钟。要停就回“停”，发完我告诉您。`
}

/** How one room's delivery stands. */
export type Fate = 'planned' | 'under-way' | 'arrived' | 'failed' | 'unknown' | 'stopped' | 'late' | 'unbound'
export interface RoomFate {
  name: string
  fate: Fate
  /** What the network said. */
  error: string | null
}

export function progress(fates: readonly RoomFate[]): string {
  const arrived = fates.filter(({ fate }) => fate === 'arrived').length
  const open = fates.filter(({ fate }) => fate === 'planned' || fate === 'under-way')
  const waiting = open.filter(({ fate }) => fate === 'under-way').map(({ name }) => name)
  const why = waiting.length > 0 ? `网络还没收下的：${waiting.join('、')}。` : ''
  return `${arrived}群已送达，还有${open.length}群没送到。${why}送完我再告诉您。`
}

export function result(fates: readonly RoomFate[]): string {
  const arrived = fates.filter(({ fate }) => fate === 'arrived')
  const of = (...wanted: Fate[]) => fates.filter(({ fate }) => wanted.includes(fate))
  const failed = of('failed', 'late', 'unbound')
  const unknown = of('unknown')
  const stopped = of('stopped')
  const parts = [
    `${arrived.length}群已送达`,
    ...(failed.length > 0
      ? [`${failed.length}群失败：${failed.map((one) => `${one.name}（${reason(one)}）`).join('、')}`]
      : []),
    ...(unknown.length > 0
      ? [`${unknown.length}群说不准送到没有，请去群里看一眼：${unknown.map(({ name }) => name).join('、')}`]
      : []),
    ...(stopped.length > 0 ? [`${stopped.length}群没有发：${stopped.map(({ name }) => name).join('、')}`] : []),
  ]
  const retry = failed.length > 0 ? '想再发给失败的群，回“重发”。' : ''
  return `通知发完了：${parts.join('，')}。${retry}${arrived.length > 0 ? '想知道谁没看，回“谁没看”。' : ''}`
}

function reason({ fate, error }: RoomFate): string {
  if (fate === 'late') return '电脑停得太久，过了时候没有发'
  if (fate === 'unbound') return '群没有绑定'
  const said = error ?? ''
  if (/kicked|blocked|not a member|forbidden|deactivated|not in/i.test(said)) return '我不在这个群里了'
  if (/not found|invalid/i.test(said)) return '找不到这个群'
  if (/rights|restricted|write|admin/i.test(said)) return '群里不让我发言'
  if (/too long|too large|size/i.test(said)) return '内容太大，聊天软件不收'
  return '聊天软件没有收下'
}

export const stopped = (fates: readonly RoomFate[]) =>
  `停下了，剩下的${fates.filter(({ fate }) => fate === 'planned').length}个群不发了。`
export const NOTHING_TO_STOP = '已经都交出去了，停不下来了。'
export const NOTHING_TO_RETRY = '没有发失败的群。'
export const retrying = (rooms: number) => `好，再发给${rooms}个群试试。`

const MOST_NAMES = 40

export function unread(broadcast: Broadcast, received: number, missing: readonly string[]): string {
  const what = `“${cut(maskNumbers(broadcast.text), 15)}${broadcast.text.length > 15 ? '…' : ''}”`
  const said = received > 0 ? `${received}人回了收到` : '还没有人回收到'
  if (missing.length === 0) return `${what}：${said}。群里说过话的人都回了。`
  const names = missing.slice(0, MOST_NAMES).join('、')
  const more = missing.length > MOST_NAMES ? `等${missing.length}人` : ''
  const nudge = broadcast.nudgedAt === null ? '可以回“再提醒一次”，群里不会点名。' : ''
  return `${what}：${said}。说过话但没回的有${missing.length}人：${names}${more}。没回不等于没看。${nudge}`
}

export const reminder = (broadcast: Broadcast) => `再提醒一次：\n${notice(broadcast)}\n已经看过的，不用管。`
export const NUDGED = '好，各群再提醒一次，只这一次，不点名。'
export const NUDGED_BEFORE = '已经提醒过一次了，再提醒就烦人了。没回的可以私下打个电话。'
export const TOO_OLD = '没有找到最近七天里您说的那条通知。'
