import { describe, expect, test } from 'vitest'
import { aVillage, type Conversation } from '../support/conversation.ts'

const MONTHLY = '每月5日上午九点主题党日，提前一天和一小时提醒，发党员群'

async function states(village: Conversation): Promise<string[]> {
  const rows = await village.database.db.schedule.findMany({ orderBy: { id: 'asc' } })
  return rows.map(({ title, status }) => `${title} ${status}`)
}

/** The village at 09:00 on Monday, 2 March 2026, with the monthly Party day armed. */
async function withPartyDay(): Promise<Conversation> {
  const village = await aVillage()
  await village.direct('陈书记').says(MONTHLY)
  await village.direct('陈书记').says('确认')
  village.hears('@陈书记', '定好了', '3月5日')
  return village
}

describe('a sentence becomes a card', () => {
  test('with dates, weekdays, lunar dates, rooms and reminders', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says(MONTHLY)
    const card = village.hears('@陈书记', '主题党日', '3月5日（周四，正月十七）上午9点', '党员群', '提前1天、提前1小时')
    expect(card.kind).toBe('card')
    expect(card.choices).toEqual(['确认', '取消'])
    expect(card.text).toContain('4月5日（周日，二月十八）上午9点，放假')
    expect(await states(village)).toEqual(['主题党日 draft'])
  })

  test('another that is at the same time is said to clash', async () => {
    const village = await withPartyDay()
    await village.direct('陈书记').says('3月5日上午九点半开党员大会，发党员群')
    village.hears('@陈书记', '撞在一起', '主题党日')
  })

  test('what would be at night is reminded of by day, and the card says so', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says('3月6日早上七点半环境卫生整治，提前两小时提醒，发村民群')
    village.hears('@陈书记', '不打扰', '3月6日（周五）早上7点')
    await village.direct('陈书记').says('确认')
    await village.until('2026-03-06T06:59:00+08:00')
    village.hearsNothing('villagers')
    await village.until('2026-03-06T07:01:00+08:00')
    village.hears('villagers', '今天', '环境卫生整治')
  })

  test('an emergency does not wait for the morning', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says('明天早上六点防汛应急集合，提前一小时提醒，发村民群')
    await village.direct('陈书记').says('确认')
    await village.until('2026-03-03T05:01:00+08:00')
    village.hears('villagers', '防汛')
  })

  test('what lies in the past or does not exist is refused with the reason', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says('2月30日上午九点开党员大会，发党员群')
    expect(village.hears('@陈书记', '2月30日').kind).toBe('refusal')
    await village.direct('陈书记').says('今天早上8点开支委会，发党员群')
    expect(village.hears('@陈书记', '过去').kind).toBe('refusal')
    expect(await states(village)).toEqual([])
  })

  test('what is not said is asked once', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says('下周三下午开支委会，提前一小时提醒')
    expect(village.hears('@陈书记', '几点').kind).toBe('question')
    await village.direct('陈书记').says('三点半')
    village.hears('@陈书记', '支委会', '3月11日（周三，正月廿三）下午3点30分')
    await village.direct('陈书记').says('确认')
    village.hears('@陈书记', '定好了')
    await village.until('2026-03-11T14:31:00+08:00')
    village.hears('party', '支委会')
  })

  test('a draft nobody confirms lapses after a day, with one word to its author', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says(MONTHLY)
    await village.passes({ hours: 25 })
    village.hears('@陈书记', '作废')
    expect(village.heard('@陈书记')).toHaveLength(1)
    await village.direct('陈书记').says('确认')
    expect(await states(village)).toEqual(['主题党日 lapsed'])
    await village.passes({ days: 5 })
    village.hearsNothing('party')
  })
})

