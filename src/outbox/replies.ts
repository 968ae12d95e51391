/** What the outbox says of itself. */

import { wallTime } from '../clock.ts'
import type { Connection } from '../db/database.ts'

export const flood = (isPrivate: boolean, most: number) =>
  `${isPrivate ? '有一个私聊' : '有一个群'}一分钟里引我说了${most}多句，像是两个机器人在对话。多出来的我没有发，请去看一看：群里若有别的机器人，请把它的自动回复关掉。`

/** A text that a person is to copy into a room: first for where and for whom it is, below it just the text. */
export function toBeCopied(
  room: string,
  text: string,
  to: { mentions: readonly string[]; answers: string | null },
): string {
  const missing = to.mentions.filter((name) => !text.includes(`@${name}`)).map((name) => `@${name} `)
  const whom = to.answers !== null && to.mentions.length === 0 ? `，回${to.answers}` : ''
  return `【请复制到${room}${whom}】\n${missing.join('')}${text}`
}

/** What people call a network. */
const NETWORKS: Record<string, string> = { telegram: 'Telegram', wechat: '微信', simulator: '演示页面' }

const TROUBLES: Record<string, string> = {
  down: '连不上了',
  'needs-login': '要重新登录了',
  limited: '用不顺了',
}

const REMEDIES: Record<string, string> = {
  down: '请看看管小格的电脑是不是断了网。',
  'needs-login': '请管电脑的人照运行状况里写的重新登录。',
  limited: '请管电脑的人看看运行状况里写的原因。',
}

/** To an administrator, over another connection: one is failing, or has come back. */
export function connection(
  { channel, state, since, troubledSince }: Omit<Connection, 'id'>,
  is: 'failing' | 'back',
  timeZone: string,
  now: Date,
): string {
  const name = NETWORKS[channel] ?? channel
  const from = momentWords(troubledSince ?? since, timeZone, now)
  if (is === 'back') return `${name}又通了，从${from}断到${momentWords(since, timeZone, now)}。没发出去的话，接着在发。`
  return `${name}从${from}起${TROUBLES[state] ?? TROUBLES.down}。群里的话暂时听不到，要说的话先存着，通了再发。${REMEDIES[state] ?? ''}`
}

/** 9:05, or with its day where that is another one. */
function momentWords(at: Date, timeZone: string, now: Date): string {
  const [wall, today] = [wallTime(at, timeZone), wallTime(now, timeZone)]
  const time = `${wall.hour}:${String(wall.minute).padStart(2, '0')}`
  return wall.day === today.day && wall.month === today.month ? time : `${wall.month}月${wall.day}日${time}`
}
