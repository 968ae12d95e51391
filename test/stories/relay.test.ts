import { describe, expect, test } from 'vitest'
import type { Provider } from '../../src/db/database.ts'
import { RELAY } from '../../src/message.ts'
import { createCode } from '../../src/village/binding.ts'
import { erasePerson } from '../../src/village/erase.ts'
import { aVillage, type Conversation, groupWords } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

/** A village whose villagers' group is one that no network leads into. */
const aWechatVillage = (provider: Provider = 'sqlite') => aVillage({ provider, unbound: ['villagers'] })

/** What somebody has been asked to copy, from the beginning. */
const copies = (village: Conversation, name: string) =>
  village.everHeard(`@${name}`).filter(({ text }) => text.startsWith('【请复制到'))

describe.each(providers)('a group that no network leads into (%s)', (provider) => {
  test('the whole way: passed on, answered, worked on, told, and found good', async () => {
    const village = await aWechatVillage(provider)
    const zhou = village.direct('老周')
    await zhou.says('刘嫂 8:02\n三组桥头路灯坏了\n赵大爷 8:03\n今天豆腐三块钱一斤')
    await village.passes({ seconds: 10 })
    const [receipt] = copies(village, '老周')
    expect(receipt?.text).toContain('村民群')
    expect(receipt?.text).toContain('回刘嫂')
    expect(receipt?.text).toContain('1号')
    village.hears('@老周', '转来的 2 条看完了', '1号 路灯')
    expect((await village.card(1)).text).toContain('刘嫂')
    expect(await village.ticket(1)).toMatchObject({ status: 'open', category: 'light', reporter: '刘嫂' })
    await village.inGrid('老周').says('1 收')
    await village.inGrid('老周').says('1 办结 换了灯泡', { attachments: [village.photo()] })
    const result = copies(village, '老周').at(-1)
    expect(result?.text).toContain('@刘嫂')
    expect(result?.text).toContain('换了灯泡')
    expect(result?.attachments.length).toBe(1)
    await zhou.says('刘嫂 9:30\n满意')
    await village.passes({ seconds: 10 })
    expect((await village.ticket(1)).status).toBe('closed')
    // Nothing of it was said in any group but the workers' own.
    expect(village.everHeard('villagers')).toEqual([])
  })
})

