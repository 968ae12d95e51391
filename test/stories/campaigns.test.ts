import { describe, expect, test } from 'vitest'
import { campaignsOf } from '../../src/features/campaigns/state.ts'
import { xiaoge } from '../cli/run.ts'
import { aVillage, type Conversation, groupWords, type Setting } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

const SENTENCE = '周六上午8点环境卫生整治，三组文化广场集合，接龙'
/** On a network whose messages can be changed. */
const editing = (setting: Setting = {}) => aVillage({ ...setting, capabilities: { edits: true } })

async function calls(village: Conversation, sentence = SENTENCE) {
  await village.direct('陈书记').says(sentence)
  const card = village.hears('@陈书记', '活动卡片')
  await village.direct('陈书记').says('确认')
  const call = village.everHeard('villagers').at(-1)
  if (!call) throw new Error(`no call; the card was ${card.text}`)
  return call
}

/** What the call shows now, where it is changed in place. */
const shown = (village: Conversation) => village.everHeard('villagers').at(-1)?.text ?? ''

for (const provider of providers) {
  test(`a clean-up from the sentence to the result (${provider})`, async () => {
    const village = await editing({ provider })
    await village.direct('陈书记').says(SENTENCE)
    const card = village.hears('@陈书记', '3月7日（周六）上午8:00', '三组文化广场集合', '村民群')
    expect(card.text).toContain('3月6日（周五）晚上7:00')
    expect(village.inGroups()).toEqual([])
    await village.direct('陈书记').replies(card, '确认')
    const call = village.everHeard('villagers')[0]
    expect(call?.text).toContain('自愿参加')

    await village.says('刘嫂', '接龙')
    await village.says('王婶', '我参加 两个人')
    await village.says('赵大爷', '算我一个')
    await village.inVillagers('大军').replies(call as never, '+3')
    await village.passes({ minutes: 1 })
    expect(village.everHeard('villagers').every(({ messageId }) => messageId === call?.messageId)).toBe(true)
    expect(shown(village)).toContain('接龙：7人\n1. 刘嫂\n2. 王婶 2人\n3. 赵大爷\n4. 大军 3人')
    await village.says('赵大爷', '不去了')
    await village.says('刘嫂', '我们家来两个人')
    await village.passes({ minutes: 1 })
    expect(shown(village)).toContain('接龙：7人\n1. 刘嫂 2人\n2. 王婶 2人\n3. 大军 3人')

    await village.until('2026-03-06T19:00:00+08:00')
    village.hears('villagers', '提醒', '三组文化广场')
    await village.until('2026-03-07T07:00:00+08:00')
    village.hears('villagers', '提醒')
    await village.inVillagers('刘嫂').says('整治前', { attachments: [village.photo()] })
    village.hearsNothing('villagers', 'grid')
    await village.until('2026-03-07T11:00:00+08:00')
    await village.inGrid('老周').says('整治后照片', { attachments: [village.photo(), village.photo()] })
    village.hears('grid', '整治后照片2张')
    await village.inGrid('老周').says('整治完成，到场35人，清运垃圾3车')
    const result = village.hears('villagers', '到场35人', '清运垃圾3车', '照片3张')
    // A villager's photo is kept, and not passed on by the assistant.
    expect(result.attachments.length).toBe(2)
    const [row] = await campaignsOf(village.database.db, await village.database.db.village.findFirstOrThrow(), 2026)
    expect(row).toMatchObject({
      state: 'done',
      place: '三组文化广场',
      signedUp: 7,
      people: 35,
      loads: 3,
      photosBefore: 1,
      photosAfter: 2,
    })
    expect(await village.tickets()).toEqual([])
    const events = await village.database.db.auditEntry.findMany({ where: { event: { startsWith: 'campaign-' } } })
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['campaign-drafted', 'campaign-called', 'campaign-joined', 'campaign-left']),
    )
    expect(events.at(-1)?.event).toBe('campaign-finished')
  })
}

