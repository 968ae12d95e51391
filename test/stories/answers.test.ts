import { expect, test } from 'vitest'
import { aVillage } from '../support/conversation.ts'

test('a question of law is answered where it is asked, with the articles, and opens nothing', async () => {
  const village = await aVillage()
  await village.direct('刘嫂').says('借钱没写利息能要利息吗？')
  village.hears('@刘嫂', '《民法典》第六百八十条', '一般性解答')
  village.hearsNothing('villagers', 'grid')
  expect(await village.database.db.ticket.count()).toBe(0)
})

test('what the cards do not know becomes a matter for people', async () => {
  const village = await aVillage()
  await village.says('孙伯', '请问一下，公司商标被人抢先注册了，法律上怎么办')
  await village.passes({ minutes: 3 })
  expect(
    village
      .everHeard('villagers')
      .map((message) => message.text)
      .join(),
  ).not.toContain('《')
})

test('talk with a question mark is left alone', async () => {
  const village = await aVillage()
  await village.says('王婶', '今天晚上几点跳舞？')
  await village.passes({ minutes: 3 })
  village.hearsNothing('villagers', 'grid')
})
