import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { LlmConfig } from '../../src/config.ts'

/** What the server was asked, as it arrived. */
export interface Asked {
  path: string
  headers: IncomingMessage['headers']
  body: { model: string; messages: { role: string; content: string }[]; [field: string]: unknown }
  /** The whole body as sent. */
  raw: string
}

/** Plays one reply, or a fault. */
export type Behaviour = (response: ServerResponse, asked: Asked) => void

export interface FakeOpenAi {
  config: LlmConfig
  asked: Asked[]
  /** From now on. */
  behave(behaviour: Behaviour): void
  /** The next replies, and after them as before. */
  next(...behaviours: Behaviour[]): void
  /** From now on the model writes this; an object as JSON. */
  says(content: string | object): void
}

const USAGE = {
  prompt_tokens: 480,
  completion_tokens: 55,
  total_tokens: 535,
  prompt_tokens_details: { cached_tokens: 384 },
}

function completion(message: object, finish = 'stop'): string {
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }]
  return JSON.stringify({ id: 'c1', object: 'chat.completion', created: 1, model: 'fake', choices, usage: USAGE })
}

export function json(status: number, body: string, headers: Record<string, string> = {}): Behaviour {
  return (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}

/** The model writes this. */
export function writes(content: string | object | null, finish?: string, more: object = {}): Behaviour {
  const text = typeof content === 'string' || content === null ? content : JSON.stringify(content)
  return json(200, completion({ content: text, ...more }, finish))
}

function refuses(status: number, code: string, headers?: Record<string, string>): Behaviour {
  return json(status, JSON.stringify({ error: { message: code, type: code, code } }), headers)
}

/** Everything that providers, networks and models have been seen to do instead of answering. `good` is what they garble. */
export function faults(good: object): Record<string, Behaviour> {
  const right = JSON.stringify(good)
  return {
    '429 with Retry-After 2': refuses(429, 'rate_limit_exceeded', { 'retry-after': '2' }),
    '429 with Retry-After 3600': refuses(429, 'rate_limit_exceeded', { 'retry-after': '3600' }),
    '429 for want of money': refuses(429, 'insufficient_quota'),
    '401': refuses(401, 'invalid_api_key'),
    '402': refuses(402, 'insufficient_balance'),
    '404': refuses(404, 'model_not_found'),
    '400 for the format': refuses(400, 'invalid_request_error'),
    '400 for the words': refuses(400, 'data_inspection_failed'),
    '400 for the length': refuses(400, 'context_length_exceeded'),
    '500': refuses(500, 'boom'),
    '503 as a page': (response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<html>busy</html>'),
    hang: () => {},
    drip: (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drops = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drops))
    },
    flood: (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const pour = setInterval(() => response.write(' '.repeat(65_536)), 1)
      response.on('close', () => clearInterval(pour))
    },
    reset: (response) => response.socket?.destroy(),
    'a body cut off': (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '9999' })
      response.write('{"id":"c1","choi')
      setTimeout(() => response.socket?.destroy(), 20)
    },
    'a redirection elsewhere': (response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
    'a login page': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>'),
    'a page that claims to be JSON': json(200, '<html>login</html>'),
    'no choices': json(200, '{"id":"c1","object":"chat.completion","choices":[]}'),
    'JSON cut by length': writes(right.slice(0, 20), 'length'),
    'JSON cut without a word': writes(right.slice(0, 20)),
    'another schema': writes({ intent: 'delete_all', confidence: 1e9, admin: true }),
    'a list': writes('[1, 2, 3]'),
    blanks: writes('     '),
    nothing: writes(null),
    'a refusal': writes(null, 'stop', { refusal: 'I cannot help with that.' }),
    'a refusal in words': writes('抱歉，我无法处理这个请求。'),
    'a content filter': writes('', 'content_filter'),
    'a tool call': writes(null, 'tool_calls', {
      tool_calls: [{ id: 't1', type: 'function', function: { name: 'close_ticket', arguments: '{"no":1}' } }],
    }),
    'a string of 100 KB': writes({ ...good, place: '灯'.repeat(34_000) }),
    'thoughts without an end': writes(`<think>${'嗯'.repeat(200)}`),
  }
}

/** What is unusual and still to be understood. */
export function oddities(good: object): Record<string, Behaviour> {
  const right = JSON.stringify(good)
  return {
    plain: writes(right),
    'fenced, with pleasantries': writes(`好的，结果如下：\n\`\`\`json\n${right}\n\`\`\`\n希望有帮助`),
    'after thoughts': writes(`<think>{"这":"不是"} 嗯</think>\n${right}`),
  }
}

/** A server that speaks OpenAI's protocol on loopback, until the test ends. It does what the test wants of it. */
export async function createFakeOpenAi(): Promise<FakeOpenAi> {
  const asked: Asked[] = []
  const queue: Behaviour[] = []
  let usual: Behaviour = writes('{}')
  const server = createServer((request, response) => {
    let raw = ''
    request.setEncoding('utf8').on('data', (part: string) => (raw += part))
    request.on('end', () => {
      if (request.method === 'GET') {
        const refused = request.headers.authorization !== 'Bearer sk-fake'
        return json(refused ? 401 : 200, JSON.stringify({ data: [{ id: 'fake' }] }))(response, undefined as never)
      }
      const one = { path: request.url ?? '', headers: request.headers, body: JSON.parse(raw) as Asked['body'], raw }
      asked.push(one)
      const behaviour = queue.shift() ?? usual
      behaviour(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return {
    config: { baseUrl, apiKey: 'sk-fake', model: 'fake', format: 'json', dailyCalls: 500 },
    asked,
    behave: (behaviour) => {
      usual = behaviour
    },
    next: (...behaviours) => queue.push(...behaviours),
    says: (content) => {
      usual = writes(content)
    },
  }
}
