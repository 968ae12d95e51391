import { readNumeral } from '../../../numerals.ts'

/** A numeral in a sentence, to be reckoned with; NaN where it is none. */
export function parseNumber(text: string): number {
  return readNumeral(text) ?? Number.NaN
}
