import { expect, test } from 'vitest'
import { aVillage } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

const VAGUE = '补贴怎么领？'

for (const provider of providers) {
  test(`${provider}: what could mean several things is asked back once, and a number answers it`, async () => {
    const village = await aVillage({ provider })
    await village.direct('刘嫂').says(VAGUE)
    const question = village.hears('@刘嫂', '哪一种')
    expect(question.kind).toBe('question')
    expect(question.choices?.length).toBeGreaterThan(1)
    expect(question.choices?.length).toBeLessThanOrEqual(3)
    await village.restarts()
    await village.direct('刘嫂').says('2')
    expect(village.hears('@刘嫂', '依据').kind).toBe('answer')
    await village.direct('刘嫂').says('2')
    expect(village.heard('@刘嫂').every(({ kind }) => kind !== 'answer')).toBe(true)
    expect(await village.tickets()).toEqual([])
  })

  test(`${provider}: more words are taken with the first ones, and are not asked about again`, async () => {
    const village = await aVillage({ provider })
    await village.direct('刘嫂').says(VAGUE)
    village.hears('@刘嫂', '哪一种')
    await village.direct('刘嫂').says('就是国家发的那种')
    expect(village.heard('@刘嫂').every(({ kind }) => kind !== 'question')).toBe(true)
    expect(await village.database.db.inquiry.findMany()).toMatchObject([
      { question: expect.stringContaining('补贴'), status: expect.stringMatching(/^(answered|handed-over)$/) },
    ])
  })
}

test('none of the ways: somebody who knows is asked', async () => {
  const village = await aVillage()
  await village.direct('刘嫂').says(VAGUE)
  await village.direct('刘嫂').says('都不是')
  village.hears('@吴老师', '补贴')
})

test('a question back that nobody answers lapses without a word', async () => {
  const village = await aVillage()
  await village.direct('刘嫂').says(VAGUE)
  await village.passes({ hours: 1 })
  village.hearsNothing('@刘嫂', '@吴老师')
  await village.direct('刘嫂').says('1')
  expect(village.heard('@刘嫂').every(({ kind }) => kind !== 'answer')).toBe(true)
})

test('in the room only who was asked is heard, and talk goes on', async () => {
  const village = await aVillage()
  await village.says('刘嫂', `@小格 ${VAGUE}`, { mention: true })
  village.hears('villagers', '哪一种')
  await village.says('王婶', '1')
  village.hearsNothing('villagers')
  await village.says('刘嫂', '等下我去接娃儿')
  village.hearsNothing('villagers', '@吴老师')
  await village.says('刘嫂', '1')
  village.hears('villagers', '依据')
})

test('an emergency in between is an emergency', async () => {
  const village = await aVillage()
  await village.direct('刘嫂').says(VAGUE)
  await village.direct('刘嫂').says('三组王婶家起火了')
  expect(await village.tickets()).toMatchObject([{ urgency: 'emergency' }])
})
