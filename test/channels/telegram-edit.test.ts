import { Api } from 'grammy'
import { expect, onTestFinished, test } from 'vitest'
import { transmit } from '../../src/channels/telegram/outgoing.ts'
import type { OutgoingMessage } from '../../src/message.ts'
import { createFakeTelegram, TOKEN } from '../support/fake-telegram.ts'

test('the words of a sent message are changed in place, the same words again are no failure, a lost message is one', async () => {
  const server = await createFakeTelegram(() => new Date('2026-03-02T09:00:00+08:00'))
  onTestFinished(() => server.close())
  const api = new Api(TOKEN, { apiRoot: server.url })
  const common = { channel: 'telegram', conversation: '-101', private: false, kind: 'broadcast' as const }
  const message: OutgoingMessage = { ...common, key: 'k', text: '接龙：0人', mentions: [], attachments: [], about: [] }
  const id = await transmit(api, message)
  const edited = { ...message, text: '接龙：2人', edits: id, choices: ['接龙'] }
  expect(await transmit(api, edited)).toBe(id)
  expect(await transmit(api, edited)).toBe(id)
  expect(server.calls.filter(({ method }) => method === 'sendMessage').length).toBe(1)
  const last = server.calls.at(-1)
  expect(last).toMatchObject({ method: 'editMessageText', payload: { text: '接龙：2人' } })
  await expect(transmit(api, { ...edited, edits: '999' })).rejects.toThrow('not found')
})
