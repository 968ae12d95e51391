/**
 * Trains the learned part of the understanding from src/understanding/training/*.jsonl and writes
 * src/understanding/learned/model.json and model.bin. The same lines give the same bytes.
 *
 * Each voice is held out once to see what the model makes of somebody it has not read; from these answers the
 * thresholds are chosen. The shipped model is then trained on all of them.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { CATEGORY_CODES } from '../src/understanding/categories.ts'
import { FACT_COUNT, factsOf } from '../src/understanding/facts.ts'
import { type Examination, examine } from '../src/understanding/findings.ts'
import { hashedRuns } from '../src/understanding/learned/features.ts'
import { HEADS, type HeadName, sigmoid, sums, type Thresholds } from '../src/understanding/learned/model.ts'
import { OWN_COUNT, ownFigures } from '../src/understanding/learned/opinion.ts'
import {
  findSpan,
  marksOf,
  type SpanHead,
  spanFeatures,
  tagsOf,
  trainSpans,
} from '../src/understanding/learned/place-spans.ts'
import { type Sample, seeded, shuffle, trainHead } from '../src/understanding/learned/training.ts'
import { compileGazetteer } from '../src/understanding/places.ts'
import { normalise } from '../src/understanding/text.ts'

const SEED = 20_261_124
const DIRECTORY = 'src/understanding/training'
const OUTPUT = 'src/understanding/learned'

interface Line {
  voice: string
  text: string
  gate_expected: 'problem' | 'not'
  category: string | null
  urgency: string | null
  sensitive: boolean
  place: string | null
}

/** A village like any other: its groups have numbers and its places the usual names. */
const village = compileGazetteer({
  groups: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  places: '村口 晒谷场 村委会 小学 文化广场 活动室 卫生室 小卖部 水库 河坝 后山 砖厂 养猪场 石料厂 桥头 祠堂 水塔'
    .split(' ')
    .map((name) => ({ name })),
  people: [],
})

const lines = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith('.jsonl'))
  .sort()
  .flatMap((file) =>
    readFileSync(`${DIRECTORY}/${file}`, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line): Line => ({ ...(JSON.parse(line) as Line), voice: file })),
  )

interface Prepared {
  line: Line
  examined: Examination
  runs: Int32Array
  facts: Float32Array
  own: Float32Array[]
}

const prepared = lines.map((line): Prepared => {
  const examined = examine(line.text, village, { addressed: false, attachments: [] })
  const runs = hashedRuns(examined.reading.text)
  return { line, examined, runs, facts: factsOf(examined), own: ownFigures(examined.scores) }
})

/** Where a line says that something is, in its normal form. */
function spanOf({ line, examined }: Prepared) {
  const words = line.place ? normalise(line.place).text : ''
  const start = words === '' ? -1 : examined.reading.text.indexOf(words)
  return start < 0 ? null : { start, end: start + words.length }
}

const SPAN_EPOCHS = 10

/** Only what is a problem has its place marked in the training lines. */
function trainPlaces(from: readonly Prepared[]): SpanHead {
  const texts = from
    .filter(({ line }) => line.gate_expected === 'problem')
    .map((item) => {
      const { reading, place } = item.examined
      return {
        features: spanFeatures(reading.text, marksOf(reading, village, place?.span ?? null)),
        tags: tagsOf(reading.text.length, spanOf(item)),
      }
    })
  const random = seeded(SEED)
  return trainSpans(texts, SPAN_EPOCHS, (order) => shuffle(order, random))
}

/** How many places of a voice that was not read are found exactly: F1 of spans. */
function placeF1(head: SpanHead, of: readonly Prepared[]): number {
  let said = 0
  let found = 0
  let right = 0
  for (const item of of.filter(({ line }) => line.gate_expected === 'problem')) {
    const { reading, place } = item.examined
    const span = spanOf(item)
    const guess = findSpan(head, reading, village, place?.span ?? null)
    if (span) said += 1
    if (guess) found += 1
    if (span && guess && span.start === guess.start && span.end === guess.end) right += 1
  }
  return (2 * right) / Math.max(1, said + found)
}

const OPTIONS: Record<HeadName, { outputs: number; ownCount: number; epochs: number; rate: number; decay: number }> = {
  problem: { outputs: 1, ownCount: 0, epochs: 12, rate: 0.08, decay: 2e-5 },
  emergency: { outputs: 1, ownCount: 0, epochs: 12, rate: 0.08, decay: 2e-5 },
  sensitive: { outputs: 1, ownCount: 0, epochs: 12, rate: 0.08, decay: 2e-5 },
  category: { outputs: CATEGORY_CODES.length, ownCount: OWN_COUNT, epochs: 12, rate: 0.08, decay: 2e-5 },
}

