import { describe, expect, test } from 'vitest'
import { aVillage, type Conversation } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

const labels = (village: Conversation) => village.database.db.label.findMany({ orderBy: { id: 'asc' } })
const HEARSAY = '听别个说河坝的栏杆好像有点松'

/** Somebody mentions something by the way: a candidate. */
async function mentioned(village: Conversation) {
  await village.says('大军', HEARSAY)
  await village.passes({ minutes: 3 })
  expect((await village.row(1)).status).toBe('candidate')
  return village.card(1)
}

for (const provider of providers) {
  describe(`what workers teach (${provider})`, () => {
    test('taking a candidate on says that its words were a problem, and undoing takes that back', async () => {
      const village = await aVillage({ provider })
      const card = await mentioned(village)
      expect(await labels(village)).toEqual([])
      await village.inGrid('老周').replies(card, '收')
      expect(await labels(village)).toMatchObject([
        { villageId: village.villageId, kind: 'accepted', text: HEARSAY, category: null, urgency: null, place: null },
      ])
      await village.inGrid('老周').says('撤销')
      expect((await village.row(1)).status).toBe('candidate')
      expect(await labels(village)).toEqual([])
    })

    test('dropping a candidate says that they were none; so does, less surely, leaving it alone', async () => {
      const village = await aVillage({ provider })
      await village.inGrid('老周').replies(await mentioned(village), '不是')
      expect(await labels(village)).toMatchObject([{ kind: 'dropped', text: HEARSAY }])
      const other = await aVillage({ provider })
      await mentioned(other)
      await other.passes({ days: 5 })
      expect((await other.row(1)).status).toBe('rejected')
      expect(await labels(other)).toMatchObject([{ kind: 'lapsed', text: HEARSAY, stepEventId: null }])
    })

    test('不属实 and corrections are kept with what was corrected; a step that teaches nothing is not', async () => {
      const village = await aVillage({ provider })
      await village.says('刘嫂', '三组桥头路灯坏了，电话13800001234')
      await village.inGrid('老周').says('1 收')
      expect(await labels(village)).toEqual([])
      await village.inGrid('老周').says('1 改 道路')
      await village.inGrid('老周').says('1 急')
      await village.inGrid('老周').says('1 改 地点 二组祠堂')
      await village.inGrid('老周').says('1 改 道路')
      await village.inGrid('老周').says('1 不属实 是自家跳闸')
      const text = '三组桥头路灯坏了，电话00000000000'
      expect(await labels(village)).toMatchObject([
        { kind: 'corrected', text, category: 'road', urgency: null, place: null },
        { kind: 'corrected', text, category: null, urgency: 'urgent', place: null },
        { kind: 'corrected', text, category: null, urgency: null, place: '二组祠堂' },
        { kind: 'rejected', text, category: null, urgency: null, place: null },
      ])
      await village.inGrid('老周').says('撤销')
      expect((await labels(village)).map(({ kind }) => kind)).toEqual(['corrected', 'corrected', 'corrected'])
    })

    test('one line about several tickets teaches each, and undoing one leaves the other', async () => {
      const village = await aVillage({ provider })
      await village.says('刘嫂', '三组桥头路灯坏了')
      await village.says('大军', '五组水塔那里停水了')
      await village.inGrid('老周').says('1 2 改 垃圾')
      expect((await labels(village)).map(({ ticketId }) => ticketId)).toEqual([
        (await village.row(1)).id,
        (await village.row(2)).id,
      ])
      await village.inGrid('老周').says('撤销')
      expect((await labels(village)).map(({ ticketId }) => ticketId)).toEqual([(await village.row(1)).id])
    })

    test('the kept words follow the reporter’s: changed with an edit, gone with a recall', async () => {
      const village = await aVillage({ provider })
      const report = await village.says('刘嫂', '三组桥头路灯坏了')
      await village.inGrid('老周').says('1 改 道路')
      await village.edits('刘嫂', report, '三组桥头的路烂了')
      expect(await labels(village)).toMatchObject([{ text: '三组桥头的路烂了', category: 'road' }])
      await village.recalls('刘嫂', report)
      expect(await labels(village)).toEqual([])
    })

    test('nothing of a sensitive ticket is kept, whatever is done about it', async () => {
      const village = await aVillage({ provider })
      await village.direct('刘嫂').says('我男人又打我，求你们帮帮我')
      expect((await village.row(1)).sensitive).toBe(true)
      await village.direct('陈书记').says('1 急')
      await village.direct('陈书记').says('1 改 纠纷')
      await village.direct('陈书记').says('1 不属实 问过了没有这回事')
      expect((await village.row(1)).status).toBe('rejected')
      expect(await labels(village)).toEqual([])
    })

    test('what turns out to be private is forgotten: corrected to a restricted kind, or made sensitive by an edit', async () => {
      const village = await aVillage({ provider })
      const report = await village.says('刘嫂', '三组桥头路灯坏了')
      await village.says('大军', '五组水塔那里停水了')
      await village.inGrid('老周').says('1 2 改 垃圾')
      expect(await labels(village)).toHaveLength(2)
      await village.inGrid('老周').says('2 改 家暴')
      expect((await village.row(2)).category).toBe('family')
      expect(await labels(village)).toHaveLength(1)
      await village.edits('刘嫂', report, '三组桥头路灯坏了，其实是我男人打我的时候砸的')
      expect((await village.row(1)).sensitive).toBe(true)
      expect(await labels(village)).toEqual([])
    })
  })
}
