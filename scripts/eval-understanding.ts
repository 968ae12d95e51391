/**
 * Measures understanding on labelled lines: tsx scripts/eval-understanding.ts FILE… [--errors [--third]] [--only=third|rest]
 *
 * Lines are {text,label:'chatter'} | {text,kind,category,urgency,location,sensitive?} |
 * {id,text,gate_expected,category,urgency,place,group,sensitive,intent}.
 * `--third` shows the errors of a third of the lines only (number divisible by 3), so that the others stay an honest
 * check; `--only=third` and `--only=rest` measure one part alone.
 */
import { readFileSync } from 'node:fs'
import { type CategoryCode, categoryOf } from '../src/understanding/categories.ts'
import { compileGazetteer, understand } from '../src/understanding/understand.ts'

interface Line {
  id?: string
  text?: string
  turns?: string[]
  label?: string
  kind?: string
  gate_expected?: 'problem' | 'not'
  category?: string | null
  urgency?: string | null
  location?: string | null
  place?: string | null
  group?: string | null
  sensitive?: boolean
  intent?: string
}

const PLACES =
  '村口,晒谷场,村委会,小学,文化广场,活动室,卫生室,小卖部,水库,河坝,后山,砖厂,养猪场,石料厂,老抽水站,桥头,祠堂,水塔,变压器,垃圾池,公厕,东干渠'
const village = compileGazetteer({
  groups: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  places: PLACES.split(',').map((name) => ({ name })),
  people: [],
})

const args = process.argv.slice(2)
const files = args.filter((a) => !a.startsWith('--'))
const showErrors = args.includes('--errors')
const third = args.includes('--third')

const lines = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((l) => l.trim())
    .map((l) => JSON.parse(l) as Line)
    .flatMap((l): Line[] => (l.turns ? l.turns.map((text) => ({ text, label: 'chatter' })) : [l])),
)

const numberOf = (l: Line): number => Number(/(\d+)\D*$/.exec(l.id ?? '')?.[1] ?? 0)
const part = args.find((a) => a.startsWith('--only='))?.slice(7)
const measured = part ? lines.filter((l) => (numberOf(l) % 3 === 0) === (part === 'third')) : lines

const rate = (a: number, b: number): string => (b === 0 ? '–' : `${((100 * a) / b).toFixed(1)} % (${a}/${b})`)
const count = new Map<string, number>()
const add = (key: string, when: boolean): void => {
  count.set(key, (count.get(key) ?? 0) + (when ? 1 : 0))
  count.set(`${key}#`, (count.get(`${key}#`) ?? 0) + 1)
}
const show = (name: string, key: string): void => {
  console.log(`${name}: ${rate(count.get(key) ?? 0, count.get(`${key}#`) ?? 0)}`)
}
const isProblem = (l: Line): boolean =>
  l.gate_expected ? l.gate_expected === 'problem' : l.kind === 'issue' || l.kind === 'consult'

let found = 0
let foundRight = 0
const started = performance.now()
const results = measured.map((l) => ({ l, u: understand(l.text ?? '', village) }))
const ms = (performance.now() - started) / Math.max(1, measured.length)

for (const { l, u } of results) {
  const problem = isProblem(l)
  const complain = (
    what: string,
    expected: string | boolean | null | undefined,
    got: string | boolean | null | undefined,
  ): void => {
    if (showErrors && (!third || numberOf(l) % 3 === 0))
      console.log(`${what}\t${l.id ?? ''}\t${expected} → ${got}\t${l.text}`)
  }
  if (u.gate !== 'none') {
    found++
    if (problem) foundRight++
  }
  if (problem) {
    add('recall', u.gate !== 'none')
    add('ticket', u.gate === 'ticket')
    if (u.gate === 'none') complain('MISSED', l.category, `${u.category} ${u.intent} ${u.score.toFixed(2)}`)
    if (l.category) {
      add('category', u.category === l.category)
      const work = (code: string | null): number => (code ? categoryOf(code as CategoryCode).work : 0)
      add('function', work(u.category) === work(l.category))
      if (u.category !== l.category && u.gate !== 'none') complain('CATEGORY', l.category, u.category)
      if (u.gate !== 'none') add('category of found', u.category === l.category)
    }
    if (l.urgency) {
      add('urgency', u.urgency === l.urgency)
      if (l.urgency === 'emergency') {
        add('emergency', u.urgency === 'emergency')
        if (u.urgency !== 'emergency') complain('EMERGENCY', l.urgency, u.urgency)
      } else if (u.urgency !== l.urgency && u.gate !== 'none') complain('URGENCY', l.urgency, u.urgency)
      if (l.urgency === 'urgent' || l.urgency === 'emergency')
        add('urgent+', u.urgency === 'urgent' || u.urgency === 'emergency')
    }
    const place = l.place === undefined ? (l.location ?? null) : l.place
    const same = place !== null && u.place !== null && (u.place.includes(place) || place.includes(u.place))
    if (place !== null) add('place recall', same)
    if (u.place !== null) add('place precision', same)
    if (place !== null || u.place !== null) {
      if (!same) complain('PLACE', place, u.place)
      add('place exact', place === u.place)
    }
    if (l.group !== undefined) {
      add('group', (l.group ?? null) === u.group)
      if ((l.group ?? null) !== u.group) complain('GROUP', l.group, u.group)
    }
  } else {
    add('false ticket', u.gate === 'ticket')
    add('false maybe', u.gate === 'maybe')
    add('false any', u.gate !== 'none')
    if (u.gate !== 'none')
      complain(
        `FALSE ${u.gate}`,
        'none',
        `${u.category} ${u.evidence
          .map((e) => `${e.rule}:${e.words}`)
          .slice(0, 4)
          .join(' ')}`,
      )
  }
  if (u.urgency === 'emergency') add('emergency precision', l.urgency === 'emergency')
  if (u.urgency === 'emergency' && l.urgency !== 'emergency') complain('OVER', l.urgency, u.urgency)
  if (l.sensitive !== undefined) {
    add(l.sensitive ? 'sensitive recall' : 'sensitive false', u.sensitive)
    if (l.sensitive !== u.sensitive) complain('SENSITIVE', l.sensitive, u.sensitive)
  }
  if (l.intent) {
    const right = u.intent === l.intent
    add('intent', right)
    if (!right && (u.gate !== 'none') === problem) complain('INTENT', l.intent, `${u.intent}/${u.act}`)
  }
}

console.log(`lines ${measured.length}, ${ms.toFixed(3)} ms each`)
console.log(`gate precision: ${rate(foundRight, found)}`)
show('gate recall (ticket or maybe)', 'recall')
show('ticket recall', 'ticket')
show('false tickets', 'false ticket')
show('false maybes', 'false maybe')
show('category', 'category')
show('category where found', 'category of found')
show('function (1–7)', 'function')
show('urgency', 'urgency')
show('urgent or emergency kept', 'urgent+')
show('emergency recall', 'emergency')
show('emergency precision', 'emergency precision')
const p = (count.get('place precision') ?? 0) / Math.max(1, count.get('place precision#') ?? 1)
const q = (count.get('place recall') ?? 0) / Math.max(1, count.get('place recall#') ?? 1)
show('place recall (overlap)', 'place recall')
show('place precision (overlap)', 'place precision')
console.log(`place F1: ${((2 * p * q) / Math.max(0.001, p + q)).toFixed(3)}`)
show('place exact', 'place exact')
show('group', 'group')
show('sensitive recall', 'sensitive recall')
show('sensitive false', 'sensitive false')
show('intent', 'intent')
