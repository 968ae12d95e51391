import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What the program counts about itself. Labels hold states only, never words, names or numbers of people. */
export interface Metrics {
  registry: Registry
  understandingSeconds: Histogram
  inboxLagSeconds: Gauge
  inboxMessages: Gauge<'state'>
  outboxMessages: Gauge<'state'>
  tickets: Gauge<'status'>
  /** Takes down how long one message took to understand. Seconds. */
  observeUnderstanding(seconds: number): void
  /** Runs `work` and takes down how long it took, also when it rejects. */
  timeUnderstanding<T>(work: () => T | Promise<T>): Promise<T>
}

/** Makes the metrics in a registry of their own, so that several programs and tests fit in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const understandingSeconds = new Histogram({
    name: 'xiaoge_understanding_seconds',
    help: 'How long one message or bundle took to understand.',
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30],
    registers,
  })
  return {
    registry,
    understandingSeconds,
    inboxLagSeconds: new Gauge({
      name: 'xiaoge_inbox_lag_seconds',
      help: 'Age of the oldest stored event that nobody has looked at yet.',
      registers,
    }),
    inboxMessages: new Gauge({
      name: 'xiaoge_inbox_messages',
      help: 'Stored incoming events by state.',
      labelNames: ['state'] as const,
      registers,
    }),
    outboxMessages: new Gauge({
      name: 'xiaoge_outbox_messages',
      help: 'Outgoing messages by state.',
      labelNames: ['state'] as const,
      registers,
    }),
    tickets: new Gauge({
      name: 'xiaoge_tickets',
      help: 'Tickets by status.',
      labelNames: ['status'] as const,
      registers,
    }),
    observeUnderstanding: (seconds) => understandingSeconds.observe(seconds),
    async timeUnderstanding(work) {
      const stop = understandingSeconds.startTimer()
      try {
        return await work()
      } finally {
        stop()
      }
    },
  }
}
