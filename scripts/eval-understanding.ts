/**
 * Measures understanding on labelled lines: npm run eval:understanding FILE… [-- --show] [--errors [--third]] [--only=third|rest]
 *
 * Prints one table: the rules alone, a model of words alone (trained in this run), both as they are used with the 95 %
 * interval, and both on the same lines with common homophones swapped in; then speed and the costliest confusions.
 *
 * Lines are {text,label:'chatter'} | {text,kind,category,urgency,location,sensitive?} | {turns:[…]} |
 * {id,text,gate_expected,category,urgency,place,group,sensitive,intent}.
 * `--show` lists the ids of missed emergencies. `--errors` prints every error, `--errors --third` those of a third of the
 * lines only (number divisible by 3), so that the others stay an honest check; `--only=third` and `--only=rest` measure
 * one part alone.
 */
import { readFileSync } from 'node:fs'
import { type CategoryCode, categoryOf } from '../src/understanding/categories.ts'
import { shippedModel } from '../src/understanding/learned/model.ts'
import { type Expected, type FigureName, type Said, score, share, total } from '../src/understanding/measure.ts'
import { compileGazetteer, understand, versionWith } from '../src/understanding/understand.ts'
import type { Urgency } from '../src/understanding/understanding.ts'
import { agreeingModel, wordsAlone } from './baselines.ts'
import { bootstrap, wilson } from './statistics.ts'

/** What a homophone may cost. Points. */
const MOST_COST = 5
const SHOWN_CONFUSIONS = 10
const ROUNDS = 5

const PLACES =
  '村口,晒谷场,村委会,小学,文化广场,活动室,卫生室,小卖部,水库,河坝,后山,砖厂,养猪场,石料厂,老抽水站,桥头,祠堂,水塔,变压器,垃圾池,公厕,东干渠'
const village = compileGazetteer({
  groups: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  places: PLACES.split(',').map((name) => ({ name })),
  people: [],
})

const ROWS: readonly [FigureName, string][] = [
  ['precision', 'of what was taken for a problem, really one'],
  ['recall', 'problems found, as a ticket or a candidate'],
  ['tickets', '… as a ticket'],
  ['falseTickets', 'of other lines, made a ticket'],
  ['falseCandidates', '… made a candidate'],
  ['category', 'the right one of 63 categories'],
  ['work', '… of seven kinds of work'],
  ['urgency', 'the right urgency'],
  ['emergencies', 'emergencies found'],
  ['overEscalated', 'of other lines, called an emergency'],
  ['place', 'the place, word for word (F1)'],
  ['placeRoughly', '… roughly (F1)'],
  ['group', 'the villager group'],
  ['sensitive', 'sensitive matters found'],
  ['falseSensitive', 'of other lines, kept private'],
  ['intent', 'the intent'],
]
/** Lower is better. */
const FAULTS: ReadonlySet<FigureName> = new Set(['falseTickets', 'falseCandidates', 'overEscalated', 'falseSensitive'])
/** A line adds more than one answer. */
const OF_SPANS: ReadonlySet<FigureName> = new Set(['place', 'placeRoughly'])

interface Line {
  id?: string
  text?: string
  turns?: string[]
  label?: string
  kind?: string
  gate_expected?: 'problem' | 'not'
  category?: CategoryCode | null
  urgency?: Urgency | null
  location?: string | null
  place?: string | null
  group?: string | null
  sensitive?: boolean
  intent?: string
}

/** A line of any of the forms, in the one that is measured. */
function expectedOf(line: Line): Expected {
  const { text = '', kind, location, label: _, turns: __, ...rest } = line
  const gate_expected = line.gate_expected ?? (kind === 'issue' || kind === 'consult' ? 'problem' : 'not')
  return { ...rest, text, gate_expected, ...(location !== undefined && { place: location }) }
}