describe('only 确认 of somebody who may arms it', () => {
  test('好的 and 可以 do not', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says(MONTHLY)
    for (const word of ['好的', '可以', '没问题', '谢谢']) await village.direct('陈书记').says(word)
    expect(await states(village)).toEqual(['主题党日 draft'])
  })

  test('a villager who quotes the card is refused in private', async () => {
    const village = await aVillage()
    await village.inRoom('party', '陈书记').says(MONTHLY)
    const card = village.hears('party', '主题党日')
    for (const text of ['确认', '取消', '改到下午三点']) {
      await village.inRoom('party', '王婶').replies(card, text)
      expect(village.hears('@王婶', '书记').kind).toBe('refusal')
      village.hearsNothing('party')
    }
    await village.inRoom('party', '王婶').says('确认')
    village.hearsNothing('party', '@王婶')
    expect(await states(village)).toEqual(['主题党日 draft'])
  })

  test('a villager’s own order is refused in private', async () => {
    const village = await aVillage()
    await village.inVillagers('王婶').says('小格，每周五下午三点提醒大家打扫卫生', { mention: true })
    expect(village.hears('@王婶', '书记').kind).toBe('refusal')
    village.hearsNothing('villagers')
    expect(await states(village)).toEqual([])
  })

  test('twice is once', async () => {
    const village = await withPartyDay()
    await village.direct('陈书记').says('确认')
    village.hears('@陈书记', '已经定好')
    await village.until('2026-03-05T12:00:00+08:00')
    expect(village.everHeard('party')).toHaveLength(2)
  })

  test('of two drafts it must be said which', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says(MONTHLY)
    await village.direct('陈书记').says('本周五下午三点环境卫生整治，提前一小时提醒，发村民群')
    await village.direct('陈书记').says('确认')
    village.hears('@陈书记', '哪一份', '安排1', '安排2')
    await village.direct('陈书记').says('确认2')
    village.hears('@陈书记', '定好了', '环境卫生整治')
    expect(await states(village)).toEqual(['主题党日 draft', '环境卫生整治 armed'])
  })

  test('a card that was changed since does not count any more', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says(MONTHLY)
    const old = village.hears('@陈书记', '主题党日')
    await village.direct('陈书记').says('改到下午三点')
    village.hears('@陈书记', '下午3点')
    await village.direct('陈书记').replies(old, '确认')
    const current = village.hears('@陈书记', '最新', '下午3点')
    expect(await states(village)).toEqual(['主题党日 draft'])
    await village.direct('陈书记').replies(current, '确认')
    village.hears('@陈书记', '定好了')
  })

  test('确认 under somebody else’s message is not meant for it', async () => {
    const village = await aVillage()
    await village.inRoom('party', '陈书记').says(MONTHLY)
    const other = await village.inRoom('party', '王婶').says('我明天来不了')
    await village.inRoom('party', '陈书记').replies(other, '确认')
    expect(await states(village)).toEqual(['主题党日 draft'])
  })
})

describe('a draft is changed by saying so', () => {
  const changes: [string, ...string[]][] = [
    ['改到下午三点', '3月5日', '下午3点'],
    ['下午三点半', '3月5日', '下午3点30分'],
    ['改到6日', '每月6日', '上午9点', '3月6日'],
    ['改成每月第一个周五下午两点', '3月6日', '下午2点'],
    ['发村民群', '村民群'],
    ['发到党员群和村民群', '党员群', '村民群'],
    ['提前两小时提醒', '提前2小时'],
    ['标题改成廉政党日', '廉政党日', '3月5日'],
    ['不对，是下午四点', '下午4点'],
  ]
  test.each(changes)('%s', async (text, ...words) => {
    const village = await aVillage()
    await village.direct('陈书记').says(MONTHLY)
    await village.direct('陈书记').says(text)
    village.hears('@陈书记', ...words)
    expect((await states(village)).map((state) => state.split(' ')[1])).toEqual(['draft'])
  })

  test('to what cannot be, with the reason; the draft stays', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says('3月20日上午九点开党员大会，发党员群')
    await village.direct('陈书记').says('改到2月30日上午九点')
    village.hears('@陈书记', '2月30日')
    await village.direct('陈书记').says('推迟一天')
    village.hears('@陈书记', '3月21日（周六', '上午9点')
  })
})

