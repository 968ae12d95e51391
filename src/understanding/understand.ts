import { findAccused, officersBlamed } from './accused.ts'
import { type CategoryCode, categoryOf } from './categories.ts'
import type { CategoryScore } from './category.ts'
import { examine } from './findings.ts'
import { type Model, shippedModel, type Thresholds } from './learned/model.ts'
import { type Opinion, opinionOf } from './learned/opinion.ts'
import { findSpan } from './learned/place-spans.ts'
import { COMMAND, SCHEDULE } from './lexicon/acts.ts'
import { type CompiledGazetteer, placeAt } from './places.ts'
import { findAffected, findContact } from './relay.ts'
import { findSlots } from './slots.ts'
import type { Act, Doubt, Evidence, Gate, Intent, Situation, Understanding } from './understanding.ts'
import { judgeUrgency } from './urgency.ts'
import { weighEmergency, weighGate, weighSensitivity } from './weigh.ts'

export { type CompiledGazetteer, compileGazetteer } from './places.ts'

/** Changes with every change of the rules or the lexicon that could decide differently. */
const RULES_VERSION = 'rules-1'

const NOT_ADDRESSED: Situation = { addressed: false, attachments: [] }

/** Acts that are about an earlier message unless the text is a whole report by itself. */
const INTENT_OF_ACT: Record<Act, Intent> = {
  'me-too': 'followup',
  reopen: 'followup',
  fixed: 'thanks',
  satisfied: 'thanks',
  unsatisfied: 'followup',
  urge: 'urge',
  progress: 'followup',
  withdraw: 'withdraw',
  detail: 'followup',
}

/** What decides: the rules and a model. Kept with each decision. */
export function versionWith(model: Model): string {
  return `${RULES_VERSION} ${model.version}`
}

/** Reads one message as a villager wrote it, by the village's own model where it has one; never throws, whatever the text. */
export function understand(
  text: string,
  gazetteer: CompiledGazetteer,
  situation: Situation = NOT_ADDRESSED,
  model: Model = shippedModel(),
): Understanding {
  const examined = examine(text, gazetteer, situation)
  const { reading: r, place, scores, best, act } = examined
  const plain = r.text
  const opinion = opinionOf(model, examined, scores)
  const emergency = weighEmergency(examined, opinion, model.thresholds)
  const decision = weighGate(examined, opinion, model.thresholds)
  const evidence: Evidence[] = []
  let gate: Gate = decision.gate
  let score = decision.score
  let category: CategoryCode | null = gate !== 'none' ? opinion.category : best && best.problem > 0 ? best.code : null
  let intent: Intent = best?.question ? 'question' : 'report'
  let said: Act | null = act?.act ?? null

  if (emergency) {
    gate = 'ticket'
    score = 1
    category = emergencyCategory(emergency.category, scores)
    intent = 'report'
    said = null
    evidence.push({ part: 'urgency', words: r.words(emergency.hit), weight: 3, rule: emergency.rule })
  } else if (COMMAND.test(text.trim())) {
    gate = 'none'
    intent = 'command'
    said = null
  } else if (SCHEDULE.test(plain) && decision.gate !== 'ticket') {
    gate = 'none'
    intent = 'schedule'
    said = null
  } else if (act && !(act.act === 'detail' && decision.gate !== 'none')) {
    const whole = standsAlone(act.act, best, place !== null, plain)
    if (act.act === 'withdraw' || act.act === 'fixed' || act.act === 'satisfied' || act.act === 'detail') {
      if (act.act !== 'detail' || !whole) {
        if (act.act === 'detail' || decision.gate !== 'ticket' || act.act === 'withdraw') {
          gate = 'none'
          intent = INTENT_OF_ACT[act.act]
        } else said = null
      }
    } else if (whole) {
      if (act.act === 'urge' || act.act === 'me-too')
        gate = gate === 'none' && !hasDoubt(decision.evidence) ? 'maybe' : gate
      if ((act.act === 'urge' || act.act === 'me-too' || act.act === 'reopen') && gate === 'maybe' && place?.known)
        gate = 'ticket'
      intent =
        act.act === 'urge' && sureUrge(plain)
          ? 'urge'
          : act.act === 'progress' || act.act === 'me-too'
            ? 'followup'
            : 'report'
    } else if (hasDoubt(decision.evidence) && decision.gate === 'none') {
      gate = 'none'
      said = null
      intent = 'chatter'
    } else {
      gate = 'none'
      intent = INTENT_OF_ACT[act.act]
    }
  }
  if (gate === 'none' && (intent === 'report' || intent === 'question')) {
    intent =
      r.signal('praise').length > 0 && /谢|感恩|辛苦/.test(plain)
        ? 'thanks'
        : intent === 'question' && decision.score > 0.3
          ? 'question'
          : 'chatter'
    said = null
  }
  if (gate === 'none' && intent === 'thanks' && !/谢|辛苦|感恩|感激|点赞|👍|🙏/u.test(plain)) {
    // Good news without thanks: told to the room, and to the ticket only when it says nothing else.
    intent = plain.length <= 8 ? 'followup' : 'chatter'
  }
  const blamed = emergency || intent === 'command' ? [] : officersBlamed(r, gazetteer)
  if (blamed.length > 0) {
    gate = 'ticket'
    category = 'cadre'
    intent = 'report'
    said = null
    evidence.push({ part: 'gate', words: blamed.join('、'), weight: 3, rule: 'officer blamed' })
  }
  if (gate !== 'none') {
    category ??= 'other'
    if (
      intent === 'report' &&
      SERVICE_WORK.has(categoryOf(category).work) &&
      !emergency &&
      asks(r.signal('question'), plain)
    )
      intent = 'question'
    evidence.push({
      part: 'category',
      words: best ? r.words(best.why) : '',
      weight: best?.total ?? 0,
      rule: best?.rule ?? 'none',
    })
  } else if (intent === 'chatter' || intent === 'command' || intent === 'schedule') category = null

  const row = category ? categoryOf(category) : null
  const urgency =
    row && gate !== 'none' ? judgeUrgency(r, row, emergency, best?.question === true && best.code === category) : null
  const sensitivity = weighSensitivity(examined, opinion, model.thresholds, gate === 'none' ? null : category)
  const fragment =
    gate === 'none' &&
    intent === 'chatter' &&
    plain.length <= 14 &&
    scores.length > 0 &&
    !hasDoubt(decision.evidence) &&
    (place !== null || (best?.total ?? 0) > 0.4) &&
    !/[?!哈]|(吗|呢|吧|啦)$/.test(plain)

  // What opens nothing may be an answer or a follow-up; there the rules' own reading of a place is what tickets are found by.
  const span = gate === 'none' ? null : findSpan(model.place, r, gazetteer, place?.span ?? null)
  const located = span ? placeAt(r.normal, gazetteer, span, place) : place

  return {
    version: versionWith(model),
    gate,
    score,
    intent,
    act: said,
    category,
    urgency,
    place: located?.words ?? null,
    placeKey: located?.key ?? '',
    group: located?.group ?? place?.group ?? null,
    sensitive: sensitivity.length > 0,
    affected: findAffected(r.normal),
    contact: findContact(r.normal),
    people: gazetteer.people.filter((p) => plain.includes(p.normal)).map((p) => p.name),
    accused: [...new Set([...findAccused(r, gazetteer), ...blamed])],
    slots: findSlots(r.normal),
    fragment,
    doubts: doubtsOf(gate, intent, opinion, model.thresholds),
    advisedBy: null,
    evidence: [...evidence, ...decision.evidence, ...sensitivity].sort(
      (a, b) => Math.abs(b.weight) - Math.abs(a.weight),
    ),
  }
}

