import { describe, expect, test } from 'vitest'
import { readDemoVillage } from '../../src/village/demo.ts'
import { checkGrid, checkGridRule } from '../../src/village/grid-rule.ts'
import { gridVerdict } from '../../src/village/replies.ts'
import { groupOfPlaceName, parseVillageFile } from '../../src/village/village-file.ts'

describe('the village file', () => {
  test('needs nothing but a name', () => {
    expect(parseVillageFile({ name: '东升村' })).toMatchObject({ timezone: 'Asia/Shanghai', groups: [], people: [] })
  })

  test('takes groups and places as plain strings and ignores what it does not know', () => {
    const file = parseVillageFile({
      name: '东升村',
      timezone: 'Asia/Shanghai',
      groups: ['1', '3'],
      grids: [{ name: '一网格', groups: ['1', '3'] }],
      places: ['村口', { name: '晒谷场', group: '3' }],
      rooms: [{ id: 'grid', kind: 'grid', colour: 'red' }],
      people: [{ name: '老周', role: 'grid-worker', grid: '一网格', group: '3', duty: true }],
    })
    expect(file.places).toEqual([{ name: '村口' }, { name: '晒谷场', group: '3' }])
    expect(file.rooms).toEqual([{ id: 'grid', kind: 'grid' }])
  })

  test.each([
    [{}, /^name: .*For example "name":"东升村"/],
    [[], /^the file: /],
    [{ name: '村', people: [{ name: '老周', role: 'boss' }] }, /^people\[0\]\.role: .*For example .*grid-worker/],
    [{ name: '村', groups: ['1', '1'] }, /^groups\[1\]: "1" is also groups\[0\]/],
    [
      {
        name: '村',
        people: [
          { name: '老周', role: 'admin' },
          { name: '老周', role: 'admin' },
        ],
      },
      /^people\[1\]\.name/,
    ],
    [{ name: '村', people: [{ name: '老周', role: 'admin', grid: '三网格' }] }, /^people\[0\]\.grid: "三网格" is not/],
    [
      {
        name: '村',
        groups: ['1'],
        grids: [
          { name: 'a', groups: ['1'] },
          { name: 'b', groups: ['1'] },
        ],
      },
      /^grids\[1\]\.groups\[0\]: group "1" already/,
    ],
    [{ name: '村', groups: ['1'], places: [{ name: '桥', group: '2' }] }, /^places\[0\]\.group/],
    [{ name: '村', timezone: 'Mars/Base' }, /^timezone: /],
    [{ name: '村', figures: { groups: { 7: { households: 3 } } } }, /^figures\.groups\.7/],
    [{ name: '村', party: { branches: [{ name: '一支部', secretary: '无' }] } }, /^party\.branches\[0\]\.secretary/],
    [{ name: '村', party: { branches: [{ name: '一支部' }, { name: '一支部' }] } }, /^party\.branches\[1\]\.name/],
    [
      { name: '村', party: { branches: [{ name: '一支部', members: 5, groups: [{ name: '一组', members: 6 }] }] } },
      /^party\.branches\[0\]\.members: is 5, but its groups have 6/,
    ],
    [
      { name: '村', party: { branches: [{ name: '一支部', groups: [{ name: '一组', members: -1 }] }] } },
      /^party\.branches\[0\]\.groups\[0\]\.members/,
    ],
  ])('says where it is wrong: %j', (json, message) => {
    expect(() => parseVillageFile(json)).toThrow(message)
  })

  test.each([
    ['三组村口', '3'],
    ['3组村口', '3'],
    ['３社晒坝', '3'],
    ['第三村民小组水井', '3'],
    ['十一组', '11'],
    ['二十组桥头', null],
    ['组合柜', null],
    ['村口', null],
    ['三角地', null],
  ])('a place belongs to the group its name starts with: %s', (place, group) => {
    expect(groupOfPlaceName(place, ['1', '3', '11'])).toBe(group)
  })
})

describe('the rule for grids', () => {
  test('half of 731 households and 2,241 people passes with a remark', () => {
    const check = checkGrid(null, 731 / 2, 2241 / 2)
    expect(check).toMatchObject({ verdict: 'passes-with-remark', aboveResidents: 12 })
    expect(gridVerdict(check)).toBe(
      '全村平均每个网格：365.5 户，1,120.5 人——符合（户数在 300–500 户之内），备注：人数比 1,000 人多 12%',
    )
  })

  test.each([
    [300, 1000, 'passes'],
    [500, 900, 'passes'],
    [501, 1000, 'passes-with-remark'],
    [501, 1001, 'fails'],
    [299, 900, 'fails'],
    [350, null, 'passes'],
    [null, 900, 'passes'],
    [null, 1100, 'fails'],
    [null, null, 'unknown'],
  ] as const)('%s households and %s people: %s', (households, residents, verdict) => {
    expect(checkGrid('一网格', households, residents).verdict).toBe(verdict)
    expect(gridVerdict(checkGrid('一网格', households, residents))).toMatch(/^一网格：/)
  })

  test('the demo village has the figures of the report', async () => {
    const file = await readDemoVillage()
    const figures = Object.values(file.figures?.groups ?? {})
    expect(figures.reduce((sum, { households = 0 }) => sum + households, 0)).toBe(731)
    expect(figures.reduce((sum, { residents = 0 }) => sum + residents, 0)).toBe(2241)
    const roles = (role: string) => file.people.filter((person) => person.role === role).length
    expect([
      roles('grid-worker'),
      roles('informant'),
      roles('legal-helper'),
      roles('secretary'),
      roles('admin'),
    ]).toEqual([2, 9, 8, 1, 1])
    expect(file.people.filter((person) => person.duty)).toHaveLength(1)
    const branches = file.party?.branches ?? []
    expect(branches.map(({ groups }) => groups.length)).toEqual([5, 4])
    expect(branches.reduce((sum, { members = 0 }) => sum + members, 0)).toBe(71)
    for (const { members, groups } of branches)
      expect(groups.reduce((sum, group) => sum + (group.members ?? 0), 0)).toBe(members)
    const { average, grids } = checkGridRule(file)
    expect(average).toMatchObject({ households: 365.5, residents: 1120.5, verdict: 'passes-with-remark' })
    expect(grids.map(({ verdict }) => verdict)).toEqual(['passes-with-remark', 'passes'])
  })
})
