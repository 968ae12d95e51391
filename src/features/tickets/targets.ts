import type { Db, Person, Ticket } from '../../db/database.ts'
import type { Request } from '../feature.ts'
import { livingTicket } from './audience.ts'
import type { Work } from './verbs.ts'

/** Who is meant by 派 老周, or by 我来. */
export async function assigneeOf(db: Db, request: Request, argument: string): Promise<Person | null> {
  const name = argument.replace(/^@/, '').trim()
  if (name === '' || /^(?:我|自己)/.test(name)) return request.person
  const people = await db.person.findMany({ where: { villageId: request.village.id, listed: true, erasedAt: null } })
  const fitting = people.filter((person) => name.startsWith(person.name)).sort((a, b) => b.name.length - a.name.length)
  return fitting[0] ?? null
}

export function numbersIn(argument: string): number[] {
  return [...argument.matchAll(/\d{1,6}/g)].map((match) => Number(match[0])).slice(0, 1)
}

export async function mergeTarget(db: Db, request: Request, work: Work): Promise<Ticket | null> {
  const [no] = numbersIn(work.argument)
  if (no === undefined) return null
  const target = await db.ticket.findUnique({ where: { villageId_no: { villageId: request.village.id, no } } })
  if (!target || target.sensitive) return null
  return livingTicket(db, target)
}
