import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskNumbers } from '../../src/outbox/privacy-guard.ts'

/** Runs of digits as a reader sees them: whatever stands between two digits and is no letter or sign of writing. */
function longestRun(text: string): number {
  const plain = text.normalize('NFKC')
  let longest = 0
  let run = 0
  let between = 0
  for (const character of plain) {
    if (/[0-9]/.test(character)) {
      run = between <= 3 ? run + 1 : 1
      between = 0
      longest = Math.max(longest, run)
    } else if (/[\p{L}\p{S}\p{Extended_Pictographic}]|[。！？：；#]|\n/u.test(character)) {
      run = 0
      between = 0
    } else if (!/\p{Cf}/u.test(character)) {
      between++
    }
  }
  return longest
}

const digit = fc.constantFrom(...'0123456789０１２３４５６７８９')
const separator = fc.constantFrom(
  '',
  '',
  '',
  ' ',
  '-',
  '－',
  '‑',
  '—',
  '.',
  '·',
  '_',
  '/',
  '*',
  '(',
  ')',
  '\u200b',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\u3000',
  '\u00a0',
  '\u200e',
  '\u2066',
)
const number = fc
  .array(fc.tuple(digit, separator), { minLength: 7, maxLength: 19 })
  .map((parts) => parts.map(([one, space]) => one + space).join(''))
const words = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/\p{N}/gu, '字'))

describe('the privacy guard', () => {
  test('no run of seven digits survives, however it is broken up', () => {
    fc.assert(
      fc.property(words, number, words, (before, secret, after) => {
        expect(longestRun(maskNumbers(`${before}话${secret}话${after}`))).toBeLessThan(7)
      }),
      { numRuns: 2000 },
    )
  })

  test('whatever the text, it does not throw, is the same when masked twice, and keeps no long run', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const masked = maskNumbers(text)
        expect(maskNumbers(masked)).toBe(masked)
        expect(masked).not.toMatch(/[0-9]{7}/)
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    '13800001234',
    '138-0000-1234',
    '138 0000 1234',
    '138 - 0000 - 1234',
    '138  0000  1234',
    '1 3 8 0 0 0 0 1 2 3 4',
    '138.0000.1234',
    '138、0000、1234',
    '138/0000/1234',
    '138*0000*1234',
    '138－0000－1234',
    '138‑0000‑1234',
    '138~0000~1234',
    '138+0000+1234',
    '138|0000|1234',
    '138：0000：1234',
    '138\n0000\n1234',
    '１３８００００１２３４',
    '1３8０0００１2３4',
    '+86 138 0000 1234',
    '86-13800001234',
    '(010) 8888-1234',
    '0816-2345678',
    '2345678',
    '一三八零零零零一二三四',
    '幺三八〇〇〇〇幺二三四',
    '一三八 零零零零 一二三四',
    '一三八-零零零零-一二三四',
    '138零零零零1234',
    '一3八0零0零1二3四',
    '壹叁捌零零零零壹贰叁肆',
    '①③⑧⓪⓪⓪⓪①②③④',
    '𝟏𝟑𝟖𝟎𝟎𝟎𝟎𝟏𝟐𝟑𝟒',
    '١٣٨٠٠٠٠١٢٣٤',
    '1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣0️⃣1️⃣2️⃣3️⃣4️⃣',
    '138\u200b0000\u200b1234',
    '138\u00ad0000\u00ad1234',
    '138\u2066\u2069\u200b\u2060\ufeff0000\u200e\u200f\u200e\u200f1234',
    '510123199001011234',
    '51012319900101123X',
    '51012319900101123x',
    '51012319900101123Ｘ',
    '510123 19900101 123X',
    '510123-1990-0101-1234',
    '5101231990\n01011234',
    '6222 0200 0000 1234 567',
  ])('hides %j', (secret) => {
    const masked = maskNumbers(`找我，电话${secret}，谢谢`)
    expect(masked).toMatch(/^找我，电话[^，]*\*\*\*[^，]*，谢谢$/)
    // What is left of it is too little to call anybody or to be anybody.
    const left = masked.slice('找我，电话'.length, -'，谢谢'.length).normalize('NFKC')
    expect(left.replace(/[^\p{N}零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]/gu, '').length).toBeLessThan(4)
    expect(left).not.toMatch(/x/i)
  })

  test.each([
    '#12 路灯 · 三组村口 · 一般 ●○○○○',
    '#123456 路灯',
    '3月9日前办好。',
    '2026-03-09',
    '2026年3月9日18点30分',
    '2026-03-09 18:30',
    '09:30',
    '8:00—18:00',
    '3月9日—3月12日',
    '打12345、12348或12338',
    '打110、119或120',
    '110、120、122',
    '没有12、13、14、15号，请看看号码对不对。',
    '今日待办 3月9日，共12件：\n#101 路灯\n#102 道路\n#103 自来水',
    '换了3盏灯，花了150元',
    '有三四十户，一二十天了',
    '一组二组三组四组五组六组',
    '一、二、三、四、五组都停水',
    '95598',
    '三组12户，四组23户，五组31户，六组40户',
  ])('leaves %j alone', (text) => {
    expect(maskNumbers(text)).toBe(text)
  })

  test('the day in the line after a number stays', () => {
    const masked = maskNumbers('刘嫂：电表编号123456\n3月9日前办好。')
    expect(masked).toContain('\n3月9日前办好。')
  })

  test('a long text with nothing but digits is masked quickly', () => {
    const started = performance.now()
    for (const text of [
      '1'.repeat(10_000),
      '1 '.repeat(5000),
      '1---'.repeat(2500),
      '1    '.repeat(2000),
      '一'.repeat(10_000),
    ])
      expect(maskNumbers(text)).not.toMatch(/1{7}|一{7}/)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
