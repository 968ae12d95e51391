import { describe, expect, test } from 'vitest'
import { aVillage } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

const FIRE = '三组老王家起火了！火冲上房顶了快来人'

for (const provider of providers) {
  describe(`an emergency (${provider})`, () => {
    test('is called out at once, and told to the secretary after five minutes without an answer', async () => {
      const village = await aVillage({ provider, at: '2026-03-02T23:30:00+08:00' })
      await village.says('大军', FIRE)
      const alarm = village.hears('villagers', '119')
      expect(alarm.kind).toBe('alarm')
      expect(alarm.mentions.map((mention) => mention.name)).toEqual(['老周'])
      expect(village.heard('villagers')).toHaveLength(1)
      village.hears('grid', '#1 ')
      village.hears('@老周', '紧急', '老王家')
      village.hearsNothing('@陈书记')
      await village.passes({ minutes: 4, seconds: 59 })
      village.hearsNothing('@陈书记')
      await village.passes({ seconds: 1 })
      village.hears('@陈书记', '5分钟', '老王家')
      village.hears('grid', '#1 ')
      await village.passes({ minutes: 30 })
      village.hearsNothing('@陈书记', 'villagers')
    })

    test('that is answered in time is not told to the secretary, and a restart changes neither', async () => {
      const village = await aVillage({ provider })
      await village.says('大军', FIRE)
      await village.passes({ minutes: 2 })
      await village.restarts()
      village.hearsNothing('villagers', 'grid', '@老周')
      await village.direct('老周').says('收')
      expect((await village.ticket(1)).status).toBe('confirmed')
      await village.passes({ minutes: 20 })
      village.hearsNothing('@陈书记')

      await village.says('秀兰', '五组晒谷场有人落水了，快救人')
      await village.passes({ minutes: 2 })
      await village.restarts()
      await village.passes({ minutes: 3 })
      village.hears('@陈书记', '5分钟')
    })
  })
}

test('an outage of the assistant over the five minutes delays the call to the secretary and does not lose it', async () => {
  const village = await aVillage()
  await village.says('大军', FIRE)
  await village.app.stop()
  village.clock.set(new Date(village.clock.now().getTime() + 20 * 60_000))
  await village.restarts()
  village.hears('@陈书记', '老王家')
  await village.restarts()
  village.hearsNothing('@陈书记')
})

test('the same fire told by three people in a minute is one alarm and one ticket', async () => {
  const village = await aVillage()
  await village.says('大军', FIRE)
  await village.says('秀兰', '三组老王家着火了！快打119')
  await village.says('小明', '救命啊三组起火了')
  expect(village.everHeard('villagers')).toHaveLength(1)
  expect((await village.tickets()).length).toBe(1)
  expect((await village.ticket(1)).reporters).toEqual(['大军', '秀兰', '小明'])
})

test('an emergency is not held back by the question that somebody was asked', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '路灯坏了，麻烦来修一下')
  await village.passes({ minutes: 2 })
  await village.says('刘嫂', FIRE)
  village.hears('villagers', '119')
})

test('an emergency in a direct message is answered there and called out in no villagers’ room', async () => {
  const village = await aVillage()
  await village.direct('大军').says('你好')
  await village.says('大军', '大家好')
  await village.direct('大军').says(FIRE)
  village.hears('@大军', '119')
  village.hears('@老周', '紧急')
  village.hears('grid', '#1 ')
  village.hearsNothing('villagers')
})

test('danger at home goes to the few who may know, at once, and to the secretary again after five minutes', async () => {
  const village = await aVillage()
  await village.says('桂兰', '救命，我男人拿刀要砍我')
  await village.passes({ minutes: 6 })
  expect(
    village
      .inGroups()
      .map((message) => message.text)
      .join(),
  ).not.toMatch(/桂兰|男人|刀/)
  expect(village.everHeard('@陈书记').length).toBeGreaterThan(0)
  expect(
    village
      .everHeard('@桂兰')
      .map((message) => message.text)
      .join(),
  ).toContain('110')
})

test('a network that fails does not swallow the alarm', async () => {
  const village = await aVillage()
  village.failNext(
    { ok: false, retry: 'after', ms: 1000, reason: 'busy' },
    { ok: false, retry: 'unknown', reason: 'time-out' },
  )
  await village.says('大军', FIRE)
  await village.passes({ minutes: 1 })
  expect(village.everHeard('villagers')).toHaveLength(1)
  expect(village.everHeard('@老周')).toHaveLength(1)
})