describe('what is passed on by hand', () => {
  test('two stretches that overlap are one ticket and one receipt', async () => {
    const village = await aWechatVillage()
    const zhou = village.direct('老周')
    await zhou.says('刘嫂 8:02\n三组桥头路灯坏了\n赵大爷 8:03\n吃了没')
    await village.passes({ seconds: 10 })
    await zhou.says('赵大爷 8:03\n吃了没\n王婶 8:10\n五组晒谷场的水管爆了')
    await village.passes({ seconds: 10 })
    // The same again as another program copies it, without times.
    await village.direct('小杨').says('刘嫂：三组桥头路灯坏了\n赵大爷：吃了没\n王婶：五组晒谷场的水管爆了')
    village.hears('@小杨', '没有新的')
    expect(await village.database.db.inboxEvent.count({ where: { channel: RELAY } })).toBe(3)
    expect((await village.tickets()).map(({ category }) => category)).toEqual(['light', 'water'])
    expect(copies(village, '老周').length).toBe(2)
    expect(copies(village, '小杨')).toEqual([])
  })

  test('nothing in it has a right, whatever name stands before it', async () => {
    const village = await aWechatVillage()
    await village.says('王婶', '三组桥头路灯坏了').catch(() => {})
    const zhou = village.direct('老周')
    await zhou.says('刘嫂 8:02\n三组桥头路灯坏了')
    await village.passes({ seconds: 10 })
    const code = await createCode(village.database.db, {
      villageId: village.villageId,
      roomId: (await village.database.db.room.findFirstOrThrow({ where: { key: 'party' } })).id,
      now: village.clock.now(),
    })
    const before = await village.records()
    await zhou.says(
      `网格员: 1 办结 换了灯泡\n老周: 1 办结 换了灯泡\n陈书记: 1 不属实 灯是好的\n刘嫂: /绑定 ${code}\n小格: 1号办好了`,
    )
    await village.passes({ minutes: 2 })
    const after = await village.records()
    expect(after.tickets).toEqual(before.tickets)
    expect(after.rooms).toEqual(before.rooms)
    expect((await village.ticket(1)).status).toBe('open')
    expect(await village.database.db.bindingCode.count({ where: { usedAt: null } })).toBe(1)
    // The one who was named like that in the meantime has none either.
    const person = await village.database.db.person.findFirstOrThrow({ where: { name: '老周', listed: false } })
    await village.database.db.person.update({ where: { id: person.id }, data: { role: 'grid-worker' } })
    await zhou.says('老周: 1 办结 换过了灯泡\n刘嫂: 好')
    await village.passes({ minutes: 1 })
    expect((await village.ticket(1)).status).toBe('open')
  })

  test('a villager who pastes says it himself', async () => {
    const village = await aWechatVillage()
    await village.direct('刘嫂').says('赵大爷 8:02\n三组桥头路灯坏了')
    await village.passes({ minutes: 2 })
    expect(await village.ticket(1)).toMatchObject({ reporter: '刘嫂' })
    expect(await village.database.db.inboxEvent.count({ where: { channel: RELAY } })).toBe(0)
  })

  test('what is missing is asked for, and answered in the next stretch', async () => {
    const village = await aWechatVillage()
    const yang = village.direct('小杨')
    await yang.says('转：阿 强🌾：路灯坏了')
    await village.passes({ seconds: 10 })
    const [question] = copies(village, '小杨')
    expect(question?.text).toContain('在几组')
    expect(question?.text).toContain('阿 强🌾')
    await yang.says(
      `小杨 9:01\n${question?.text}\n阿 强🌾 9:02\n「小杨：${question?.text.split('\n')[1]}」\n- - - - - - - - - - - - - - -\n五组晒谷场`,
    )
    await village.passes({ seconds: 10 })
    expect(await village.ticket(1)).toMatchObject({ place: expect.stringContaining('晒谷场'), reporter: '阿 强🌾' })
    expect((await village.tickets()).length).toBe(1)
    // What the worker had put into the group, as asked, was not heard as somebody's words.
    expect(await village.database.db.inboxEvent.count({ where: { channel: RELAY } })).toBe(2)
  })

  test('nothing of a sensitive matter is given to be copied', async () => {
    const village = await aWechatVillage()
    await village.direct('小罗').says('何嫂 8:02\n我男人又打我了，我不敢回家')
    await village.passes({ seconds: 20 })
    expect(copies(village, '小罗')).toEqual([])
    expect((await village.ticket(1)).sensitive).toBe(true)
    const told = village.everHeard('@小罗').map(({ text }) => text)
    expect(told.join()).not.toContain('1号')
    expect(village.everHeard('@老周').some(({ text }) => text.includes('何嫂') && text.includes('当面'))).toBe(true)
    expect(groupWords(village)).not.toContain('打我')
  })

  test('an emergency is called out at once, and to be copied', async () => {
    const village = await aWechatVillage()
    await village.direct('小罗').says('刘嫂 8:58\n三组桥头房子着火了快来人')
    expect(copies(village, '小罗').at(-1)?.text).toContain('119')
    expect(village.heard('grid').some(({ text }) => text.includes('紧急'))).toBe(true)
  })

  test('lines of one person belong together when they were said together', async () => {
    const village = await aWechatVillage()
    await village
      .direct('老周')
      .says(
        '刘嫂 6:02\n三组桥头那个路灯\n王婶 6:02\n早\n刘嫂 6:03\n又不亮了\n王婶 6:30\n五组晒谷场\n王婶 8:55\n今天豆腐三块',
      )
    await village.passes({ seconds: 15 })
    expect((await village.tickets()).map(({ category, reporter }) => [category, reporter])).toEqual([['light', '刘嫂']])
  })

  test('forwarded messages count with the name that shows, an album as one', async () => {
    const village = await aWechatVillage()
    const zhou = village.direct('老周')
    const sentAt = new Date('2026-03-02T08:40:00+08:00')
    const forwarded = { name: '刘嫂', sentAt }
    await zhou.says('三组桥头路灯坏了', { forwarded })
    await zhou.says('', { forwarded, attachments: [village.photo()] })
    await village.passes({ seconds: 30 })
    expect(await village.ticket(1)).toMatchObject({ reporter: '刘嫂', attachments: 1 })
    // Forwarded again, even by somebody else, it is known.
    await village.direct('小杨').says('三组桥头路灯坏了', { forwarded })
    village.hears('@小杨', '没有新的')
    expect((await village.tickets()).length).toBe(1)
  })

  test('an exported chat comes as a text file, in whichever encoding', async () => {
    const village = await aWechatVillage()
    const text = '—————  2026-03-02  —————\n\n刘嫂  08:02\n\n三组桥头路灯坏了\n\n王婶  08:03\n\n[图片]\n'
    const files: Record<string, Uint8Array> = {
      utf8: new TextEncoder().encode(text),
      gbk: Uint8Array.from([0xc1, 0xf5, 0xc9, 0xa9, 0x20, 0x38, 0x3a, 0x30, 0x34, 0x0a, 0xba, 0xc3]),
      broken: Uint8Array.from([0, 1, 2, 0]),
    }
    village.channel.open = async ({ key }) => files[key] ?? new Uint8Array()
    const file = (key: string) => ({ kind: 'file' as const, key, name: `${key}.txt` })
    await village.direct('老周').sends(file('utf8'))
    await village.passes({ seconds: 15 })
    expect(await village.ticket(1)).toMatchObject({ reporter: '刘嫂', category: 'light' })
    await village.direct('老周').sends(file('gbk'))
    await village.passes({ seconds: 15 })
    expect(await village.database.db.inboxEvent.count({ where: { channel: RELAY, text: '好' } })).toBe(1)
    await village.direct('老周').sends(file('broken'))
    village.hears('@老周', '打不开')
  })

  test('a hostile text of 10,000 characters and 500 lines is but lines', async () => {
    const village = await aWechatVillage()
    const nasty = [
      '<script>alert(1)</script> 8:01\n<img src=x onerror=alert(1)>',
      '刘\u200b嫂 8:02\n三组\u200b桥头路\u200b灯坏了',
      '\u202e网格员 8:02\n1 办结',
    ]
    const many = Array.from({ length: 480 }, (_, n) => `人${n % 40} 8:0${n % 10}\n豆腐${n}`)
    await village.direct('老周').says([...nasty, ...many].join('\n').slice(0, 9990))
    await village.passes({ seconds: 30 })
    expect((await village.tickets()).map(({ reporter, status }) => [reporter, status])).toEqual([['刘嫂', 'open']])
    expect(await village.database.db.inboxEvent.count({ where: { state: 'failed' } })).toBe(0)
    expect(await village.database.db.inboxEvent.count({ where: { channel: RELAY, state: 'done' } })).toBeGreaterThan(
      400,
    )
    expect(copies(village, '老周').length).toBe(1)
  })

  test('a long export is read to its end, and what came of it is told', { timeout: 90_000 }, async () => {
    const village = await aWechatVillage()
    const lines = Array.from(
      { length: 1200 },
      (_, n) => `人${n % 50} ${String((n / 60) | 0).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}\n好${n}`,
    )
    lines.push('刘嫂 20:30\n三组桥头路灯坏了')
    village.channel.open = async () => new TextEncoder().encode(`2026-03-01\n${lines.join('\n')}`)
    await village.direct('老周').sends({ kind: 'file', key: 'f', name: 'chat.txt' })
    await village.passes({ minutes: 1 })
    expect(village.everHeard('@老周').at(-1)?.text).toContain('1201 条看完了。记下：1号 路灯')
  })

  test('a group beside the one on a network gets its own answers, and a restart loses nothing', async () => {
    const village = await aVillage()
    await village.direct('老周').says('刘嫂 8:02\n三组桥头路灯坏了')
    await village.restarts()
    await village.passes({ seconds: 30 })
    expect(copies(village, '老周').length).toBe(1)
    expect(village.everHeard('villagers')).toEqual([])
    await village.says('王婶', '三组桥头路灯坏了')
    expect((await village.ticket(1)).reporters).toEqual(['刘嫂', '王婶'])
    await village.inGrid('老周').says('1 办结 换了灯泡')
    village.hears('villagers', '换了灯泡')
    expect(copies(village, '老周').at(-1)?.text).toContain('@刘嫂')
  })

  test('what is long past is left out, and who passes on may be another tomorrow', async () => {
    const village = await aWechatVillage()
    const { db } = village.database
    await village.direct('老周').says('刘嫂 2026-01-05 8:02\n三组桥头路灯坏了\n王婶 8:50\n五组晒谷场的水管爆了')
    village.hears('@老周', '1 条是一周以前的')
    expect((await village.tickets()).map(({ category }) => category)).toEqual(['water'])
    await db.person.updateMany({ where: { name: '老周', listed: true }, data: { role: 'villager' } })
    await village.direct('陈书记').says('帮助')
    await village.inGrid('小杨').says('1 办结 换了水管')
    expect(copies(village, '老周').length).toBe(1)
    expect(
      village
        .heard('@小杨')
        .concat(village.heard('@陈书记'))
        .some(({ text }) => text.includes('换了水管')),
    ).toBe(true)
  })

  test('who is erased is gone from what was passed on as well', async () => {
    const village = await aWechatVillage()
    const { db, transaction } = village.database
    await village.direct('老周').says('刘嫂 8:02\n三组桥头路灯坏了\n王婶 8:03\n听说是线断了')
    await village.passes({ seconds: 20 })
    const person = await db.person.findFirstOrThrow({ where: { name: '王婶', listed: false } })
    await transaction((tx) => erasePerson(tx, village.villageId, person.id, village.clock.now()))
    const rows = await db.inboxEvent.findMany()
    expect(JSON.stringify(rows)).not.toContain('线断了')
    expect(JSON.stringify(rows)).not.toContain('王婶')
    expect(JSON.stringify(rows)).toContain('路灯坏了')
  })
})
