import { expect, test } from 'vitest'
import { aVillage, type Conversation, groupWords, villageFile } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

const TRADEMARK = '请问商标被别的公司抢先注册了，法律上怎么办？'

/** A village with two legal helpers. */
function withHelpers() {
  const file = villageFile('qinghe')
  return { ...file, people: [...file.people, { name: '向老师', role: 'legal-helper' as const, duty: false }] }
}

const inquiries = (village: Conversation) => village.database.db.inquiry.findMany({ orderBy: { id: 'asc' } })

for (const provider of providers) {
  test(`${provider}: a question without an answer goes to a legal helper, and the reply back to who asked`, async () => {
    const village = await aVillage({ provider })
    await village.direct('刘嫂').says(TRADEMARK)
    village.hears('@刘嫂', '说不准', '12348')
    const asked = village.hears('@吴老师', TRADEMARK)
    village.hearsNothing('villagers', 'grid')
    expect(asked.text).not.toContain('刘嫂')
    expect(await village.tickets()).toEqual([])

    await village.direct('吴老师').replies(asked, '先到市场监管所提异议，带上您先用这个牌子的凭据。')
    village.hears('@刘嫂', '法律明白人答复', '市场监管所')
    const kept = village.hears('@吴老师', '存')
    expect(await inquiries(village)).toMatchObject([{ status: 'answered' }])

    await village.direct('吴老师').replies(kept, '存')
    const review = village.hears('@陈书记', '商标', '采用')
    await village.direct('陈书记').replies(review, '采用')
    village.hears('@陈书记', '以后')
    village.hears('@吴老师', '采用了')

    await village.direct('王婶').says('商标被别的公司抢先注册了怎么办')
    village.hears('@王婶', '市场监管所', '陈书记', '2026-03-02审核')
    village.hearsNothing('@吴老师', 'villagers', 'grid')
  })

  test(`${provider}: asked in the room, the answer comes to the room and names nobody`, async () => {
    const village = await aVillage({ provider })
    const said = await village.says('王婶', `@小格 ${TRADEMARK}`, { mention: true })
    expect(village.hears('villagers', '法律明白人').text).not.toMatch(/吴老师|王婶/)
    village.hears('@吴老师', '不要写别人的名字和号码')
    await village.direct('吴老师').says('要在三个月内提出异议，可以打13812345678问镇上。')
    const back = village.hears('villagers', '三个月内')
    expect(back.replyTo).toBe(said.messageId)
    expect(groupWords(village)).not.toContain('13812345678')
  })

  test(`${provider}: who does not answer is reminded, then it is the next one's turn, then the secretary's`, async () => {
    const village = await aVillage({ provider, village: withHelpers() })
    await village.direct('刘嫂').says(TRADEMARK)
    village.hears('@吴老师', '商标')
    await village.restarts()
    await village.passes({ hours: 7 })
    village.hears('@吴老师', '还在等')
    await village.passes({ hours: 18 })
    village.hears('@向老师', '商标')
    await village.passes({ days: 1 })
    village.hears('@陈书记', '商标')
    // The first one may still answer.
    await village.direct('吴老师').says('到市场监管所提异议就行。')
    village.hears('@刘嫂', '市场监管所')
    await village.passes({ days: 3 })
    village.hearsNothing('@刘嫂', '@向老师', '@陈书记')
  })

  test(`${provider}: where nobody knows, that is said once`, async () => {
    const village = await aVillage({ provider })
    await village.direct('刘嫂').says(TRADEMARK)
    await village.direct('吴老师').says('不清楚')
    village.hears('@陈书记', '商标')
    village.hears('@吴老师', '别人')
    await village.passes({ days: 2 })
    village.hears('@刘嫂', '对不住', '12348')
    await village.passes({ days: 3 })
    village.hearsNothing('@刘嫂', '@吴老师', '@陈书记')
  })
}

test('turns are fair, and nobody is asked their own question', async () => {
  const village = await aVillage({ village: withHelpers() })
  await village.direct('刘嫂').says(TRADEMARK)
  village.hears('@吴老师', '商标')
  await village.direct('王婶').says('专利被人仿冒了，法律上怎么办？')
  village.hears('@向老师', '专利')
  await village.direct('吴老师').says('公司注册资本不到位，股东要负什么法律责任？')
  village.hears('@向老师', '注册资本')
})

