import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What the program counts about itself. Labels hold states only, never words, names or numbers of people. */
export interface Metrics {
  registry: Registry
  understandingSeconds: Histogram
  inboxLagSeconds: Gauge
  inboxMessages: Gauge<'state'>
  outboxMessages: Gauge<'state'>
  tickets: Gauge<'status'>
  /** Takes down that the language model was wanted for something, how that ended and, where it was called, what it cost. */
  countLlm(use: string, outcome: string, call?: { tokens: Record<string, number>; seconds: number }): void
  observeCircuit(state: 'closed' | 'half-open' | 'open'): void
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
  const llmCalls = new Counter({
    name: 'xiaoge_llm_calls_total',
    help: 'Questions to the language model by use and outcome; resting, busy and spent were not sent.',
    labelNames: ['use', 'outcome'] as const,
    registers,
  })
  const llmTokens = new Counter({
    name: 'xiaoge_llm_tokens_total',
    help: 'Tokens as the service counts them: in, cached (a part of in), out.',
    labelNames: ['kind'] as const,
    registers,
  })
  const llmSeconds = new Histogram({
    name: 'xiaoge_llm_seconds',
    help: 'How long a question to the language model took.',
    buckets: [0.1, 0.3, 1, 2, 4, 6],
    registers,
  })
  const llmCircuit = new Gauge({
    name: 'xiaoge_llm_circuit',
    help: '0 the language model is used, 1 it is being tried again, 2 it is left alone after failures.',
    registers,
  })
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
    countLlm(use, outcome, call) {
      llmCalls.inc({ use, outcome })
      if (!call) return
      llmSeconds.observe(call.seconds)
      for (const [kind, count] of Object.entries(call.tokens)) llmTokens.inc({ kind }, count)
    },
    observeCircuit: (state) => llmCircuit.set({ closed: 0, 'half-open': 1, open: 2 }[state]),
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
