import { type CategoryCode, categoryOf } from './categories.ts'
import type { Examination } from './findings.ts'
import { type GateDecision, isHearsay } from './gate.ts'
import type { Thresholds } from './learned/model.ts'
import type { Opinion } from './learned/opinion.ts'
import { findSensitive } from './sensitivity.ts'
import type { Evidence, Gate } from './understanding.ts'
import type { Emergency } from './urgency.ts'

/** From this chance on, being addressed is enough for a ticket, if the rules see some problem. */
const ADDRESSED_ENOUGH = 0.3

/** Up to this doubt of the model a plain statement in known words stands; more where it also names a place of the village. */
const RULES_STAND = 0.22
const RULES_STAND_WITH_PLACE = 0.05
/** From this chance on the model needs no support for a ticket. */
const ALONE_ENOUGH = 0.985
/** 孙伯你说…: said to one person, not to the village. */
const TO_ONE = /^[^,。!?]{0,4}你(说|讲|觉得|晓得|知道|猜)/

/** The gate: the model weighs the findings of the rules and the words; being addressed skips the doubt. */
export function weighGate(examined: Examination, opinion: Opinion, thresholds: Thresholds): GateDecision {
  const { addressed, decision, reading } = examined
  const evidence: Evidence[] = [
    ...decision.evidence,
    { part: 'gate', words: '', weight: (opinion.problem - 0.5) * 4, rule: 'learned' },
  ]
  const score = opinion.problem
  const by = (threshold: number) => score >= threshold
  // Without a single word of any category it is somebody's private talk, however much it sounds like a complaint.
  if (examined.scores.length === 0 && !addressed) return { gate: 'none', score: Math.min(score, 0.5), evidence }
  // Where neither the rules nor a place speak for it, the model alone makes a candidate, not a ticket.
  const placed = examined.place !== null || decision.gate !== 'none'
  let gate: Gate = by(placed ? thresholds.ticket : ALONE_ENOUGH) ? 'ticket' : by(thresholds.maybe) ? 'maybe' : 'none'
  // A plain statement in known words (三组停水了) stands unless the model is sure that it is none.
  const stands = by(examined.place?.known ? RULES_STAND_WITH_PLACE : RULES_STAND)
  if (decision.gate === 'ticket' && stands) gate = 'ticket'
  else if (decision.gate === 'maybe' && by(RULES_STAND) && gate === 'none') gate = 'maybe'
  if (TO_ONE.test(reading.text) && examined.place === null) gate = 'none'
  const enough = (examined.best?.problem ?? 0) > 0 ? ADDRESSED_ENOUGH : thresholds.maybe
  if (addressed && (decision.gate === 'ticket' || by(enough))) gate = 'ticket'
  else if (gate === 'ticket' && isHearsay(reading.text)) gate = 'maybe'
  return { gate, score, evidence }
}

/** Dangers to life that must be taken as they are said, whatever the model makes of the words. */
const GRAVE = new Set(['self-harm', 'violence'])

/** Matters in which somebody's life may be in danger now: in others the model alone calls nobody out. */
const MAY_KILL: ReadonlySet<CategoryCode> = new Set([
  'medical',
  'crisis',
  'elder_risk',
  'family',
  'security',
  'fire',
  'forest',
  'gas',
  'flood',
  'storm',
  'geo',
  'house',
  'power',
  'traffic',
  'work',
  'dog',
  'food',
])

/** An emergency: found by the rules unless the model is sure that it is none, or seen by the model alone. */
export function weighEmergency(examined: Examination, opinion: Opinion, thresholds: Thresholds): Emergency | null {
  const { emergency, reading, place, best } = examined
  if (emergency) return opinion.emergency >= thresholds.emergencyRefuted || GRAVE.has(emergency.rule) ? emergency : null
  const { reality } = reading
  if (!MAY_KILL.has(opinion.category)) return null
  if (opinion.emergency < thresholds.emergency || reality.notReal.length > 0) return null
  // An emergency is a problem first: "still not back" alone is said every evening.
  const known = examined.scores.length > 0 || reading.emergencies.length > 0
  if (opinion.problem < (known ? thresholds.maybe : thresholds.ticket)) return null
  const hit = best?.why ?? place?.span ?? { start: 0, end: Math.min(8, reading.text.length) }
  return { category: opinion.category, rule: 'learned', hit }
}

const SURELY_SENSITIVE = 0.8

/** Reasons to keep a text private: those of the rules, and the model's where it is sure enough. */
export function weighSensitivity(
  examined: Examination,
  opinion: Opinion,
  thresholds: Thresholds,
  category: CategoryCode | null,
): Evidence[] {
  const found = findSensitive(examined.reading, category)
  if (found.length > 0 || category === null) return found
  // Lamps and roads are everybody's affair: there the model must be quite sure.
  const enough = categoryOf(category).visibility === 'public' ? SURELY_SENSITIVE : thresholds.sensitive
  if (opinion.sensitive < enough) return found
  return [{ part: 'sensitivity', words: '', weight: opinion.sensitive, rule: 'learned' }]
}
