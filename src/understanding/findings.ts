import { findAct } from './acts.ts'
import { type CategoryScore, scoreCategories } from './category.ts'
import type { Findings } from './facts.ts'
import { decideGate } from './gate.ts'
import type { Hit } from './phrases.ts'
import { type CompiledGazetteer, findPlace } from './places.ts'
import { type Reading, read } from './reading.ts'
import type { Situation } from './understanding.ts'
import { findEmergency } from './urgency.ts'

const ADDRESSED =
  /^(@小格|小格|反映|反应一下|报修|求助|投诉|举报|上报)|(?:我要|想|特此|向村里)(?:反映|投诉|举报|求助)(?:一下|下)?[。!]?$/

export interface Examination extends Findings {
  scores: readonly CategoryScore[]
  addressed: boolean
  sarcastic: boolean
}

/** 王家沟的垃圾堆了一地 blames no Wang: a name that is part of a known place is nobody's. */
function withoutNamesIn(place: Hit, reading: Reading): Reading {
  const outside = (hit: Hit) => hit.start >= place.end || hit.end <= place.start
  const sensitive = reading.sensitive
    .map((found) => (found.reason === 'neighbour named' ? { ...found, hits: found.hits.filter(outside) } : found))
    .filter((found) => found.hits.length > 0)
  const { text } = reading
  return { ...reading, sensitive, textWithoutPlace: `${text.slice(0, place.start)}□${text.slice(place.end)}` }
}

/** Everything the rules find in a text, before the model and the circumstances decide. */
export function examine(text: string, gazetteer: CompiledGazetteer, situation: Situation): Examination {
  const whole = read(text)
  const place = findPlace(whole.normal, gazetteer)
  const reading = place?.known ? withoutNamesIn(place.span, whole) : whole
  const scores = scoreCategories(reading)
  const sarcastic = reading.signal('sarcasm').length > 0
  const addressed = situation.addressed || ADDRESSED.test(reading.text)
  const best = scores[0]
  return {
    reading,
    place,
    scores,
    best,
    second: scores[1],
    sarcastic,
    addressed,
    act: findAct(reading.text, sarcastic),
    emergency: findEmergency(reading),
    decision: decideGate(reading, best, place, addressed),
  }
}
