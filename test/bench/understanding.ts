import { readdirSync, readFileSync } from 'node:fs'
import { compileGazetteer, understand } from '../../src/understanding/understand.ts'
import { line, percentile } from './village.ts'

const village = compileGazetteer({
  groups: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  places: [{ name: '村口' }, { name: '晒谷场' }, { name: '小学' }],
  people: [{ name: '老周', role: 'grid-worker' }],
})
const texts = ['test/data/understanding', 'src/understanding/training']
  .flatMap((directory) => readdirSync(directory).map((file) => `${directory}/${file}`))
  .filter((file) => file.endsWith('.jsonl'))
  .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  .filter((row) => row.trim() !== '')
  .map((row) => (JSON.parse(row) as { text: string }).text)

for (let warm = 0; warm < 2; warm++) for (const text of texts) understand(text, village)
const times: number[] = []
const started = performance.now()
for (let round = 0; round < 3; round++) {
  for (const text of texts) {
    const before = performance.now()
    understand(text, village)
    times.push((performance.now() - before) * 1000)
  }
}
const seconds = (performance.now() - started) / 1000
line('one message, mean', `${((seconds * 1e6) / times.length).toFixed(0)} µs`, `of ${texts.length} different lines`)
line('one message, p50', `${percentile(times, 0.5).toFixed(0)} µs`, '')
line('one message, p95', `${percentile(times, 0.95).toFixed(0)} µs`, 'to reach: 3,000 µs')
line('messages a second on one core', (times.length / seconds).toFixed(0), 'to reach: 1,500')

/** Longest texts that are let in, of kinds that make rules work hard. */
const LONG: Record<string, string> = {
  complaints: '三组村口的路灯坏了，晚上黑得很。',
  'one character': '水',
  digits: '138',
  places: '村口晒谷场小学',
  varied: texts.join('，'),
}
let worst = { name: '', ms: 0 }
for (const [name, piece] of Object.entries(LONG)) {
  const text = piece.repeat(Math.ceil(10_000 / piece.length)).slice(0, 10_000)
  for (let n = 0; n < 5; n++) {
    const before = performance.now()
    understand(text, village)
    const ms = performance.now() - before
    if (ms > worst.ms) worst = { name, ms }
  }
}
line(
  '10,000 characters, worst',
  `${(worst.ms * 1000).toFixed(0)} µs`,
  `of ${Object.keys(LONG).length} kinds: ${worst.name}`,
)