describe('reminders', () => {
  test('each goes out once, over restarts', async () => {
    const village = await withPartyDay()
    await village.until('2026-03-04T08:59:00+08:00')
    await village.restarts()
    await village.until('2026-03-04T09:00:00+08:00')
    village.hears('party', '明天3月5日', '主题党日')
    await village.restarts()
    await village.passes({ minutes: 10 })
    village.hearsNothing('party')
    await village.until('2026-03-05T12:00:00+08:00')
    await village.restarts()
    expect(village.everHeard('party')).toHaveLength(2)
    await village.until('2026-04-05T12:00:00+08:00')
    expect(village.everHeard('party')).toHaveLength(4)
  })

  test('after a downtime: still useful, so late, and it says so', async () => {
    const village = await withPartyDay()
    village.clock.set(new Date('2026-03-05T08:30:00+08:00'))
    await village.passes({ minutes: 2 })
    const [reminder, ...more] = village.heard('party')
    expect(more).toEqual([])
    expect(reminder?.text).toContain('晚了')
  })

  test('after a downtime: over, so not at all, and the secretary hears it once', async () => {
    const village = await withPartyDay()
    await village.direct('陈书记').says('3月5日上午10点大扫除，发村民群')
    await village.direct('陈书记').says('确认')
    village.clock.set(new Date('2026-03-06T08:30:00+08:00'))
    await village.passes({ minutes: 5 })
    village.hearsNothing('party', 'villagers')
    expect(village.heard('@陈书记')).toHaveLength(1)
    village.hears('@陈书记', '没能按时', '主题党日', '大扫除')
    await village.passes({ days: 1 })
    village.hearsNothing('@陈书记')
  })

  test('a clock that goes back repeats nothing', async () => {
    const village = await withPartyDay()
    await village.until('2026-03-04T09:01:00+08:00')
    village.hears('party', '主题党日')
    village.clock.set(new Date('2026-03-03T09:00:00+08:00'))
    await village.until('2026-03-04T20:00:00+08:00')
    village.hearsNothing('party')
  })

  test('at night nothing is caught up on; in the morning it is', async () => {
    const village = await withPartyDay()
    village.clock.set(new Date('2026-03-04T23:30:00+08:00'))
    await village.passes({ minutes: 5 })
    village.hearsNothing('party')
    await village.until('2026-03-05T07:05:00+08:00')
    village.hears('party', '晚了', '主题党日')
  })

  test('confirmed when every lead has passed: once, at once', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says('今天上午9点40分开党员大会，提前一小时提醒，发党员群')
    village.hears('@陈书记', '马上发一次')
    await village.direct('陈书记').says('确认')
    village.hears('party', '党员大会')
    await village.passes({ hours: 3 })
    village.hearsNothing('party')
    expect(await states(village)).toEqual(['党员大会 ended'])
  })
})

