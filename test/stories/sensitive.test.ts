import { describe, expect, test } from 'vitest'
import { aVillage, type Conversation, groupWords } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

/** No group may have heard any of these words, in a text, a mention or an attachment. */
function noGroupHeard(village: Conversation, ...words: string[]): void {
  const heard = groupWords(village)
  for (const word of words) expect(heard, `a group heard “${word}”`).not.toContain(word)
}

async function history(village: Conversation, no: number): Promise<string[]> {
  return (await village.ticket(no)).history.map((entry) => entry.event)
}

for (const provider of providers) {
  describe(`the sensitive lane (${provider})`, () => {
    test('from the report to the result no group hears a word, a name or a place', async () => {
      const village = await aVillage({ provider })
      const secret = ['桂兰', '打', '男人', '二组', '小卖部', '家暴', '家庭', '派出所']
      await village.says('桂兰', '我家在二组小卖部后面，我男人昨晚又动手打我，身上都青了')
      village.hears('@桂兰', '110', '12338')
      village.hearsNothing('villagers', 'grid', 'party')
      expect(await village.ticket(1)).toMatchObject({ sensitive: true, category: 'family' })
      const card = village.hears('@老周', '#1 ')
      village.hearsNothing('@小杨')
      await village.direct('老周').replies(card, '收')
      await village.inGrid('老周').says('1 在办')
      await village.inGrid('小杨').says('待办')
      await village.passes({ days: 1 })
      await village.says('桂兰', '我的事怎么样了')
      await village.says('桂兰', '还没人来管我的事吗')
      await village.inGrid('老周').says('1 办结 派出所来训诫过，住到娘家去了')
      village.hears('@桂兰', '派出所')
      await village.direct('桂兰').says('没好，他又来了')
      expect((await village.ticket(1)).status).toBe('open')
      await village.passes({ days: 30 })
      expect((await history(village, 1)).length).toBeGreaterThan(4)
      noGroupHeard(village, ...secret)
    })

    test('the accused worker hears nothing by any path', async () => {
      const village = await aVillage({ provider })
      await village.says('韩大哥', '举报网格员老周把我家的低保款给了他亲戚')
      expect(await village.ticket(1)).toMatchObject({ sensitive: true, category: 'cadre' })
      village.hears('@陈书记', '#1 ')
      const said = [
        '1',
        '看 1',
        '1 收',
        '收',
        '收到',
        '待办',
        '还有哪些没办',
        '进度 1',
        '我的报修怎么样了',
        '1号怎么样了',
        '1 派 老周',
        '1 办结 都处理好了，没有这回事',
        '1 不属实 没有的事',
        '1 并 2',
        '2 并 1',
        '1 撤销',
        '撤销',
        '1 催',
        '+1',
        '1 改 道路',
        '1 延 3天 等配件',
        '拆',
      ]
      await village.says('刘嫂', '三组桥头路灯坏了')
      const before = await village.row(1)
      for (const line of said) {
        await village.direct('老周').says(line)
        await village.inGrid('老周').says(line)
        await village.inVillagers('老周').says(line)
        await village.passes({ minutes: 6 })
      }
      await village.passes({ days: 40 })
      await village.direct('陈书记').says('1 催')
      await village.direct('陈书记').says('1 派 老周')
      await village.direct('陈书记').says('1 派 小杨')
      await village.direct('陈书记').says('1 办结 查清楚了，款子退回来了')
      expect((await village.ticket(1)).assignee).not.toBe('老周')
      const heard = [...village.everHeard('@老周'), ...village.inGroups()].map((message) => message.text)
      for (const text of heard) expect(text).not.toMatch(/低保|韩大哥|亲戚|干部|#1\s|您说的事/)
      const { version, reporterId, accusedIds } = await village.row(1)
      expect({ reporterId, accusedIds }).toEqual({ reporterId: before.reporterId, accusedIds: before.accusedIds })
      expect(version).toBeGreaterThan(0)
    })
  })
}

test('where a cadre is accused, no other worker hears of it: not by the reminders either', async () => {
  const village = await aVillage()
  await village.says('韩大哥', '举报网格员老周把我家的低保款给了他亲戚')
  await village.passes({ days: 40 })
  expect(village.everHeard('@小杨').map((message) => message.text)).toEqual([])
  // It must not be forgotten, though.
  expect(village.everHeard('@陈书记').filter((message) => message.kind === 'reminder').length).toBeGreaterThan(0)
})

test('the secretary who urges a cadre’s matter does not tell it to another worker', async () => {
  const village = await aVillage()
  await village.says('韩大哥', '举报网格员老周把我家的低保款给了他亲戚')
  await village.direct('陈书记').says('1 催')
  village.hearsNothing('@小杨', '@老周', 'grid', 'villagers')
})

test('where the reporter of a cadre’s matter cannot be written to, no other worker is told their name', async () => {
  const village = await aVillage({ capabilities: { writesFirst: false } })
  await village.direct('陈书记').says('你好')
  await village.direct('小杨').says('你好')
  await village.says('韩大哥', '举报网格员老周把我家的低保款给了他亲戚')
  village.hearsNothing('@小杨', '@老周')
  const invitation = village.hears('villagers')
  expect(invitation.text).not.toMatch(/低保|亲戚|老周|举报/)
  village.hears('@陈书记', '#1 ')
})

test('whom the secretary gives a cadre’s matter to can work it', async () => {
  const village = await aVillage()
  await village.says('韩大哥', '举报网格员老周把我家的低保款给了他亲戚')
  await village.direct('陈书记').says('1 派 小杨')
  const card = village.hears('@小杨', '#1 ')
  await village.direct('小杨').replies(card, '在办')
  expect(await village.ticket(1)).toMatchObject({ status: 'handling', assignee: '小杨' })
  noGroupHeard(village, '低保', '韩大哥')
})

test('the accused secretary hears nothing; the administrator does', async () => {
  const village = await aVillage()
  await village.says('韩大哥', '举报陈书记把我家的低保款给了他亲戚')
  expect((await village.ticket(1)).sensitive).toBe(true)
  village.hears('@小罗', '#1 ')
  for (const line of ['1', '待办', '1 收', '进度 1', '1 办结 没有这回事的', '1 派 小杨'])
    await village.direct('陈书记').says(line)
  await village.passes({ days: 20 })
  const heard = village.everHeard('@陈书记').map((message) => message.text)
  for (const text of heard) expect(text).not.toMatch(/低保|韩大哥|#1\s/)
  expect(village.everHeard('@老周')).toEqual([])
  noGroupHeard(village, '低保', '韩大哥', '#1 ')
})

test('a sensitive matter that is merged into a public one does not come out with its result', async () => {
  const village = await aVillage()
  const report = await village.says('桂兰', '我男人昨晚又动手打我，身上都青了')
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.direct('老周').says('1 并 2')
  await village.passes({ minutes: 10 })
  await village.inGrid('老周').says('2 办结 换了灯泡')
  await village.passes({ days: 5 })
  noGroupHeard(village, '桂兰', '打', '男人')
  expect(village.inGroups().map((message) => message.replyTo)).not.toContain(report.messageId)
})

test('nothing public is merged into a sensitive one, and its number is as good as none in the grid room', async () => {
  const village = await aVillage()
  await village.says('桂兰', '我男人昨晚又动手打我，身上都青了')
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.inGrid('小杨').says('2 并 1')
  expect((await village.ticket(2)).status).toBe('open')
  await village.inGrid('小杨').says('1 收')
  village.hears('grid', '没有1号')
  const forOther = village.hears('grid').text.replace('1', '9')
  await village.inGrid('小杨').says('9 收')
  expect(village.hears('grid').text).toBe(forOther)
})

test('an edit that turns a harmless report into an accusation is as secret as one', async () => {
  const village = await aVillage()
  const report = await village.says('刘嫂', '三组桥头路灯坏了')
  const heardBefore = village.everHeard('@老周').length
  await village.edits('刘嫂', report, '举报网格员老周把修路灯的钱给了他亲戚')
  expect((await village.ticket(1)).sensitive).toBe(true)
  await village.direct('老周').says('1')
  await village.inGrid('老周').says('1 收')
  await village.passes({ days: 20 })
  const heard = village.everHeard('@老周').slice(heardBefore)
  for (const message of [...heard, ...village.inGroups()]) expect(message.text).not.toMatch(/亲戚|举报/)
  for (const message of heard) expect(message.text).not.toContain('#1 ')
  const { confirmedAt, accusedIds } = await village.row(1)
  expect(confirmedAt).toBeNull()
  expect(accusedIds).toHaveLength(1)
})

test('an edit that turns a harmless report into a sensitive one is told to those who can help', async () => {
  const village = await aVillage()
  const report = await village.says('刘嫂', '三组桥头路灯坏了')
  await village.edits('刘嫂', report, '我男人昨晚又动手打我，身上都青了')
  village.hears('@陈书记', '#1 ')
  village.hearsNothing('villagers', 'grid')
  noGroupHeard(village, '男人', '青了')
})

test('an accusation that follows a harmless report is not added to it', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.says('刘嫂', '就是网格员老周把买灯泡的钱贪了')
  await village.passes({ minutes: 3 })
  await village.inGrid('小杨').says('1')
  await village.direct('老周').says('1')
  expect(
    village
      .everHeard('@老周')
      .map((message) => message.text)
      .join(),
  ).not.toMatch(/贪/)
  noGroupHeard(village, '贪')
})

for (const [what, words, secret] of [
  ['despair', '我活着没意思，药都买好了，不想活了', ['药', '不想活', '没意思']],
  ['debts', '我欠了高利贷三十万，他们天天上门逼债', ['高利贷', '逼债', '三十万']],
  ['an identity number', '我的身份证号510123199001011234，帮我报一下养老保险', ['510123', '1990']],
  ['fraud', '我被骗了八万块，网上刷单的', ['八万', '刷单', '被骗']],
] as const) {
  test(`${what}: nothing of it in any group, whatever happens later`, async () => {
    const village = await aVillage()
    await village.says('秋月', words)
    await village.passes({ minutes: 3 })
    await village.inGrid('老周').says('1')
    await village.inGrid('老周').says('1 收')
    await village.inGrid('老周').says('待办')
    await village.says('秋月', '进度 1')
    await village.says('刘嫂', '进度 1')
    await village.passes({ days: 20 })
    noGroupHeard(village, ...secret)
    expect(
      village
        .everHeard('@刘嫂')
        .map((message) => message.text)
        .join(),
    ).not.toMatch(new RegExp(secret.join('|')))
  })
}

test('a private matter that turns out to be none: the reporter hears why, the group nothing', async () => {
  const village = await aVillage()
  await village.says('刘嫂', '医保卡在镇上刷不了，报销不了')
  expect(await village.ticket(1)).toMatchObject({ category: 'medins', sensitive: false })
  await village.inGrid('老周').says('1 不属实 去年没有缴费，补上就能用')
  village.hears('@刘嫂', '没有缴费')
  const room = village.everHeard('villagers').map((message) => message.text)
  expect(room.join()).not.toMatch(/缴费|补上|医保/)
})