test('a helper with several questions is asked which one they mean; a quote says it', async () => {
  const village = await aVillage()
  await village.direct('刘嫂').says(TRADEMARK)
  const first = village.hears('@吴老师', '商标')
  await village.direct('王婶').says('专利被人仿冒了，法律上怎么办？')
  await village.direct('吴老师').says('先收好证据，再去投诉。')
  village.hears('@吴老师', '回复您要答的')
  village.hearsNothing('@刘嫂', '@王婶')
  await village.direct('吴老师').replies(first, '先收好证据，再去投诉。')
  village.hears('@刘嫂', '收好证据')
  village.hearsNothing('@王婶')
})

test('the same question again waits with the first', async () => {
  const village = await aVillage()
  await village.direct('刘嫂').says(TRADEMARK)
  await village.direct('刘嫂').says(TRADEMARK)
  village.hears('@刘嫂', '已经在请人')
  village.hearsNothing('@吴老师')
})

test('a question that is taken back is not to be answered any more', async () => {
  const village = await aVillage()
  const said = await village.direct('刘嫂').says(TRADEMARK)
  await village.recalls('刘嫂', said)
  village.hears('@吴老师', '收回')
  await village.direct('吴老师').says('到市场监管所提异议就行。')
  village.hearsNothing('@刘嫂')
  expect(JSON.stringify(await inquiries(village))).not.toContain('商标')
})

test('what a helper reports is a report and no answer', async () => {
  const village = await aVillage()
  await village.direct('刘嫂').says(TRADEMARK)
  await village.direct('吴老师').says('三组村口的路灯又不亮了')
  village.hearsNothing('@刘嫂')
  expect(await village.tickets()).toHaveLength(1)
  await village.direct('吴老师').says('好的')
  village.hearsNothing('@刘嫂')
})

test('a villager can neither answer for a helper nor adopt a card', async () => {
  const village = await aVillage()
  await village.direct('刘嫂').says(TRADEMARK)
  const asked = village.hears('@吴老师', '商标')
  await village.direct('赵大爷').replies(asked, '随便告就行，一告一个准。')
  village.hearsNothing('@刘嫂')
  await village.direct('吴老师').replies(asked, '到市场监管所提异议就行。')
  await village.direct('吴老师').says('存')
  village.hears('@陈书记', '采用')
  await village.direct('赵大爷').says('采用')
  village.hears('@赵大爷', '书记')
  expect(await village.database.db.villageCard.findMany()).toMatchObject([{ status: 'draft' }])
  await village.direct('陈书记').says('不采用')
  village.hears('@吴老师', '没有采用')
  await village.direct('王婶').says('商标被别的公司抢先注册了怎么办')
  expect(
    village
      .heard('@王婶')
      .map(({ text }) => text)
      .join(),
  ).not.toContain('市场监管所')
})

test('what names somebody is not kept as a card, unless it is put without the name', async () => {
  const village = await aVillage()
  await village.direct('刘嫂').says('老周把我的商标抢先注册了，法律上怎么办？')
  const asked = village.hears('@吴老师', '商标')
  await village.direct('吴老师').replies(asked, '到市场监管所提异议就行。')
  await village.direct('吴老师').says('存')
  village.hears('@吴老师', '人名')
  village.hearsNothing('@陈书记')
  await village.direct('吴老师').says('存 商标被人抢先注册了怎么办')
  expect(village.hears('@陈书记', '采用').text).not.toContain('老周')
})

test('where there is nobody to ask it becomes a matter for the grid workers', async () => {
  const file = villageFile('qinghe')
  const people = file.people.filter(({ role }) => role === 'grid-worker' || role === 'villager')
  const village = await aVillage({ village: { ...file, people } })
  await village.says('刘嫂', `@小格 ${TRADEMARK}`, { mention: true })
  await village.passes({ minutes: 3 })
  expect(await village.database.db.inquiry.count()).toBe(0)
})
