import { describe, expect, test } from 'vitest'
import { wallTime } from '../../src/clock.ts'
import { aVillage, villageFile } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

const dueDay = (dueAt: string | null) => dueAt?.slice(0, 10)

for (const provider of providers) {
  describe(`time (${provider})`, () => {
    test('the overdue chain: the worker, a working day later the room, another one later the secretary, then nobody', async () => {
      const village = await aVillage({ provider })
      await village.says('刘嫂', '三组桥头路灯坏了')
      await village.inGrid('老周').says('1 收')
      expect((await village.ticket(1)).dueAt).toBe('2026-03-09T18:00:00+08:00')
      await village.until('2026-03-09T17:59:00+08:00')
      const told = () => [
        village.heard('@老周').filter((message) => message.kind === 'reminder').length,
        village.heard('grid').filter((message) => message.kind === 'reminder').length,
        village.heard('@陈书记').filter((message) => message.kind === 'reminder').length,
      ]
      await village.until('2026-03-09T18:01:00+08:00')
      expect(told()).toEqual([1, 0, 0])
      await village.restarts()
      await village.until('2026-03-10T18:01:00+08:00')
      expect(told()).toEqual([0, 1, 0])
      await village.until('2026-03-11T18:01:00+08:00')
      expect(told()).toEqual([0, 0, 1])
      await village.until('2026-03-30T18:01:00+08:00')
      expect(told()).toEqual([0, 0, 0])
    })

    test('the digest comes once a day however often the assistant is started, and not at all when nothing is open', async () => {
      const village = await aVillage({ provider })
      const digests = () => village.everHeard('grid').filter((message) => message.kind === 'digest').length
      await village.until('2026-03-03T08:30:00+08:00')
      expect(digests()).toBe(0)
      await village.says('刘嫂', '三组桥头路灯坏了')
      await village.until('2026-03-04T07:59:59+08:00')
      expect(digests()).toBe(0)
      await village.restarts()
      await village.until('2026-03-04T08:00:00+08:00')
      expect(digests()).toBe(1)
      await village.restarts()
      await village.passes({ hours: 1 })
      await village.restarts()
      expect(digests()).toBe(1)
      await village.until('2026-03-05T08:00:00+08:00')
      expect(digests()).toBe(2)
    })

    test('silence closes after three days, an answer before', async () => {
      const village = await aVillage({ provider })
      await village.says('刘嫂', '三组桥头路灯坏了')
      await village.says('赵大爷', '五组晒谷场路灯坏了')
      await village.inGrid('老周').says('1 办结 换了灯泡')
      await village.inGrid('老周').says('2 办结 接好了线')
      await village.passes({ days: 1 })
      await village.says('赵大爷', '满意')
      expect((await village.ticket(2)).status).toBe('closed')
      await village.passes({ days: 1, hours: 23, minutes: 59 })
      expect((await village.ticket(1)).status).toBe('resolved')
      await village.passes({ minutes: 1 })
      expect((await village.ticket(1)).status).toBe('closed')
      village.hearsNothing('villagers', 'grid', '@刘嫂')
    })
  })
}

test('没好 and a new result start the three days again', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.inGrid('老周').says('1 办结 换了灯泡')
  await village.passes({ days: 2 })
  await village.says('刘嫂', '没好，还是黑的')
  expect((await village.ticket(1)).status).toBe('open')
  await village.inGrid('老周').says('1 办结 换了镇流器')
  await village.passes({ days: 2 })
  expect((await village.ticket(1)).status).toBe('resolved')
  await village.passes({ days: 1 })
  expect((await village.ticket(1)).status).toBe('closed')
})

test('reopened within thirty days is the same ticket, later it is a new one', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.inGrid('老周').says('1 办结 换了灯泡')
  await village.passes({ days: 4 })
  expect((await village.ticket(1)).status).toBe('closed')
  await village.passes({ days: 24 })
  await village.says('刘嫂', '三组桥头的路灯又坏了')
  const reopened = (await village.tickets()).length === 1
  expect(reopened ? (await village.ticket(1)).status : 'a new one').toBe('open')
  await village.inGrid('老周').says('1 办结 换了灯泡')
  await village.says('刘嫂', '满意')
  await village.passes({ days: 31 })
  await village.says('刘嫂', '三组桥头的路灯又坏了')
  expect(await village.ticket(2)).toMatchObject({ status: 'open', place: '三组桥头' })
  expect((await village.ticket(1)).status).toBe('closed')
})

