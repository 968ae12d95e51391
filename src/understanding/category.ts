import { type CategoryCode, type CategoryRow, categoryOf } from './categories.ts'
import type { Hit } from './phrases.ts'
import type { Reading } from './reading.ts'

/** How strongly a text speaks of a category, and why. */
export interface CategoryScore {
  code: CategoryCode
  row: CategoryRow
  /** That something is wrong or asked for. About 2 for a plain statement, 0 when only the topic occurs. */
  problem: number
  /** Problem and topic together: decides between categories. */
  total: number
  /** It is a question about a service, law or policy rather than a problem. */
  question: boolean
  /** The words the score rests on. */
  why: Hit
  rule: string
}

const STRONG = 1.9
const NEGATED =
  /(没有?|未|不会|(?<!是)不是|别|免得|以防|防止|没再|不再|从不|从没|不怎么|不用|不|再也不|再也没|没怎么|哪里)$/

/** Scores of all categories a text touches, best first. */
export function scoreCategories(r: Reading): CategoryScore[] {
  const { text, normal } = r
  const asked = r.signal('question')
  const trouble = r.signal('trouble')
  const appeal = r.signal('appeal')
  const scores: CategoryScore[] = []
  for (const { code, row, hits } of r.categories) {
    let problem = 0
    let question = false
    let why: Hit | undefined
    let rule = 'topic'
    let extra = 0
    const raise = (score: number, hit: Hit, name: string, isQuestion = false): void => {
      if (score > problem) {
        if (problem > 0) extra += 0.25
        problem = score
        why = hit
        rule = name
        question = isQuestion
      } else extra += 0.2
    }
    for (const hit of hits.strong) {
      if (NEGATED.test(text.slice(Math.max(0, hit.start - 3), hit.start))) continue
      const idle = NOISY.has(code) && asked.length === 0 && appeal.length === 0
      raise(STRONG - (idle ? 0.5 : 0) + Math.min(0.4, (hit.end - hit.start) * 0.04), hit, 'phrase')
    }
    const reach = (noun: Hit, other: Hit): number => {
      const gap = other.start >= noun.end ? other.start - noun.end : noun.start - other.end
      if (gap < 0) return -1
      const near = other.start >= noun.end ? noun.end : other.end
      const far = other.start >= noun.end ? other.start : noun.start
      // A thing after what is said of it is a looser tie (坏了的路灯) than before it (路灯坏了).
      return normal.sentence[near] === normal.sentence[far] ? gap + (other.start < noun.start ? 3 : 0) : -1
    }
    let topic = 0
    for (const noun of hits.nouns) {
      const size = noun.end - noun.start
      topic = Math.max(topic, size > 1 ? 0.4 + size * 0.06 : 0.15)
      for (const bad of hits.bad) {
        const gap = reach(noun, bad)
        if (gap < 0) continue
        const said = bad.end - bad.start
        if (NEGATED.test(text.slice(Math.max(0, bad.start - 2), bad.start)) && text[bad.start] !== '没') continue
        if (size === 1 ? gap > (said > 1 ? 4 : 0) : gap > (said > 1 ? 12 : 5)) continue
        const base = size > 1 ? (said > 1 ? 1.9 : 1.6) : said > 1 ? 1.5 : 1.1
        // Services are talked about all day; only a question or a request makes them the village's affair.
        const idle =
          (row.work === 6 || row.work === 7 || row.work === 1 || row.work === 5) &&
          asked.length === 0 &&
          appeal.length === 0
        raise(
          base - (idle ? 0.5 : 0) - (gap > 6 ? 0.35 : gap > 3 ? 0.15 : 0) + Math.min(0.2, (size + said - 3) * 0.05),
          {
            start: Math.min(noun.start, bad.start),
            end: Math.max(noun.end, bad.end),
          },
          'thing+problem',
        )
      }
      if (size > 1 && row.work !== 1 && row.work < 6) {
        for (const other of trouble) {
          const gap = reach(noun, other)
          if (gap >= 0 && gap <= 6)
            raise(1.5, { start: noun.start, end: Math.max(noun.end, other.end) }, 'thing+trouble')
        }
        for (const other of appeal) {
          const gap = reach(noun, other)
          if (gap >= 0 && gap <= 8)
            raise(1.3, { start: noun.start, end: Math.max(noun.end, other.end) }, 'thing+appeal')
        }
      }
    }
    for (const hit of hits.questions) raise(row.work === 5 ? 1.9 : 1.8, hit, 'question', true)
    for (const service of hits.services) {
      topic = Math.max(topic, 0.5 + (service.end - service.start) * 0.08)
      for (const ask of asked) {
        const gap = ask.start >= service.end ? ask.start - service.end : service.start - ask.end
        if (gap < 0 || gap > 16) continue
        const word = ask.end - ask.start
        // A lone 不 or 呢 asks only at the very end.
        if (word === 1 && ask.end < text.replace(/[?。!,]+$/, '').length) continue
        raise(
          1.7 + Math.min(0.3, (service.end - service.start) * 0.05) - (gap > 8 ? 0.2 : 0),
          {
            start: Math.min(service.start, ask.start),
            end: Math.max(service.end, ask.end),
          },
          'service+question',
          true,
        )
      }
    }
    const first = why ?? hits.nouns[0] ?? hits.services[0] ?? hits.strong[0]
    if (!first) continue
    problem = problem > 0 ? problem + Math.min(0.7, extra) : 0
    // Who asks what the law says wants to know that, whatever the matter.
    if (code === 'law' && question && OF_LAW.test(text)) topic += 1
    scores.push({ code, row, problem, total: problem + topic, question, why: first, rule })
  }
  // What must stay private is a matter for somebody even where no known problem is named.
  for (const { reason, hits } of r.sensitive) {
    const code = CATEGORY_OF_REASON[reason]
    const why = hits[0]
    if (!code || !why || NEGATED.test(text.slice(Math.max(0, why.start - 3), why.start))) continue
    const known = scores.find((s) => s.code === code)
    if (known && known.problem >= 1.4) continue
    if (known) scores.splice(scores.indexOf(known), 1)
    scores.push({ code, row: categoryOf(code), problem: 1.4, total: 1.6, question: false, why, rule: reason })
  }
  // Stable order for equal scores: the table's.
  return scores.sort((a, b) => b.total + preference(b) - (a.total + preference(a)))
}

