import {
  bareInsertRate,
  createDesk,
  databaseUrl,
  drive,
  line,
  outcomeOf,
  rawInsertRate,
  startBench,
} from './village.ts'

const ROUNDS = 3
const COUNT = 1000

/** The middle one: the computer has other things to do as well. */
function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const bench = await startBench(databaseUrl)
const desk = createDesk()
await drive(bench, 0, 500, { desk })
await bareInsertRate(bench.database, 200)
const rates: number[] = []
const bares: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  bares.push(await bareInsertRate(bench.database))
  rates.push(COUNT / (await drive(bench, 500 + round * COUNT, COUNT, { desk })))
}
bares.push(await bareInsertRate(bench.database))
const rate = median(rates)
const bare = median(bares)
const all = (values: number[]) => values.map((value) => value.toFixed(0)).join(', ')
line('whole journey', `${rate.toFixed(0)} msg/s`, `received to everything said; rounds ${all(rates)}`)
line('', '', await outcomeOf(bench))
line(
  'bare durable single-row insert',
  `${bare.toFixed(0)} rows/s`,
  `same database and client, in between: ${all(bares)}`,
)
line(
  'the same without Prisma',
  `${(await rawInsertRate(bench.database)).toFixed(0)} rows/s`,
  'the bare driver on a small table, for information',
)
line('ratio', (rate / bare).toFixed(2), 'journey to bare insert; to reach: 0.20')
await bench.stop()
