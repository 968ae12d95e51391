import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { createFakeOpenAi } from '../support/fake-openai.ts'

const LINES = [
  {
    text: '活动室的空调不冷，老人家都热得不肯来打牌',
    gate_expected: 'problem',
    category: 'facility',
    urgency: 'normal',
  },
  { text: '今年砖厂不干了，老板改养鸭子了', gate_expected: 'not', category: null },
  { text: '桥头那个坑越来越大，三轮车轮子都卡进去了', gate_expected: 'problem', category: 'road', urgency: 'normal' },
  { text: '三组桥头路灯坏了', gate_expected: 'problem', category: 'light', urgency: 'normal' },
]

function directoryWithLines(): { directory: string; file: string } {
  const directory = mkdtempSync(join(tmpdir(), 'xiaoge-eval-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'lines.jsonl')
  writeFileSync(file, LINES.map((line) => JSON.stringify(line)).join('\n'))
  return { directory, file }
}

async function evaluate(parameters: string[], environment: Record<string, string> = {}): Promise<string> {
  const { LLM_BASE_URL: _, ...env } = process.env
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'scripts/eval-llm.ts', ...parameters],
    { env: { ...env, ...environment } },
  )
  return stdout
}

test('replies written by hand try the program and are never called a model’s', { timeout: 60_000 }, async () => {
  const { directory, file } = directoryWithLines()
  const questions = join(directory, 'questions.jsonl')
  writeFileSync(questions, '{"question":"建筑垃圾完工后几天内清理干净？"}\n{"question":"借钱没写利息能要利息吗"}\n')
  const said = await evaluate([file, '--by-hand', 'test/llm/written-by-hand.jsonl', '--answers', questions])
  expect(said).toMatch(/^REPLIES WRITTEN BY HAND/)
  const [, asked = '', heard] = /lines +4, asked about (\d) .*advice for (\d)/.exec(said) ?? []
  expect(Number(asked)).toBeGreaterThan(0)
  expect(heard).toBe(asked)
  const [, alone, advised] = /category +([\d.]+) % +([\d.]+) %/.exec(said) ?? []
  expect(Number(advised)).toBeGreaterThanOrEqual(Number(alone))
  expect(said).toMatch(/answers +2 questions, 1 answered by articles, 1 of these in words/)
})

test('what was recorded is replayed without asking anybody, and tells when it is outdated', {
  timeout: 90_000,
}, async () => {
  const { directory, file } = directoryWithLines()
  const server = await createFakeOpenAi()
  server.says({ intent: 'report', category: 'facility', urgency: 'normal', sensitive: false, place: '活动室' })
  const service = { LLM_BASE_URL: server.config.baseUrl, LLM_API_KEY: 'sk-fake', LLM_MODEL: 'fake' }
  const recordings = join(directory, 'recordings')
  const first = await evaluate([file, '--record', recordings], service)
  const asked = server.asked.length
  expect(asked).toBeGreaterThan(0)
  expect(first).toContain(`${480 * asked} in (${384 * asked} cached), ${55 * asked} out`)
  expect(first).toContain(`${((96 * asked + 384 * asked * 0.02 + 55 * asked * 4) / 1e6).toFixed(4)} yuan`)
  const kept = readdirSync(recordings).map((name) => readFileSync(join(recordings, name), 'utf8'))
  expect(kept.length).toBe(asked)
  for (const recording of kept) {
    expect(recording).toContain('fake at 127.0.0.1')
    expect(recording).not.toContain('sk-fake')
  }
  const figures = (said: string) => said.slice(said.indexOf('figure'), said.indexOf('\ntime'))
  const again = await evaluate([file, '--replay', recordings], { ...service, LLM_BASE_URL: 'http://127.0.0.1:9/v1' })
  expect(figures(again)).toBe(figures(first))
  expect(server.asked.length).toBe(asked)
  const outdated = evaluate([file, '--replay', recordings], { ...service, LLM_MODEL: 'another' })
  await expect(outdated).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining(`${asked} not recorded`) })
})

test('without a model it says what to set', { timeout: 60_000 }, async () => {
  await expect(evaluate([directoryWithLines().file])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('LLM_BASE_URL'),
  })
})
