import type { CategoryCode, CategoryRow } from './categories.ts'
import { FEARED } from './lexicon/emergencies.ts'
import type { Hit } from './phrases.ts'
import type { Reading } from './reading.ts'
import type { Urgency } from './understanding.ts'

export interface Emergency {
  category: CategoryCode
  rule: string
  hit: Hit
}

/** Dangers to somebody's life must be taken literally even where other talk is not. */
const GRAVE = new Set(['self-harm', 'violence'])

/** A danger to life that is happening, or null for stories, drills, fears and what is over. */
export function findEmergency(r: Reading): Emergency | null {
  if (r.emergencies.length === 0) return null
  const { reality, text } = r
  const now = reality.now.length > 0
  if (reality.notReal.length > 0 || (reality.over.length > 0 && !/(没|未)(找|有找|救|扑)/.test(text))) return null
  if (reality.elsewhen.length > 0 && !now) return null
  if (r.signal('notice').length > 0 && !now) return null
  const joking = r.signal('joke').length > 0
  let best: Emergency | null = null
  let length = 0
  for (const { category, rule, hits } of r.emergencies) {
    if (joking && !now) continue
    for (const hit of hits) {
      if (reality.idioms.some((i) => i.start < hit.end && hit.start < i.end)) continue
      if (!GRAVE.has(rule) && FEARED.test(text.slice(Math.max(0, hit.start - 9), hit.start))) continue
      const size = hit.end - hit.start + (GRAVE.has(rule) ? 3 : 0)
      if (size > length) {
        best = { category, rule, hit }
        length = size
      }
    }
  }
  return best
}

const STEPS: readonly Urgency[] = ['low', 'normal', 'urgent', 'emergency']
/** Categories whose default assumes danger: without a danger to life now they are only urgent. */
const DOWN_WITHOUT_DANGER = new Set<string>(['gas', 'elder_risk', 'medical', 'crisis'])

/** How soon somebody has to act: the category's default, moved by what the text says. */
export function judgeUrgency(r: Reading, row: CategoryRow, emergency: Emergency | null, question: boolean): Urgency {
  if (emergency) return 'emergency'
  let level = STEPS.indexOf(row.urgency)
  if (DOWN_WITHOUT_DANGER.has(row.code)) level = 2
  const raised = r.signal('raise').length
  const lowered = r.signal('lower').length
  if (question) return level > 1 ? 'normal' : (STEPS[level] ?? 'low')
  const pressed = raised > 0 || r.signal('press').length > 1
  if (pressed && level < 2 && row.work !== 6 && row.work !== 5 && row.work !== 1) level++
  else if (lowered > 0 && !pressed && level > 0 && level < 3) level--
  return STEPS[level] ?? 'normal'
}
