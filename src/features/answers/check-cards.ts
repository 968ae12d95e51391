import { readNumeral } from '../../numerals.ts'
import { type Article, articleKey } from './article.ts'
import type { Card } from './cards.ts'

const NUMBER =
  /(?:百分之)?[零〇一二三四五六七八九十百千万两\d]+(?=(?:个|年|月|日|天|周岁|岁|倍|元|%|％|小时|户|人(?!民)))/g
/** Numbers everybody may call. */
const HOTLINES = /1(?:10|19|20|22)|12\d{3}/g

/** What is wrong with a card, measured at the articles it cites: articles that are not there, numbers that they do not say. */
export function faultsOf(card: Card, byKey: ReadonlyMap<string, Article>): string[] {
  const missing = card.articles.filter((article) => !byKey.has(articleKey(article)))
  const faults = missing.map(({ law, num }) => `${card.id}: ${law} ${num} is not in the corpus`)
  if (missing.length > 0) return faults
  const said = card.articles.map((article) => byKey.get(articleKey(article))?.text ?? '').join('\n')
  const stated = numbersIn(said)
  const unstated = numbersIn(card.answer.replace(HOTLINES, '')).filter((number) => !stated.includes(number))
  return unstated.map((number) => `${card.id}: no article it cites says ${number}`)
}

function numbersIn(text: string): number[] {
  return [...text.normalize('NFKC').matchAll(NUMBER)]
    .map((match) => readNumeral(match[0].replace(/^百分之/, '').replace(/万/g, '')))
    .filter((number) => number !== null)
    .filter((number) => number > 2)
}
