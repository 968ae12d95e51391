import type { Db, Person } from '../../db/database.ts'
import { readNumeral } from '../../numerals.ts'
import { may } from '../../village/roles.ts'

/** Who meets: a branch, or one of its Party groups. */
export interface Body {
  branch: string
  /** Empty for the branch itself. */
  group: string
  members: number | null
  /** What people count it by: 2 of 第二党支部; NaN where its name has no number. */
  number: number
  /** Who keeps its records, besides the village's secretary. */
  keeperId: number | null
}

export interface Branch extends Body {
  groups: Body[]
}

/** The branches of a village with their groups, in the order of the village file. */
export async function organisationOf(db: Db, villageId: number): Promise<Branch[]> {
  const branches = await db.partyBranch.findMany({
    where: { villageId },
    include: { groups: { orderBy: { id: 'asc' } } },
    orderBy: { id: 'asc' },
  })
  return branches.map((branch) => ({
    branch: branch.name,
    group: '',
    members: branch.members,
    number: numberIn(branch.name),
    keeperId: branch.secretaryId,
    groups: branch.groups.map((group) => ({
      branch: branch.name,
      group: group.name,
      members: group.members,
      number: numberIn(group.name),
      keeperId: group.leaderId,
    })),
  }))
}

/** The bodies of some kind of the whole village. */
export function bodiesOf(branches: readonly Branch[], of: 'branch' | 'group'): Body[] {
  return of === 'branch' ? [...branches] : branches.flatMap((branch) => branch.groups)
}

/** Whether a person may enter and correct what a body did: the secretary, its branch's secretary, its own leader. */
export function mayKeep(person: Person, branches: readonly Branch[], body: Pick<Body, 'branch' | 'group'>): boolean {
  if (may(person.role, 'keep-duties')) return true
  const branch = branches.find(({ branch: name }) => name === body.branch)
  if (branch?.keeperId === person.id) return true
  return body.group !== '' && branch?.groups.find(({ group }) => group === body.group)?.keeperId === person.id
}

/** The bodies of which a person may see and enter meetings. */
export function keptBy(person: Person, branches: readonly Branch[]): Body[] {
  return branches.flatMap((branch) => [branch, ...branch.groups]).filter((body) => mayKeep(person, branches, body))
}

function numberIn(name: string): number {
  const [, number] = /([\d一二三四五六七八九十]{1,3})/.exec(name) ?? []
  return number === undefined ? Number.NaN : (readNumeral(number) ?? Number.NaN)
}
