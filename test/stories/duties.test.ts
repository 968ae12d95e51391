import { describe, expect, test } from 'vitest'
import { readDemoVillage } from '../../src/village/demo.ts'
import { aVillage, type Conversation } from '../support/conversation.ts'
import { providers } from '../support/database.ts'

const meetings = (village: Conversation) => village.database.db.meeting.findMany({ orderBy: { id: 'asc' } })
const audit = async (village: Conversation) =>
  (await village.database.db.auditEntry.findMany({ orderBy: { id: 'asc' } }))
    .filter(({ event }) => event.startsWith('duty-'))
    .map(({ by, event }) => [by, event])

describe.each(providers)('meetings of the Party organisation (%s)', (provider) => {
  /** Tuesday, 24 November 2026, nine in the morning. */
  const aParty = (at = '2026-11-24T09:00:00+08:00') => aVillage({ provider, village: 'liushu', at })

  test('are entered by one sentence, and every later entry says so', async () => {
    const village = await aParty()
    const secretary = village.direct('梁书记')
    await secretary.says('昨天二支部支委会开了，7人，学廉政')
    village.hears('@梁书记', '第二党支部 支委会', '11月23日（周一）开，11月24日补记', '到会7人', '廉政警示教育')
    await secretary.says('一支部党课上完了 13人 书记讲的乡村振兴')
    village.hears('@梁书记', '第一党支部 党课', '11月24日（周二）开', '到会13人', '主讲书记', '乡村振兴')
    expect(village.heard('@梁书记')[0]?.text).not.toContain('补记')
    await secretary.says('三组党小组会 9.5 开的 到会6人 请假1人')
    village.hears('@梁书记', '第三党小组 党小组会', '9月5日（周六）开，11月24日补记', '到会6人', '请假1人')
    expect(await meetings(village)).toMatchObject([
      {
        kind: 'branch-committee',
        branch: '第二党支部',
        partyGroup: '',
        day: '2026-11-23',
        attendance: 7,
        by: '梁书记',
      },
      { kind: 'party-class', branch: '第一党支部', day: '2026-11-24', attendance: 13, chair: '书记' },
      { kind: 'party-group', branch: '第二党支部', partyGroup: '第三党小组', day: '2026-09-05', absent: 1 },
    ])
    for (const meeting of await meetings(village)) expect(meeting.enteredAt).toEqual(village.clock.now())
    village.hearsNothing('villagers', 'party', 'grid')
  })

  test('several are told in one message', async () => {
    const village = await aParty()
    await village.direct('梁书记').says('支委会：\n一支部 5号 5人\n二支部 6号 4人\n各党小组11月9日都开了')
    const receipt = village.hears('@梁书记', '1. ', '6. ')
    expect(await meetings(village)).toHaveLength(6)
    expect((await meetings(village)).map(({ day, attendance }) => [day, attendance])).toEqual([
      ['2026-11-05', 5],
      ['2026-11-06', 4],
      ...Array.from({ length: 4 }, () => ['2026-11-09', null]),
    ])
    await village.direct('梁书记').replies(receipt, '4 撤销')
    village.hears('@梁书记', '撤销了', '第二党小组')
    expect(await meetings(village)).toHaveLength(5)
    await village.direct('梁书记').replies(receipt, '9人')
    village.hears('@梁书记', '先写序号')
    await village.direct('梁书记').replies(receipt, '2 6人')
    village.hears('@梁书记', '改好了', '第二党支部', '到会6人')
  })

  test('are corrected and taken back by reply, with a trace', async () => {
    const village = await aParty()
    const secretary = village.direct('梁书记')
    await secretary.says('昨天二支部支委会开了，7人')
    const receipt = village.hears('@梁书记', '记下了')
    await secretary.replies(receipt, '不是7人是5人')
    village.hears('@梁书记', '改好了', '到会5人')
    await secretary.replies(receipt, '11月20日')
    village.hears('@梁书记', '11月20日（周五）开，11月24日补记', '到会5人')
    await secretary.replies(receipt, '是一支部')
    village.hears('@梁书记', '第一党支部', '11月20日', '到会5人')
    await secretary.replies(receipt, '主题普法')
    village.hears('@梁书记', '普法教育')
    await secretary.says('撤销')
    village.hears('@梁书记', '改好了', '第一党支部')
    expect(village.heard('@梁书记')[0]?.text).not.toContain('普法')
    await secretary.replies(receipt, '撤销')
    village.hears('@梁书记', '撤销了')
    expect(await meetings(village)).toEqual([])
    await secretary.replies(receipt, '8人')
    village.hears('@梁书记', '已经撤销')
    expect(await audit(village)).toEqual(
      ['entered', 'corrected', 'corrected', 'corrected', 'corrected', 'restored', 'taken-back'].map((event) => [
        '梁书记',
        `duty-${event}`,
      ]),
    )
    const taken = await village.database.db.auditEntry.findFirst({ where: { event: 'duty-taken-back' } })
    expect(taken?.data).toMatchObject({ before: { attendance: 5, branch: '第一党支部', day: '2026-11-20' } })
  })

  test('that cannot be are asked about, one thing at a time', async () => {
    const village = await aParty()
    const secretary = village.direct('梁书记')
    await secretary.says('支委会昨天开了，70人')
    const which = village.hears('@梁书记', '哪个支部')
    expect(which.choices).toEqual(['一支部', '二支部'])
    await secretary.says('二支部')
    village.hears('@梁书记', '第二党支部有16名党员', '70人')
    await secretary.says('7')
    village.hears('@梁书记', '记下了', '11月23日', '到会7人')
    await secretary.says('五支部支委会开了5人')
    const unknown = village.hears('@梁书记', '没有“五支部”')
    await secretary.says('三组路灯坏了')
    expect(await meetings(village)).toHaveLength(1)
    await secretary.replies(unknown, '一支部')
    village.hears('@梁书记', '第一党支部', '到会5人')
    await secretary.says('2月30日一支部党课上完了')
    village.hears('@梁书记', '没有2月30日')
    await secretary.says('9月28日')
    village.hears('@梁书记', '党课', '9月28日')
    await secretary.says('一支部主题党日搞完了 0人')
    village.hears('@梁书记', '0人')
    await secretary.says('三组党小组会开了 到会7人 请假3人')
    village.hears('@梁书记', '共10人')
    expect(await meetings(village)).toHaveLength(3)
  })

  test('that lie ahead are refused', async () => {
    const village = await aParty()
    const secretary = village.direct('梁书记')
    for (const text of ['明天二支部支委会开了，7人', '12月5日二支部支委会开了', '11月25日三组党小组会开的，5人']) {
      await secretary.says(text)
      village.hears('@梁书记', '还没到')
    }
    expect(await meetings(village)).toEqual([])
    // In January the last December is the nearer one.
    await village.until('2027-01-04T09:00:00+08:00')
    await secretary.says('12月5日二支部支委会开了')
    village.hears('@梁书记', '2026年12月5日')
  })

  test('are not entered twice', async () => {
    const village = await aParty()
    const secretary = village.direct('梁书记')
    await secretary.says('昨天二支部支委会开了，7人')
    await village.direct('韦支书').says('11月23日二支部支委会开了，6人')
    const known = village.hears('@韦支书', '已经由梁书记登记过', '到会7人')
    expect(await meetings(village)).toMatchObject([{ attendance: 7, by: '梁书记' }])
    await village.direct('韦支书').replies(known, '6人')
    village.hears('@韦支书', '改好了', '到会6人')
    await secretary.says('今天二支部支委会开了，7人')
    village.hears('@梁书记', '11月23日也登记过一次')
    const again = await secretary.says('一支部支委会开了', { id: 'twice' })
    await secretary.says('一支部支委会开了', { id: again.messageId })
    expect(await meetings(village)).toHaveLength(3)
  })

  test('belong to those who keep them', async () => {
    const village = await aParty()
    await village.direct('韦支书').says('昨天二支部支委会开了，5人')
    village.hears('@韦支书', '记下了')
    expect(village.heard('@韦支书')[0]?.text).not.toContain('应开')
    await village.direct('贺组长').says('三组党小组会昨天开了，5人')
    village.hears('@贺组长', '记下了')
    await village.direct('韦支书').says('一支部支委会也开了，5人')
    village.hears('@韦支书', '第一党支部的会由书记')
    await village.direct('贺组长').says('四组党小组会开了')
    village.hears('@贺组长', '第四党小组')
    await village.direct('孙大娘').says('昨天二支部党课上完了，12人')
    village.hears('@孙大娘', '由书记、支部书记和党小组组长登记')
    await village.direct('孙大娘').says('导出台账')
    expect(village.hears('@孙大娘', '请问书记').attachments).toEqual([])
    await village.direct('韦支书').says('导出台账')
    expect(village.hears('@韦支书', '请问书记').attachments).toEqual([])
    await village.inRoom('party', '孙大娘').says('昨天二支部党课上完了，12人')
    village.hearsNothing('party', '@孙大娘')
    await village.inVillagers('梁书记').says('昨天二支部党课上完了，12人')
    village.hearsNothing('villagers', 'party', '@梁书记')
    expect(await meetings(village)).toHaveLength(2)
    // A nickname is no office.
    await village.direct('骗子').says('昨天二支部党课上完了，12人', { nickname: '梁书记' })
    expect(await meetings(village)).toHaveLength(2)
  })

  test('what is owed is told in private, of the month, the quarter, a branch', async () => {
    const village = await aParty()
    const secretary = village.direct('梁书记')
    await secretary.says('本月三会一课')
    village.hears('@梁书记', '2026年11月三会一课', '应开6次', '已登记0次', '支委会还差：11月 都没登记')
    await secretary.says('一支部支委会昨天开了，4人')
    await secretary.says('二支部党员大会10月20日开了，12人')
    await secretary.says('/欠账')
    village.hears('@梁书记', '第四季度', '应开16次', '已登记2次', '还差14次')
    const owed = village.heard('@梁书记')[0]?.text
    expect(owed).toContain('支委会还差：10月 都没登记；11月 二支部')
    expect(owed).toContain('党小组会还差：10–11月 都没登记')
    expect(owed).toContain('党员大会还差：第四季度 一支部')
    await secretary.says('二支部本月还差哪些会')
    village.hears('@梁书记', '二支部：应开3次', '党小组会还差：11月 都没登记')
    await village.inRoom('party', '梁书记').says('还差哪些会')
    village.hears('@梁书记', '第四季度')
    village.hearsNothing('party')
    await village.direct('韦支书').says('欠账')
    village.hears('@韦支书', '应开8次')
    await secretary.says('今年三会一课')
    village.hears('@梁书记', '2026年三会一课', '应开82次')
    await secretary.says('三会一课是什么')
    for (const message of village.heard('@梁书记')) expect(message.text).not.toContain('应开')
  })

  test('plans, questions and talk open nothing', async () => {
    const village = await aParty()
    await village.inRoom('party', '梁书记').says('昨天的党员大会开了两个小时，辛苦大家')
    village.hearsNothing('party')
    for (const text of [
      '下周五下午三点二支部主题党日，学乡村振兴，提前一天提醒',
      '每月5日上午九点主题党日，发党员群',
      '二支部支委会还没开',
      '支委会开了没有？',
      '通知：明天下午二支部开支委会，7人参加',
      '党课怎么开',
    ]) {
      await village.direct('梁书记').says(text)
      await village.inRoom('party', '梁书记').says(text)
    }
    expect(await meetings(village)).toEqual([])
    expect(await audit(village)).toEqual([])
  })

  test('photos are evidence', async () => {
    const village = await aParty()
    const secretary = village.direct('梁书记')
    await secretary.says('二支部党课上完了，12人', { attachments: [village.photo()] })
    const receipt = village.hears('@梁书记', '照片1张')
    await secretary.sends(village.photo(), village.photo())
    village.hears('@梁书记', '照片收好了（3张）', '第二党支部 党课')
    await village.passes({ hours: 1 })
    await secretary.sends(village.photo())
    await village.passes({ minutes: 2 })
    expect(await village.database.db.meetingPhoto.count()).toBe(3)
    await secretary.replies(receipt, '', { attachments: [village.photo()] })
    village.hears('@梁书记', '4张')
    await secretary.replies(receipt, '撤销')
    expect(await village.database.db.meetingPhoto.count()).toBe(0)
  })

  test('follow the message when it is edited or taken back', async () => {
    const village = await aParty()
    const said = await village.direct('梁书记').says('昨天二支部支委会开了，7人')
    await village.edits('梁书记', said, '昨天二支部支委会开了，5人')
    expect(await meetings(village)).toMatchObject([{ attendance: 5 }])
    await village.edits('梁书记', said, '昨天二支部支委会开了，500人')
    expect(await meetings(village)).toMatchObject([{ attendance: 5 }])
    await village.recalls('梁书记', said)
    expect(await meetings(village)).toEqual([])
    expect((await audit(village)).map(([, event]) => event)).toEqual([
      'duty-entered',
      'duty-corrected',
      'duty-taken-back',
    ])
  })

  test('a gentle word comes once a month, to the secretary only, and can be turned off', async () => {
    const village = await aParty('2026-06-18T12:00:00+08:00')
    const secretary = village.direct('梁书记')
    await secretary.says('一支部主题党日6月5日搞了，学雷锋，15人')
    // The 20th is a Saturday, and the holiday of the Dragon Boat Festival lasts until the 21st.
    await village.until('2026-06-21T12:00:00+08:00')
    expect(village.heard('@梁书记')).toEqual([])
    await village.until('2026-06-22T12:00:00+08:00')
    village.hears('@梁书记', '支委会还差：6月 都没登记', '党员大会还差：第二季度 都没登记', '理论学习')
    expect(village.heard('@梁书记')).toHaveLength(1)
    village.hearsNothing('party', 'villagers', 'grid', '@韦支书', '@小方')
    await village.until('2026-07-21T12:00:00+08:00')
    const second = village.hears('@梁书记', '支委会还差：7月', '宣讲教育')
    expect(second.text).not.toContain('党员大会')
    expect(village.heard('@梁书记')).toHaveLength(1)
    await secretary.says('关闭三会一课提醒')
    village.hears('@梁书记', '不再提醒')
    await village.until('2026-08-24T12:00:00+08:00')
    expect(village.heard('@梁书记')).toEqual([])
    await secretary.says('打开三会一课提醒')
    await village.until('2026-09-22T12:00:00+08:00')
    expect(village.heard('@梁书记').filter(({ kind }) => kind === 'reminder')).toHaveLength(1)
  })

  test('the themes of Party days are counted', async () => {
    const village = await aParty()
    const secretary = village.direct('梁书记')
    await secretary.says('一支部主题党日9月5日搞了，理论学习，15人\n二支部主题党日9月6日搞了，普法，12人')
    await secretary.says('主题党日哪个主题还没搞')
    village.hears('@梁书记', '理论学习 1次', '普法教育 1次', '还没办过：宣讲教育、廉政警示教育、文明实践')
  })

  test('the demo village owes 11 meetings a month, 4 a quarter, 148 a year', async () => {
    const village = await aVillage({ provider, village: await readDemoVillage(), at: '2026-12-31T09:00:00+08:00' })
    const secretary = village.direct('陈树清')
    await secretary.says('本月三会一课')
    village.hears('@陈树清', '2026年12月三会一课', '应开11次')
    await secretary.says('本季度三会一课')
    village.hears('@陈树清', '应开37次', '另有主题党日：应开6次')
    await secretary.says('今年三会一课')
    village.hears('@陈树清', '应开148次', '另有主题党日：应开24次', '支委会还差：1–12月 都没登记')
    await village.direct('谢兴国').says('九组党小组会昨天开了，全员到齐')
    village.hears('@谢兴国', '第九党小组', '到会8人')
  })

  test('a village without branches is told what is missing', async () => {
    const village = await aVillage({ provider, at: '2026-11-24T09:00:00+08:00' })
    await village.direct('陈书记').says('昨天二支部支委会开了，7人')
    village.hears('@陈书记', '还没有党支部')
    await village.direct('刘嫂').says('昨天二支部支委会开了，7人')
    expect(village.heard('@刘嫂').some(({ text }) => text.includes('党支部'))).toBe(false)
  })

  test('an entry survives a restart, and an outage makes yesterday no other day', async () => {
    const village = await aParty()
    await village.direct('梁书记').says('昨天二支部支委会开了，7人', { sentAt: new Date('2026-11-20T20:00:00+08:00') })
    village.hears('@梁书记', '11月19日（周四）开，11月24日补记')
    await village.restarts()
    expect(await meetings(village)).toHaveLength(1)
  })
})
