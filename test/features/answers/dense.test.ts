import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { answerQuestion } from '../../../src/features/answers/answer.ts'
import type { Article } from '../../../src/features/answers/article.ts'
import { shippedLearning } from '../../../src/features/answers/search/bank.ts'
import { createDense, fused } from '../../../src/features/answers/search/dense.ts'
import { createLibrary } from '../../../src/features/answers/search/library.ts'
import { createEmbedder } from '../../../src/llm/embeddings.ts'

const written = (num: string, text: string): Article => ({
  law: '打谷场管理法',
  num,
  section: '',
  text,
  effectiveFrom: null,
  effectiveUntil: null,
  source: 'test',
  scope: 'nation',
})
const articles = [written('1', '粮食晾晒每户两日。'), written('2', '牲畜不得入内。'), written('3', '灯由小组管。')]
/** 谷子 and 粮食 have no character in common; a model knows that they mean the same. */
const MEANINGS = [/粮食|谷子|稻/, /牲畜|牛|羊/, /灯|电/]

/** A service for embeddings on loopback. */
async function aService() {
  const asked: { model: string; input: string[] }[] = []
  const state = { fault: null as null | 'down' | 'hang' | 'short' | 'html' }
  const server = createServer((request, response) => {
    let raw = ''
    request.on('data', (part) => (raw += part))
    request.on('end', () => {
      const body = JSON.parse(raw) as { model: string; input: string[] }
      asked.push(body)
      if (state.fault === 'hang') return
      if (state.fault === 'down') return void response.writeHead(503).end('{}')
      if (state.fault === 'html') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')
      const data = body.input.map((text, index) => ({
        index,
        embedding: [...MEANINGS.map((of) => (of.test(text) ? 1 : 0.01)), 0.1],
      }))
      const given = state.fault === 'short' ? data.slice(1) : data.reverse()
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: given }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const directory = mkdtempSync(join(tmpdir(), 'xiaoge-dense-'))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const open = (of = articles, model = 'm') =>
    createDense(createEmbedder({ baseUrl, apiKey: 'sk-fake', model }, join(directory, 'cache')), of)
  return { asked, state, open, directory }
}

const never = new AbortController().signal

test('articles are found by what they mean, and their vectors are fetched once', async () => {
  const { asked, open, directory } = await aService()
  const dense = open()
  expect(await dense.fill()).toBe(true)
  expect((await dense.nearest('谷子晒几天', never))?.[0]).toBe(0)
  expect((await dense.nearest('牛能进去吗', never))?.[0]).toBe(1)
  const before = asked.length
  const again = open()
  expect(await again.fill()).toBe(true)
  expect((await again.nearest('电灯谁管', never))?.[0]).toBe(2)
  expect(asked.length).toBe(before + 1)
  // A new article costs one request, another model all of them.
  const more = open([...articles, written('4', '电费分摊。')])
  expect(await more.fill()).toBe(true)
  expect(asked.at(-1)?.input).toEqual(['《打谷场管理法》电费分摊。'])
  expect(await open(articles, 'other').fill()).toBe(true)
  expect(asked.at(-1)?.input).toHaveLength(3)
  const [file] = readdirSync(join(directory, 'cache'))
  expect(readFileSync(join(directory, 'cache', file ?? ''), 'utf8')).not.toMatch(/谷|sk-fake/)
})

test.each(['down', 'short', 'html'] as const)('while the service is %s words alone decide', async (fault) => {
  const { state, open } = await aService()
  state.fault = fault
  const dense = open()
  expect(await dense.fill()).toBe(false)
  expect(await dense.nearest('谷子晒几天', never)).toBeNull()
  state.fault = null
  expect(await dense.fill()).toBe(true)
  state.fault = fault
  expect(await dense.nearest('谷子晒几天', never)).toBeNull()
})

test('a service that hangs is given up in time', async () => {
  const { state, open } = await aService()
  const dense = open()
  await dense.fill()
  state.fault = 'hang'
  const started = performance.now()
  expect(await dense.nearest('谷子晒几天', never)).toBeNull()
  expect(performance.now() - started).toBeLessThan(6000)
})

test('both orders are heard, and the gate stays with the words', () => {
  expect(
    fused(
      [
        { number: 1, score: 3 },
        { number: 2, score: 2 },
      ],
      [2, 3],
    ).map(({ number }) => number),
  ).toEqual([2, 1, 3])
  const library = createLibrary(articles, [], [])
  const learned = shippedLearning()
  const at = new Date('2026-03-02T08:00:00+08:00')
  const plain = answerQuestion({ library, learned }, '谷子晒几天合法', at)
  const both = answerQuestion({ library, learned, dense: [0] }, '谷子晒几天合法', at)
  expect(both.kind).toBe(plain.kind)
  expect(both.passages[0]).toBe(0)
})
