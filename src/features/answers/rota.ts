import type { Db, Person } from '../../db/database.ts'
import { peopleWithRight } from '../../village/people.ts'
import type { Services } from '../feature.ts'

/**
 * Who is asked next: the legal helper whose last turn lies longest ago, and when all have had theirs for this question the
 * secretary, else an administrator. Never the asker, nobody whom the question names, nobody who cannot be written to; null
 * when nobody is left.
 */
export async function nextInLine(
  db: Db,
  services: Services,
  of: { villageId: number; askerId: number; question: string; inquiryId: number | null },
): Promise<Person | null> {
  const had = of.inquiryId === null ? [] : await db.inquiryTurn.findMany({ where: { inquiryId: of.inquiryId } })
  const isFree = ({ id, name }: Person) =>
    id !== of.askerId && !had.some(({ personId }) => personId === id) && !of.question.includes(name)
  const above = await reviewers(db, of.villageId)
  const secretaries = above.filter(({ role }) => role === 'secretary')
  for (const person of [...(await byTurn(db, of.villageId)), ...(secretaries.length > 0 ? secretaries : above)]) {
    if (isFree(person) && (await services.canReach(db, person.id))) return person
  }
  return null
}

async function byTurn(db: Db, villageId: number): Promise<Person[]> {
  const helpers = await peopleWithRight(db, villageId, 'answer-questions')
  const turns = await db.inquiryTurn.groupBy({
    by: ['personId'],
    where: { villageId, personId: { in: helpers.map(({ id }) => id) } },
    _max: { id: true },
  })
  const last = new Map(turns.map(({ personId, _max }) => [personId, _max.id ?? 0]))
  return helpers.sort((a, b) => (last.get(a.id) ?? 0) - (last.get(b.id) ?? 0) || a.id - b.id)
}

/** Who decides about cards, secretaries first. */
export async function reviewers(db: Db, villageId: number): Promise<Person[]> {
  const people = await peopleWithRight(db, villageId, 'review-cards')
  return people.sort((a, b) => Number(b.role === 'secretary') - Number(a.role === 'secretary') || a.id - b.id)
}
