import { describe, expect, test } from 'vitest'
import { aVillage, type Conversation, type Setting } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

/** 清河村 and 双龙村 in one database; their rooms have the same names. */
async function twoVillages(setting: Setting = {}): Promise<[Conversation, Conversation]> {
  const village = await aVillage({ ...setting, beside: ['shuanglong'] })
  const [other] = village.neighbours
  if (!other) throw new Error('there is no other village')
  return [village, other]
}

for (const provider of providers) {
  for (const sameNetwork of [false, true]) {
    describe(`two villages in one database, ${sameNetwork ? 'on one network' : 'each on its own'} (${provider})`, () => {
      test('each counts from one, and nothing of one is heard in the other', async () => {
        const [qinghe, shuanglong] = await twoVillages({ provider, sameNetwork })
        await qinghe.says('刘嫂', '三组桥头路灯坏了')
        shuanglong.hearsNothing('villagers', 'grid', '@阿兰', '@马师傅', '@唐书记')
        await shuanglong.says('秀英', '七组桥头路灯坏了')
        shuanglong.hears('villagers', '1号')
        qinghe.hearsNothing('villagers', 'grid', '@老周', '@陈书记')
        expect((await qinghe.ticket(1)).reporters).toEqual(['刘嫂'])
        expect((await shuanglong.ticket(1)).reporters).toEqual(['秀英'])

        await qinghe.inGrid('老周').says('1 办结 换了灯泡')
        shuanglong.hearsNothing('villagers', 'grid', '@秀英')
        expect((await shuanglong.ticket(1)).status).toBe('open')
        await shuanglong.says('秀英', '满意')
        expect((await qinghe.ticket(1)).status).toBe('resolved')
        await shuanglong.inGrid('阿兰').says('1 在办')
        expect(await shuanglong.ticket(1)).toMatchObject({ status: 'handling', assignee: '阿兰' })
        expect(await qinghe.ticket(1)).toMatchObject({ status: 'resolved', assignee: '老周' })
        await shuanglong.inGrid('阿兰').says('2 收')
        shuanglong.hears('grid', '没有2号')

        await qinghe.until('2026-03-03T08:00:00+08:00')
        shuanglong.hears('grid', '今日待办', '七组桥头')
        qinghe.hearsNothing('grid')
      })

      test('a worker of one village has no rights in the other, whatever they quote or number', async () => {
        const [qinghe, shuanglong] = await twoVillages({ provider, sameNetwork })
        await qinghe.says('刘嫂', '三组桥头路灯坏了')
        await shuanglong.says('秀英', '七组桥头路灯坏了')
        const theirs = await shuanglong.card(1)
        const ours = await qinghe.card(1)
        const before = await shuanglong.row(1)
        for (const line of ['收', '1 收', '1 办结 换了灯泡', '1 派 老周', '1', '待办'])
          await shuanglong.inGrid('老周').replies(theirs, line)
        await shuanglong.inGrid('老周').replies(ours, '收')
        expect(await shuanglong.row(1)).toEqual(before)
        // Nor does a card of the other village select anything at home.
        await qinghe.inGrid('老周').replies(theirs, '收')
        expect(await shuanglong.row(1)).toEqual(before)
        // Nobody of another village can be given work.
        await qinghe.inGrid('老周').says('1 派 阿兰')
        expect((await qinghe.ticket(1)).assignee).toBeUndefined()
        qinghe.hearsNothing('@阿兰')
        shuanglong.hearsNothing('@阿兰', 'grid')
      })
    })
  }
}

test('a direct message belongs to the village where its sender was last heard', async () => {
  const [qinghe, shuanglong] = await twoVillages({ sameNetwork: true })
  await qinghe.says('刘嫂', '三组桥头路灯坏了')
  await shuanglong.says('刘嫂', '七组麦场路灯坏了')
  await qinghe.direct('刘嫂').says('进度 1')
  expect(qinghe.hears('@刘嫂', '1号').text).toContain('麦场')
  await qinghe.says('刘嫂', '大家早')
  await qinghe.direct('刘嫂').says('进度 1')
  expect(qinghe.hears('@刘嫂', '1号').text).toContain('三组桥头')
})

test('a sensitive report by direct message goes to the confidants of one village only', async () => {
  const [qinghe, shuanglong] = await twoVillages({ sameNetwork: true })
  await shuanglong.says('刘嫂', '大家早')
  await qinghe.says('刘嫂', '大家早')
  await qinghe.direct('刘嫂').says('我男人昨晚又动手打我，身上都青了')
  qinghe.hears('@老周', '#1 ')
  shuanglong.hearsNothing('@阿兰', '@马师傅', '@唐书记', 'grid', 'villagers')
  expect(await shuanglong.tickets()).toEqual([])
})

test('the progress of a number is that of one’s own village', async () => {
  const [qinghe, shuanglong] = await twoVillages()
  await qinghe.says('刘嫂', '三组桥头路灯坏了')
  await qinghe.says('赵大爷', '五组晒谷场路灯坏了')
  await shuanglong.says('秀英', '进度 2')
  expect(shuanglong.hears('villagers', '2号').text).not.toContain('晒谷场')
})

test('an emergency calls the workers and the secretary of its own village only', async () => {
  const [qinghe, shuanglong] = await twoVillages({ sameNetwork: true })
  await shuanglong.says('秀英', '七组麦场起火了！快来人')
  await shuanglong.passes({ minutes: 10 })
  shuanglong.hears('@唐书记', '麦场')
  expect(qinghe.everHeard('@陈书记')).toEqual([])
  expect(qinghe.everHeard('@老周')).toEqual([])
  expect(qinghe.everHeard('villagers')).toEqual([])
})
