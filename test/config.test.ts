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
