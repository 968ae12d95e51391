import { readNumeral } from '../../numerals.ts'
import type { Library } from './search/library.ts'

const NUMERAL = /[零〇一二三四五六七八九十百千两\d]+/.source
const NAMED = new RegExp(`第?(${NUMERAL})条(?:之(${NUMERAL}))?`)

/** An article that a question names itself. */
export interface LookUp {
  law: string
  num: string
  /** Versions of it, as numbers of articles; empty where the law has no such article. */
  found: readonly number[]
}

/** 土地管理法62条, 民法典第一千一百六十五条: the article named, where the corpus has the law. */
export function lookUp(library: Library, question: string): LookUp | null {
  const plain = question.normalize('NFKC').replace(/[《》\s]/g, '')
  const law = [...library.laws].filter((name) => plain.includes(name)).sort((a, b) => b.length - a.length)[0]
  if (law === undefined) return null
  const match = NAMED.exec(plain.slice(plain.indexOf(law) + law.length))
  const main = match ? readNumeral(match[1] ?? '') : null
  if (!match || main === null) return null
  const after = match[2] === undefined ? null : readNumeral(match[2])
  const num = after === null ? String(main) : `${main}-${after}`
  return { law, num, found: library.byKey.get(`${law}|${num}`) ?? [] }
}
