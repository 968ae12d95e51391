/**
 * Trains the learned part of the understanding from src/understanding/training/*.jsonl and writes
 * src/understanding/learned/model.json and model.bin. The same lines give the same bytes.
 *
 * Each voice is held out once to see what the model makes of somebody it has not read; from these answers the
 * thresholds are chosen. The shipped model is then trained on all of them.
 */
import { writeFileSync } from 'node:fs'
import { CATEGORY_CODES } from '../src/understanding/categories.ts'
import { fitHeads, fitPlaces, lessonOf, type Prepared, placeSpanOf, prepare } from '../src/understanding/learned/fit.ts'
import { encodeModel, nameOf, sigmoid, sums, type Thresholds } from '../src/understanding/learned/model.ts'
import { chanceOfLargest } from '../src/understanding/learned/opinion.ts'
import { findSpan, type SpanHead } from '../src/understanding/learned/place-spans.ts'
import { ANY_VILLAGE, type LabelledLine, readTrainingLines } from '../src/understanding/training-lines.ts'

const OUTPUT = 'src/understanding/learned'

interface PreparedLine extends Prepared {
  voice: string
  line: LabelledLine
}

const prepared = readTrainingLines().flatMap(({ name: voice, lines }) =>
  lines.map((line): PreparedLine => ({ ...prepare(lessonOf(line), ANY_VILLAGE), voice, line })),
)

/** How many places of a voice that was not read are found exactly: F1 of spans. */
function placeF1(head: SpanHead, of: readonly Prepared[]): number {
  let said = 0
  let found = 0
  let right = 0
  for (const item of of.filter(({ lesson }) => lesson.problem)) {
    const { reading, place } = item.examined
    const span = placeSpanOf(item)
    const guess = findSpan(head, reading, ANY_VILLAGE, place?.span ?? null)
    if (span) said += 1
    if (guess) found += 1
    if (span && guess && span.start === guess.start && span.end === guess.end) right += 1
  }
  return (2 * right) / Math.max(1, said + found)
}

interface HeldOut {
  line: LabelledLine
  /** How sure the model is of its category, and whether that is the right one; null where the line has none. */
  category: { chance: number; right: boolean } | null
  problem: number
  emergency: number
  sensitive: number
}

/** What models that have not read a voice make of its lines. */
function heldOut(): HeldOut[] {
  const voices = [...new Set(prepared.map(({ voice }) => voice))]
  return voices.flatMap((voice) => {
    const others = prepared.filter((item) => item.voice !== voice)
    const heads = fitHeads(others)
    const own = prepared.filter((item) => item.voice === voice)
    let rightCategory = 0
    let problems = 0
    const answers = own.map(({ line, runs, facts, own: figures }) => {
      const chance = (head: 'problem' | 'emergency' | 'sensitive') => sigmoid(sums(heads[head], runs, facts)[0] ?? 0)
      let category: HeldOut['category'] = null
      if (line.gate_expected === 'problem') {
        problems += 1
        const categories = sums(heads.category, runs, facts, figures)
        const right = CATEGORY_CODES[categories.indexOf(Math.max(...categories))] === line.category
        if (right) rightCategory += 1
        category = { chance: chanceOfLargest(categories), right }
      }
      const said = { problem: chance('problem'), emergency: chance('emergency'), sensitive: chance('sensitive') }
      return { line, category, ...said }
    })
    const percent = (n: number) => `${((100 * n) / Math.max(1, problems)).toFixed(1)} %`
    const places = placeF1(fitPlaces(others, ANY_VILLAGE), own)
    console.log(
      `${voice}: category ${percent(rightCategory)}, of ${problems} problems; places exact F1 ${places.toFixed(3)}`,
    )
    return answers
  })
}

/** The lowest threshold from which at least this share of what is above it is right. */
function precisionThreshold(answers: { score: number; right: boolean }[], precision: number): number {
  const sorted = [...answers].sort((a, b) => b.score - a.score)
  let right = 0
  let threshold = 1
  for (const [index, { score, right: isRight }] of sorted.entries()) {
    if (isRight) right += 1
    if (right / (index + 1) >= precision) threshold = score
  }
  return threshold
}

