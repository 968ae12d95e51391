import { type Figures, score, share, type Tally, total } from '../measure.ts'
import type { CompiledGazetteer } from '../places.ts'
import { ANY_VILLAGE, readTrainingLines, type Voice } from '../training-lines.ts'
import { understand } from '../understand.ts'
import { type Figured, fitHeads, type Lesson, lessonOf, prepare } from './fit.ts'
import { encodeModel, type Model, nameOf, shippedModel } from './model.ts'

/** How much a figure of the suite may fall before a model is worse. Of one: half a line in a hundred is chance. */
const TOLERANCE = 0.005

/** Figures that must not fall. */
const WATCHED = ['precision', 'recall', 'category'] as const

/** Why a refitted model is not better; null when it is to be kept. */
export type Objection = (typeof WATCHED)[number] | 'emergencies' | 'own' | null

export interface Refit {
  model: Model
  /** The frozen suite as read by a model without and with the village's lessons. */
  suite: { before: Figures; after: Figures }
  /** The village's own lessons that were told rightly, each by models that had not seen it. */
  own: { before: Tally; after: Tally }
  objection: Objection
}

/**
 * Fits the model anew to the training lines and a village's lessons, and says whether it may be kept.
 *
 * The frozen suite is the training lines themselves, each voice held out once: what is told of its lines is told by
 * models that have not read that author, with and without the lessons. The shipped model knows these lines by heart, so
 * it is not compared with itself but with its like. A sixth of the lessons is held out each time as well: that is what
 * the village gains. Only what has been shown to harm nothing so is trained on everything and kept.
 *
 * The same lessons give the same bytes. Takes about a minute for the shipped lines.
 */
export function refit(
  lessons: readonly Lesson[],
  gazetteer: CompiledGazetteer,
  suite: readonly Voice[] = readTrainingLines(),
): Refit {
  const voices = suite.map(({ lines }) => lines.map((line) => ({ line, item: figured(lessonOf(line), ANY_VILLAGE) })))
  const own = lessons.map((lesson) => figured(lesson, gazetteer))
  const figures = { before: total([]), after: total([]) }
  const gained = { before: { right: 0, of: 0 }, after: { right: 0, of: 0 } }
  for (const [held, voice] of voices.entries()) {
    const others = voices.flatMap((each, index) => (index === held ? [] : each.map(({ item }) => item)))
    const isHeld = (index: number) => index % voices.length === held
    const models = {
      before: modelOf(others),
      after: modelOf([...others, ...own.filter((_, index) => !isHeld(index))]),
    }
    const heldOwn = own.filter((_, index) => isHeld(index))
    for (const when of ['before', 'after'] as const) {
      const read = voice.map(({ line }) => score(line, understand(line.text, ANY_VILLAGE, undefined, models[when])))
      figures[when] = total([figures[when], ...read])
      for (const { lesson } of heldOwn) {
        const said = understand(lesson.text, gazetteer, undefined, models[when])
        gained[when].of += 1
        if (tellsRightly(lesson, said)) gained[when].right += 1
      }
    }
  }
  const model = modelOf([...voices.flatMap((voice) => voice.map(({ item }) => item)), ...own])
  return { model, suite: figures, own: gained, objection: objectionTo(figures, gained) }
}

function figured(lesson: Lesson, gazetteer: CompiledGazetteer): Figured {
  const { runs, facts, own } = prepare(lesson, gazetteer)
  return { lesson, runs, facts, own }
}

function tellsRightly(lesson: Lesson, said: ReturnType<typeof understand>): boolean {
  if (lesson.problem !== null && lesson.problem !== (said.gate !== 'none')) return false
  if (lesson.emergency !== null && lesson.emergency !== (said.urgency === 'emergency')) return false
  return lesson.category === null || lesson.category === said.category
}

/** The shipped thresholds and places with heads fitted to these lessons. */
function modelOf(from: readonly Figured[]): Model {
  const { thresholds, place, version } = shippedModel()
  const parts = { thresholds, place, heads: fitHeads(from) }
  const { weights } = encodeModel(parts)
  return { ...parts, version: `${version}+${nameOf(weights)}` }
}

function objectionTo(suite: Refit['suite'], own: Refit['own']): Objection {
  // Somebody's life weighs more than chance: not one emergency fewer.
  if (suite.after.emergencies.right < suite.before.emergencies.right) return 'emergencies'
  const fallen = WATCHED.find((name) => share(suite.after[name]) < share(suite.before[name]) - TOLERANCE)
  return fallen ?? (own.after.right < own.before.right ? 'own' : null)
}
