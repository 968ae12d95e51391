import { type CategoryCode, categoryOf } from './categories.ts'
import { type CompiledGazetteer, placeAt } from './places.ts'
import { normalise } from './text.ts'
import { type Intent, type Understanding, URGENCIES, type Urgency } from './understanding.ts'

/** What somebody else makes of a text: a language model, which may be wrong, or in somebody's hands. */
export interface Advice {
  /** Who says so, with every version; kept with the message. */
  by: string
  intent: Intent
  category: CategoryCode | null
  urgency: Urgency | null
  sensitive: boolean
  /** Words of the text that name the place. */
  place: string | null
}

/** Longest place that is taken, and the digits in a row that make it a number of somebody. Characters. */
const LONGEST_PLACE = 24
const NUMBER = /\d{5}/

/** From the most open. */
const VISIBILITIES = ['public', 'private', 'restricted'] as const

/**
 * Takes advice within limits: it can bring a matter before people, and nothing else. What the rules see as nothing
 * becomes at most a candidate; what they are unsure of may get another category, never one that more people may see and
 * never a question, which would be answered instead of worked on; urgency rises at most to urgent and never falls; what
 * is a ticket anyway may become sensitive, and what is private stays so; a place is taken where the rules found none and the text has its very words. Emergencies,
 * sensitive matters and whatever is about an earlier message are left as the rules have them. Whatever kind or place rests
 * on advice has no `placeKey`, so that it is not taken for the same thing as another ticket.
 */
export function heed(said: Understanding, advice: Advice, text: string, gazetteer: CompiledGazetteer): Understanding {
  if (said.doubts.length === 0 || said.urgency === 'emergency' || said.sensitive || said.act !== null) return said
  const advised = { ...said, advisedBy: advice.by }
  const { category } = advice
  const reported = (advice.intent === 'report' || advice.intent === 'question') && category !== null
  if (said.gate === 'none') {
    // Of a sensitive matter no candidate is made but a ticket at once, without anybody's look: not for advice to decide.
    if (!said.doubts.includes('gate') || !reported || advice.sensitive || !isOpenMatter(category)) return advised
    const urgency = higher(categoryOf(category).urgency, advice.urgency)
    const raised = { ...advised, gate: 'maybe', intent: advice.intent, category, urgency, placeKey: '' } as const
    return locate(raised, advice, text, gazetteer)
  }
  const changes =
    said.doubts.includes('category') && reported && said.category !== null && mayBecome(said.category, category)
  return locate(
    {
      ...advised,
      ...(changes && category !== said.category && { category, placeKey: '' }),
      urgency: higher(said.urgency, advice.urgency),
      sensitive: said.gate === 'ticket' && advice.sensitive,
    },
    advice,
    text,
    gazetteer,
  )
}

/** Something that grid workers may look at and that nobody answers by itself. */
function isOpenMatter(category: CategoryCode): boolean {
  const { visibility, work } = categoryOf(category)
  return visibility !== 'restricted' && work !== QUESTIONS
}

/** 法律法规宣传: questions of law and policy are answered, not worked on. */
const QUESTIONS = 5

function mayBecome(from: CategoryCode, to: CategoryCode): boolean {
  const [before, after] = [categoryOf(from), categoryOf(to)]
  if (after.visibility === 'restricted') return false
  if ((before.work === QUESTIONS) !== (after.work === QUESTIONS)) return false
  return VISIBILITIES.indexOf(after.visibility) >= VISIBILITIES.indexOf(before.visibility)
}

/** The higher of both, though advice calls nobody out: only the rules tell an emergency. */
function higher(urgency: Urgency | null, advised: Urgency | null): Urgency {
  const top = URGENCIES.indexOf('urgent')
  const by = (one: Urgency | null) => (one === null ? -1 : Math.min(top, URGENCIES.indexOf(one)))
  return URGENCIES[Math.max(by(urgency), by(advised))] ?? 'normal'
}

function locate(said: Understanding, advice: Advice, text: string, gazetteer: CompiledGazetteer): Understanding {
  if (said.place !== null || advice.place === null) return said
  const normal = normalise(text)
  const words = normalise(advice.place).text
  const start = words === '' ? -1 : normal.text.indexOf(words)
  if (start < 0 || [...words].length > LONGEST_PLACE || NUMBER.test(words)) return said
  const place = placeAt(normal, gazetteer, { start, end: start + words.length }, null)
  return { ...said, place: place.words, placeKey: '', group: place.group ?? said.group }
}
