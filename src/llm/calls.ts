import { DAY, HOUR } from '../clock.ts'
import type { Db } from '../db/database.ts'
import type { Failure } from './failure.ts'

/** Calls for one person in an hour and a day, and for one room in an hour: a flood of messages costs no more than this. */
const BY_PERSON = { hour: 12, day: 40 }
const BY_ROOM_IN_HOUR = 120

/** On whose behalf a call is made. */
export interface Caller {
  villageId: number
  personId: number
  /** null for a direct message. */
  roomId: number | null
  inboxEventId: number
}

/** Whether another call is within the budgets of the person, the room and the day. `dailyCalls` counts all villages. */
export async function isAffordable(db: Db, caller: Caller, dailyCalls: number, now: Date): Promise<boolean> {
  const since = (ms: number) => ({ at: { gt: new Date(now.getTime() - ms) } })
  const { villageId, personId, roomId } = caller
  const by = { villageId, personId }
  if ((await db.llmCall.count({ where: since(DAY) })) >= dailyCalls) return false
  if ((await db.llmCall.count({ where: { ...by, ...since(HOUR) } })) >= BY_PERSON.hour) return false
  if ((await db.llmCall.count({ where: { ...by, ...since(DAY) } })) >= BY_PERSON.day) return false
  if (roomId === null) return true
  return (await db.llmCall.count({ where: { villageId, roomId, ...since(HOUR) } })) < BY_ROOM_IN_HOUR
}

/** Takes down that a call begins, before it does: it is paid for even where the program ends meanwhile. Returns its id. */
export async function beginCall(db: Db, call: Caller & { at: Date; prompt: string; model: string }): Promise<number> {
  const { id } = await db.llmCall.create({ data: { ...call, outcome: 'open' }, select: { id: true } })
  return id
}

/** Takes down how a call ended. */
export async function endCall(
  db: Db,
  id: number,
  end: { outcome: 'ok' | Failure; tokens: { in: number; cached: number; out: number }; milliseconds: number },
): Promise<void> {
  const { outcome, tokens, milliseconds } = end
  const data = { tokensIn: tokens.in, tokensCached: tokens.cached, tokensOut: tokens.out }
  // Somebody whose data were erased meanwhile has no rows any more.
  await db.llmCall.updateMany({ where: { id }, data: { outcome, ...data, milliseconds: Math.round(milliseconds) } })
}

/** How the calls since a moment ended, and what they cost. Tokens. */
export async function callsSince(db: Db, since: Date) {
  const rows = await db.llmCall.groupBy({
    by: ['outcome'],
    where: { at: { gt: since } },
    _count: { _all: true },
    _sum: { tokensIn: true, tokensCached: true, tokensOut: true },
  })
  const sum = (column: 'tokensIn' | 'tokensCached' | 'tokensOut') =>
    rows.reduce((total, row) => total + (row._sum[column] ?? 0), 0)
  return {
    outcomes: Object.fromEntries(rows.map((row) => [row.outcome, row._count._all])),
    tokens: { in: sum('tokensIn'), cached: sum('tokensCached'), out: sum('tokensOut') },
  }
}
