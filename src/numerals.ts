const DIGITS = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九']
const VALUES: Record<string, number> = { 〇: 0, 两: 2, 俩: 2, 幺: 1 }
for (const [value, digit] of DIGITS.entries()) VALUES[digit] = value
const UNITS: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }
/** The tens of the lunar calendar. */
const TENS: Record<string, number> = { 廿: 20, 卅: 30 }

/** A numeral as people write it, to be put into a larger pattern. */
export const NUMERAL = /(?:\d{1,4}|[〇零一二两俩三四五六七八九十廿卅]{1,5})/.source

/**
 * Reads a whole number below ten thousand: 123, １２３, 一百二十三, 一千零一, 十二, 廿三, 两; digit after digit (二〇二六) too.
 * Null for anything else, and for what breaks the order of its units (十百).
 */
export function readNumeral(words: string): number | null {
  const plain = words.normalize('NFKC')
  if (/^\d+$/.test(plain)) return Number(plain)
  const chars = [...plain]
  if (chars.length === 0) return null
  if (chars.every((char) => VALUES[char] !== undefined)) {
    return chars.reduce((sum, char) => sum * 10 + (VALUES[char] ?? 0), 0)
  }
  const [first = '', second = ''] = chars
  const tens = TENS[first]
  if (tens !== undefined) {
    const ones = chars.length === 1 ? 0 : VALUES[second]
    return chars.length <= 2 && ones !== undefined ? tens + ones : null
  }
  return withUnits(chars)
}

function withUnits(chars: string[]): number | null {
  let [total, digit, above] = [0, null as number | null, Infinity]
  for (const char of chars) {
    const unit = UNITS[char]
    const value = VALUES[char]
    if (unit !== undefined) {
      if (unit >= above) return null
      total += (digit ?? 1) * unit
      above = unit
      digit = null
    } else if (value === undefined || digit) return null
    else digit = value
  }
  return total + (digit ?? 0)
}

/** Writes 0 to 9999 in Chinese: 123 as 一百二十三, 12 as 十二, 1001 as 一千零一. */
export function writeNumeral(value: number): string {
  if (value < 10) return DIGITS[value] ?? ''
  for (const [unit, size] of Object.entries(UNITS).reverse()) {
    if (value < size) continue
    const [head, rest] = [Math.floor(value / size), value % size]
    const gap = rest > 0 && rest < size / 10 ? '零' : ''
    const first = unit === '十' && head === 1 ? '' : writeNumeral(head)
    return `${first}${unit}${gap}${rest > 0 ? inner(rest) : ''}`
  }
  return String(value)
}

/** Within a larger number ten is 一十: 一百一十. */
function inner(value: number): string {
  return value >= 10 && value < 20 ? `一${writeNumeral(value)}` : writeNumeral(value)
}
