import { HOMOPHONES } from './homophone-words.ts'
import { FESTIVAL_NAMES, VARIANTS } from './when-words.ts'

/** “七一” is a day, though names in quotes are none. */
const QUOTED_FESTIVAL = new RegExp(`"(${Object.values(FESTIVAL_NAMES).flat().join('|')})"`, 'g')

/** One spelling for what is written in many: full-width digits, traditional characters, stray spaces. Same length rules do not hold. */
export function normalise(text: string): string {
  const spelled = text
    .normalize('NFKC')
    .replace(/./gu, (char) => VARIANTS[char] ?? char)
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replace(/[〜～∼–—―]+/g, '~')
    .replace(/[“”「」『』"]/g, '"')
    .replace(QUOTED_FESTIVAL, '$1')
    .replace(/\((\d{1,2}(?:[,，、]\d{1,2})+)\)(?=[日号])/g, '$1')
    .replace(/(?<=[\d一二三四五六七八九十日天号])\s+(?=\d)/g, '␣')
    .replace(/\s*\n\s*/g, '；')
    .replace(/\s+/g, '')
    .replace(/␣/g, ' ')
  return HOMOPHONES.reduce((heard, [wrong, right]) => heard.replace(wrong, right), spelled)
}
