import { describe, expect, test } from 'vitest'
import { aVillage } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

for (const provider of providers) {
  describe(`what comes in (${provider})`, () => {
    test('is kept once for each conversation, and the first text counts', async () => {
      const village = await aVillage({ provider })
      const { db } = village.database
      await village.says('刘嫂', '三组桥头路灯坏了', { id: '7' })
      await village.says('刘嫂', '二组祠堂路灯坏了', { id: '7' })
      await village.says('老周', '1 办结 换了灯泡', { id: '7' })
      // The same id in another conversation is another message.
      await village.inGrid('老周').says('1 收', { id: '7' })
      await village.direct('老周').says('1', { id: '7' })
      expect(await db.inboxEvent.count({ where: { messageId: '7' } })).toBe(3)
      expect((await village.tickets()).map(({ place, status }) => ({ place, status }))).toEqual([
        { place: '三组桥头', status: 'confirmed' },
      ])
      village.hears('@老周', '#1 ')
    })

    test('a thousand messages at once are worked on in the order of their conversation', async () => {
      const village = await aVillage({ provider })
      const { channel } = village
      const n = 1000
      const rooms = ['villagers', 'grid', 'party', '@刘嫂', '@王婶']
      const stored: Promise<void>[] = []
      for (let index = 0; index < n; index++) {
        const where = rooms[index % rooms.length] ?? 'villagers'
        const isDirect = where.startsWith('@')
        const name = isDirect ? where.slice(1) : `村民${index % 37}`
        stored.push(
          channel.deliver({
            type: 'message',
            channel: channel.name,
            conversation: isDirect ? name : where,
            messageId: `n${index}`,
            private: isDirect,
            sender: { id: name, name },
            text: `今天豆腐三块钱一斤，第${index}锅`,
            addressed: false,
            attachments: [],
            // Several in the same millisecond.
            sentAt: village.clock.now(),
          }),
        )
      }
      await Promise.all(stored)
      await village.app.settle()
      const events = await village.database.db.inboxEvent.findMany({ orderBy: { id: 'asc' } })
      expect(events.length).toBe(n)
      expect(new Set(events.map((event) => event.state))).toEqual(new Set(['done']))
      for (const where of rooms) {
        const conversation = where.replace('@', '')
        const order = events.filter((event) => event.conversation === conversation).map((event) => event.messageId)
        const sent = Array.from({ length: n }, (_, index) => index).filter((index) => rooms[index % 5] === where)
        expect(order).toEqual(sent.map((index) => `n${index}`))
      }
    })

    test('report, correction and +1 in the same millisecond count in their order', async () => {
      const village = await aVillage({ provider })
      const { channel } = village
      const say = (messageId: string, name: string, text: string, conversation = 'villagers') =>
        channel.deliver({
          type: 'message',
          channel: channel.name,
          conversation,
          messageId,
          private: false,
          sender: { id: name, name },
          text,
          addressed: false,
          attachments: [],
          sentAt: village.clock.now(),
        })
      await Promise.all([
        say('a', '刘嫂', '三组停水了'),
        say('b', '王婶', '+1'),
        say('c', '毛毛', '我家也没水'),
        say('d', '老周', '1 收', 'grid'),
        say('e', '小杨', '1 派 小杨', 'grid'),
        say('f', '小杨', '1 办结 总阀换了', 'grid'),
        say('a', '刘嫂', '三组停水了'),
      ])
      await village.app.settle()
      expect(await village.ticket(1)).toMatchObject({
        status: 'resolved',
        assignee: '小杨',
        reporters: ['刘嫂', '王婶', '毛毛'],
      })
      expect((await village.tickets()).length).toBe(1)
    })
  })
}

test('a sender without an id is nobody: no ticket, no step, no word', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.says('匿名', '二组祠堂路灯坏了', { account: null })
  await village.inGrid('老周').says('1 收', { account: null })
  village.hearsNothing('villagers', 'grid')
  expect((await village.tickets()).map((ticket) => ticket.status)).toEqual(['open'])
})

test('messages keep their places when the clock jumps back and forth by days', async () => {
  const village = await aVillage()
  const at = (iso: string) => village.clock.set(new Date(iso))
  await village.says('刘嫂', '三组桥头路灯坏了')
  at('2026-02-20T09:00:00+08:00')
  await village.says('赵大爷', '五组晒谷场路灯坏了')
  village.hears('villagers', '2号')
  await village.inGrid('老周').says('1 收')
  village.hears('grid', '#1 ')
  at('2026-03-20T09:00:00+08:00')
  await village.says('王婶', '二组祠堂路灯坏了')
  village.hears('villagers', '3号')
  await village.inGrid('老周').says('3 办结 换了灯泡')
  at('2026-03-02T09:00:00+08:00')
  await village.says('王婶', '满意')
  expect((await village.tickets()).map((ticket) => ticket.status)).toEqual(['confirmed', 'open', 'closed'])
  const undone = await village.database.db.inboxEvent.count({ where: { state: { not: 'done' } } })
  expect(undone).toBe(0)
})

test('a bundle that waits is taken although the clock jumps forward, and not lost when it jumps back', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '路灯坏了')
  village.clock.set(new Date('2026-03-05T09:00:00+08:00'))
  await village.says('刘嫂', '三组村口那盏')
  await village.passes({ minutes: 2 })
  expect((await village.tickets()).length).toBe(1)
  await village.says('王婶', '下水道堵了')
  village.clock.set(new Date('2026-03-04T09:00:00+08:00'))
  await village.says('王婶', '五组桥头那里')
  await village.passes({ days: 2 })
  expect((await village.tickets()).length).toBe(2)
})

test('what fails for a moment is worked on again, and what fails for ever holds up nobody', async () => {
  const village = await aVillage()
  const { db } = village.database
  // The database refuses whatever concerns this one person.
  await db.$executeRawUnsafe(
    `CREATE TRIGGER refuse BEFORE INSERT ON "Ticket" WHEN NEW."text" LIKE '%祠堂%' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
  )
  await village.says('刘嫂', '二组祠堂路灯坏了')
  await village.says('赵大爷', '五组晒谷场路灯坏了')
  village.hears('villagers', '号')
  await db.$executeRawUnsafe('DROP TRIGGER refuse')
  await village.passes({ minutes: 1 })
  expect(new Set((await village.tickets()).map((ticket) => ticket.place))).toEqual(new Set(['二组祠堂', '五组晒谷场']))
  await db.$executeRawUnsafe(
    `CREATE TRIGGER refuse BEFORE INSERT ON "Ticket" WHEN NEW."text" LIKE '%水塔%' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
  )
  await village.says('刘嫂', '二组水塔路灯坏了')
  await village.passes({ minutes: 10 })
  expect((await db.inboxEvent.findFirstOrThrow({ where: { state: 'failed' } })).text).toContain('水塔')
  await village.says('王婶', '四组桥头路灯坏了')
  village.hears('villagers', '号')
})