function doubtsOf(gate: Gate, intent: Intent, opinion: Opinion, thresholds: Thresholds): Doubt[] {
  if (gate !== 'none') return opinion.categoryChance < thresholds.unsureCategory ? ['category'] : []
  return intent === 'chatter' && opinion.problem >= thresholds.unsureProblem ? ['gate'] : []
}

/** Kinds of work in which people mostly ask. */
const SERVICE_WORK = new Set<number>([5, 6])

function asks(hits: readonly { start: number; end: number }[], text: string): boolean {
  return (
    hits.length > 0 &&
    /怎么|怎样|怎办|(?<![凭为])什么|多少|哪|几时|几号|几岁|要不要|找谁|需要|吗|么$|么[?]|可不可以|算不算|是不是|多久|有没有|违不违|合不合|还能/.test(
      text,
    )
  )
}

/** 没动静 and 没反应 are also said of things; an urge speaks of people who do not come. */
function sureUrge(text: string): boolean {
  return /人|到底|什么时候|几时|催|报|反映|说了|等|下文|来|修/.test(text)
}

/** A fire named among trees is a wildfire, a blow within a family is family; else the danger's own category. */
function emergencyCategory(of: CategoryCode, scores: readonly CategoryScore[]): CategoryCode {
  const has = (code: CategoryCode): boolean => scores.some((s) => s.code === code && s.problem >= 1.8)
  if (of === 'fire' && has('forest')) return 'forest'
  if (of === 'family' && !has('family') && has('security')) return 'security'
  if (of === 'house' && has('geo')) return 'geo'
  return of
}

/** Whether a text about an earlier one also says what is wrong, so that it could open a ticket by itself. */
function standsAlone(act: Act, best: CategoryScore | undefined, hasPlace: boolean, text: string): boolean {
  if (!best) return false
  const topic = best.total - best.problem
  if (act === 'urge' || act === 'unsatisfied') return (topic >= 0.5 || best.problem >= 1.8) && text.length >= 6
  if (act === 'progress') return topic >= 0.5 && hasPlace && best.problem > 1.5
  if (act === 'reopen') return best.problem >= 1.8 || (best.problem >= 1.3 && (topic >= 0.5 || hasPlace))
  if (act === 'me-too') return best.problem > 0 || hasPlace
  return best.problem >= 1.8 && hasPlace
}

function hasDoubt(evidence: readonly Evidence[]): boolean {
  return evidence.some((e) => DOUBTS.has(e.rule))
}

const DOUBTS = new Set(['notice', 'sale', 'borrow', 'joke', 'private', 'far', 'past', 'chatter'])