const args = process.argv.slice(2)
const files = args.filter((arg) => !arg.startsWith('--'))
const only = args.find((arg) => arg.startsWith('--only='))?.slice(7)
if (files.length === 0) {
  console.error('usage: npm run eval:understanding FILE… [-- --show] [--errors [--third]] [--only=third|rest]')
  process.exit(2)
}

const isOfThird = ({ id = '' }: Expected) => Number(/(\d+)\D*$/.exec(id)?.[1] ?? 0) % 3 === 0
const lines = files
  .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line) as Line)
  .flatMap((line): Line[] => (line.turns ? line.turns.map((text) => ({ text, label: 'chatter' })) : [line]))
  .map(expectedOf)
  .filter((line) => only === undefined || isOfThird(line) === (only === 'third'))

const swaps = Object.entries(
  JSON.parse(readFileSync(new URL('./homophone-swaps.json', import.meta.url), 'utf8')) as Record<string, string>,
).sort(([a], [b]) => b.length - a.length)
const swapped = (text: string) => swaps.reduce((result, [right, wrong]) => result.replaceAll(right, wrong), text)

/** Each way to read, on all lines. */
function readAll(read: (text: string) => Said, of: readonly Expected[] = lines) {
  const said = of.map((line) => ({ line, said: read(line.text) }))
  return { said, scores: said.map((each) => score(each.line, each.said)) }
}

const agreeing = agreeingModel()
const words = wordsAlone()
const both = readAll((text) => understand(text, village))
const rulesOnly = readAll((text) => understand(text, village, undefined, agreeing))
// It knows nothing of places, groups and intents.
const wordsOnly = readAll(
  words,
  lines.map(({ place: _, group: __, intent: ___, ...line }) => line),
)
const withHomophones = readAll(
  (text) => understand(text, village),
  lines.map((line) => ({ ...line, text: swapped(line.text), ...(line.place && { place: swapped(line.place) }) })),
)

const touched = lines.filter(({ text }) => swapped(text) !== text).length
const percent = (part: number) => (100 * part).toFixed(1)
const figures = { both: total(both.scores), rules: total(rulesOnly.scores), words: total(wordsOnly.scores) }
const homophones = total(withHomophones.scores)
const cell = (tally: { right: number; of: number }) => (tally.of === 0 ? '–' : percent(share(tally)))

/** How many points homophones take from a figure; negative where they give some. */
function cost(name: FigureName): number {
  const lost = share(figures.both[name]) - share(homophones[name])
  return 100 * (FAULTS.has(name) ? -lost : lost)
}

const measured = ROWS.filter(([name]) => figures.both[name].of > 0)
const table = [
  ['%', 'rules only', 'words only', 'both', '95 %', 'of', 'homophones'],
  ...measured.map(([name, what]) => {
    const [low, high] = OF_SPANS.has(name) ? bootstrap(both.scores, name) : wilson(figures.both[name])
    return [
      what,
      cell(figures.rules[name]),
      cell(figures.words[name]),
      cell(figures.both[name]),
      `${percent(low)}–${percent(high)}`,
      String(figures.both[name].of),
      `${cell(homophones[name])}`,
    ]
  }),
]
const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
const row = (cells: string[]) =>
  `| ${cells.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))).join(' | ')} |`
const [head = [], ...body] = table
console.log(row(head))
console.log(
  `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`,
)
for (const cells of body) console.log(row(cells))

const dearest = measured.map(([name, what]) => ({ what, points: cost(name) })).sort((a, b) => b.points - a.points)[0]
const times: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  for (const { text } of lines) {
    const started = performance.now()
    understand(text, village)
    times.push(performance.now() - started)
  }
}
times.sort((a, b) => a - b)
const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length
const p95 = times[Math.floor(0.95 * times.length)] ?? 0
console.log(`
${lines.length} lines, ${versionWith(shippedModel())}; words only: the same model without rules and lexicon, on the same lines
homophones: ${swaps.length} swaps wherever they fit, in ${touched} lines. Found ${cost('recall').toFixed(1)} points fewer; most lost: ${dearest?.points.toFixed(1)} (${dearest?.what}); at most ${MOST_COST} are to be: ${(dearest?.points ?? 0) <= MOST_COST ? 'kept' : 'NOT kept'}
speed: mean ${mean.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, ${Math.round(1000 / mean).toLocaleString('en-US')} messages/s on one core`)

