/**
 * Measures the reading of schedules on labelled sentences: npm run eval:schedule [FILE…] [-- --errors]
 *
 * Without files: those of test/data/schedules/. Prints for each author and family how many sentences are read exactly
 * (all of up to three next times, and whether it recurs), with the 95 % interval, beside a plain pattern; then what
 * became of those that are not. `--errors` lists them. The form of a line is `Sentence` in judge-schedule.ts.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { readSentence } from '../src/features/schedules/reading/read-sentence.ts'
import { judge, type Sentence, slips, timesOf, type Verdict, ZONE } from './judge-schedule.ts'
import { plainPattern } from './plain-pattern.ts'
import { wilson } from './statistics.ts'

const args = process.argv.slice(2)
const given = args.filter((arg) => !arg.startsWith('--'))
const folder = new URL('../test/data/schedules/', import.meta.url)
const files =
  given.length > 0
    ? given
    : readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
        .map((name) => new URL(name, folder))

const sentences = files
  .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line) as Sentence & { ok?: boolean })
  // A line as `xiaoge schedule` writes it may be held against it, too.
  .map((line): Sentence => ({ ...line, refused: line.refused ?? line.ok === false }))

const started = process.cpuUsage()
const judged = sentences.map((sentence) => {
  const reading = readSentence(sentence.text, { now: new Date(sentence.now), timeZone: ZONE })
  const times = timesOf(reading, sentence)
  return { sentence, reading, times, verdict: judge(reading, sentence), slips: slips(reading, sentence) }
})
const spent = process.cpuUsage(started).user / 1000

type Judged = (typeof judged)[number]
const meant = judged.filter(({ sentence }) => !sentence.refused && !sentence.doubtful)
const count = (list: readonly Judged[], verdict: Verdict) => list.filter((each) => each.verdict === verdict).length

function baseline(list: readonly Judged[]): number {
  return list.filter(({ sentence }) => {
    const times = plainPattern(sentence.text, new Date(sentence.now))
    return sentence.refused || sentence.doubtful
      ? times.length === 0
      : JSON.stringify(times) === JSON.stringify(sentence.next)
  }).length
}

const percent = (part: number, of: number) => (of === 0 ? '–' : ((100 * part) / of).toFixed(1))

function row(name: string, list: readonly Judged[]): string {
  const right = count(list, 'right')
  const [low, high] = wilson({ right, of: list.length })
  const cells = [
    name.padEnd(24),
    percent(baseline(list), list.length).padStart(7),
    percent(right, list.length).padStart(6),
    `${percent(low, 1)}–${percent(high, 1)}`.padStart(11),
    String(list.length).padStart(4),
  ]
  return `| ${cells.join(' | ')} |`
}

function table(title: string, keyOf: (each: Judged) => string): void {
  const groups = new Map<string, Judged[]>()
  for (const each of judged) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each])
  console.log(`| ${title.padEnd(24)} | pattern |  exact |        95 % |   of |`)
  console.log('| ------------------------ | ------: | -----: | ----------: | ---: |')
  for (const [name, list] of groups) console.log(row(name, list))
  console.log()
}

table('author', ({ sentence }) => sentence.author ?? '–')
table('family', ({ sentence }) => sentence.family ?? '–')
console.log(row('sentences with a meaning', meant))
const refused = judged.filter(({ sentence }) => sentence.refused)
const doubtful = judged.filter(({ sentence }) => sentence.doubtful)
console.log(row('impossible, refused', refused))
console.log(row('doubtful, asked or told', doubtful))
const slipped = meant.filter((each) => each.slips.length > 0).length
const checked = meant.filter(({ sentence: { kind, theme, leads } }) => kind ?? theme ?? leads).length
console.log(`
of those with a meaning: refused instead ${count(meant, 'refused')}; other times, a doubt told ${count(meant, 'told')}; other times in silence ${count(meant, 'silent')}
of the impossible: armed in silence ${count(refused, 'silent')}, armed with a doubt told ${count(refused, 'told')}
kind, theme and leads: ${checked - slipped} of ${checked} as expected
speed: ${(spent / sentences.length).toFixed(2)} ms a sentence on one core`)

if (args.includes('--errors')) {
  for (const { sentence, verdict, reading, times, slips: other } of judged) {
    if (verdict === 'right' && other.length === 0) continue
    const expected = sentence.refused ? 'refused' : sentence.doubtful ? 'a doubt' : (sentence.next ?? []).join(' ')
    const got = reading.ok ? times.join(' ') : JSON.stringify(reading.problem)
    console.log(`${verdict}\t${sentence.id}\t${sentence.text}\n\t${expected}\n\t${got} ${other.join('; ')}`)
  }
}
