import { expect, test } from 'vitest'
import { ConfigError, parseConfig } from '../src/config.ts'

const TOKEN = '123456789:AAHsome-letters_and-digits'
const SECRET = 'sixteen-letters-1'

test('without a token there is no Telegram, whatever else is set', () => {
  expect(parseConfig({ TELEGRAM_API_ROOT: 'http://127.0.0.1:1', TELEGRAM_BOT_TOKEN: ' ' }).telegram).toBeUndefined()
})

test('a token alone is long polling at Telegram itself', () => {
  expect(parseConfig({ TELEGRAM_BOT_TOKEN: TOKEN }).telegram).toEqual({
    token: TOKEN,
    apiRoot: 'https://api.telegram.org',
  })
})

test('a slash at the end of the root does no harm', () => {
  const settings = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/' }
  expect(parseConfig(settings).telegram?.apiRoot).toBe('http://127.0.0.1:8081')
})

test('a webhook needs its secret', () => {
  const url = 'https://village.example/telegram'
  const settings = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_WEBHOOK_URL: url }
  expect(() => parseConfig(settings)).toThrow('TELEGRAM_WEBHOOK_SECRET=')
  expect(parseConfig({ ...settings, TELEGRAM_WEBHOOK_SECRET: SECRET }).telegram?.webhook).toEqual({
    url,
    secret: SECRET,
  })
})

test.each([
  ['TELEGRAM_BOT_TOKEN', 'my-token'],
  ['TELEGRAM_API_ROOT', 'api.telegram.org'],
  ['TELEGRAM_WEBHOOK_URL', 'http://village.example/telegram'],
  ['TELEGRAM_WEBHOOK_URL', 'https://village.example'],
  ['TELEGRAM_WEBHOOK_SECRET', 'short'],
  ['TELEGRAM_WEBHOOK_SECRET', 'sixteen letters and blanks'],
])('%s=%s is refused with an example, and not said again', (name, value) => {
  const attempt = () => parseConfig({ [name]: value })
  expect(attempt).toThrow(ConfigError)
  expect(attempt).toThrow(
    `for example ${name}=`.replace('for example TELEGRAM_BOT_TOKEN', 'looks like TELEGRAM_BOT_TOKEN'),
  )
  if (name !== 'TELEGRAM_API_ROOT' && name !== 'TELEGRAM_WEBHOOK_URL') expect(attempt).not.toThrow(value)
})

const LLM = { LLM_BASE_URL: 'https://api.deepseek.com/v1/', LLM_API_KEY: 'sk-secret', LLM_MODEL: 'deepseek-chat' }

test('without an address there is no language model, whatever else is set', () => {
  expect(parseConfig({ LLM_API_KEY: 'sk-secret', LLM_MODEL: 'x', LANGSMITH_TRACING: 'true' }).llm).toBeUndefined()
})

test('an address, a key and a name are a language model', () => {
  const llm = { baseUrl: 'https://api.deepseek.com/v1', apiKey: 'sk-secret', model: 'deepseek-chat' }
  expect(parseConfig(LLM).llm).toEqual({ ...llm, format: 'json', dailyCalls: 500 })
})

test.each([
  'http://127.0.0.1:11434/v1',
  'http://localhost:8000/v1',
  'http://[::1]:8000/v1',
  'http://192.168.1.20:8000/v1',
  'http://10.1.2.3/v1',
  'http://172.31.0.9/v1',
  'http://[fd12:3456::1]:8000/v1',
  'https://dashscope.aliyuncs.com/compatible-mode/v1',
])('%s may be asked', (url) => {
  expect(parseConfig({ ...LLM, LLM_BASE_URL: url }).llm?.baseUrl).toBe(url)
})

test.each([
  'https://api.openai.com/v1',
  'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  'https://api.deepseek.com.evil.example/v1',
  'https://evil.example/api.deepseek.com/v1',
  'https://api-deepseek.com/v1',
  'https://172.32.0.1/v1',
  'https://192.168.1.20.evil.example/v1',
  'https://127.0.0.1.evil.example/v1',
  'https://8.8.8.8/v1',
  'https://[2001:db8::1]/v1',
  'https://[::ffff:8.8.8.8]/v1',
  'https://134744072/v1',
])('%s may be asked only where that is said', (url) => {
  expect(() => parseConfig({ ...LLM, LLM_BASE_URL: url })).toThrow('LLM_ALLOW_OVERSEAS=true')
  expect(parseConfig({ ...LLM, LLM_BASE_URL: url, LLM_ALLOW_OVERSEAS: 'true' }).llm?.baseUrl).toBe(url)
})

test('what villagers say goes through the internet encrypted only', () => {
  expect(() => parseConfig({ ...LLM, LLM_BASE_URL: 'http://api.deepseek.com/v1' })).toThrow('https://')
  const overseas = { LLM_BASE_URL: 'http://api.openai.com/v1', LLM_ALLOW_OVERSEAS: 'true' }
  expect(() => parseConfig({ ...LLM, ...overseas })).toThrow('https://')
})

test('a key in the address is refused and not said again', () => {
  const attempt = () => parseConfig({ ...LLM, LLM_BASE_URL: 'https://me:sk-secret@api.deepseek.com/v1' })
  expect(attempt).toThrow('LLM_API_KEY')
  expect(attempt).not.toThrow('sk-secret')
})

test.each([
  'LANGSMITH_TRACING',
  'LANGSMITH_TRACING_V2',
  'LANGCHAIN_TRACING_V2',
  'LANGCHAIN_TRACING',
  'LANGCHAIN_VERBOSE',
  'LANGSMITH_OTEL_ENABLED',
])('%s would show prompts to others, so nothing starts with it', (name) => {
  for (const value of ['true', 'TRUE', '1', 'yes']) {
    expect(() => parseConfig({ ...LLM, [name]: value })).toThrow(name)
  }
  for (const value of ['', 'false', '0']) expect(parseConfig({ ...LLM, [name]: value }).llm).toBeDefined()
})

test.each([
  [{ LLM_BASE_URL: 'api.deepseek.com' }, 'LLM_BASE_URL='],
  [{ LLM_MODEL: '' }, 'LLM_MODEL='],
  [{ LLM_FORMAT: 'json_schema' }, 'LLM_FORMAT='],
  [{ LLM_DAILY_CALLS: '0' }, 'LLM_DAILY_CALLS='],
  [{ LLM_ALLOW_OVERSEAS: 'yes' }, 'LLM_ALLOW_OVERSEAS='],
])('%j is refused with an example', (settings, example) => {
  expect(() => parseConfig({ ...LLM, ...settings })).toThrow(`for example ${example}`)
})
