import { bareInsertRate, databaseUrl, drive, line, startBench } from './village.ts'

const COUNT = 3000
const bench = await startBench(databaseUrl)
await drive(bench, 0, 300)
const bareBefore = await bareInsertRate(bench.database)
const seconds = await drive(bench, 300, COUNT)
const bareAfter = await bareInsertRate(bench.database)
const bare = (bareBefore + bareAfter) / 2
const rate = COUNT / seconds
line(
  'whole journey',
  `${rate.toFixed(0)} msg/s`,
  `received to everything said, ${bench.channel.sent.length} messages out`,
)
line(
  'bare durable single-row insert',
  `${bare.toFixed(0)} rows/s`,
  `same database and client: ${bareBefore.toFixed(0)} before, ${bareAfter.toFixed(0)} after`,
)
line('ratio', (rate / bare).toFixed(2), 'to reach: 0.20')
await bench.stop()