describe('cancel, move, undo', () => {
  test('a reply to a reminder cancels this one, and the room that was reminded hears it', async () => {
    const village = await withPartyDay()
    await village.until('2026-03-04T09:01:00+08:00')
    const reminder = village.hears('party', '主题党日')
    await village.inRoom('party', '陈书记').replies(reminder, '取消')
    village.hears('party', '3月5日（周四）上午9点', '取消了')
    await village.until('2026-03-05T12:00:00+08:00')
    village.hearsNothing('party')
    await village.until('2026-04-04T10:00:00+08:00')
    village.hears('party', '4月5日')
  })

  test('the card of what recurs asks: this one or all', async () => {
    const village = await withPartyDay()
    const armed = village.hears('@陈书记', '定好了')
    await village.direct('陈书记').replies(armed, '取消')
    expect(village.hears('@陈书记', '这次取消', '全部取消').choices).toEqual(['这次取消', '全部取消'])
    await village.direct('陈书记').says('全部取消')
    village.hears('@陈书记', '不再提醒')
    village.hearsNothing('party')
    await village.passes({ days: 40 })
    village.hearsNothing('party')
    expect(await states(village)).toEqual(['主题党日 cancelled'])
  })

  test('推迟 moves one, with reminders of its own; the next is as ever', async () => {
    const village = await withPartyDay()
    await village.until('2026-03-04T09:01:00+08:00')
    const reminder = village.hears('party', '主题党日')
    await village.inRoom('party', '陈书记').replies(reminder, '推迟两天')
    village.hears('party', '改时间', '3月7日（周六）上午9点')
    await village.until('2026-03-05T12:00:00+08:00')
    village.hearsNothing('party')
    await village.until('2026-03-06T09:01:00+08:00')
    village.hears('party', '明天3月7日')
    await village.until('2026-04-04T10:00:00+08:00')
    village.hears('party', '4月5日')
  })

  test('改到 of an armed one asks: this time or always', async () => {
    const village = await withPartyDay()
    await village.direct('陈书记').says('改到下午三点')
    const question = village.hears('@陈书记', '这次改到下午三点', '以后都改到下午三点')
    await village.direct('陈书记').replies(question, '以后都改到下午三点')
    village.hears('@陈书记', '改好了', '下午3点')
    await village.until('2026-03-05T14:01:00+08:00')
    village.hears('party', '下午3点')
    await village.until('2026-04-05T14:01:00+08:00')
    expect(village.everHeard('party').filter(({ text }) => text.includes('上午'))).toEqual([])
  })

  test('撤销 brings back what was cancelled, and the room hears it', async () => {
    const village = await withPartyDay()
    await village.until('2026-03-04T09:01:00+08:00')
    const reminder = village.hears('party', '主题党日')
    await village.inRoom('party', '陈书记').replies(reminder, '取消')
    village.hears('party', '取消了')
    await village.inRoom('party', '陈书记').says('撤销')
    village.hears('party', '不变', '3月5日（周四）上午9点')
    await village.until('2026-03-05T08:01:00+08:00')
    village.hears('party', '今天3月5日')
    await village.until('2026-03-05T20:00:00+08:00')
    await village.inRoom('party', '陈书记').says('撤销')
    village.hearsNothing('party')
  })

  test('撤销 right after 确认 makes it a draft again', async () => {
    const village = await withPartyDay()
    await village.direct('陈书记').says('撤销')
    village.hears('@陈书记', '退回')
    expect(await states(village)).toEqual(['主题党日 draft'])
    await village.until('2026-03-05T12:00:00+08:00')
    village.hearsNothing('party')
  })
})

describe('收到 and lists', () => {
  test('收到 is counted without a word, and only the secretary hears who', async () => {
    const village = await withPartyDay()
    await village.inRoom('party', '赵大爷').says('今天天气不错')
    await village.until('2026-03-04T09:01:00+08:00')
    const reminder = village.hears('party', '主题党日')
    await village.inRoom('party', '刘嫂').says('收到')
    await village.inRoom('party', '刘嫂').says('收到')
    await village.inRoom('party', '王婶').replies(reminder, '好的')
    village.hearsNothing('party')
    await village.inRoom('party', '陈书记').says('谁没看？')
    village.hearsNothing('party')
    village.hears('@陈书记', '收到2人：刘嫂、王婶', '赵大爷')
    await village.inRoom('party', '王婶').says('谁没看')
    village.hearsNothing('party', '@王婶')
  })

  test('本周安排 shows what is planned, in a room only what is said there', async () => {
    const village = await withPartyDay()
    await village.direct('陈书记').says('本周五下午三点环境卫生整治，提前一小时提醒，发村民群')
    await village.direct('陈书记').says('确认')
    await village.direct('陈书记').says('本周安排')
    village.hears('@陈书记', '3月5日（周四）上午9点 主题党日', '3月6日（周五）下午3点 环境卫生整治')
    await village.direct('陈书记').says('下月安排')
    village.hears('@陈书记', '下月', '4月5日')
    await village.inVillagers('王婶').says('小格，本周有什么安排？', { mention: true })
    expect(village.hears('villagers', '环境卫生整治').text).not.toContain('主题党日')
    await village.direct('王婶').says('下周安排')
    village.hears('@王婶', '没有安排')
  })
})

describe('what is none', () => {
  test.each([
    '明天上午9点我去镇里开会，有事打电话',
    '昨天主题党日开得不错',
    '主题党日几点开始？',
    '党课的照片发群里',
    '确认',
    '😀'.repeat(50),
    `每周五下午三点提醒大家打扫卫生${'好'.repeat(10_000)}`,
  ])('%.20s', async (text) => {
    const village = await aVillage()
    await village.inRoom('party', '陈书记').says(text)
    village.hearsNothing('party', '@陈书记')
    expect(await states(village)).toEqual([])
  })
})
