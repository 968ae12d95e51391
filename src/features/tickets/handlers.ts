import type { Db, Person, Ticket } from '../../db/database.ts'
import type { Understanding } from '../../understanding/understanding.ts'
import { peopleWithRight } from '../../village/people.ts'
import { may, type Role } from '../../village/roles.ts'
import { idsOf } from './ticket.ts'

/** Office words and the roles they accuse when no name is given. */
const OFFICES: readonly { words: RegExp; role: Role }[] = [
  { words: /网格员|网格长/, role: 'grid-worker' },
  { words: /书记|主任|支书|村长/, role: 'secretary' },
  { words: /社长|组长|队长|信息员/, role: 'informant' },
  { words: /法律明白人/, role: 'legal-helper' },
]

/** Who of the village is accused in a text: by name, or everybody of an office that is named without a person. */
export async function accusedPeople(db: Db, villageId: number, said: Understanding): Promise<number[]> {
  if (said.accused.length === 0 && !(said.sensitive && said.people.length > 0)) return []
  const officers = await db.person.findMany({ where: { villageId, listed: true, role: { not: 'villager' } } })
  const named = officers.filter(
    (person) => said.accused.some((words) => words.includes(person.name)) || said.people.includes(person.name),
  )
  if (named.length > 0) return named.map((person) => person.id)
  const offices = OFFICES.filter((office) => said.accused.some((words) => office.words.test(words)))
  return officers.filter((person) => offices.some((office) => office.role === person.role)).map((person) => person.id)
}

/** The worker a ticket is told to: its assignee, else the one on duty in its grid, never somebody it accuses. */
export async function responsibleWorker(db: Db, ticket: Ticket): Promise<Person | null> {
  const accused = new Set(idsOf(ticket.accusedIds))
  if (ticket.assigneeId !== null && !accused.has(ticket.assigneeId)) {
    const assignee = await db.person.findUnique({ where: { id: ticket.assigneeId } })
    if (assignee && !assignee.erasedAt) return assignee
  }
  // Colleagues are not told of each other.
  if (ticket.category === 'cadre') return (await superiors(db, ticket))[0] ?? null
  const workers = await db.person.findMany({
    where: { villageId: ticket.villageId, role: 'grid-worker', erasedAt: null },
    orderBy: [{ duty: 'desc' }, { id: 'asc' }],
  })
  const free = workers.filter((worker) => !accused.has(worker.id))
  return free.find((worker) => ticket.gridId !== null && worker.gridId === ticket.gridId) ?? free[0] ?? null
}

/**
 * The named few who may see a sensitive ticket: one worker and the secretary, without anybody accused in it.
 * Where a cadre is accused no other worker sees it unless it is given to them; where the secretary is, the administrators do.
 */
export async function confidants(db: Db, ticket: Ticket): Promise<Person[]> {
  const above = await superiors(db, ticket)
  const worker = await responsibleWorker(db, ticket)
  return worker && !above.some((person) => person.id === worker.id) ? [worker, ...above] : above
}

/** The secretary, or the administrators where the secretary is accused or there is none. */
export async function superiors(db: Db, ticket: Ticket): Promise<Person[]> {
  const accused = new Set(idsOf(ticket.accusedIds))
  const people = await peopleWithRight(db, ticket.villageId, 'administer')
  const free = people.filter((person) => !accused.has(person.id))
  const secretaries = free.filter((person) => person.role === 'secretary')
  return secretaries.length > 0 ? secretaries : free
}

/** Matters of the home and of despair: whatever the danger, no group hears that there is one. */
const QUIET: ReadonlySet<string> = new Set(['family', 'crisis'])

/**
 * Whether a group must be told that somebody's life is in danger, without a word on who, what or where: somebody has
 * collapsed, a child is gone. Every grid worker may answer that.
 */
export function isLoud(ticket: Pick<Ticket, 'urgency' | 'category'>): boolean {
  return ticket.urgency === 'emergency' && !QUIET.has(ticket.category)
}

/** Whether somebody may see and work a ticket of the sensitive lane. */
export async function isConfidant(db: Db, ticket: Ticket, person: Pick<Person, 'id' | 'role'>): Promise<boolean> {
  const accused = idsOf(ticket.accusedIds).includes(person.id)
  if (isLoud(ticket) && !accused && may(person.role, 'see-sensitive')) return true
  return (await confidants(db, ticket)).some((confidant) => confidant.id === person.id)
}
