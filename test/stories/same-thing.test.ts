import { describe, expect, test } from 'vitest'
import { aVillage, type Conversation } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

const names = (mentions: { name: string }[]) => mentions.map((mention) => mention.name).sort()

/** #1 of 刘嫂, #2 of 赵大爷, #3 of 王婶: three lamps at three places. */
async function threeLamps(provider: (typeof providers)[number] = 'sqlite'): Promise<Conversation> {
  const village = await aVillage({ provider })
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.says('赵大爷', '五组晒谷场路灯坏了')
  await village.says('王婶', '二组小卖部路灯坏了')
  expect((await village.tickets()).length).toBe(3)
  return village
}

for (const provider of providers) {
  describe(`the same thing (${provider})`, () => {
    test('+1 makes no second ticket, needs no answer, and hears the result', async () => {
      const village = await aVillage({ provider })
      await village.says('刘嫂', '三组停水了')
      await village.says('王婶', '+1')
      village.hearsNothing('villagers', 'grid', '@王婶')
      await village.says('王婶', '+1')
      village.hearsNothing('villagers', 'grid')
      expect(await village.ticket(1)).toMatchObject({ reporters: ['刘嫂', '王婶'], reporter: '刘嫂' })
      await village.inGrid('老周').says('1 办结 总阀换了')
      expect(names(village.hears('villagers', '总阀换了').mentions)).toEqual(['刘嫂', '王婶'].sort())
      expect(village.heard('villagers')).toHaveLength(1)
      // A "+1" may say that it is not good, too.
      await village.says('王婶', '没好，还是没水')
      expect((await village.ticket(1)).status).toBe('open')
    })

    test('merging joins the people; splitting and undoing set them free again', async () => {
      const village = await threeLamps(provider)
      await village.inGrid('老周').says('2 并 1')
      expect(await village.ticket(2)).toMatchObject({ status: 'merged', mergedInto: 1 })
      await village.inGrid('老周').says('撤销')
      expect(await village.ticket(2)).toMatchObject({ status: 'open' })
      expect((await village.ticket(2)).mergedInto).toBeUndefined()
      await village.inGrid('老周').says('2 并 1')
      await village.passes({ minutes: 10 })
      await village.inGrid('老周').says('2 拆')
      expect(await village.ticket(2)).toMatchObject({ status: 'open', reporters: ['赵大爷'] })
      await village.inGrid('老周').says('1 办结 换了灯泡')
      expect(names(village.hears('villagers', '换了灯泡').mentions)).toEqual(['刘嫂'])
    })
  })
}

test('a +1 from another group is a linked second ticket with a card that says so', async () => {
  const village = await aVillage({ village: 'shuanglong' })
  await village.says('孙伯', '二组停水了')
  await village.says('秀英', '我们七组也没水')
  expect(await village.ticket(2)).toMatchObject({ group: '7', linkedTo: 1, reporters: ['秀英'] })
  village.hears('grid', '#2 ', '#1')
  await village.inGrid('阿兰').says('1 办结 换了阀门')
  expect(names(village.hears('villagers', '换了阀门').mentions)).toEqual(['孙伯'])
})

test('by a chain of merges everybody hears the one result', async () => {
  const village = await threeLamps()
  await village.inGrid('老周').says('1 并 2')
  await village.inGrid('老周').says('2 并 3')
  await village.inGrid('老周').says('3 办结 换了保险丝')
  expect(names(village.hears('villagers', '换了保险丝').mentions)).toEqual(['刘嫂', '王婶', '赵大爷'].sort())
})

test('after a chain of merges the first one still finds its living ticket', async () => {
  const village = await threeLamps()
  await village.inGrid('老周').says('1 并 2')
  await village.inGrid('老周').says('2 并 3')
  await village.inGrid('老周').says('3 办结 换了保险丝')
  await village.says('刘嫂', '没好，还是黑的')
  expect((await village.ticket(3)).status).toBe('open')
})