test('only who reported it can say 满意 or 没好', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.inGrid('老周').says('1 办结 换了灯泡')
  const result = village.hears('villagers', '1号')
  for (const text of ['满意', '没好', '1号满意', '1号没好']) {
    await village.inVillagers('王婶').replies(result, text)
    await village.says('王婶', text)
  }
  expect((await village.ticket(1)).status).toBe('resolved')
})

test('what is opened again after its deadline gets a new one', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.inGrid('老周').says('1 办结 换了灯泡')
  await village.until('2026-03-16T09:00:00+08:00')
  await village.says('刘嫂', '没好，还是黑的')
  expect((await village.ticket(1)).status).toBe('open')
  const dueAt = new Date((await village.ticket(1)).dueAt ?? 0)
  expect(dueAt.getTime()).toBeGreaterThan(village.clock.now().getTime())
  await village.passes({ days: 15 })
  expect(village.everHeard('@陈书记').filter((message) => message.kind === 'reminder').length).toBe(1)
})

test('deadlines count working days: over the Spring Festival, the make-up days and a weekend', async () => {
  for (const [at, due] of [
    ['2026-02-12T10:00:00+08:00', '2026-02-26'],
    ['2026-04-29T10:00:00+08:00', '2026-05-09'],
    ['2026-03-06T23:59:00+08:00', '2026-03-13'],
    ['2026-03-07T10:00:00+08:00', '2026-03-13'],
  ] as const) {
    const village = await aVillage({ at })
    await village.says('刘嫂', '三组桥头路灯坏了')
    expect(dueDay((await village.ticket(1)).dueAt), `reported at ${at}`).toBe(due)
  }
})

test('an extension counts from the old deadline and the chain follows it', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.inGrid('老周').says('1 延 3天 等配件')
  expect((await village.ticket(1)).dueAt).toBe('2026-03-12T18:00:00+08:00')
  await village.inGrid('老周').says('1 收')
  await village.until('2026-03-12T17:59:00+08:00')
  expect(village.heard('@老周').filter((message) => message.kind === 'reminder')).toEqual([])
  await village.until('2026-03-12T18:00:00+08:00')
  village.hears('@老周', '到期')
})

test('nobody is reminded of anything between ten in the evening and seven in the morning', async () => {
  for (const at of ['2026-03-02T21:45:00+08:00', '2026-03-03T03:00:00+08:00', '2026-02-15T17:30:00+08:00']) {
    const village = await aVillage({ at })
    await village.says('刘嫂', '三组桥头路灯坏了')
    await village.says('王婶', '二组小卖部门口水管爆了，水流得到处都是，急得很')
    await village.passes({ days: 20 })
    const sent = await village.database.db.outboxMessage.findMany({ where: { kind: { in: ['reminder', 'digest'] } } })
    const hours = sent.map((message) => wallTime(message.sentAt ?? new Date(0), 'Asia/Shanghai').hour)
    expect(hours.length).toBeGreaterThan(5)
    const loud = hours.filter((hour) => hour >= 22 || hour < 7)
    expect(loud).toEqual([])
  }
})

test('where each grid has a room of its own, each hears its digest', async () => {
  const file = villageFile('qinghe')
  const village = await aVillage({
    village: {
      ...file,
      rooms: [
        { id: 'villagers', kind: 'villagers' },
        { id: 'grid', kind: 'grid', grid: '一网格' },
        { id: 'grid2', kind: 'grid', grid: '二网格' },
      ],
    },
  })
  await village.says('刘嫂', '三组桥头路灯坏了')
  village.hears('grid', '#1 ')
  await village.says('赵大爷', '五组晒谷场路灯坏了')
  village.hears('grid2', '#2 ')
  await village.until('2026-03-03T08:00:00+08:00')
  village.hears('grid', '今日待办', '#1 ')
  village.hears('grid2', '今日待办', '#2 ')
})

test('a clock that jumps back by a day silences nothing', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  village.clock.set(new Date('2026-03-01T09:00:00+08:00'))
  await village.says('赵大爷', '五组晒谷场路灯坏了')
  village.hears('villagers', '2号')
  village.hears('grid', '#2 ')
})

test('a clock that jumps forward by a month makes each reminder fall due once', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  village.clock.set(new Date('2026-04-10T09:00:00+08:00'))
  await village.app.settle()
  const heard = village.everHeard('@老周').map((message) => message.text)
  expect(new Set(heard).size).toBe(heard.length)
  await village.says('赵大爷', '五组晒谷场路灯坏了')
  expect((await village.ticket(2)).dueAt).toBe('2026-04-17T18:00:00+08:00')
})
