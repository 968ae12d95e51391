const DIGITS = '〇一二三四五六七八九'
const VALUES: Record<string, number> = { 零: 0, 〇: 0, 两: 2, 俩: 2, 幺: 1 }
for (const [value, digit] of Array.from(DIGITS).entries()) VALUES[digit] = value

/** A number as people write it, to be put into a larger pattern. */
export const NUMBER = '(?:\\d{1,4}|[〇零一二两俩三四五六七八九十廿卅]{1,5})'

/** Reads `12`, `十二`, `廿三`, `卅`, `二〇二六`; NaN for anything else. */
export function parseNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  if (/^[廿卅]/.test(text)) return (text[0] === '廿' ? 20 : 30) + (text.length > 1 ? parseNumber(text.slice(1)) : 0)
  const [, tens, ones] = /^([一二两三四五六七八九]?)十([一二三四五六七八九]?)$/.exec(text) ?? []
  if (tens !== undefined && ones !== undefined) {
    return (tens ? (VALUES[tens] ?? Number.NaN) : 1) * 10 + (ones ? (VALUES[ones] ?? Number.NaN) : 0)
  }
  const digits = [...text].map((char) => VALUES[char] ?? Number.NaN)
  return digits.reduce((sum, digit) => sum * 10 + digit, 0)
}

/** Writes 1 to 99 in Chinese. */
export function chineseNumber(value: number): string {
  const [tens, ones] = [Math.floor(value / 10), value % 10]
  if (tens === 0) return DIGITS[ones] ?? ''
  return `${tens > 1 ? DIGITS[tens] : ''}十${ones > 0 ? DIGITS[ones] : ''}`
}

/** Writes the day of a lunar month: 初一, 十五, 廿三, 三十. */
export function lunarDayName(day: number): string {
  if (day <= 10) return `初${chineseNumber(day)}`
  if (day > 20 && day < 30) return `廿${chineseNumber(day - 20)}`
  return chineseNumber(day)
}
