import { expect, test } from 'vitest'
import { aVillage } from '../support/conversation.ts'
import { describeDatabases } from '../support/database.ts'

describeDatabases('talk that opened nothing', (_open, provider) => {
  test('is deleted when it is old enough; what tickets and steps rest on stays', async () => {
    const village = await aVillage({ provider, retentionDays: 7 })
    const { db } = village.database
    await village.says('赵大爷', '今天豆腐三块钱一斤')
    await village.says('刘嫂', '三组桥头路灯坏了')
    await village.inGrid('老周').says('1 收')
    await village.direct('王婶').says('吃了没呀')
    await village.channel.deliver({
      type: 'message',
      channel: village.channel.name,
      conversation: 'unbound',
      messageId: 'u1',
      private: false,
      sender: { id: 'x', name: '路人' },
      text: '别的群里的闲话',
      addressed: false,
      attachments: [],
      sentAt: village.clock.now(),
    })
    await village.passes({ days: 6 })
    expect(await db.inboxEvent.count({ where: { text: { contains: '豆腐' } } })).toBe(1)
    await village.says('赵大爷', '明天豆腐涨价')
    await village.passes({ days: 2 })
    const texts = (await db.inboxEvent.findMany({ orderBy: { id: 'asc' } })).map(({ text }) => text)
    expect(texts).toEqual(['三组桥头路灯坏了', '1 收', '', '明天豆腐涨价'])
    // Whoever has written may still be written to.
    expect(await db.inboxEvent.count({ where: { private: true, conversation: '王婶' } })).toBe(1)
    const [entry] = await db.auditEntry.findMany({ where: { event: 'chatter-deleted' } })
    expect(entry?.data).toMatchObject({ messages: 3 })
    expect(await db.outboxMessage.count({ where: { ticketId: { not: null } } })).toBeGreaterThan(0)
    // The ticket goes on as if nothing had happened.
    await village.inGrid('老周').says('1 办结 换了灯泡')
    expect((await village.ticket(1)).status).toBe('resolved')
  })

  test('is kept where nobody wants it deleted', async () => {
    const village = await aVillage({ provider })
    await village.says('赵大爷', '今天豆腐三块钱一斤')
    await village.passes({ days: 9 })
    expect(await village.database.db.inboxEvent.count()).toBe(1)
  })
})
