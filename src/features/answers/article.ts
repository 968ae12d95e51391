/** One article of a law, policy or village rule in one version. */
export interface Article {
  /** Short title, without 中华人民共和国. */
  law: string
  /** Its number in digits; `10-1` for 第十条之一. */
  num: string
  /** 编, 章 and 节 it stands in, joined by spaces. */
  section: string
  text: string
  /** First day this version holds, YYYY-MM-DD; null where it is not known. */
  effectiveFrom: string | null
  /** First day it holds no more; null while it is in force. */
  effectiveUntil: string | null
  source: string
  /** Whose rule it is: `nation`, a province, a county, or the village itself. */
  scope: string
}

/** What names an article whatever its version. */
export function articleKey({ law, num }: Pick<Article, 'law' | 'num'>): string {
  return `${law}|${num}`
}

const DIGITS = '零一二三四五六七八九'
const UNITS: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }

/** 一百二十三, 〇, 123 and １２３ as a number; null for anything else. */
export function readNumeral(words: string): number | null {
  const plain = words.normalize('NFKC').replace(/〇/g, '零').replace(/两/g, '二')
  if (/^\d+$/.test(plain)) return Number(plain)
  if (!/^[零一二三四五六七八九十百千]+$/.test(plain)) return null
  let total = 0
  let digit = 0
  for (const char of plain) {
    const unit = UNITS[char]
    if (unit === undefined) digit = DIGITS.indexOf(char)
    else {
      total += (digit || 1) * unit
      digit = 0
    }
  }
  return total + digit
}

/** 123 as 一百二十三. */
function writeNumeral(value: number): string {
  if (value < 10) return DIGITS[value] ?? ''
  for (const [unit, size] of Object.entries(UNITS).reverse()) {
    if (value < size) continue
    const head = Math.floor(value / size)
    const rest = value % size
    const gap = rest > 0 && rest < size / 10 ? '零' : ''
    const first = unit === '十' && head === 1 ? '' : writeNumeral(head)
    // Within a larger number ten is 一十: 一百一十.
    return `${first}${unit}${gap}${rest > 0 ? inner(rest) : ''}`
  }
  return String(value)
}

function inner(value: number): string {
  const words = writeNumeral(value)
  return value >= 10 && value < 20 ? `一${words}` : words
}

/** `10-1` as 第十条之一. */
export function articleWords(num: string): string {
  const [main = '', after] = num.split('-')
  const words = /^\d+$/.test(main) ? writeNumeral(Number(main)) : main
  return `第${words}条${after === undefined ? '' : `之${writeNumeral(Number(after))}`}`
}

/** The title people use: without 中华人民共和国, marks and the year of a version. */
export function shortTitle(title: string): string {
  return title
    .trim()
    .replace(/^[#\s]+/, '')
    .replace(/[《》〈〉]/g, '')
    .replace(/^中华人民共和国/, '')
    .replace(/\s*[（(]\s*\d{4}\s*年?\s*(?:修订|修正|修改|最新)?\s*版?\s*[）)]\s*$/, '')
    .trim()
}
