import { numbersIn } from '../numbers.ts'
import { DIGITS, KINDS, type Kind, PLATE_ENDINGS, PROVINCES } from './mask-words.ts'

/** Accounts, addresses of pages and plates; numbers are found first. */
const PATTERNS: readonly { of: RegExp; kind: Kind }[] = [
  { of: /(?:https?:\/\/|www\.)[^\s\u4e00-\u9fff[]+/gi, kind: 'link' },
  { of: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, kind: 'account' },
  { of: new RegExp(`[${PROVINCES}][A-Z][·\\s-]?[A-Z\\d]{4,6}[A-Z\\d${PLATE_ENDINGS}]`, 'gi'), kind: 'plate' },
  { of: /(?<![A-Za-z])(?=[\w-]*\d)[A-Za-z][\w-]{5,}/g, kind: 'account' },
]

function kindOfNumber(found: string): Kind {
  const digits = [...found].map((sign) => (DIGITS.includes(sign) ? '1' : sign)).join('')
  const plain = digits.replace(/[^\dXx]/g, '')
  if (/^(?:86)?1\d{10}$/.test(plain) || /^0\d{9,11}$/.test(plain)) return 'phone'
  if (/^\d{17}[\dXx]$/.test(plain)) return 'identity'
  return plain.length >= 13 ? 'card' : 'number'
}

const TOKEN = new RegExp(`\\[(?:${Object.values(KINDS).join('|')})\\d+\\]`, 'g')

export interface Masks {
  /** What may be sent of a text. */
  mask(text: string): string
  /** Puts back what was masked here. What only looks like a mask is left out: it stands for nobody's number. */
  unmask(text: string): string
}

/**
 * Hides phone, identity, card and plate numbers, accounts, addresses of pages and the given names behind [电话1] and the
 * like, the same one for the same value. Square brackets of the text itself become round, so that nobody can write a mask.
 */
export function createMasks(names: readonly string[] = []): Masks {
  const tokens = new Map<string, string>()
  const values = new Map<string, string>()
  const counts = new Map<Kind, number>()
  const named = names.filter((name) => [...name].length > 1).sort((a, b) => b.length - a.length)

  function tokenFor(value: string, kind: Kind): string {
    const known = tokens.get(value)
    if (known) return known
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    const token = `[${KINDS[kind]}${count}]`
    tokens.set(value, token)
    values.set(token, value)
    return token
  }

  return {
    mask(text) {
      const shown = plain(text)
      let masked = ''
      let copied = 0
      for (const { start, end } of numbersIn(shown)) {
        const value = shown.slice(start, end)
        masked += shown.slice(copied, start) + tokenFor(value, kindOfNumber(value))
        copied = end
      }
      masked += shown.slice(copied)
      for (const { of, kind } of PATTERNS) {
        masked = outsideTokens(masked, (part) => part.replace(of, (found) => tokenFor(found, kind)))
      }
      for (const name of named.map(plain)) {
        masked = outsideTokens(masked, (part) => part.replaceAll(name, () => tokenFor(name, 'name')))
      }
      return masked
    },
    unmask: (text) => text.replace(TOKEN, (token) => values.get(token) ?? ''),
  }
}

/** Changes what is not masked already. */
function outsideTokens(text: string, change: (part: string) => string): string {
  return text
    .split(/(\[[^\]]*\])/)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('')
}

/**
 * A text as it is shown to a model: one form for each sign, nothing invisible, no brackets that the prompts use. What a
 * model quotes is looked for in this.
 */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Mn}\p{Me}]/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[[<]/g, '（')
    .replace(/[\]>]/g, '）')
    .toWellFormed()
}
