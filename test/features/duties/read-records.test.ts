import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readHeldDay } from '../../../src/features/duties/held-day.ts'
import type { Branch } from '../../../src/features/duties/organisation.ts'
import { readRecords } from '../../../src/features/duties/read-records.ts'

/** A Tuesday. */
const TODAY = '2026-11-24'

test.each([
  ['昨天', '2026-11-23'],
  ['前天下午', '2026-11-22'],
  ['大前天', '2026-11-21'],
  ['今早', TODAY],
  ['刚才', TODAY],
  ['周三', '2026-11-18'],
  ['周二', TODAY],
  ['上周五', '2026-11-20'],
  ['上上周五', '2026-11-13'],
  ['本周一', '2026-11-23'],
  ['星期天', '2026-11-22'],
  ['5号', '2026-11-05'],
  ['上个月28号', '2026-10-28'],
  ['本月十二号', '2026-11-12'],
  ['28号', '2026-11-28'],
  ['9月5日', '2026-09-05'],
  ['九月初开的，九月五号', '2026-09-05'],
  ['9.5', '2026-09-05'],
  ['9/15', '2026-09-15'],
  ['去年12月30日', '2025-12-30'],
  ['2026-09-05', '2026-09-05'],
  ['2025年12月5日', '2025-12-05'],
  ['12月5日', '2026-12-05'],
  ['明天', '2026-11-25'],
  ['下周三', '2026-12-02'],
  ['2月30日', null],
  ['2.30', null],
  ['9月31号', null],
])('%s is %s', (text, day) => {
  expect(readHeldDay(text, TODAY)?.day).toBe(day)
})

test.each(['开了', '7人', '3.5万元', '12.5人', ''])('%s names no day', (text) => {
  expect(readHeldDay(text, TODAY)).toBeNull()
})

const group = (branch: string, number: number, name: string) => ({
  branch,
  group: name,
  members: 8,
  number,
  keeperId: null,
})
const BRANCHES: Branch[] = [
  {
    branch: '第一党支部',
    group: '',
    members: 20,
    number: 1,
    keeperId: null,
    groups: [group('第一党支部', 1, '第一党小组')],
  },
  { branch: '老街党支部', group: '', members: 20, number: Number.NaN, keeperId: null, groups: [] },
]

function told(text: string) {
  return readRecords(text, TODAY, BRANCHES).map(({ kind, branch, group, attendance, day }) => [
    kind,
    branch?.names.join() || branch?.numbers.join() || (branch?.all ? 'all' : ''),
    group?.numbers.join() ?? '',
    attendance,
    day?.day ?? null,
  ])
}

test.each([
  ['老街支部支委会昨天开了五个人', [['branch-committee', '老街党支部', '', 5, '2026-11-23']]],
  [
    '2026-09-05三组党小组会开了，2026/9/6一支部支委会开了',
    [
      ['party-group', '', '3', null, '2026-09-05'],
      ['branch-committee', '1', '', null, '2026-09-06'],
    ],
  ],
  ['第一支部的党员大会开完了，实到十八人', [['members-meeting', '1', '', 18, null]]],
  [
    '一支部支委会和党课昨天都开了',
    [
      ['branch-committee', '1', '', null, '2026-11-23'],
      ['party-class', '1', '', null, '2026-11-23'],
    ],
  ],
  ['1－3组党小组会都开了', [['party-group', '', '1,2,3', null, null]]],
  ['第一、第二党小组会开了', [['party-group', '', '1,2', null, null]]],
  ['一社党小组会 11/9 开的 应到9人实到8人', [['party-group', '', '1', 8, '2026-11-09']]],
  ['两个支部主题党日都搞完了', [['party-day', 'all', '', null, null]]],
  [
    '昨天一支部支委会开了5人，老街支部也开了4人',
    [
      ['branch-committee', '1', '', 5, '2026-11-23'],
      ['branch-committee', '老街党支部', '', 4, '2026-11-23'],
    ],
  ],
  [
    '9月会议补记\n9月5日一支部支委会，5人\n9月6日老街支部支委会，4人',
    [
      ['branch-committee', '1', '', 5, '2026-09-05'],
      ['branch-committee', '老街党支部', '', 4, '2026-09-06'],
    ],
  ],
])('%s', (text, records) => {
  expect(told(text)).toEqual(records)
})

test.each([
  '党课怎么上',
  '一支部支委会还没开',
  '准备开支委会，7人',
  '大家好',
  '支委会',
  '下周三支委会，7人',
  '一支部支委会开了没',
  '一支部党课上了没有，7人',
  '支委会开没开',
])('%s tells of no meeting', (text) => expect(told(text)).toEqual([]))

test.each(['1', '一', '第一', '一、', '1-', '请假', '的', '了一支部', '9.', '全', '到会'])(
  'a run of %s takes no time',
  (piece) => {
    const started = performance.now()
    told(`支委会开了${piece.repeat(Math.floor(1990 / piece.length))}`)
    expect(performance.now() - started).toBeLessThan(500)
  },
)

test('whatever is written is read without a fault, within a moment', () => {
  const piece = fc.constantFrom(
    '一支部',
    '支委会',
    '开了',
    '9月5日',
    '7人',
    '，',
    '\n',
    '各',
    '第',
    '、',
    '至',
    '-',
    '9.5',
    '1',
    '一',
    '请假',
    '%',
    '\u202E',
    '😀',
  )
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.array(piece, { maxLength: 400 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (line) => {
      const started = performance.now()
      const records = readRecords(line, TODAY, BRANCHES)
      expect(performance.now() - started).toBeLessThan(1000)
      expect(records.length).toBeLessThanOrEqual(60)
      for (const { attendance } of records) expect(attendance ?? 0).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 300 },
  )
})
