import { setTimeout as sleep } from 'node:timers/promises'
import type { OutgoingMessage } from '../../src/message.ts'
import { databaseUrl, line, messageOf, percentile, startBench } from './village.ts'

const PER_SECOND = 50
const SECONDS = 20
const receivedAt = new Map<string, number>()
const latencies: number[] = []
const cards: OutgoingMessage[] = []

const bench = await startBench(databaseUrl, (message) => {
  if (message.conversation === 'grid' && message.kind === 'card') cards.push(message)
  if (message.kind !== 'receipt') return
  const at = receivedAt.get(message.replyTo ?? '')
  if (at !== undefined) latencies.push(performance.now() - at)
})
const started = performance.now()
for (let n = 0; n < PER_SECOND * SECONDS; n++) {
  const wait = started + (n * 1000) / PER_SECOND - performance.now()
  if (wait > 0) await sleep(wait)
  const message = messageOf(n, cards)
  receivedAt.set(message.messageId, performance.now())
  void bench.channel.deliver(message)
}
await sleep(500)
await bench.app.settle()
line('receipts', String(latencies.length), `of ${PER_SECOND * SECONDS} messages at ${PER_SECOND} a second`)
line('receipt latency p50', `${percentile(latencies, 0.5).toFixed(1)} ms`, 'from the network to the receipt leaving')
line('receipt latency p95', `${percentile(latencies, 0.95).toFixed(1)} ms`, 'to reach: 100 ms')
await bench.stop()
