import { describe, expect, test } from 'vitest'
import { parseVillageFile } from '../../src/village/village-file.ts'
import { aVillage, type Conversation, groupWords, type Setting, villageFile } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

const GROUPS = ['一组群', '二组群', '三组群', '四组群', '五组群', '六组群', '七组群', '八组群', '九组群', '十组群']
const MANY = parseVillageFile({
  ...villageFile('qinghe'),
  rooms: [
    { id: 'grid', kind: 'grid' },
    { id: 'party', kind: 'party' },
    ...GROUPS.map((id) => ({ id, kind: 'villagers' as const })),
  ],
})

const manyRooms = (setting: Setting = {}) => aVillage({ village: MANY, ...setting })
const NOTICE = '广播：今晚八点到十点停水，请提前接水。'

async function drafts(village: Conversation, text = NOTICE) {
  await village.direct('陈书记').says(text)
  return village.hears('@陈书记', '预览')
}

const heardBy = (village: Conversation, ...words: string[]) =>
  GROUPS.filter((room) => village.everHeard(room).some(({ text }) => words.every((word) => text.includes(word))))

for (const provider of providers) {
  describe(`a notice to ten groups (${provider})`, () => {
    test('is shown first, sent room by room after 确认, and reported', async () => {
      const village = await manyRooms({ provider })
      const card = await drafts(village)
      expect(card.text).toContain('【村通知】今晚八点到十点停水')
      for (const room of GROUPS) expect(card.text).toContain(room)
      village.hearsNothing(...GROUPS)
      await village.passes({ hours: 1 })
      expect(village.inGroups()).toEqual([])

      await village.direct('陈书记').says('确认')
      village.hears('@陈书记', '10个群')
      await village.passes({ minutes: 1 })
      const soFar = heardBy(village, '停水').length
      expect(soFar).toBeGreaterThan(1)
      expect(soFar).toBeLessThan(6)
      await village.passes({ minutes: 10 })
      expect(heardBy(village, '停水')).toEqual(GROUPS)
      village.hears('@陈书记', '10群已送达')
      for (const room of GROUPS) expect(village.everHeard(room).length).toBe(1)
      for (const room of ['grid', 'party']) expect(village.everHeard(room)).toEqual([])
      const events = await village.database.db.auditEntry.findMany({ where: { event: { startsWith: 'broadcast-' } } })
      expect(events.map(({ event }) => event)).toEqual([
        'broadcast-drafted',
        'broadcast-confirmed',
        'broadcast-finished',
      ])
    })

    test('names the room that failed and why, and tries it again when asked', async () => {
      const village = await manyRooms({ provider })
      await drafts(village)
      await village.direct('陈书记').says('确认')
      village.failNext({ ok: false, retry: 'never', reason: 'Forbidden: bot was kicked from the group chat' })
      await village.passes({ minutes: 10 })
      const result = village.hears('@陈书记', '9群已送达，1群失败')
      expect(result.text).toMatch(/失败：.组群（我不在这个群里了）/)
      expect(heardBy(village, '停水').length).toBe(9)
      await village.direct('陈书记').replies(result, '重发')
      await village.passes({ minutes: 2 })
      village.hears('@陈书记', '10群已送达')
      for (const room of GROUPS) expect(village.everHeard(room).length).toBe(1)
    })

    test('does not claim what the network left open', async () => {
      const village = await manyRooms({ provider })
      await drafts(village)
      await village.direct('陈书记').says('确认')
      const unsure = { ok: false, retry: 'unknown', reason: 'timeout' } as const
      await village.passes({ seconds: 5 })
      village.failNext(unsure)
      await village.passes({ minutes: 12 })
      // It was sent once more and has arrived then.
      village.hears('@陈书记', '10群已送达')
    })

    test('names the rooms of which it cannot know, and offers not to send those again', async () => {
      const village = await manyRooms({ provider })
      await drafts(village)
      await village.direct('陈书记').says('确认')
      const unsure = { ok: false, retry: 'unknown', reason: 'timeout' } as const
      village.failNext(unsure, unsure)
      await village.passes({ minutes: 12 })
      const result = village.hears('@陈书记', '1群说不准')
      expect(result.text).toContain('9群已送达')
      expect(result.choices).not.toContain('重发')
    })

    test('counts 收到 without a word, and tells who is missing only in private', async () => {
      const village = await manyRooms({ provider })
      await village.inRoom('一组群', '赵大爷').says('今天豆腐三块')
      await village.inRoom('一组群', '刘嫂').says('好便宜')
      await drafts(village, '广播到一组群：明天打疫苗')
      await village.direct('陈书记').says('确认')
      await village.passes({ minutes: 2 })
      const notice = village.everHeard('一组群')[0]
      if (!notice) throw new Error('no notice')
      await village.inRoom('一组群', '刘嫂').replies(notice, '收到，谢谢')
      await village.inRoom('一组群', '刘嫂').says('收到')
      village.hearsNothing('一组群', '@刘嫂')
      expect(await village.database.db.broadcastReceipt.count()).toBe(1)
      await village.direct('陈书记').says('谁没看')
      const told = village.hears('@陈书记', '1人回了收到', '赵大爷')
      expect(told.text).not.toContain('刘嫂')
      await village.direct('陈书记').says('再提醒一次')
      await village.passes({ minutes: 1 })
      expect(village.everHeard('一组群').length).toBe(2)
      expect(groupWords(village)).not.toContain('赵大爷')
      await village.direct('陈书记').says('谁没看')
      await village.direct('陈书记').replies(told, '再提醒一次')
      village.hears('@陈书记', '已经提醒过一次')
      await village.passes({ hours: 1 })
      expect(village.everHeard('一组群').length).toBe(2)
    })
  })
}

