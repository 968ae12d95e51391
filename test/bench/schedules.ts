import { createApp } from '../../src/app.ts'
import { createSettableClock, DAY, HOUR } from '../../src/clock.ts'
import { occurrences } from '../../src/features/schedules/occurrences.ts'
import { readSentence } from '../../src/features/schedules/reading/read-sentence.ts'
import { createLogger } from '../../src/logger.ts'
import { databaseUrl, line, percentile, startBench } from './village.ts'

const RULES = 1000
const YEARS = 10
const STORED = 100_000
const SCHEDULES = 1000
const ROUNDS = 200
const ZONE = 'Asia/Shanghai'
const now = new Date('2026-03-02T10:00:00+08:00')

/** Rhythms as secretaries write them; the day and hour vary. */
const SENTENCES: readonly ((n: number) => string)[] = [
  (n) => `每月${1 + (n % 28)}日上午${8 + (n % 4)}点主题党日`,
  (n) => `每周${'一二三四五六日'[n % 7]}上午${8 + (n % 4)}点例会`,
  (n) => `每月第${'一二三四'[n % 4]}个星期${'一二三四五'[n % 5]}上午${8 + (n % 4)}点党小组会`,
  (n) => `每月最后一个工作日下午${1 + (n % 5)}点支委会`,
  (n) => `每季度首月${1 + (n % 20)}日上午9点党课，遇节假日顺延`,
  (n) => `每年农历${'二三四五六七八九'[n % 8]}月十五上午9点聚餐`,
  (n) => `每个工作日上午${8 + (n % 2)}点点名`,
  (n) => `每两周的周${'一二三四五'[n % 5]}上午9点环境卫生整治`,
  () => '每年重阳节上午9点慰问老人',
  (n) => `每天上午${7 + (n % 5)}点巡河`,
]

const rules = Array.from({ length: RULES }, (_, n) => {
  const reading = readSentence(SENTENCES[n % SENTENCES.length]?.(n) ?? '', { now, timeZone: ZONE })
  if (!reading.ok) throw new Error(`not read: ${SENTENCES[n % SENTENCES.length]?.(n)}`)
  return reading.draft.rule
})
const until = new Date(now.getTime() + YEARS * 365.25 * DAY)
let times = 0
let started = performance.now()
for (const rule of rules) {
  for (const { at } of occurrences(rule, now, ZONE)) {
    if (at > until) break
    times += 1
  }
}
const planning = performance.now() - started
started = performance.now()
let days = 0
for (let rule = 0; rule < RULES; rule++) {
  for (let at = now.getTime(); at < until.getTime(); at += DAY) days += new Date(at).getUTCDay() === 1 ? 1 : 0
}
const bare = performance.now() - started
line(`${YEARS} years of ${RULES} rules`, `${(planning / 1000).toFixed(2)} s`, `to reach: 2 s; ${times} times`)
line('', '', `baseline: asking each day for its weekday ${(bare / 1000).toFixed(2)} s (${days})`)

const bench = await startBench(databaseUrl)
await bench.app.stop()
const { db } = bench.database
const clock = createSettableClock(new Date())
const per = STORED / SCHEDULES
for (let n = 0; n < SCHEDULES; n++) {
  const schedule = await db.schedule.create({
    data: {
      villageId: bench.villageId,
      no: n + 1,
      status: 'armed',
      title: '例会',
      kind: 'other',
      leads: [{ minutes: 60 }],
      roomIds: [1],
      text: '',
      authorId: 1,
      channel: 'bench',
      conversation: 'x',
      private: true,
      draftedAt: clock.now(),
      updatedAt: clock.now(),
    },
  })
  await db.occurrence.createMany({
    data: Array.from({ length: per }, (_, k) => ({
      villageId: bench.villageId,
      scheduleId: schedule.id,
      at: new Date(clock.now().getTime() + (n + 1) * HOUR + k * 7 * DAY),
    })),
  })
  const dueAt = new Date(clock.now().getTime() + (n + 1) * HOUR)
  const data = { scheduleId: schedule.id, version: 0 }
  await db.timer.create({
    data: {
      key: `schedules.remind:${schedule.id}:0`,
      villageId: bench.villageId,
      kind: 'schedules.remind',
      dueAt,
      data,
    },
  })
}
const app = createApp({
  database: bench.database,
  channels: [bench.channel],
  clock,
  logger: createLogger('error'),
  manual: true,
})
await app.start()
await app.settle()
const ticks: number[] = []
const queries: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  let begun = performance.now()
  await app.settle()
  ticks.push(performance.now() - begun)
  begun = performance.now()
  await db.timer.findMany({ where: { state: 'pending', dueAt: { lte: clock.now() } }, take: 100 })
  queries.push(performance.now() - begun)
}
line(
  'tick p50',
  `${percentile(ticks, 0.5).toFixed(1)} ms`,
  `${STORED} occurrences of ${SCHEDULES} schedules stored, nothing due`,
)
line('tick p95', `${percentile(ticks, 0.95).toFixed(1)} ms`, 'to reach: 20 ms')
line('one indexed query p50', `${percentile(queries, 0.5).toFixed(1)} ms`, 'baseline')
await app.stop()
await bench.database.close()
