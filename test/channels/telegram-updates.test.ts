import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chatOf, eventOf, numberOf } from '../../src/channels/telegram/incoming.ts'

const SELF = { id: 666, username: 'Xiaoge_bot' }
const NOW = new Date('2026-03-02T09:00:00Z')
const GROUP = { id: -1001, type: 'supergroup', title: '村民群' }
const LIU = { id: 5, is_bot: false, first_name: '刘', last_name: '嫂' }
const DATE = NOW.getTime() / 1000

const read = (update: object) => eventOf({ update_id: 9, ...update } as never, SELF, NOW)
const said = (more: object) => read({ message: { message_id: 7, date: DATE, chat: GROUP, from: LIU, ...more } })
const mention = (offset: number, length: number) => ({ entities: [{ type: 'mention', offset, length }] })

test('a plain message', () => {
  expect(said({ text: '三组路灯坏了' })).toEqual({
    type: 'message',
    channel: 'telegram',
    conversation: '-1001',
    messageId: '7',
    private: false,
    title: '村民群',
    sender: { id: '5', name: '刘 嫂' },
    text: '三组路灯坏了',
    addressed: false,
    attachments: [],
    sentAt: NOW,
  })
})

describe('who is meant', () => {
  test.each([
    ['at the beginning', '@xiaoge_bot 三组路灯坏了', mention(0, 11), '三组路灯坏了', true],
    ['in the middle, after emoji', '👍🏽 @Xiaoge_bot 看看', mention(5, 11), '👍🏽  看看', true],
    ['somebody else', '@other_bot 看看', mention(0, 10), '@other_bot 看看', false],
    [
      'by account',
      '小格 看看',
      { entities: [{ type: 'text_mention', offset: 0, length: 2, user: SELF }] },
      '看看',
      true,
    ],
    ['below a photo', '@xiaoge_bot 看看', { caption_entities: mention(0, 11).entities }, '看看', true],
  ])('%s', (_where, words, more, text, addressed) => {
    const content = 'caption_entities' in more ? { caption: words, photo: [{ file_id: 'p' }] } : { text: words }
    expect(said({ ...content, ...more })).toMatchObject({ text, addressed })
  })

  test.each([
    ['/start', '帮助', true],
    ['/start XR6DE39H', '/绑定 XR6DE39H', true],
    ['/start@Xiaoge_bot XR6DE39H', '/绑定 XR6DE39H', true],
    ['/todo@xiaoge_bot', '待办', true],
    ['/progress', '我的报修怎么样了', true],
    ['/todo@other_bot', '/todo@other_bot', false],
    ['/unknown', '/unknown', false],
    ['/绑定 XR6DE39H', '/绑定 XR6DE39H', false],
  ])('%s', (written, text, addressed) => {
    expect(said({ text: written })).toMatchObject({ text, addressed })
  })
})

describe('who speaks', () => {
  test.each([
    [
      'an anonymous administrator',
      { sender_chat: GROUP, author_signature: '管理员', from: { id: 1087968824, is_bot: true } },
      '管理员',
    ],
    [
      'a channel',
      { sender_chat: { id: -5, type: 'channel', title: '镇里通知' }, from: { id: 136817688, is_bot: true } },
      '镇里通知',
    ],
  ])('%s has no account', (_who, more, name) => {
    expect(said({ text: '收', ...more })).toMatchObject({ sender: { name } })
    expect(said({ text: '收', ...more })?.sender.id).toBeUndefined()
  })

  test('the assistant and other bots are not heard', () => {
    expect(said({ text: '收', from: { ...LIU, id: 666, is_bot: true } })).toBeNull()
    expect(said({ text: '收', from: { ...LIU, id: 77, is_bot: true } })).toBeNull()
  })
})

describe('what is quoted', () => {
  const original = { message_id: 3, chat: GROUP, date: 1, text: '#1 路灯 · 三组村口' }

  test('a reply, whole or in part', () => {
    expect(said({ text: '收', reply_to_message: original })).toMatchObject({
      quote: { messageId: '3', text: original.text },
    })
    const part = { reply_to_message: original, quote: { text: '三组村口', position: 8 } }
    expect(said({ text: '收', ...part })).toMatchObject({ quote: { messageId: '3', text: '三组村口' } })
  })

  test('a reply to another chat has no message here', () => {
    const elsewhere = { external_reply: { origin: {}, message_id: 3 }, quote: { text: '#1' } }
    expect(said({ text: '收', ...elsewhere })).toMatchObject({ quote: { text: '#1' } })
  })

  test('in a topic only a real reply is one', () => {
    const topic = { is_topic_message: true, message_thread_id: 44 }
    const opening = said({ text: '收', ...topic, reply_to_message: { message_id: 44, chat: GROUP, date: 1 } })
    expect(opening).toMatchObject({ conversation: '-1001/44' })
    expect(opening).not.toHaveProperty('quote')
    const real = said({ text: '收', ...topic, reply_to_message: { message_id: 45, chat: GROUP, date: 1 } })
    expect(real).toMatchObject({ conversation: '-1001/44', quote: { messageId: '45' } })
    // A thread of replies in an ordinary group is no topic.
    expect(said({ text: '收', message_thread_id: 44 })).toMatchObject({ conversation: '-1001' })
  })
})