const OF_LAW = /法律|违法|犯法|律师|官司|民法典/

/** Categories whose words everybody uses about private errands. */
const NOISY = new Set<CategoryCode>([
  'hukou',
  'parcel',
  'jobs',
  'propaganda',
  'law',
  'policy',
  'census',
  'suggest',
  'care',
])

const CATEGORY_OF_REASON: Readonly<Record<string, CategoryCode>> = {
  'family violence': 'family',
  'self-harm': 'crisis',
  'sexual harm': 'family',
  'harm to minors': 'family',
  debt: 'debt',
  accusation: 'cadre',
  'neighbour named': 'neighbor',
  'fraud loss': 'fraud',
}

/** Small corrections between categories whose words overlap: the one that names less wins only when it says more. */
function preference(score: CategoryScore): number {
  return PREFERENCE[score.code] ?? 0
}

const PREFERENCE: Partial<Record<CategoryCode, number>> = {
  suggest: -0.3,
  env: -0.3,
  task: -0.3,
  damage: 0.1,
  crisis: 1,
  family: 0.4,
  medical: 0.3,
  fraud: 0.3,
  storm: 0.25,
  wage: 0.3,
  comp: 0.3,
  cadre: 0.1,
  epidemic: 0.15,
  gas: 0.2,
  forest: 0.15,
  work: -0.15,
  security: -0.1,
  noise: -0.05,
  facility: -0.1,
  policy: -0.2,
  law: -0.1,
  care_reg: -0.15,
  rent: 0.1,
  house_info: -0.1,
}
