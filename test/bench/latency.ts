import { setTimeout as sleep } from 'node:timers/promises'
import { createDesk, databaseUrl, drive, lay, line, messageOf, outcomeOf, percentile, startBench } from './village.ts'

const PER_SECOND = 50
const SECONDS = 20
const FIRST = 10_000
const receivedAt = new Map<string, number>()
const latencies: number[] = []
const kept: number[] = []
const desk = createDesk()

const bench = await startBench(databaseUrl, (message) => {
  lay(desk, message)
  if (message.kind !== 'receipt') return
  const at = receivedAt.get(message.replyTo ?? '')
  if (at !== undefined) latencies.push(performance.now() - at)
})
await drive(bench, 0, 200)
const started = performance.now()
// Whatever is still under way, the next message comes when it comes.
for (let n = 0; n < PER_SECOND * SECONDS; n++) {
  const due = started + (n * 1000) / PER_SECOND
  if (due > performance.now()) await sleep(due - performance.now())
  const message = messageOf(FIRST + n, desk)
  // From when it should have come: a busy computer must not hide its own delay.
  receivedAt.set(message.messageId, due)
  void bench.channel.deliver(message).then(() => kept.push(performance.now() - due))
}
await sleep(500)
await bench.app.settle()
const ms = (share: number, of = latencies) => `${percentile(of, share).toFixed(1)} ms`
line('receipts', String(latencies.length), `of ${PER_SECOND * SECONDS} messages, ${PER_SECOND} a second`)
line('', '', await outcomeOf(bench))
line('message on disk p95', ms(0.95, kept), 'baseline: from its arrival to receive() resolving')
line('receipt leaves p50', ms(0.5), 'from the arrival of the message')
line('receipt leaves p95', ms(0.95), `to reach: 100 ms; longest ${ms(1)}`)
await bench.stop()