test('where messages cannot be changed the list is said anew, at most every ten minutes', async () => {
  const village = await aVillage()
  await calls(village)
  for (let n = 1; n <= 30; n++) {
    await village.says(`村民${n}`, '接龙')
    await village.passes({ minutes: 1 })
  }
  const lists = village
    .everHeard('villagers')
    .filter(({ text }) => text.includes('接龙：') && !text.includes('还没有人'))
  expect(lists.length).toBeGreaterThan(0)
  expect(lists.length).toBeLessThanOrEqual(3)
  await village.passes({ minutes: 15 })
  expect(shown(village)).toContain('接龙：30人')
})

test('joining twice is joining once, and no number of people is absurd', async () => {
  const village = await editing()
  await calls(village)
  for (const text of ['接龙', '接龙', '我参加', '报名']) await village.says('刘嫂', text)
  await village.says('大军', '+99')
  await village.passes({ minutes: 1 })
  expect(shown(village)).toContain('接龙：21人\n1. 刘嫂\n2. 大军 20人')
})

test('questions and refusals join nobody', async () => {
  const village = await editing()
  await calls(village)
  const lines = ['接龙是什么？', '我参加不了', '可以带娃娃参加吗', '我来说两句', '报名要钱吗', '还没人报名', '不报名']
  for (const line of lines) await village.says('刘嫂', line)
  await village.passes({ minutes: 2 })
  expect(await village.database.db.campaignParticipant.count()).toBe(0)
})

test('who only writes in private is answered there', async () => {
  const village = await editing()
  await calls(village)
  await village.says('刘嫂', '大家早')
  await village.direct('刘嫂').says('我参加 三个人')
  village.hears('@刘嫂', '3人')
  await village.direct('刘嫂').says('不去了')
  village.hears('@刘嫂', '不算您')
})

describe('rights', () => {
  test('a villager calls nobody, closes nothing and confirms nothing', async () => {
    const village = await editing()
    await village.says('大军', '大家好')
    await village.direct('大军').says(SENTENCE)
    village.hears('@大军', '书记')
    await village.says('大军', SENTENCE)
    village.hearsNothing('villagers', 'grid')
    const call = await calls(village)
    await village.inVillagers('大军').replies(call, '取消')
    await village.inVillagers('大军').replies(call, '整治完成，清运垃圾300车')
    await village.passes({ minutes: 5 })
    expect((await village.database.db.campaign.findFirst())?.state).toBe('called')
    expect(groupWords(village)).not.toContain('300车')
  })

  test('a grid worker’s 确认 of the card is refused in private', async () => {
    const village = await editing()
    await village.inGrid('陈书记').says(SENTENCE)
    const card = village.hears('grid', '活动卡片')
    await village.inGrid('老周').replies(card, '确认')
    village.hears('@老周', '书记')
    village.hearsNothing('villagers')
  })
})

test('the card is changed by a word, and nothing is called before 确认', async () => {
  const village = await editing()
  await village.direct('陈书记').says(SENTENCE)
  await village.direct('陈书记').says('改到周日上午9点')
  village.hears('@陈书记', '3月8日（周日）上午9:00')
  await village.direct('陈书记').says('地点改成村委会')
  village.hears('@陈书记', '村委会集合')
  const card = village.hears('@陈书记')
  await village.direct('陈书记').says('不要接龙')
  expect(village.hears('@陈书记').text).not.toContain('回“接龙”')
  await village.passes({ hours: 2 })
  expect(village.inGroups()).toEqual([])
  await village.direct('陈书记').replies(card, '确认')
  await village.says('刘嫂', '接龙')
  await village.passes({ minutes: 5 })
  expect(await village.database.db.campaignParticipant.count()).toBe(0)
})

test('called off, those who were called hear it, and nobody is reminded', async () => {
  const village = await editing()
  const call = await calls(village)
  await village.inVillagers('陈书记').replies(call, '取消')
  village.hears('villagers', '取消了')
  const before = village.everHeard('villagers').length
  await village.until('2026-03-07T09:00:00+08:00')
  expect(village.everHeard('villagers').length).toBe(before)
})