test('a changed draft is shown again and sent as it was changed', async () => {
  const village = await manyRooms()
  const card = await drafts(village)
  await village.direct('陈书记').replies(card, '改成 明晚八点停水')
  village.hears('@陈书记', '预览', '明晚八点停水')
  await village.direct('陈书记').says('只发三组群、四组群')
  village.hears('@陈书记', '2个群', '三组群', '四组群')
  await village.direct('陈书记').says('不发四组群')
  await village.direct('陈书记').says('也发党员群')
  village.hears('@陈书记', '2个群', '三组群', '党员群')
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 3 })
  expect(heardBy(village, '明晚八点')).toEqual(['三组群'])
  expect(village.everHeard('party').map(({ text }) => text)).toEqual(['【村通知】明晚八点停水'])
  expect(groupWords(village)).not.toContain('今晚')
})

test('取消 ends it, and a later 确认 does nothing', async () => {
  const village = await manyRooms()
  const card = await drafts(village)
  await village.direct('陈书记').says('取消')
  village.hears('@陈书记', '不发了')
  await village.direct('陈书记').replies(card, '确认')
  await village.passes({ minutes: 10 })
  expect(village.inGroups()).toEqual([])
})

test('确认 said twice sends it once', async () => {
  const village = await manyRooms()
  const card = await drafts(village)
  await village.direct('陈书记').replies(card, '确认')
  await village.direct('陈书记').replies(card, '确认')
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 10 })
  for (const room of GROUPS) expect(village.everHeard(room).length).toBe(1)
})

test('a draft that is a day old is not confirmed any more', async () => {
  const village = await manyRooms()
  const card = await drafts(village)
  await village.passes({ hours: 13 })
  await village.direct('陈书记').replies(card, '确认')
  village.hears('@陈书记', '太久')
  await village.passes({ hours: 12 })
  expect(village.inGroups().filter(({ text }) => text.includes('停水'))).toEqual([])
})

test('停 ends what has not had its turn', async () => {
  const village = await manyRooms()
  await drafts(village)
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 1 })
  await village.direct('陈书记').says('停')
  village.hears('@陈书记', '停下了')
  const sent = heardBy(village, '停水').length
  await village.passes({ hours: 1 })
  expect(heardBy(village, '停水').length).toBe(sent)
  village.hears('@陈书记', `${sent}群已送达`, `${10 - sent}群没有发`)
})

test('at night it waits for seven o’clock, unless it is urgent', async () => {
  const village = await manyRooms({ at: '2026-03-02T22:30:00+08:00' })
  const card = await drafts(village)
  expect(card.text).toContain('7点')
  await village.direct('陈书记').says('确认')
  village.hears('@陈书记', '7点')
  await village.until('2026-03-03T06:59:00+08:00')
  expect(heardBy(village, '停水')).toEqual([])
  await village.until('2026-03-03T07:10:00+08:00')
  expect(heardBy(village, '停水')).toEqual(GROUPS)
  await village.until('2026-03-03T23:00:00+08:00')
  await village.direct('陈书记').says('紧急广播：河水上涨，沿河的马上撤到学校')
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 2 })
  expect(heardBy(village, '河水上涨')).toEqual(GROUPS)
})

test('a broadcast begun before ten o’clock does not go on into the night', async () => {
  const village = await manyRooms({ at: '2026-03-02T21:58:30+08:00' })
  await drafts(village)
  await village.direct('陈书记').says('确认')
  await village.until('2026-03-03T06:59:00+08:00')
  const before = heardBy(village, '停水').length
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(10)
  await village.until('2026-03-03T07:10:00+08:00')
  expect(heardBy(village, '停水')).toEqual(GROUPS)
})

