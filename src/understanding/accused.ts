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

/** What somebody who holds an office is blamed for, said of a person the village knows by name. */
const CHARGE =
  /(收|要|拿|吃)(了|过)?[^,。!?]{0,5}(钱|烟|酒|礼|红包|好处|回扣)|优亲厚友|不作为|不给(办|批|盖|签)|才(给|肯)(办|批|盖|签|登记)|骂(人|我|老人)|吼(人|我|老人)|(给|照顾|偏)[^,。!?]{0,4}(亲戚|自家|舅子|关系户)|贪|私吞|偏心|走后门|欺负|刁难|推三阻四/
const JOKE_AFTER = /哈哈|开玩笑|嘿嘿|😂|🤣/u

/** People of office whom a text blames by name; empty for villagers and for jokes. */
export function officersBlamed(r: Reading, g: CompiledGazetteer): string[] {
  const charge = CHARGE.exec(r.text)
  if (!charge || JOKE_AFTER.test(r.text)) return []
  return g.people
    .filter((person) => person.role !== 'villager')
    .filter((person) => {
      const at = r.text.indexOf(person.normal)
      return at >= 0 && at < charge.index && charge.index - at - person.normal.length <= 12
    })
    .map((person) => person.name)
}

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