test.each([
  ['photo', { photo: [{ file_id: 's' }, { file_id: 'l', file_size: 9 }] }, { kind: 'image', key: 'photo:l', size: 9 }],
  ['voice', { voice: { file_id: 'v', mime_type: 'audio/ogg' } }, { kind: 'voice', key: 'voice:v', mime: 'audio/ogg' }],
  ['video note', { video_note: { file_id: 'n' } }, { kind: 'video', key: 'video_note:n' }],
  ['animation', { animation: { file_id: 'a' }, document: { file_id: 'a' } }, { kind: 'video', key: 'animation:a' }],
  ['photo as a file', { document: { file_id: 'd', mime_type: 'image/png' } }, { kind: 'image', key: 'document:d' }],
  ['file', { document: { file_id: 'd', file_name: '表.xlsx' } }, { kind: 'file', key: 'document:d', name: '表.xlsx' }],
  ['place', { location: { latitude: 30.1, longitude: 104.2 } }, { kind: 'location', key: '', name: '30.1,104.2' }],
])('a %s', (_what, content, attachment) => {
  expect(said(content)).toMatchObject({ text: '', attachments: [attachment] })
})

test('photos of one album say so', () => {
  expect(said({ photo: [{ file_id: 'p' }], media_group_id: 'g' })).toMatchObject({ album: 'g' })
})

test('what is passed on says whose words it is, but not those of the assistant', () => {
  const sentAt = new Date(NOW.getTime() - 60_000)
  const date = DATE - 60
  const from = (origin: object) => said({ text: '路灯坏了', forward_origin: { date, ...origin } as never })
  const name = { sender_user: { id: 11, is_bot: false, first_name: '赵', last_name: '大爷' } }
  expect(from({ type: 'user', ...name })).toMatchObject({
    sender: { id: '5' },
    forwarded: { name: '赵 大爷', sentAt },
  })
  expect(from({ type: 'hidden_user', sender_user_name: '阿强🌾' })).toMatchObject({ forwarded: { name: '阿强🌾' } })
  const chat = { id: -5, type: 'supergroup', title: '村民群' }
  expect(from({ type: 'chat', sender_chat: chat })).toMatchObject({ forwarded: { name: '村民群' } })
  expect(from({ type: 'channel', chat, author_signature: '小王' })).toMatchObject({ forwarded: { name: '小王' } })
  expect(from({ type: 'user', sender_user: { id: SELF.id, is_bot: true, first_name: '小格' } })).not.toHaveProperty(
    'forwarded',
  )
})

test('an edit has the new words, and a live location is no edit', () => {
  const edited = { message_id: 7, date: DATE, edit_date: DATE + 60, chat: GROUP, from: LIU }
  expect(read({ edited_message: { ...edited, text: '@xiaoge_bot 三组', ...mention(0, 11) } })).toMatchObject({
    type: 'edit',
    messageId: '7',
    text: '三组',
    sentAt: new Date(NOW.getTime() + 60_000),
  })
  expect(read({ edited_message: { ...edited, location: { latitude: 1, longitude: 2 } } })).toBeNull()
})

test('both sides of a migration are the same event', () => {
  const left = said({ chat: { id: -5, type: 'group' }, migrate_to_chat_id: -1005 })
  const right = said({ chat: { id: -1005, type: 'supergroup' }, migrate_from_chat_id: -5 })
  expect(left).toMatchObject({ type: 'move', conversation: '-5', to: '-1005' })
  expect(right).toEqual(left)
})

test('a tap says what stands on the button, for whoever tapped, about the message above it', () => {
  const card = { message_id: 12, date: DATE, chat: GROUP, is_topic_message: true, message_thread_id: 4 }
  const tap = read({ callback_query: { id: '987', from: LIU, data: '收', message: card } })
  expect(tap).toMatchObject({
    conversation: '-1001/4',
    sender: { id: '5', name: '刘 嫂' },
    text: '收',
    quote: { messageId: '12' },
    sentAt: NOW,
  })
  // What answers the tap answers the card.
  expect(numberOf(tap?.messageId ?? '')).toBe(12)
  expect(read({ callback_query: { id: '987', from: LIU, data: '收' } })).toBeNull()
})

test.each([
  ['added', 'left', 'member', true],
  ['added as an administrator', 'kicked', 'administrator', true],
  ['promoted', 'member', 'administrator', false],
  ['removed', 'member', 'kicked', false],
])('the assistant is %s', (_what, from, to, joins) => {
  const membership = {
    chat: GROUP,
    from: LIU,
    date: DATE,
    old_chat_member: { status: from },
    new_chat_member: { status: to },
  }
  const event = read({ my_chat_member: membership })
  if (joins) expect(event).toMatchObject({ type: 'join', conversation: '-1001', messageId: 'join-9', title: '村民群' })
  else expect(event).toBeNull()
})

test.each([{ sticker: {} }, { new_chat_members: [LIU] }, { pinned_message: {} }, { poll: {} }, {}])(
  'what says nothing is nothing: %j',
  (more) => {
    expect(said(more)).toBeNull()
  },
)

test('ids of other networks are no ids of this one', () => {
  expect(chatOf('-1001/44')).toEqual({ chat: -1001, topic: 44 })
  for (const id of ['room-villagers', '', '1/2/3', '1 OR 1']) expect(chatOf(id)).toBeUndefined()
  for (const id of ['bot-k1', '', '7x']) expect(numberOf(id)).toBeUndefined()
})

test('hostile updates are nothing or an event, never more text than came', () => {
  const anything = fc.record(
    {
      text: fc.string({ unit: 'binary' }),
      entities: fc.array(
        fc.record({
          type: fc.constantFrom('mention', 'bot_command', 'url'),
          offset: fc.integer(),
          length: fc.integer(),
        }),
      ),
      caption: fc.string(),
      media_group_id: fc.string(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(anything, (more) => {
      const event = said(more)
      if (event?.type === 'message') {
        expect(event.text.length).toBeLessThanOrEqual(Math.max((more.text ?? more.caption ?? '').length, 12))
      }
    }),
  )
})
