import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readNumeral, writeNumeral } from '../src/numerals.ts'

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.nat(9999), (value) => {
      expect(readNumeral(writeNumeral(value))).toBe(value)
      expect(readNumeral(String(value))).toBe(value)
    }),
    { numRuns: 10_000 },
  )
})

test('years are read digit after digit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 9999 }), (value) => {
      const digits = [...String(value)].map((digit) => '〇一二三四五六七八九'[Number(digit)]).join('')
      expect(readNumeral(digits)).toBe(value)
    }),
  )
})

test.each([
  ['一百二十三', 123],
  ['一千零一', 1001],
  ['一百一十', 110],
  ['十', 10],
  ['两百', 200],
  ['廿三', 23],
  ['卅', 30],
  ['卅一', 31],
  ['俩', 2],
  ['幺', 1],
  ['１２', 12],
  ['二〇二六', 2026],
  ['三百零五', 305],
])('%s is %i', (words, value) => {
  expect(readNumeral(words)).toBe(value)
})

test.each(['', '十百', '一二十', '百千', '廿廿', '廿三四', '条', '一点', '-1', '1.5', '十十'])(
  '%s is no numeral',
  (words) => {
    expect(readNumeral(words)).toBe(null)
  },
)

test('any text is a numeral or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'零〇一二两三十百千廿卅1２ 月') }), (text) => {
      const value = readNumeral(text)
      expect(value === null || (Number.isInteger(value) && value >= 0)).toBe(true)
    }),
    { numRuns: 5000 },
  )
})
