import { writeNumeral } from '../../numerals.ts'

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
