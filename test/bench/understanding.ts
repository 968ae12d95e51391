import { readdirSync, readFileSync } from 'node:fs'
import { compileGazetteer, understand } from '../../src/understanding/understand.ts'
import { line, percentile } from './village.ts'

const village = compileGazetteer({
  groups: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  places: [{ name: '村口' }, { name: '晒谷场' }, { name: '小学' }],
  people: [{ name: '老周', role: 'grid-worker' }],
})
const texts = readdirSync('test/data/understanding')
  .filter((file) => file.endsWith('.jsonl'))
  .flatMap((file) => readFileSync(`test/data/understanding/${file}`, 'utf8').split('\n'))
  .filter((row) => row.trim() !== '')
  .map((row) => (JSON.parse(row) as { text: string }).text)

for (let warm = 0; warm < 3; warm++) for (const text of texts) understand(text, village)
const times: number[] = []
const started = performance.now()
for (let round = 0; round < 5; round++) {
  for (const text of texts) {
    const before = performance.now()
    understand(text, village)
    times.push((performance.now() - before) * 1000)
  }
}
const seconds = (performance.now() - started) / 1000
line('one message, mean', `${((seconds * 1e6) / times.length).toFixed(0)} µs`, 'of labelled lines, 5 to 120 characters')
line('one message, p50', `${percentile(times, 0.5).toFixed(0)} µs`, '')
line('one message, p95', `${percentile(times, 0.95).toFixed(0)} µs`, 'to reach: 3,000 µs')
line('messages a second on one core', (times.length / seconds).toFixed(0), 'to reach: 1,500')
const long = '三组村口的路灯坏了，晚上黑得很。'.repeat(700).slice(0, 10_000)
const before = performance.now()
for (let n = 0; n < 20; n++) understand(long, village)
line(
  '10,000 characters',
  `${((performance.now() - before) * 50).toFixed(0)} µs`,
  'only the beginning of a text decides',
)
