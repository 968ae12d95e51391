import { describe, expect, test } from 'vitest'
import { aVillage } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

for (const provider of providers) {
  describe(`from a complaint to a result (${provider})`, () => {
    test('by replies to the card: each step has its line and the reporter hears only what concerns them', async () => {
      const village = await aVillage({ provider })
      await village.says('刘嫂', '三组村口路灯坏了')
      village.hears('villagers', '1号', '路灯')
      expect(village.heard('villagers')).toHaveLength(1)
      const card = village.hears('grid', '#1 ', '三组村口', '●○○○○')

      await village.inGrid('老周').replies(card, '收')
      village.hears('grid', '#1 ', '●●○○○')
      village.hearsNothing('villagers', '@刘嫂')

      await village.inGrid('老周').replies(card, '派 小杨')
      expect(village.hears('grid', '●●●○○').mentions.map((mention) => mention.name)).toEqual(['小杨'])
      village.hears('@小杨', '#1 ')
      village.hearsNothing('villagers')

      // A reply to a later line about the ticket is as good as one to its card.
      const assigned = await village.card(1)
      await village.inGrid('小杨').replies(assigned, '在办')
      const underWay = village.hears('grid', '●●●●○')

      await village.inGrid('小杨').replies(underWay, '办结 换了灯泡', { attachments: [village.photo()] })
      village.hears('grid', '●●●●●')
      const result = village.hears('villagers', '1号', '换了灯泡')
      expect(result.mentions.map((mention) => mention.name)).toEqual(['刘嫂'])
      expect(result.attachments).toHaveLength(1)
      expect(village.heard('villagers')).toHaveLength(1)

      await village.says('刘嫂', '满意')
      village.hearsNothing('villagers')
      expect(await village.ticket(1)).toMatchObject({
        status: 'closed',
        assignee: '小杨',
        reporters: ['刘嫂'],
        result: '换了灯泡',
      })
      expect((await village.ticket(1)).history.map(({ by, event }) => `${by} ${event}`)).toEqual([
        '刘嫂 opened',
        '老周 confirm',
        '老周 assign',
        '小杨 start',
        '小杨 resolve',
        '刘嫂 satisfied',
      ])
    })

    test('by number, before or after the verb, full-width or with 号', async () => {
      const village = await aVillage({ provider })
      await village.says('刘嫂', '三组村口路灯坏了')
      await village.says('赵大爷', '五组晒谷场路灯坏了')
      await village.inGrid('老周').says('2 收')
      expect((await village.ticket(2)).status).toBe('confirmed')
      expect((await village.ticket(1)).status).toBe('open')
      await village.inGrid('老周').says('收1')
      expect((await village.ticket(1)).status).toBe('confirmed')
      await village.inGrid('老周').says('＃１ 派老周')
      expect(await village.ticket(1)).toMatchObject({ status: 'assigned', assignee: '老周' })
      await village.inGrid('老周').says('2号办结 线头接好了')
      expect(await village.ticket(2)).toMatchObject({ status: 'resolved' })
      village.hears('villagers', '2号', '线头接好了')
      expect((await village.ticket(1)).status).toBe('assigned')
    })

    test('by the bare verb where only one can be meant, and a short list where several can', async () => {
      const village = await aVillage({ provider })
      await village.says('刘嫂', '三组村口路灯坏了')
      await village.inGrid('老周').says('收')
      expect((await village.ticket(1)).status).toBe('confirmed')
      await village.passes({ hours: 3 })
      await village.says('赵大爷', '五组晒谷场路灯坏了')
      await village.says('王婶', '二组小卖部门口水管爆了')
      const before = await village.records()
      await village.inGrid('小杨').says('收')
      const asked = village.hears('grid', '#2 ', '#3 ')
      expect(asked.text).not.toContain('#1 ')
      expect((await village.records())['tickets']).toEqual(before['tickets'])
    })
  })
}

test('a message id of the assistant in another room means nothing in the grid room', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组村口路灯坏了')
  const receipt = village.hears('villagers', '1号')
  await village.says('赵大爷', '五组晒谷场路灯坏了')
  await village.inGrid('老周').replies(receipt, '收')
  expect((await village.ticket(1)).status).toBe('open')
  expect((await village.ticket(2)).status).toBe('open')
})