test('after hours without power old news is not sent, and the author is told', async () => {
  const village = await manyRooms()
  await drafts(village)
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 1 })
  const sent = heardBy(village, '停水').length
  await village.app.stop()
  village.clock.set(new Date(village.clock.now().getTime() + 5 * 3_600_000))
  await village.restarts()
  await village.passes({ minutes: 30 })
  expect(heardBy(village, '停水').length).toBe(sent)
  expect(village.everHeard('@陈书记').at(-1)?.text).toContain(`${10 - sent}群失败`)
})

test('after a short downtime the rest is sent at its pace', async () => {
  const village = await manyRooms()
  await drafts(village)
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 1 })
  const sent = heardBy(village, '停水').length
  await village.app.stop()
  village.clock.set(new Date(village.clock.now().getTime() + 3_600_000))
  await village.restarts()
  expect(heardBy(village, '停水').length).toBeLessThanOrEqual(sent + 1)
  await village.passes({ minutes: 10 })
  expect(heardBy(village, '停水')).toEqual(GROUPS)
  for (const room of GROUPS) expect(village.everHeard(room).length).toBe(1)
})

test('the same words within the hour are asked about', async () => {
  const village = await manyRooms()
  for (const text of [NOTICE, '广播：今晚八点到十点停水，请提前接水！']) {
    await drafts(village, text)
    await village.direct('陈书记').says('确认')
    if (text === NOTICE) await village.passes({ minutes: 10 })
  }
  village.hears('@陈书记', '同样的内容')
  await village.passes({ minutes: 10 })
  expect(village.everHeard('一组群').length).toBe(1)
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 10 })
  expect(village.everHeard('一组群').length).toBe(2)
})

test('a room is spared the sixth notice of a day', async () => {
  const village = await manyRooms()
  for (let n = 1; n <= 6; n++) {
    await drafts(village, `广播到一组群：第${n}件事`)
    await village.direct('陈书记').says('确认')
    if (n < 6) await village.passes({ minutes: 3 })
  }
  village.hears('@陈书记', '一组群', '5条')
  await village.direct('陈书记').says('紧急')
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 3 })
  expect(village.everHeard('一组群').length).toBe(6)
})

test('numbers are hidden in the preview as they will be in the rooms', async () => {
  const village = await manyRooms()
  const card = await drafts(village, '广播：打疫苗请打 13812345678 报名')
  expect(card.text).toContain('***')
  expect(card.text).not.toContain('13812345678')
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 10 })
  expect(groupWords(village)).not.toContain('13812345678')
})

test('photos go along, those of the sentence and those sent after it', async () => {
  const village = await manyRooms()
  await village.direct('陈书记').says('群发 停水通知见图', { attachments: [village.photo()] })
  village.hears('@陈书记', '附件：1个')
  await village.direct('陈书记').sends(village.photo())
  village.hears('@陈书记', '附件：2个')
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 10 })
  expect(village.everHeard('一组群')[0]?.attachments.length).toBe(2)
})

test('an edited draft is shown anew, one that is taken back is forgotten', async () => {
  const village = await manyRooms()
  const said = await village.direct('陈书记').says(NOTICE)
  await village.edits('陈书记', said, '广播：明晚停水')
  village.hears('@陈书记', '预览', '明晚停水')
  await village.recalls('陈书记', said)
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 10 })
  expect(village.inGroups()).toEqual([])
})

describe('rights', () => {
  test.each(['大军', '老周', '何社长', '吴老师', '小罗'])(
    '%s may not broadcast and hears so in private',
    async (name) => {
      const village = await aVillage()
      await village.says(name, '大家好')
      await village.direct(name).says(NOTICE)
      village.hears(`@${name}`, '书记')
      await village.direct(name).says('确认')
      await village.says(name, '群发：明天发钱')
      village.hearsNothing('villagers', 'grid', 'party')
      await village.passes({ minutes: 10 })
      expect(village.inGroups().filter(({ text }) => /停水|发钱/.test(text))).toEqual([])
    },
  )

  test('a nickname or a quote gives no right', async () => {
    const village = await aVillage()
    await village.inGrid('陈书记').says(NOTICE)
    const card = village.hears('grid', '预览')
    await village.inGrid('老周').replies(card, '确认')
    village.hears('@老周', '书记')
    await village.inGrid('路人').replies(card, '确认')
    await village.direct('骗子').says('广播：大家扫码领钱', { nickname: '陈书记' })
    await village.passes({ minutes: 10 })
    expect(village.everHeard('villagers')).toEqual([])
    await village.inGrid('陈书记').says('确认')
    expect(village.everHeard('villagers').at(-1)?.text).toContain('停水')
  })

  test('villagers may talk of the loudspeaker', async () => {
    const village = await aVillage()
    await village.says('刘嫂', '广播里说明天停电')
    await village.says('王婶', '广播：嗡嗡嗡的听不清讲啥子')
    await village.says('大军', '通知：我家杀年猪，都来')
    expect(village.everHeard('@刘嫂')).toEqual([])
    expect(village.everHeard('@王婶')).toEqual([])
    expect(village.everHeard('@大军')).toEqual([])
    expect(await village.database.db.broadcast.count()).toBe(0)
  })

  test('the secretary’s own words among villagers are no command, and addressed ones are answered in private', async () => {
    const village = await aVillage()
    await village.says('陈书记', '广播：今晚停水')
    village.hearsNothing('villagers', '@陈书记')
    await village.says('陈书记', '广播：今晚停水', { mention: true })
    village.hearsNothing('villagers')
    village.hears('@陈书记', '预览')
  })
})

