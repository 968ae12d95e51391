import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitText } from '../../src/outbox/split-text.ts'

test.each([
  ['nothing to part', '短短一句。', 10, ['短短一句。']],
  ['at a sentence', '第一句话。第二句话。第三句。', 8, ['第一句话。', '第二句话。', '第三句。']],
  ['at a line rather than at a comma', '一二三四五\n六，七八九十', 10, ['一二三四五', '六，七八九十']],
  ['after the closing quote', '他说：“修好了。”大家都满意。', 10, ['他说：“修好了。”', '大家都满意。']],
  ['at a comma where no sentence ends', '一二三四五六，七八九十', 9, ['一二三四五六，', '七八九十']],
  ['anywhere where there is no border', '一二三四五六七八', 3, ['一二三', '四五六', '七八']],
  ['never within a character', '灯灯灯👍🏽亮了', 5, ['灯灯灯', '👍🏽亮', '了']],
])('%s', (_what, text, max, parts) => {
  expect(splitText(text, max)).toEqual(parts)
})

test('no part is too long or broken, and together they say everything', () => {
  const texts = fc.array(fc.constantFrom('好', '灯。', '，', '\n', ' ', '👨‍👩‍👧', '𠮷', '办结', 'abc'), {
    maxLength: 200,
  })
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 60 }), (pieces, max) => {
      const text = pieces.join('')
      const parts = splitText(text, max)
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(max)
        expect(part.isWellFormed()).toBe(true)
      }
      expect(parts.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
    }),
  )
})
