/** What somebody hears who passes on by hand what was said in a group. */

const MOST_NAMED = 8

export interface Outcome {
  /** Tickets that rest on what was passed on, as far as everybody may know of them. */
  tickets: { no: number; label: string; place: string | null; candidate: boolean }[]
  lines: number
}

/** What came of it: 转来的 3 条看完了。记下：1号 路灯（三组桥头）. */
export function outcome({ tickets, lines }: Outcome): string {
  const read = `转来的 ${lines} 条看完了`
  if (tickets.length === 0) return `${read}，没有要回到群里的新事。`
  const named = tickets.slice(0, MOST_NAMED).map(({ no, label, place, candidate }) => {
    const what = place ? `${label}（${place}）` : label
    return candidate ? `${no}号 ${what}，像是有事，请您定` : `${no}号 ${what}`
  })
  const more = tickets.length > MOST_NAMED ? `等 ${tickets.length} 件` : ''
  return `${read}。记下：${named.join('、')}${more}。`
}

export interface LeftOut {
  /** Passed on before. */
  known: number
  /** Said too long ago. */
  old: number
}

const KNOWN = (count: number) => `${count} 条以前转过`
const OLD = (count: number) => `${count} 条是一周以前的`

/** Where nothing new was among it. */
export const nothingNew = ({ known, old }: LeftOut): string => {
  const why = [known > 0 ? KNOWN(known) : '', old > 0 ? OLD(old) : ''].filter(Boolean).join('，')
  return why === '' ? '里面没有群里的话。' : `没有新的：${why}，不重复记。`
}

/** Where something was left out of it because it was said too long ago. */
export const tooOld = (count: number): string => `${OLD(count)}，没有记；还要办的请单独转给我。`

/** Where a file is longer than what is read at once. */
export const tooMany = (most: number, more: number): string =>
  `一次最多看 ${most} 条，后面 ${more} 条没有看，请分开再发一次。`

export const NO_ROOM = '村里还没有村民群，请管理员先在村庄文件里加一个。'
export const UNREADABLE = '这个文件打不开或太大（最多 2 MB 的文本），请直接把群里的话贴给我。'
export const NOT_A_STRETCH = '没认出群里的话。请连昵称一起复制，例如：\n刘嫂 8:02\n三组桥头路灯坏了'

/** Takes the place of what was passed on, which is kept line by line where it belongs. */
export const passedOn = (count: number): string => `（转来群里的话 ${count} 条）`