/** Pairs of what it is and what it was taken for. A wrong kind of work goes to the wrong person and counts double. */
function confusions(): { pair: string; count: number; cost: number }[] {
  const pairs = new Map<string, { count: number; each: number }>()
  for (const { line, said } of both.said) {
    if (line.gate_expected !== 'problem' || !line.category) continue
    if (said.gate !== 'none' && said.category === line.category) continue
    const got = said.gate === 'none' ? null : said.category
    const each = got !== null && categoryOf(got).work === categoryOf(line.category).work ? 1 : 2
    const pair = `${line.category} → ${got ?? 'nothing'}`
    pairs.set(pair, { count: (pairs.get(pair)?.count ?? 0) + 1, each })
  }
  return [...pairs]
    .map(([pair, { count, each }]) => ({ pair, count, cost: count * each }))
    .sort((a, b) => b.cost - a.cost || (a.pair < b.pair ? -1 : 1))
}

const costliest = confusions().slice(0, SHOWN_CONFUSIONS)
console.log(`costliest confusions: ${costliest.map(({ pair, count }) => `${pair} ${count}×`).join(', ') || 'none'}`)

const missed = both.said.filter(({ line, said }) => line.urgency === 'emergency' && said.urgency !== 'emergency')
const ids = missed.map(({ line }) => line.id ?? '?').join(' ')
console.log(`missed emergencies: ${missed.length}${args.includes('--show') ? ` (${ids})` : ''}`)

if (args.includes('--errors')) {
  for (const { line, said } of both.said) {
    if (args.includes('--third') && !isOfThird(line)) continue
    for (const [what, expected, got] of errorsOf(line, said)) {
      console.log(`${what}\t${line.id ?? ''}\t${expected} → ${got}\t${line.text}`)
    }
  }
}

type Shown = string | boolean | null | undefined

/** Everything that is wrong with one line: what, what it is, what it was taken for. */
function errorsOf(line: Expected, said: ReturnType<typeof understand> | Said): [string, string, string][] {
  const problem = line.gate_expected === 'problem'
  const taken = said.gate !== 'none'
  const why =
    'evidence' in said
      ? said.evidence
          .slice(0, 4)
          .map(({ rule, words: on }) => `${rule}:${on}`)
          .join(' ')
      : ''
  const checks: [string, boolean, Shown, Shown][] = [
    ['MISSED', problem && !taken, line.category, `${said.category} ${said.intent} ${why}`],
    [`FALSE ${said.gate}`, !problem && taken, 'none', `${said.category} ${why}`],
    ['CATEGORY', problem && taken && line.category !== said.category, line.category, said.category],
    ['EMERGENCY', line.urgency === 'emergency' && said.urgency !== 'emergency', line.urgency, said.urgency],
    ['OVER', line.urgency !== 'emergency' && said.urgency === 'emergency', line.urgency, said.urgency],
    ['URGENCY', problem && taken && line.urgency !== said.urgency, line.urgency, said.urgency],
    ['PLACE', problem && line.place !== undefined && line.place !== said.place, line.place, said.place],
    ['GROUP', problem && line.group !== undefined && line.group !== said.group, line.group, said.group],
    ['SENSITIVE', line.sensitive !== undefined && line.sensitive !== said.sensitive, line.sensitive, said.sensitive],
    ['INTENT', line.intent !== undefined && line.intent !== said.intent, line.intent, said.intent],
  ]
  return checks.filter(([, wrong]) => wrong).map(([what, , expected, got]) => [what, String(expected), String(got)])
}