/** The samples of one head; lines that say nothing about it are left out. */
function samplesFor(head: HeadName, from: readonly Prepared[]): Sample[] {
  return from.flatMap(({ line, runs, facts, own }): Sample[] => {
    const base = { runs, facts, weight: 1 }
    const isProblem = line.gate_expected === 'problem'
    switch (head) {
      case 'problem':
        return [{ ...base, label: isProblem ? 1 : 0 }]
      case 'emergency':
        return [{ ...base, label: line.urgency === 'emergency' ? 1 : 0, weight: line.urgency === 'emergency' ? 3 : 1 }]
      case 'sensitive':
        return [{ ...base, label: line.sensitive ? 1 : 0, weight: line.sensitive ? 2 : 1 }]
      case 'category': {
        const label = CATEGORY_CODES.indexOf(line.category as (typeof CATEGORY_CODES)[number])
        return isProblem && label >= 0 ? [{ ...base, own, label }] : []
      }
    }
  })
}

function train(head: HeadName, from: readonly Prepared[]) {
  return trainHead(samplesFor(head, from), { ...OPTIONS[head], factCount: FACT_COUNT, seed: SEED })
}

interface HeldOut {
  line: Line
  problem: number
  emergency: number
  sensitive: number
}

/** What models that have not read a voice make of its lines. */
function heldOut(): HeldOut[] {
  const voices = [...new Set(lines.map((line) => line.voice))]
  return voices.flatMap((voice) => {
    const others = prepared.filter(({ line }) => line.voice !== voice)
    const heads = {
      problem: train('problem', others),
      emergency: train('emergency', others),
      sensitive: train('sensitive', others),
      category: train('category', others),
    }
    const own = prepared.filter(({ line }) => line.voice === voice)
    let rightCategory = 0
    let problems = 0
    const answers = own.map(({ line, runs, facts, own: figures }) => {
      const chance = (head: 'problem' | 'emergency' | 'sensitive') => sigmoid(sums(heads[head], runs, facts)[0] ?? 0)
      if (line.gate_expected === 'problem') {
        problems += 1
        const categories = sums(heads.category, runs, facts, figures)
        if (CATEGORY_CODES[categories.indexOf(Math.max(...categories))] === line.category) rightCategory += 1
      }
      return { line, problem: chance('problem'), emergency: chance('emergency'), sensitive: chance('sensitive') }
    })
    const percent = (n: number) => `${((100 * n) / Math.max(1, problems)).toFixed(1)} %`
    const places = placeF1(trainPlaces(others), own)
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

const answers = heldOut()
const about = (name: 'problem' | 'emergency' | 'sensitive', right: (line: Line) => boolean) =>
  answers.map((answer) => ({ score: answer[name], right: right(answer.line) }))
const problems = about('problem', (line) => line.gate_expected === 'problem')
const emergencies = about('emergency', (line) => line.urgency === 'emergency')
const sensitives = about('sensitive', (line) => line.sensitive)
const thresholds: Thresholds = {
  ticket: precisionThreshold(problems, 0.975),
  maybe: precisionThreshold(problems, 0.92),
  emergency: precisionThreshold(emergencies, 0.75),
  emergencyRefuted: 0.05,
  sensitive: precisionThreshold(sensitives, 0.5),
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

const trained = Object.fromEntries(HEADS.map((head) => [head, train(head, prepared)]))
const rounded = (values: Float32Array) => Array.from(values, (value) => Number(value.toFixed(4)))
const places = trainPlaces(prepared)
const bytes = Buffer.concat([
  ...HEADS.map((head) => Buffer.from(trained[head]?.weights.buffer ?? new ArrayBuffer(0))),
  Buffer.from(places.weights.buffer),
])
const version = `model-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`
const header = {
  version,
  lines: lines.length,
  thresholds: Object.fromEntries(Object.entries(thresholds).map(([name, value]) => [name, Number(value.toFixed(4))])),
  heads: Object.fromEntries(
    HEADS.map((name) => {
      const head = trained[name]
      if (!head) throw new Error(`${name} was not trained`)
      const { outputs, scale, facts, own, bias } = head
      return [name, { outputs, scale, facts: rounded(facts), own: rounded(own), bias: rounded(bias) }]
    }),
  ),
  place: { scale: places.scale, transitions: rounded(places.transitions) },
}
writeFileSync(`${OUTPUT}/model.bin`, bytes)
writeFileSync(`${OUTPUT}/model.json`, `${JSON.stringify(header)}\n`)
console.log(`${version}: ${lines.length} lines, ${(bytes.length / 1e6).toFixed(2)} MB`)
