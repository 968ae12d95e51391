import type { z } from 'zod'
import { type Clock, SECOND } from '../clock.ts'
import type { LlmConfig } from '../config.ts'
import type { Db } from '../db/database.ts'
import { faultOf, type Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import { type Circuit, createBreaker } from './breaker.ts'
import { beginCall, type Caller, endCall, isAffordable } from './calls.ts'
import type { Chat, Written } from './chat.ts'
import { type Failure, failureOf, UnusableReply } from './failure.ts'
import { createMasks } from './mask.ts'
import type { Prompt } from './prompt.ts'
import { readReply } from './read-reply.ts'

/** All that a question may take, both tries together. Milliseconds. */
const BUDGET = 6 * SECOND
/** Longest value of a prompt; what goes beyond it is not sent. Characters. */
const LONGEST_VALUE = 2000
const MOST_AT_ONCE = 4

export interface Question<T> {
  prompt: Prompt
  values: Record<string, string>
  /** What the reply must be. */
  schema: z.ZodType<T>
  /** Names of people, which are not sent. */
  names: readonly string[]
  caller: Caller
  /** Calls it off. */
  signal: AbortSignal
}

export interface Reply<T> {
  /** With every mask of the question replaced by what it stood for. What is compared with a text is compared with `plain` of it. */
  value: T
  /** The prompt and the model, to be kept with what comes of it. */
  by: string
}

export interface Llm {
  /** Asks within all bounds. Never rejects; null is "do without", for whatever reason, after six seconds at the latest. */
  ask<T>(question: Question<T>): Promise<Reply<T> | null>
  circuit(): Circuit
}

/** A language model that may be slow, broken, spent, wrong or hostile without harm to whoever asks. */
export function createLlm(parts: {
  config: LlmConfig
  chat: Chat
  db: Db
  clock: Clock
  logger: Logger
  metrics?: Metrics | undefined
  /** Milliseconds; a test has less patience. */
  budget?: number
  /** A clock that only runs forward. Milliseconds. */
  elapsed?: () => number
}): Llm {
  const { config, chat, db, clock, logger, metrics } = parts
  const elapsed = parts.elapsed ?? (() => performance.now())
  const breaker = createBreaker(elapsed)
  let atOnce = 0

  function without(use: string, why: 'resting' | 'busy' | 'spent'): null {
    metrics?.countLlm(use, why)
    return null
  }

  async function ask<T>(question: Question<T>): Promise<Reply<T> | null> {
    const { prompt, caller } = question
    if (question.signal.aborted) return null
    if (atOnce >= MOST_AT_ONCE) return without(prompt.name, 'busy')
    atOnce += 1
    try {
      if (!(await isAffordable(db, caller, config.dailyCalls, clock.now()))) return without(prompt.name, 'spent')
      if (!breaker.mayCall()) return without(prompt.name, 'resting')
      return await call(question)
    } catch (error) {
      breaker.passed()
      logger.error({ prompt: prompt.name, fault: faultOf(error) }, 'a question to the language model failed here')
      return null
    } finally {
      atOnce -= 1
      metrics?.observeCircuit(breaker.state())
    }
  }

  async function call<T>({ prompt, values, schema, names, caller, signal }: Question<T>): Promise<Reply<T> | null> {
    const masks = createMasks(names)
    const shown = Object.entries(values).map(([name, value]) => [
      name,
      [...masks.mask(value)].slice(0, LONGEST_VALUE).join(''),
    ])
    const user = prompt.fill(Object.fromEntries(shown))
    const id = await beginCall(db, { ...caller, at: clock.now(), prompt: prompt.version, model: config.model })
    const started = elapsed()
    const tokens = { in: 0, cached: 0, out: 0 }
    let outcome: 'ok' | Failure = 'ok'
    let value: T | null = null
    try {
      const budget = AbortSignal.timeout(parts.budget ?? BUDGET)
      const { system, maxTokens } = prompt
      const written = await orAborted(AbortSignal.any([signal, budget]), (both) =>
        chat({ system, user, maxTokens }, both),
      )
      Object.assign(tokens, written.tokens)
      const reply = readReply(written.text, schema)
      value = unmasked(reply, masks.unmask)
    } catch (error) {
      outcome = signal.aborted ? 'stopped' : failureOf(error)
      const detail = error instanceof UnusableReply ? { why: error.message } : { fault: (error as Error)?.name }
      logger.warn({ call: id, prompt: prompt.name, outcome, ...detail }, 'the language model was of no use')
    }
    if (outcome === 'ok') breaker.succeeded()
    else if (outcome === 'stopped') breaker.passed()
    else breaker.failed(outcome)
    const milliseconds = elapsed() - started
    metrics?.countLlm(prompt.name, outcome, { tokens, seconds: milliseconds / 1000 })
    await endCall(db, id, { outcome, tokens, milliseconds })
    return outcome === 'ok' ? { value: value as T, by: `${prompt.version} ${config.model}` } : null
  }

  return { ask, circuit: () => breaker.state() }
}

/** A library may overhear a signal; the budget ends all the same. */
async function orAborted(signal: AbortSignal, work: (signal: AbortSignal) => Promise<Written>): Promise<Written> {
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(new DOMException('the time is up', 'TimeoutError'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  const worked = work(signal)
  worked.catch(() => {})
  return Promise.race([worked, aborted])
}

function unmasked<T>(value: T, unmask: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    typeof inner === 'string' ? unmask(inner) : inner,
  ) as T
}