test('a sentence without a time is asked about, one that comes every week is left to the calendar', async () => {
  const village = await editing()
  await village.direct('陈书记').says('周六环境卫生整治，三组文化广场集合，接龙')
  village.hears('@陈书记', '几点')
  await village.direct('陈书记').says('每周六上午8点环境卫生整治，三组文化广场集合')
  expect(await village.database.db.campaign.count()).toBe(0)
})

test('+1 after a ticket’s receipt is the ticket’s, and after the call the call’s', async () => {
  const village = await editing()
  await calls(village)
  await village.says('刘嫂', '三组桥头路灯坏了')
  await village.says('王婶', '+1')
  await village.passes({ minutes: 1 })
  expect((await village.ticket(1)).reporters).toContain('王婶')
  expect(await village.database.db.campaignParticipant.count()).toBe(0)
})

test('at night the call waits for seven o’clock', async () => {
  const village = await editing({ at: '2026-03-05T22:30:00+08:00' })
  await village.direct('陈书记').says(SENTENCE)
  village.hears('@陈书记', '7点')
  await village.direct('陈书记').says('确认')
  await village.until('2026-03-06T06:59:00+08:00')
  expect(village.everHeard('villagers')).toEqual([])
  await village.until('2026-03-06T07:01:00+08:00')
  expect(village.everHeard('villagers').length).toBe(1)
})

test('a restart between the call and the list loses nobody and calls nobody twice', async () => {
  const village = await editing()
  await calls(village)
  await village.says('刘嫂', '接龙')
  await village.restarts()
  await village.says('王婶', '接龙')
  await village.restarts()
  await village.passes({ minutes: 1 })
  expect(shown(village)).toContain('接龙：2人')
  const ids = new Set(village.everHeard('villagers').map(({ messageId }) => messageId))
  expect(ids.size).toBe(1)
})

test('two at once are told apart by quote', async () => {
  const village = await editing()
  const first = await calls(village)
  await calls(village, '周日下午2点清理河道垃圾，桥头集合，接龙')
  await village.says('刘嫂', '接龙')
  await village.inVillagers('王婶').replies(first, '接龙')
  await village.passes({ minutes: 1 })
  const people = await village.database.db.campaignParticipant.findMany()
  expect(people.map(({ campaignId }) => campaignId)).toEqual([1])
})

test('the command counts the year', async () => {
  const village = await editing()
  const call = await calls(village)
  await village.says('刘嫂', '我参加 两个人')
  await village.until('2026-03-07T11:00:00+08:00')
  await village.inVillagers('陈书记').replies(call, '整治完成，清运垃圾十二车，整治五处')
  const { url } = village.database
  const { status, stdout } = await xiaoge(['campaigns', '--json', '--year', '2026'], { url })
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    year: 2026,
    campaigns: [{ startsAt: '2026-03-07T08:00:00+08:00', signedUp: 2, loads: 12, places: 5 }],
    total: { done: 1, people: 2, places: 5, loads: 12, photos: 0 },
  })
  const table = await xiaoge(['campaigns'], { url })
  expect(table.stdout).toContain('2026: 1 done, people 2, places 5, loads 12')
  expect((await xiaoge(['campaigns', '--year', '26'], { url })).status).toBe(2)
  const empty = await xiaoge(['campaigns', '--year', '2025', '--json'], { url })
  expect(JSON.parse(empty.stdout).campaigns).toEqual([])
})

test('reminds when the sentence says so', async () => {
  const village = await editing()
  await calls(village, '周六上午8点环境卫生整治，三组文化广场集合，接龙，提前两小时提醒')
  await village.until('2026-03-06T23:00:00+08:00')
  expect(village.everHeard('villagers').length).toBe(1)
  await village.until('2026-03-07T07:30:00+08:00')
  village.hears('villagers', '提醒')
  expect(village.everHeard('villagers').length).toBe(2)
})
