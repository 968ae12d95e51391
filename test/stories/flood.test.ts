import { expect, test } from 'vitest'
import { aVillage } from '../support/conversation.ts'

test('a bot that answers every answer is not answered for ever, and the administrator hears of it once', async () => {
  const village = await aVillage()
  for (let n = 0; n < 60; n++) {
    await village.says('机器人', `小格你好，帮助 ${n}`, { mention: true })
    await village.says('机器人', '帮助', { mention: true })
  }
  const answers = village.everHeard('villagers').length
  expect(answers).toBeGreaterThan(0)
  expect(answers).toBeLessThanOrEqual(30)
  expect(village.everHeard('@小罗').map(({ text }) => text)).toEqual([expect.stringContaining('两个机器人')])
  const refused = await village.database.db.outboxMessage.findMany({ where: { state: 'dead' } })
  expect(refused.length).toBeGreaterThan(10)

  // What matters goes on.
  await village.says('大军', '三组老王家起火了！快来人')
  village.hears('villagers', '119')
  await village.passes({ minutes: 2 })
  await village.says('刘嫂', '帮助', { mention: true })
  village.hears('villagers', '小格')
})

test('a storm of reports is no flood', async () => {
  const village = await aVillage()
  const places = ['村口', '晒谷场', '村委会', '小学', '文化广场', '桥头', '祠堂', '水塔', '卫生室', '小卖部']
  for (const group of ['一', '二', '三', '四', '五', '六'])
    for (const place of places) await village.says(`${group}${place}人`, `${group}组${place}路灯坏了`)
  expect((await village.tickets()).length).toBeGreaterThan(40)
  expect(await village.database.db.outboxMessage.count({ where: { state: 'dead' } })).toBe(0)
})
