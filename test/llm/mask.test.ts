import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMasks, plain } from '../../src/llm/mask.ts'

const digits = (length: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })

/** A number in the ways people write one where a machine should not see it. */
function written(numbers: readonly number[], style: number): string {
  const text = numbers.join('')
  const halves = [text.slice(0, 3), text.slice(3, 7), text.slice(7)].filter((part) => part !== '')
  switch (style) {
    case 0:
      return text
    case 1:
      return halves.join(' ')
    case 2:
      return halves.join('-')
    case 3:
      return [...text].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('')
    case 4:
      return [...text].map((digit) => '零一二三四五六七八九'[Number(digit)]).join('')
    case 5:
      return [...text].join(' ')
    case 6:
      return [...text].join('\u200b')
    case 7:
      return [...text].map((digit) => `${digit}\ufe0f\u20e3`).join('')
    default:
      return [...text].map((digit, n) => (n % 2 === 0 ? digit : '零一二三四五六七八九'[Number(digit)])).join('')
  }
}

const STYLES = 9

test('no number of seven or more digits leaves in any writing, and each comes back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 7, max: 19 }).chain((length) => digits(length)),
      fc.integer({ min: 0, max: STYLES - 1 }),
      fc.constantFrom('我的电话是', '联系', '身份证', 'tel:', '（', ''),
      fc.constantFrom('，快来', '）', '。谢谢', ''),
      (numbers, style, before, after) => {
        const masks = createMasks()
        const text = `${before}${written(numbers, style)}${after}`
        const masked = masks.mask(text)
        const left = masked.replace(/\[[^\]]*\]/g, '').match(/[\d零〇一二三四五六七八九]/g) ?? []
        expect(left.length, masked).toBeLessThan(7)
        expect(left.length, masked).toBe(0)
        expect(masks.unmask(masked)).toBe(plain(text))
      },
    ),
    { numRuns: 2000 },
  )
})

test.each([
  ['打13812345678', '打[电话1]'],
  ['+86 138-1234-5678', '+[电话1]'],
  ['0838-5551234', '[电话1]'],
  ['身份证51010219900307123x', '身份证[证件1]'],
  ['卡6222 0212 3456 7890 123', '卡[卡号1]'],
  ['川A·12345的车', '[车牌1]的车'],
  ['粤BD12345撞了人', '[车牌1]撞了人'],
  ['加我微信abc_1234', '加我微信[账号1]'],
  ['写信到a.b@c.cn', '写信到[账号1]'],
  ['看https://x.cn/?id=5吧', '看[网址1]吧'],
  ['138 1234 5678和13812345679', '[电话1]和[电话2]'],
  ['13812345678，再说一遍13812345678', '[电话1],再说一遍[电话1]'],
])('%s is shown as %s', (text, shown) => {
  expect(createMasks().mask(text)).toBe(shown)
})

test.each(['三组12号', '花了200元', '2026年3月', '第1165条', '12 15 办结', '一户一宅', '打12345没人接'])(
  '%s is left alone',
  (text) => {
    expect(createMasks().mask(text)).toBe(plain(text))
  },
)

test('names that were given are hidden, longest first; a name of one sign is in every word', () => {
  const masks = createMasks(['老周', '周', '老周家'])
  expect(masks.mask('老周家的路灯，周末找老周')).toBe('[人名1]的路灯,周末找[人名2]')
  expect(masks.unmask('[人名1]的路灯')).toBe('老周家的路灯')
})

test('a mask that was not made here stands for nothing, and nobody can write one', () => {
  const masks = createMasks()
  expect(masks.mask('[电话1]是13812345678')).toBe('（电话1）是[电话1]')
  expect(masks.unmask('[电话1][电话2][人名1]')).toBe('13812345678')
})

test('no text makes it fail, and nothing invisible or bracketed stays', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const masked = createMasks(['老周']).mask(text)
      expect(masked.replace(/\[[^\]]*\]/g, '')).not.toMatch(/[[\]<>\p{Cf}\p{Cc}]/u)
    }),
  )
})