describe('beside tickets', () => {
  test('a worker’s 收到 to a notice is no step, and one to a card is no receipt', async () => {
    const village = await aVillage()
    await village.says('刘嫂', '三组桥头路灯坏了')
    await village.direct('陈书记').says('广播到网格员群：下午三点开会')
    await village.direct('陈书记').says('确认')
    await village.passes({ minutes: 1 })
    await village.inGrid('老周').says('收到')
    await village
      .inGrid('小杨')
      .replies(village.everHeard('grid').find(({ kind }) => kind === 'broadcast') as never, '收到，我准时到')
    expect((await village.ticket(1)).status).toBe('open')
    expect(await village.database.db.broadcastReceipt.count()).toBe(2)
    await village.says('赵大爷', '五组晒谷场水管爆了')
    await village.inGrid('小杨').replies(await village.card(2), '收到')
    expect((await village.ticket(2)).status).not.toBe('open')
    expect(await village.database.db.broadcastReceipt.count()).toBe(2)
  })

  test('确认 in the work room belongs to the draft, and to a ticket where that is quoted', async () => {
    const village = await aVillage()
    await village.says('刘嫂', '三组桥头路灯坏了')
    await village.inGrid('陈书记').says(NOTICE)
    await village.inGrid('陈书记').replies(await village.card(1), '确认')
    expect((await village.ticket(1)).status).toBe('confirmed')
    expect(village.everHeard('villagers').some(({ text }) => text.includes('停水'))).toBe(false)
    await village.inGrid('陈书记').says('确认')
    expect(village.everHeard('villagers').at(-1)?.text).toContain('停水')
  })

  test('好的 in a conversation of villagers is counted only right after the notice', async () => {
    const village = await aVillage()
    await village.direct('陈书记').says(NOTICE)
    await village.direct('陈书记').says('确认')
    await village.passes({ minutes: 1 })
    await village.says('王婶', '好的')
    await village.says('刘嫂', '三组桥头路灯坏了')
    await village.says('刘嫂', '好的')
    await village.says('赵大爷', '收到')
    const receipts = await village.database.db.broadcastReceipt.findMany()
    const people = await village.database.db.person.findMany({
      where: { id: { in: receipts.map(({ personId }) => personId) } },
    })
    expect(people.map(({ name }) => name).sort()).toEqual(['王婶', '赵大爷'].sort())
  })
})

test('an unbound room is named and a village without bound rooms sends nothing', async () => {
  const village = await manyRooms()
  await village.database.db.room.updateMany({
    where: { key: { in: ['三组群'] } },
    data: { channel: null, conversation: null },
  })
  const card = await drafts(village)
  expect(card.text).toContain('还没绑定、发不到的群：三组群')
  await village.direct('陈书记').says('只发三组群')
  await village.direct('陈书记').says('确认')
  village.hears('@陈书记', '还没有绑定')
})

test('a room nobody knows is asked about', async () => {
  const village = await manyRooms()
  await village.direct('陈书记').says('通知老年群：明天体检')
  village.hears('@陈书记', '没有叫“老年群”的群', '一组群')
  await village.direct('陈书记').says('通知各群：明天体检')
  village.hears('@陈书记', '10个群')
})

test('while a network takes nothing the author hears how far it is, and the result when it is through', async () => {
  const village = await manyRooms()
  await drafts(village)
  await village.direct('陈书记').says('确认')
  await village.passes({ minutes: 1 })
  const busy = { ok: false, retry: 'after', ms: 5 * 60_000, reason: 'busy' } as const
  village.failNext(...Array.from({ length: 30 }, () => busy))
  await village.passes({ minutes: 90 })
  const heard = village.everHeard('@陈书记').map(({ text }) => text)
  expect(heard.some((text) => /群已送达，还有\d+群没送到/.test(text))).toBe(true)
  expect(heard.at(-1)).toContain('10群已送达')
  for (const room of GROUPS) expect(village.everHeard(room).length).toBe(1)
})
