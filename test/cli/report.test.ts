import { describe, expect, test } from 'vitest'
import { aVillage } from '../support/conversation.ts'
import { providers } from '../support/database.ts'
import { xiaoge } from './run.ts'

interface Report {
  village: string
  year: number
  figures: { name: string; of?: string; count: number }[]
}

describe.each(providers)('the report of a year (%s)', (provider) => {
  test('counts what the database holds, and says what each figure counts', async () => {
    const village = await aVillage({ provider, village: 'liushu', at: '2025-12-31T23:00:00+08:00' })
    await village.says('孙大娘', '三组桥头路灯坏了')
    await village.until('2026-01-06T09:00:00+08:00')
    await village.says('孙大娘', '四组晒谷场垃圾没人拉')
    await village.says('孙大娘', '一组村口路灯坏了')
    await village.says('邻居', '+1')
    await village.inGrid('老江').says('2 收')
    await village.inGrid('老江').says('2 办结 已经拉走了')
    await village.direct('梁书记').says('今天二支部支委会开了，5人')
    await village.direct('梁书记').says('1月5日一支部主题党日搞了，普法，15人')
    await village.direct('梁书记').says('去年12月30日二支部支委会开了，5人')
    const settings = { url: village.database.url, now: village.clock.now() }
    const made = await xiaoge(['report', '--year', '2026', '--json'], settings)
    const report = JSON.parse(made.stdout) as Report
    expect([report.village, report.year]).toEqual(['柳树村', 2026])
    const figures = Object.fromEntries(
      report.figures.map(({ name, of, count }) => [of === undefined ? name : `${name} ${of}`, count]),
    )
    expect(figures).toMatchObject({
      tickets: 2,
      'tickets-ended': 1,
      'people-who-reported': 2,
      'meetings-of-kind branch-committee': 1,
      'meetings-of-kind party-day': 1,
      'meetings-of-kind party-class': 0,
      'meetings-entered-later': 1,
      'party-days-of-theme law': 1,
      'party-days-without-theme': 0,
      broadcasts: 0,
      answers: 0,
    })
    const works = report.figures.filter(({ name }) => name === 'tickets-of-work')
    expect(works.reduce((sum, { count }) => sum + count, 0)).toBe(2)
    const text = (await xiaoge(['report', '--year', '2025'], settings)).stdout
    expect(text).toContain('柳树村2025年')
    expect(text).toContain('办理的事：1件（')
    expect(text).toContain('支委会：1次（登记为当年开的）')
    for (const line of text.trim().split('\n').slice(1)) expect(line).toMatch(/：\d+(件|人|次|群次|人次)（.+）$/)
  })
})

test('a year is asked for', async () => {
  expect(await xiaoge(['report'])).toMatchObject({ status: 2, stderr: expect.stringContaining('--year 2026') })
})