test('two tickets cannot be merged into each other', async () => {
  const village = await threeLamps()
  await village.inGrid('老周').says('1 并 2')
  await village.inGrid('老周').says('2 并 1')
  expect((await village.ticket(2)).status).toBe('open')
  await village.inGrid('老周').says('3 并 3')
  expect((await village.ticket(3)).status).toBe('open')
})

for (const [how, end] of [
  ['closed', ['1 办结 换了灯泡', '满意']],
  ['rejected', ['1 不属实 灯是好的', '']],
] as const) {
  test(`nothing is merged into what is ${how}: its people would never hear anything`, async () => {
    const village = await threeLamps()
    await village.inGrid('老周').says(end[0])
    if (end[1] !== '') await village.says('刘嫂', end[1])
    expect((await village.ticket(1)).status).toBe(how)
    await village.inGrid('老周').says('2 并 1')
    expect((await village.ticket(2)).status).toBe('open')
    expect(village.heard('grid').length).toBe(1)
  })
}

const STEPS = [
  ['1 收', 'confirmed'],
  ['1 派 小杨', 'assigned'],
  ['1 在办', 'handling'],
  ['1 办结 换了灯泡', 'resolved'],
  ['1 不属实 灯是好的', 'rejected'],
  ['1 并 2', 'merged'],
  ['1 改 道路', 'open'],
  ['1 急', 'open'],
  ['1 延 3天 等配件', 'open'],
] as const

describe('undo', () => {
  test('brings back what each step changed, for the one who took it and within five minutes', async () => {
    const village = await threeLamps()
    const fields = async () => {
      const { version: _, updatedAt: __, ...rest } = await village.row(1)
      return rest
    }
    for (const [line, status] of STEPS) {
      const before = await fields()
      await village.inGrid('老周').says(line)
      const after = await fields()
      expect(after.status, line).toBe(status)
      expect(after, `${line} should change something`).not.toEqual(before)
      await village.inGrid('小杨').says('撤销')
      expect(await fields(), `小杨 took back what 老周 did: ${line}`).toEqual(after)
      await village.passes({ minutes: 4 })
      await village.inGrid('老周').says('撤销')
      expect(await fields(), `撤销 after ${line}`).toEqual(before)
      await village.inGrid('老周').says('撤销')
      expect(await fields(), `撤销 twice after ${line}`).toEqual(before)
      await village.passes({ minutes: 6 })
    }
  })

  test('is refused after five minutes, and after somebody else has gone on', async () => {
    const village = await threeLamps()
    await village.inGrid('老周').says('1 收')
    await village.passes({ minutes: 5, seconds: 1 })
    await village.inGrid('老周').says('撤销')
    expect((await village.ticket(1)).status).toBe('confirmed')
    await village.inGrid('老周').says('2 收')
    await village.inGrid('小杨').says('2 派 小杨')
    await village.inGrid('老周').says('撤销')
    expect((await village.ticket(2)).status).toBe('assigned')
  })

  test('of a result and of a refusal reaches those who had been told', async () => {
    const village = await threeLamps()
    await village.inGrid('老周').says('1 办结 换了灯泡')
    await village.inGrid('老周').says('撤销')
    village.hears('villagers', '1号')
    await village.inGrid('老周').says('2 不属实 灯是好的')
    village.hears('villagers', '2号', '没有立单')
    await village.inGrid('老周').says('撤销')
    expect((await village.ticket(2)).status).toBe('open')
    expect(names(village.hears('villagers', '2号').mentions)).toEqual(['赵大爷'])
  })

  test('of a result takes the photo of the result with it, not those of the report', async () => {
    const village = await aVillage()
    await village.says('刘嫂', '三组桥头路灯坏了', { attachments: [village.photo()] })
    await village.inGrid('老周').says('1 办结 换了灯泡', { attachments: [village.photo()] })
    expect((await village.ticket(1)).attachments).toBe(2)
    await village.inGrid('老周').says('撤销')
    expect((await village.ticket(1)).attachments).toBe(1)
  })
})