/** The threshold above which this share of them lies. */
function topShare(scores: readonly number[], share: number): number {
  return [...scores].sort((a, b) => b - a)[Math.floor(scores.length * share)] ?? 1
}

/** The highest threshold below which at most this share is right. */
function doubtThreshold(answers: readonly { chance: number; right: boolean }[], share: number): number {
  const sorted = [...answers].sort((a, b) => a.chance - b.chance)
  let right = 0
  let threshold = 0
  for (const [index, answer] of sorted.entries()) {
    if (answer.right) right += 1
    if (right / (index + 1) <= share) threshold = answer.chance
  }
  return threshold
}

/** Of the talk that opens nothing, how much may be shown to a language model: one line in twenty. */
const SHOWN_TALK = 0.05
/** Categories are in doubt where no more than two of five are right. */
const RIGHT_IN_DOUBT = 0.4

const answers = heldOut()
const categories = answers.flatMap(({ category }) => category ?? [])
const about = (name: 'problem' | 'emergency' | 'sensitive', right: (line: LabelledLine) => boolean) =>
  answers.map((answer) => ({ score: answer[name], right: right(answer.line) }))
const problems = about('problem', (line) => line.gate_expected === 'problem')
const emergencies = about('emergency', (line) => line.urgency === 'emergency')
const sensitives = about('sensitive', (line) => line.sensitive)
const maybe = precisionThreshold(problems, 0.92)
const thresholds: Thresholds = {
  ticket: precisionThreshold(problems, 0.975),
  maybe,
  emergency: precisionThreshold(emergencies, 0.75),
  emergencyRefuted: 0.05,
  sensitive: precisionThreshold(sensitives, 0.5),
  unsureProblem: topShare(
    problems.flatMap(({ score, right }) => (right || score >= maybe ? [] : [score])),
    SHOWN_TALK,
  ),
  unsureCategory: doubtThreshold(categories, RIGHT_IN_DOUBT),
}
const report = (name: string, of: typeof problems, threshold: number) => {
  const found = of.filter(({ score }) => score >= threshold)
  const right = found.filter((answer) => answer.right).length
  const all = of.filter((answer) => answer.right).length
  const falseRate = (found.length - right) / Math.max(1, of.length - all)
  console.log(
    `${name}: from ${threshold.toFixed(3)}: precision ${(right / found.length).toFixed(3)}, recall ${(right / all).toFixed(3)}, ${(100 * falseRate).toFixed(2)} % of the others`,
  )
}
report('ticket', problems, thresholds.ticket)
report('maybe', problems, thresholds.maybe)
report('emergency', emergencies, thresholds.emergency)
report('sensitive', sensitives, thresholds.sensitive)
const missed = problems.filter(({ score, right }) => right && score < thresholds.maybe)
const caught = missed.filter(({ score }) => score >= thresholds.unsureProblem).length
console.log(`in doubt: ${caught} of ${missed.length} problems below ${thresholds.maybe.toFixed(3)}`)
const doubted = categories.filter(({ chance }) => chance < thresholds.unsureCategory)
console.log(
  `in doubt: ${doubted.length} of ${categories.length} categories, ${doubted.filter(({ right }) => right).length} of these right`,
)

const model = { thresholds, heads: fitHeads(prepared), place: fitPlaces(prepared, ANY_VILLAGE) }
const { header, weights } = encodeModel(model)
const version = `model-${nameOf(weights)}`
writeFileSync(`${OUTPUT}/model.bin`, weights)
writeFileSync(`${OUTPUT}/model.json`, `${JSON.stringify({ version, lines: prepared.length, ...header })}\n`)
console.log(`${version}: ${prepared.length} lines, ${(weights.length / 1e6).toFixed(2)} MB`)
