import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startProcess, temporaryDirectory } from '../cli/run.ts'
import { createFakeOpenAi } from '../support/fake-openai.ts'

/** Starts the assistant, asks for its health and metrics, and says what it has loaded. */
async function start(environment: Record<string, string>) {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'data'))
  const coverage = join(directory, 'coverage')
  // At its end Node names every script it has loaded.
  const settings = { PORT: '0', NODE_V8_COVERAGE: coverage, ...environment }
  const child = startProcess(['start', '--no-demo'], directory, settings)
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (said += part))
  child.stderr?.setEncoding('utf8').on('data', (part: string) => (said += part))
  for (let n = 0; n < 600 && !said.includes('ready: ') && child.exitCode === null; n++) await sleep(100)
  const url = /ready: (\S+)/.exec(said)?.[1]
  const health = url ? ((await (await fetch(new URL('healthz', url))).json()) as Record<string, unknown>) : null
  const metrics = url ? await (await fetch(new URL('metrics', url))).text() : ''
  if (child.exitCode === null) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  const loaded = existsSync(coverage)
    ? readdirSync(coverage).map((name) => readFileSync(join(coverage, name), 'utf8'))
    : []
  return { said, health, metrics, loaded: loaded.join(), status: child.exitCode }
}

test('without a model langchain is not loaded, and with one it is, and its state is seen', {
  timeout: 150_000,
}, async () => {
  const without = await start({})
  expect(without.health).not.toBeNull()
  expect(without.health).not.toHaveProperty('languageModel')
  expect(without.loaded).toContain('src/app.ts')
  expect(without.loaded).not.toMatch(/node_modules\/@?langchain/)
  const server = await createFakeOpenAi()
  const { baseUrl, apiKey, model } = server.config
  const using = await start({ LLM_BASE_URL: baseUrl, LLM_API_KEY: apiKey, LLM_MODEL: model })
  expect(using.health).toMatchObject({ languageModel: { circuit: 'closed' } })
  expect(using.loaded).toMatch(/node_modules\/@langchain\/openai/)
  expect(using.metrics).toContain('xiaoge_llm_circuit 0')
})

test('with tracing in the environment it does not start', { timeout: 60_000 }, async () => {
  const settings = { LLM_BASE_URL: 'http://127.0.0.1:9/v1', LLM_MODEL: 'x', LANGSMITH_TRACING: 'true' }
  const refused = await start(settings)
  expect(refused.health).toBeNull()
  expect(refused.said).toContain('LANGSMITH_TRACING')
  expect(refused.status).not.toBe(0)
})
