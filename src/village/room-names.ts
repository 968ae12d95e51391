import type { Db, Room } from '../db/database.ts'
import { ROOM_NAMES } from './replies.ts'
import type { RoomKind } from './village-file.ts'

export interface NamedRoom {
  room: Room
  /** As people call it: 三组群, 党员群, 一网格村民群. Different for each room of a village. */
  name: string
}

/** The rooms of a village with their names, in the order of the village file. */
export async function namedRooms(db: Db, villageId: number): Promise<NamedRoom[]> {
  const query = { where: { villageId }, orderBy: { id: 'asc' } } as const
  const rooms = await db.room.findMany(query)
  const grids = await db.grid.findMany(query)
  const named = rooms.map((room) => {
    const grid = grids.find(({ id }) => id === room.gridId)?.name ?? ''
    return { room, name: HAN.test(room.key) ? room.key : `${grid}${ROOM_NAMES[room.kind as RoomKind]}` }
  })
  return named.map(({ room, name }) => {
    const isAlone = named.filter((other) => other.name === name).length === 1
    return { room, name: isAlone ? name : `${name}(${room.key})` }
  })
}

const HAN = /\p{Script=Han}/u
const EVERY = /^(?:所有|全部|全体|各|各个|每个|全村)(?:的)?(?:微信)?群?$/
const KINDS: readonly [RoomKind, RegExp][] = [
  ['party', /^党(?:员|支部|总支)?(?:微信)?群?$/],
  ['grid', /^(?:所有|全部|各)?(?:网格员?|工作)(?:微信)?群?$/],
  ['villagers', /^(?:所有|全部|各|全村)?(?:个)?(?:村民|群众|大)(?:微信)?群?$/],
]

/**
 * The rooms that are meant by what somebody calls them: 党员群, 三组群, 3组, 各群 (every villagers' room). Empty where
 * no room is called so.
 */
export function roomsCalled(named: readonly NamedRoom[], said: string): NamedRoom[] {
  const words = said.replace(/[\s“”"'「」]/g, '').replace(/^(?:到|给|在)/, '')
  if (EVERY.test(words)) return named.filter(({ room }) => room.kind === 'villagers')
  const exact = named.filter(({ name, room }) => name === words || room.key === words)
  if (exact.length > 0) return exact
  const kind = KINDS.find(([, pattern]) => pattern.test(words))?.[0]
  if (kind !== undefined) return named.filter(({ room }) => room.kind === kind)
  const core = plain(words)
  return core === '' ? [] : named.filter(({ name }) => plain(name).includes(core))
}

/** Without what every room's name has, and with figures for numerals: 第三组村民群 is 3组. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/村民小组|小组|社|队/g, '组')
    .replace(/微信|村民|群|^第/g, '')
    .replace(/[一二三四五六七八九]/g, (numeral) => String('一二三四五六七八九'.indexOf(numeral) + 1))
}
