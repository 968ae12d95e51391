import { DIGITS, KINDS, type Kind, PLATE_ENDINGS, PROVINCES } from './mask-words.ts'

/** Fewer digits in a row are a house, a price or a year. */
const FEWEST_DIGITS = 7
const DIGIT = `[\\d${DIGITS}]`
const PATTERNS: readonly { of: RegExp; kind: Kind | ((found: string) => Kind) }[] = [
  { of: /(?:https?:\/\/|www\.)[^\s\u4e00-\u9fff]+/gi, kind: 'link' },
  { of: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, kind: 'account' },
  { of: new RegExp(`[${PROVINCES}][A-Z][·\\s-]?[A-Z\\d]{4,6}[A-Z\\d${PLATE_ENDINGS}]`, 'gi'), kind: 'plate' },
  {
    // However it is parted; an identity number may end in X. What looks like a number of somebody is one.
    of: new RegExp(`\\+?${DIGIT}(?:[\\s\\-.,、/·_—*()]{0,2}${DIGIT}){${FEWEST_DIGITS - 1},}[Xx]?`, 'g'),
    kind: kindOfNumber,
  },
  { of: /(?<![A-Za-z])(?=[\w-]*\d)[A-Za-z][\w-]{5,}/g, kind: 'account' },
]

function kindOfNumber(found: string): Kind {
  const digits = found.replace(new RegExp(`(?!${DIGIT}|[Xx]).`, 'gs'), '')
  if (/^(?:86)?1[3-9]\d{9}$/.test(digits) || /^0\d{9,11}$/.test(digits)) return 'phone'
  if (/^\d{17}[\dXx]$/.test(digits)) return 'identity'
  return digits.length >= 13 ? 'card' : 'number'
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
      let masked = plain(text)
      for (const { of, kind } of PATTERNS) {
        // What is masked already is passed over.
        masked = masked
          .split(/(\[[^\]]*\])/)
          .map((part, index) =>
            index % 2 === 1
              ? part
              : part.replace(of, (found) => tokenFor(found, typeof kind === 'string' ? kind : kind(found))),
          )
          .join('')
      }
      for (const name of named) {
        masked = masked
          .split(/(\[[^\]]*\])/)
          .map((part, index) =>
            index % 2 === 1 ? part : part.replaceAll(plain(name), () => tokenFor(plain(name), 'name')),
          )
          .join('')
      }
      return masked
    },
    unmask: (text) => text.replace(TOKEN, (token) => values.get(token) ?? ''),
  }
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
