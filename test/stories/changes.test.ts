import { describe, expect, test } from 'vitest'
import { aVillage } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

for (const provider of providers) {
  describe(`edits and recalls (${provider})`, () => {
    test('an edit before the bundle is taken counts as if it had been written so', async () => {
      const village = await aVillage({ provider })
      const first = await village.says('刘嫂', '三组那个路灯')
      village.hearsNothing('villagers', 'grid')
      await village.edits('刘嫂', first, '三组桥头路灯坏了')
      await village.passes({ minutes: 2 })
      expect((await village.tickets()).length).toBe(1)
      expect(await village.row(1)).toMatchObject({ place: '三组桥头', text: '三组桥头路灯坏了' })
    })

    test('a recall before the bundle is taken leaves nothing, or what else was said', async () => {
      const village = await aVillage({ provider })
      const only = await village.says('刘嫂', '路灯又不亮了')
      await village.recalls('刘嫂', only)
      await village.passes({ minutes: 3 })
      expect(await village.tickets()).toEqual([])
      expect(village.inGroups()).toEqual([])
    })

    test('an edit of an open report corrects it and the workers hear the new words', async () => {
      const village = await aVillage({ provider })
      const report = await village.says('刘嫂', '三组桥头路灯坏了')
      await village.edits('刘嫂', report, '二组小卖部路灯坏了')
      expect(await village.ticket(1)).toMatchObject({ group: '2', place: '二组小卖部' })
      village.hears('grid', '#1 ', '二组小卖部')
      village.hearsNothing('villagers')
      await village.passes({ seconds: 1 })
      await village.edits('刘嫂', report, '二组祠堂路灯坏了')
      expect((await village.ticket(1)).place).toBe('二组祠堂')
      expect((await village.tickets()).length).toBe(1)
    })

    test('after a worker has confirmed it an edit is passed on and changes no field; a recall takes the words only', async () => {
      const village = await aVillage({ provider })
      const report = await village.says('刘嫂', '三组桥头路灯坏了')
      await village.inGrid('老周').says('1 收')
      await village.edits('刘嫂', report, '二组小卖部路灯坏了')
      expect(await village.ticket(1)).toMatchObject({ group: '3', place: '三组桥头', status: 'confirmed' })
      village.hears('grid', '二组小卖部')
      await village.recalls('刘嫂', report)
      expect(await village.row(1)).toMatchObject({ status: 'confirmed', text: '', summary: '' })
      await village.inGrid('老周').says('1 办结 换了灯泡')
      expect((await village.ticket(1)).status).toBe('resolved')
    })

    test('a recall of an open report withdraws it, once', async () => {
      const village = await aVillage({ provider })
      const report = await village.says('刘嫂', '三组桥头路灯坏了，电话13800001234', {
        attachments: [village.photo()],
      })
      await village.recalls('刘嫂', report)
      village.hears('grid', '#1 ')
      expect(await village.row(1)).toMatchObject({ status: 'withdrawn', text: '', summary: '', contact: null })
      expect((await village.ticket(1)).attachments).toBe(0)
      await village.recalls('刘嫂', report)
      village.hearsNothing('grid', 'villagers')
      const stored = await village.database.db.inboxEvent.findMany({ where: { messageId: report.messageId } })
      expect(JSON.stringify(stored)).not.toContain('138')
    })
  })
}

test('two edits in the same second: the later words count', async () => {
  const village = await aVillage()
  const report = await village.says('刘嫂', '三组桥头路灯坏了')
  await village.edits('刘嫂', report, '二组小卖部路灯坏了')
  await village.edits('刘嫂', report, '二组祠堂路灯坏了')
  expect((await village.ticket(1)).place).toBe('二组祠堂')
})

test('the same edit told twice by the network is told once to the workers', async () => {
  const village = await aVillage()
  const report = await village.says('刘嫂', '三组桥头路灯坏了')
  await village.edits('刘嫂', report, '二组小卖部路灯坏了')
  await village.edits('刘嫂', report, '二组小卖部路灯坏了')
  village.hearsNothing('grid')
})

test('nobody can edit what somebody else has said', async () => {
  const village = await aVillage()
  const report = await village.says('刘嫂', '三组桥头路灯坏了')
  const before = await village.row(1)
  await village.edits('王婶', report, '二组小卖部路灯坏了')
  await village.edits('老周', report, '二组小卖部路灯坏了')
  expect(await village.row(1)).toEqual(before)
  village.hearsNothing('grid', 'villagers')
})

test('an edit that arrives after the recall brings nothing back', async () => {
  const village = await aVillage()
  const chatter = await village.says('刘嫂', '三组桥头路灯坏了')
  await village.recalls('刘嫂', chatter)
  await village.passes({ seconds: 1 })
  await village.edits('刘嫂', chatter, '二组小卖部路灯坏了')
  await village.passes({ minutes: 2 })
  expect((await village.tickets()).filter((ticket) => ticket.status !== 'withdrawn')).toEqual([])
})

test('chatter that becomes a report by an edit is one; a report that becomes chatter stays one', async () => {
  const village = await aVillage()
  const chatter = await village.says('刘嫂', '今天赶场不')
  await village.edits('刘嫂', chatter, '三组桥头路灯坏了')
  village.hears('villagers', '1号')
  await village.passes({ seconds: 1 })
  await village.edits('刘嫂', chatter, '哈哈')
  expect(await village.ticket(1)).toMatchObject({ status: 'open', category: 'light', place: '三组桥头' })
})

test('a worker’s line that is edited later takes no second step', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  const line = await village.inGrid('老周').says('1 收')
  await village.edits('老周', line, '1 不属实 灯是好的')
  expect((await village.ticket(1)).status).toBe('confirmed')
  await village.recalls('老周', line)
  expect((await village.ticket(1)).status).toBe('confirmed')
})

test('a recall of what others joined leaves them their ticket', async () => {
  const village = await aVillage()
  const report = await village.says('刘嫂', '三组停水了')
  await village.says('王婶', '我们也没水')
  await village.recalls('刘嫂', report)
  expect(await village.ticket(1)).toMatchObject({ status: 'open', category: 'water' })
  await village.inGrid('老周').says('1 办结 阀门换了')
  expect(village.hears('villagers', '阀门').mentions.map((mention) => mention.name)).toContain('王婶')
})

test('recalls and edits of messages that nobody has seen do nothing', async () => {
  const village = await aVillage()
  const never = { where: 'villagers', by: '刘嫂', messageId: 'never', text: '' }
  await village.edits('刘嫂', never, '三组桥头路灯坏了')
  await village.recalls('刘嫂', never)
  await village.passes({ minutes: 2 })
  expect(await village.tickets()).toEqual([])
  expect(await village.database.db.inboxEvent.count({ where: { state: { not: 'done' } } })).toBe(0)
})

test('a photo that is recalled is gone from the ticket, the ticket is not', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  const photo = await village.inVillagers('刘嫂').sends(village.photo())
  expect((await village.ticket(1)).attachments).toBe(1)
  await village.recalls('刘嫂', photo)
  expect(await village.ticket(1)).toMatchObject({ attachments: 0, status: 'open' })
})
