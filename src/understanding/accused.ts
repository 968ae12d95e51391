import type { CompiledGazetteer } from './places.ts'
import type { Reading } from './reading.ts'

const OFFICES = [
  '网格员',
  '支部书记',
  '村支书',
  '支书',
  '书记',
  '村主任',
  '妇女主任',
  '主任',
  '小队长',
  '队长',
  '小组长',
  '组长',
  '社长',
  '会计',
  '村干部',
  '驻村干部',
  '干部',
  '信息员',
  '文书',
  '村长',
  '村委会',
  '村委',
  '村医',
  '电工',
  '保洁员',
  '护林员',
  '出纳',
  '两委',
]

/** People and offices a text accuses, as it names them; empty without an accusation. */
export function findAccused(r: Reading, g: CompiledGazetteer): string[] {
  const charges = r.sensitive.filter((s) => s.reason === 'accusation' || s.reason === 'neighbour named')
  const cadre = r.categories.find((c) => c.code === 'cadre')
  const hits = [...charges.flatMap((c) => c.hits), ...(cadre?.hits.strong ?? [])]
  if (hits.length === 0) return []
  const found: { at: number; words: string }[] = []
  const near = (at: number): boolean => hits.some((h) => at >= h.start - 12 && at <= h.end + 6)
  for (const person of g.people) {
    const at = r.text.indexOf(person.normal)
    if (at >= 0 && near(at)) found.push({ at, words: person.name })
  }
  const taken: { start: number; end: number }[] = []
  for (const office of OFFICES) {
    const at = r.text.indexOf(office)
    if (at < 0 || !near(at) || taken.some((t) => at < t.end && at + office.length > t.start)) continue
    taken.push({ start: at, end: at + office.length })
    found.push({ at, words: office })
  }
  return found.sort((a, b) => a.at - b.at).map((f) => f.words)
}
