import type { CategoryCode } from './categories.ts'
import { ALWAYS_SENSITIVE, IDENTITY_NUMBER } from './lexicon/sensitivity.ts'
import type { Reading } from './reading.ts'
import type { Evidence } from './understanding.ts'

/** Reasons not to repeat a text in a group; empty when there are none. */
export function findSensitive(r: Reading, category: CategoryCode | null): Evidence[] {
  const found: Evidence[] = []
  const add = (words: string, rule: string): void => {
    found.push({ part: 'sensitivity', words, weight: 1, rule })
  }
  for (const { reason, hits } of r.sensitive) {
    const hit = hits[0]
    if (hit) add(r.words(hit), reason)
  }
  const number = IDENTITY_NUMBER.exec(r.text)
  if (number) add(r.words({ start: number.index, end: number.index + number[0].length }), 'identity number')
  if (category && ALWAYS_SENSITIVE.has(category)) add('', `category ${category}`)
  return found
}
