import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bootstrap, wilson } from '../../scripts/statistics.ts'
import { type Expected, type Said, score, share, total } from '../../src/understanding/measure.ts'

const lamp: Expected = {
  text: '三组村口路灯坏了',
  gate_expected: 'problem',
  category: 'light',
  urgency: 'normal',
  place: '三组村口',
  group: '3',
  sensitive: false,
  intent: 'report',
}
const right: Said = {
  gate: 'ticket',
  intent: 'report',
  category: 'light',
  urgency: 'normal',
  place: '三组村口',
  group: '3',
  sensitive: false,
}
const missed: Said = {
  ...right,
  gate: 'none',
  intent: 'chatter',
  category: null,
  urgency: null,
  place: null,
  group: null,
}

describe('what a reading scores', () => {
  test('a right one everything, a missed one nothing', () => {
    const figures = total([score(lamp, right), score(lamp, missed)])
    expect(figures).toMatchObject({
      precision: { right: 1, of: 1 },
      recall: { right: 1, of: 2 },
      category: { right: 1, of: 2 },
      urgency: { right: 1, of: 2 },
      place: { right: 2, of: 3 },
      group: { right: 1, of: 2 },
      falseTickets: { right: 0, of: 0 },
      overEscalated: { right: 0, of: 2 },
    })
  })

  test('a category that was only thought of, and a place that is longer', () => {
    expect(score(lamp, { ...missed, category: 'light' }).category).toEqual({ right: 0, of: 1 })
    const longer = score(lamp, { ...right, place: '三组村口那里' })
    expect([longer.place, longer.placeRoughly]).toEqual([
      { right: 0, of: 2 },
      { right: 2, of: 2 },
    ])
  })

  test('chatter that was taken, and an emergency that was missed or invented', () => {
    const chatter: Expected = { text: '哈哈', gate_expected: 'not', sensitive: false }
    expect(score(chatter, { ...right, urgency: 'emergency' })).toEqual({
      precision: { right: 0, of: 1 },
      falseTickets: { right: 1, of: 1 },
      falseCandidates: { right: 0, of: 1 },
      overEscalated: { right: 1, of: 1 },
      falseSensitive: { right: 0, of: 1 },
    })
    expect(score({ ...lamp, urgency: 'emergency' }, right).emergencies).toEqual({ right: 0, of: 1 })
  })
})

describe('intervals', () => {
  test('Wilson’s, by its published example and at the ends', () => {
    // Newcombe 1998, table I: 81 of 263 gives 0.2553–0.3662.
    expect(wilson({ right: 81, of: 263 }).map((bound) => bound.toFixed(4))).toEqual(['0.2553', '0.3662'])
    expect(wilson({ right: 10, of: 10 })[1]).toBeCloseTo(1, 9)
    expect(wilson({ right: 0, of: 0 })).toEqual([0, 1])
  })

  test('the bootstrap’s holds the figure, and is the same every time', () => {
    const scores = Array.from({ length: 200 }, (_, i) => score(lamp, i % 4 === 0 ? missed : right))
    const [low, high] = bootstrap(scores, 'place')
    const figure = share(total(scores).place)
    expect(low).toBeLessThan(figure)
    expect(high).toBeGreaterThan(figure)
    expect(bootstrap(scores, 'place')).toEqual([low, high])
  })
})

test('npm run eval:understanding prints one table and names missed emergencies only when asked', {
  timeout: 120_000,
}, () => {
  const directory = mkdtempSync(join(tmpdir(), 'xiaoge-eval-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'lines.jsonl')
  const lines = [
    { id: 'x1', ...lamp },
    { id: 'x2', text: '今天天气真好', gate_expected: 'not', sensitive: false },
    {
      id: 'x3',
      text: '今天天气真好',
      gate_expected: 'problem',
      category: 'fire',
      urgency: 'emergency',
      sensitive: false,
    },
  ]
  writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
  const run = (...flags: string[]) =>
    execFileSync(process.execPath, ['--import', 'tsx', 'scripts/eval-understanding.ts', file, ...flags], {
      encoding: 'utf8',
    })
  const [, , ...rows] = run().split('\n')
  const rowOf = (what: string) => rows.find((row) => row.startsWith(`| ${what}`))
  expect(rowOf('problems found')).toMatch(/\| +50\.0 \| +9\.5–90\.5 \| +2 \| +[\d.]+ \|$/)
  expect(rowOf('emergencies found')).toMatch(/\| +0\.0 \| +0\.0 \|/)
  expect(rows.join('\n')).toMatch(/speed: mean [\d.]+ ms, p95 [\d.]+ ms, [\d,]+ messages\/s/)
  expect(rows.join('\n')).toContain('costliest confusions: fire → nothing 1×')
  expect(rows.at(-2)).toBe('missed emergencies: 1')
  expect(run('--show').trimEnd()).toMatch(/missed emergencies: 1 \(x3\)$/)
})