test('the quote counts before the number, the number before the quoted text', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组村口路灯坏了')
  await village.says('赵大爷', '五组晒谷场路灯坏了')
  const first = await village.card(1)
  const second = await village.card(2)
  await village.inGrid('老周').replies(first, '收')
  expect((await village.ticket(1)).status).toBe('confirmed')
  await village.inGrid('老周').says('2 收', { quote: { text: first.text } })
  expect((await village.ticket(2)).status).toBe('confirmed')
  await village.inGrid('老周').says('派 小杨', { quote: { text: second.text } })
  expect(await village.ticket(2)).toMatchObject({ assignee: '小杨' })
  expect((await village.ticket(1)).assignee).toBeUndefined()
})

test('one question at a time: the second report of somebody does not put a second question beside the first', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '路灯坏了，麻烦来修一下')
  await village.passes({ minutes: 2 })
  const [question, ...more] = village.heard('villagers').filter((message) => message.kind === 'question')
  expect(question?.text).toContain('1号')
  expect(more).toEqual([])
  // Somebody else's place is no answer.
  await village.says('王婶', '五组晒谷场')
  await village.passes({ minutes: 2 })
  expect((await village.ticket(1)).place).toBeNull()
  await village.says('刘嫂', '三组村口')
  village.hears('villagers', '1号', '三组村口')
  expect(await village.ticket(1)).toMatchObject({ place: '三组村口', group: '3' })
  expect((await village.tickets()).length).toBe(1)
})

test('at most two questions for one ticket, whatever is answered', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '路灯坏了，麻烦来修一下')
  await village.passes({ minutes: 2 })
  const first = village.everHeard('villagers').findLast((message) => message.kind === 'question')
  if (!first) throw new Error('nothing was asked')
  for (const answer of ['就那里嘛', '还不是老地方', '你们晓得的']) {
    const asked = village.everHeard('villagers').findLast((message) => message.kind === 'question') ?? first
    await village.inVillagers('刘嫂').replies(asked, answer)
    await village.passes({ minutes: 3 })
  }
  expect(village.everHeard('villagers').filter((message) => message.kind === 'question').length).toBeLessThanOrEqual(2)
  expect((await village.tickets()).length).toBe(1)
})

test('a bare 办结 is asked for one sentence, and the sentence closes the ticket of the question', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组村口路灯坏了')
  await village.says('赵大爷', '五组晒谷场路灯坏了')
  await village.inGrid('老周').says('1 办结')
  village.hears('grid', '1号', '什么')
  village.hearsNothing('villagers')
  expect((await village.ticket(1)).status).toBe('open')
  // Another worker's words are not the answer.
  await village.inGrid('小杨').says('换了个新灯泡')
  expect((await village.ticket(1)).status).toBe('open')
  await village.inGrid('老周').says('灯泡换了新的')
  expect(await village.ticket(1)).toMatchObject({ status: 'resolved', result: '灯泡换了新的' })
  expect((await village.ticket(2)).status).toBe('open')
})

test('several numbers in one line, one of them unknown: nothing is half done', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组村口路灯坏了')
  await village.says('赵大爷', '五组晒谷场路灯坏了')
  await village.inGrid('老周').says('1 2 9 收')
  village.hears('grid', '9号')
  expect((await village.tickets()).map((ticket) => ticket.status)).toEqual(['open', 'open'])
  await village.inGrid('老周').says('1 2 收')
  expect((await village.tickets()).map((ticket) => ticket.status)).toEqual(['confirmed', 'confirmed'])
})

test('the same step twice, or by two workers at once, is taken once', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组村口路灯坏了')
  await Promise.all([village.inGrid('老周').says('1 收'), village.inGrid('小杨').says('1 收')])
  await village.inGrid('老周').says('1 收')
  village.hearsNothing('grid')
  const { history } = await village.ticket(1)
  expect(history.filter((entry) => entry.event === 'confirm')).toHaveLength(1)
})

test('what was handled twice by the network is done once', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组村口路灯坏了', { id: 'same' })
  await village.says('刘嫂', '三组村口路灯坏了', { id: 'same' })
  village.hearsNothing('villagers', 'grid')
  await village.inGrid('老周').says('1 办结 换了灯泡', { id: 'done' })
  await village.inGrid('老周').says('1 办结 换了灯泡', { id: 'done' })
  village.hearsNothing('villagers', 'grid')
  expect((await village.tickets()).length).toBe(1)
})
