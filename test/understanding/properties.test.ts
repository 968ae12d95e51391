import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { understand } from '../../src/understanding/understand.ts'
import { village } from './village.ts'

const WORDS = [
  '三组',
  '12组',
  '村口',
  '路灯',
  '坏了',
  '又',
  '没人来修',
  '着火了',
  '谢谢',
  '，',
  '\n',
  ' ',
  '１３８００００１２３４',
  '\u200b',
  '😂',
  '老王家门口',
  '打我',
  '不用了',
  '【通知】',
  '到小学那段路',
]
const villageText = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) => words.join(''))
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 }).map((codes) => String.fromCharCode(...codes)),
  villageText,
)

describe('for any text', () => {
  it('never throws, names a place that was written and a group that exists, and repeats itself', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const u = understand(text, village)
        if (u.place !== null) expect(text).toContain(u.place)
        if (u.group !== null) expect(village.groups.has(u.group)).toBe(true)
        if (u.gate !== 'none') expect(u.category).not.toBeNull()
        expect(u.score).toBeGreaterThanOrEqual(0)
        expect(u.score).toBeLessThanOrEqual(1)
        expect(understand(text, village)).toEqual(u)
        expect(JSON.parse(JSON.stringify(u))).toEqual(u)
      }),
      { numRuns: 600 },
    )
  })

  it.each([
    ['one character', '路'.repeat(10_000)],
    ['one phrase', '三组路灯又坏了'.repeat(1_500).slice(0, 10_000)],
    ['groups', '三组'.repeat(5_000)],
    ['digits', '1'.repeat(10_000)],
    ['surnames', '王'.repeat(10_000)],
    ['spaces', ' '.repeat(10_000)],
    ['lone surrogates', '\ud800'.repeat(10_000)],
    ['faces', '😂'.repeat(5_000)],
  ])('reads ten thousand characters of %s quickly', (_, text) => {
    const start = performance.now()
    understand(text, village)
    expect(performance.now() - start).toBeLessThan(250)
  })
})
