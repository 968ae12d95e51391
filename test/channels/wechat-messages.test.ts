import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { types } from 'wechaty-puppet'
import { eventOf, isSlowedNotice, isUnstable, KIND, type Payload } from '../../src/channels/wechat/incoming.ts'
import { deliveryOf, withMentions } from '../../src/channels/wechat/outgoing.ts'

const NOW = new Date('2026-03-02T09:00:00+08:00')
const SELF = { id: 'wxid_xiaoge', names: ['小格', '东升村小格'] }

interface Recorded {
  name: string
  payload: Payload
  /** What must come of it; null for nothing. */
  event: Record<string, unknown> | null
}

const recorded = readFileSync('test/channels/fixtures/wechat.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded)

test.each(recorded)('$name', ({ payload, event }) => {
  const read = eventOf(payload, { self: SELF, senderName: '刘嫂' }, NOW)
  if (event === null) expect(read).toBeNull()
  else expect(read).toMatchObject({ channel: 'wechat', ...event })
})

test('kinds are numbered as Wechaty numbers them', () => {
  for (const [name, number] of Object.entries(KIND)) expect(types.Message[name as keyof typeof KIND]).toBe(number)
})

test('seconds and milliseconds are told apart, and a missing time is now', () => {
  const payload = { id: 'm1', type: KIND.Text, text: '路灯坏了', talkerId: 'wxid_1' }
  const at = (timestamp?: number) =>
    eventOf({ ...payload, ...(timestamp !== undefined && { timestamp }) }, { self: SELF, senderName: '' }, NOW)?.sentAt
  expect(at(1_772_413_200)).toEqual(new Date(1_772_413_200_000))
  expect(at(1_772_413_200_000)).toEqual(new Date(1_772_413_200_000))
  expect(at()).toEqual(NOW)
})

describe('WeChat’s notice of too many messages', () => {
  const words = '操作过于频繁，请稍后再试'
  test('is a notice where it is WeChat’s', () => {
    expect(isSlowedNotice({ id: '1', type: KIND.Unknown, text: words, roomId: '1@chatroom' }, SELF.id)).toBe(true)
    expect(isSlowedNotice({ id: '1', type: KIND.Text, text: words, talkerId: 'weixin' }, SELF.id)).toBe(true)
  })
  test('is chatter where somebody says it', () => {
    expect(isSlowedNotice({ id: '1', type: KIND.Text, text: words, talkerId: 'wxid_1' }, SELF.id)).toBe(false)
  })
})

test('ids that change at each login are recognised', () => {
  expect(isUnstable('@@f2a1c3d4e5b6a7980123456789abcdef')).toBe(true)
  expect(isUnstable('@f2a1c3d4e5b6a7980123456789abcdef')).toBe(true)
  for (const id of ['wxid_abc', '123@chatroom', '7881300000000000', 'R:1234', 'weixin'])
    expect(isUnstable(id)).toBe(false)
})

test('whoever is mentioned is mentioned as WeChat does it', () => {
  const mentions = [{ id: 'wxid_1', name: '刘嫂' }]
  expect(withMentions({ text: '@刘嫂 1号办好了', mentions })).toEqual({ text: '@刘嫂\u20051号办好了', ids: ['wxid_1'] })
  expect(withMentions({ text: '1号办好了', mentions }).text).toBe('@刘嫂\u20051号办好了')
})

test.each([
  ['操作过于频繁，请稍后再试', 'after'],
  ['13 INTERNAL: the account is not a member of the room', 'never'],
  ['13 INTERNAL: 对方不是你的好友', 'never'],
  ['14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED', 'after'],
  ['14 UNAVAILABLE: Connection dropped', 'unknown'],
  ['13 INTERNAL: not logged in', 'after'],
  ['timeout', 'unknown'],
  ['something nobody has seen', 'unknown'],
])('%s: %s', (words, retry) => {
  expect(deliveryOf(words)).toMatchObject({ ok: false, retry })
})

test('a reason repeats nothing of what a gateway quotes', () => {
  const { reason } = deliveryOf('13 INTERNAL: send 「刘嫂的电话13800138000」 failed, token insecure_abc') as {
    reason: string
  }
  expect(reason).toBe('the gateway failed (13 INTERNAL)')
})
