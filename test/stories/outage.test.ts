import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { aVillage, type Conversation } from '../support/conversation.ts'

const ago = (village: Conversation, ms: number) => ({ sentAt: new Date(village.clock.now().getTime() - ms) })

test('reports of the time without a network are taken in without a word among the villagers', async () => {
  const village = await aVillage({ at: '2026-03-02T12:00:00+08:00' })
  await village.says('刘嫂', '三组桥头路灯坏了', ago(village, 4 * HOUR))
  village.hearsNothing('villagers', '@刘嫂')
  village.hears('grid', '#1 ', '断网')
  expect((await village.ticket(1)).openedAt).toBe('2026-03-02T08:00:00+08:00')
  await village.says('赵大爷', '路灯坏了，麻烦来修一下', ago(village, 3 * HOUR))
  await village.says('刘嫂', '还没人来修吗', ago(village, 2 * HOUR))
  await village.says('王婶', '三组桥头的路灯不亮', ago(village, HOUR))
  await village.passes({ minutes: 3 })
  expect(village.everHeard('villagers')).toEqual([])
  expect((await village.ticket(1)).reporters).toEqual(['刘嫂', '王婶'])
})

test('a late emergency is a ticket for the workers and no alarm among the villagers', async () => {
  const village = await aVillage()
  await village.says('大军', '三组老王家起火了！快来人', ago(village, 5 * HOUR))
  village.hearsNothing('villagers')
  village.hears('grid', '#1 ')
})

test('fourteen minutes are not late, sixteen are', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了', ago(village, 14 * MINUTE))
  village.hears('villagers', '1号')
  await village.says('赵大爷', '五组晒谷场路灯坏了', ago(village, 16 * MINUTE))
  village.hearsNothing('villagers')
})

test('a late step of a worker counts, and the reporter hears the result', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.inGrid('老周').says('1 办结 换了灯泡', ago(village, 2 * HOUR))
  expect((await village.ticket(1)).status).toBe('resolved')
  village.hears('villagers', '换了灯泡')
})

test('a sensitive report that comes late is kept from every group as well', async () => {
  const village = await aVillage()
  await village.says('桂兰', '我男人昨晚又动手打我，身上都青了', ago(village, 5 * HOUR))
  expect((await village.ticket(1)).sensitive).toBe(true)
  expect(village.inGroups()).toEqual([])
  village.hears('@老周', '#1 ')
})

test('a network whose clock is far ahead or far behind makes no absurd deadlines', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了', { sentAt: new Date('2099-01-01T00:00:00Z') })
  await village.says('赵大爷', '五组晒谷场路灯坏了', { sentAt: new Date(0) })
  await village.passes({ minutes: 1 })
  const now = village.clock.now().getTime()
  for (const ticket of await village.tickets()) {
    const due = new Date(ticket.dueAt ?? 0).getTime()
    expect(due, `ticket ${ticket.no} is due ${ticket.dueAt}`).toBeGreaterThan(now)
    expect(due, `ticket ${ticket.no} is due ${ticket.dueAt}`).toBeLessThan(now + 30 * 24 * HOUR)
  }
})

test('what was said while the assistant was off is worked on at the next start, in its order', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组那个路灯')
  await village.app.stop()
  await village.restarts()
  await village.says('刘嫂', '又不亮了')
  await village.passes({ minutes: 2 })
  expect((await village.tickets()).length).toBe(1)
  expect((await village.row(1)).text).toBe('三组那个路灯\n又不亮了')
})
