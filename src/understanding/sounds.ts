import { pinyin } from 'pinyin-pro'

/** What the ear of half of China does not keep apart: 是 and 四, 南 and 蓝, 风 and 烘, 心 and 星. */
const ALIKE: readonly [RegExp, string][] = [
  [/^([zcs])h/, '$1'],
  [/^n/, 'l'],
  [/^hu(?=[aeio])/, 'f'],
  [/([aei])ng$/, '$1n'],
]

const SILENT = 0
const known = new Map<string, number>()

/**
 * How a character sounds, as a number: the same for all that a phone's dictation or a dialect confuses; 0 where it has no
 * sound of its own (digits, signs, Latin letters).
 */
export function soundOf(char: string): number {
  const before = known.get(char)
  if (before !== undefined) return before
  const code = char.charCodeAt(0)
  const sound = code >= 0x4e00 && code <= 0x9fff ? numberOf(spoken(char)) : SILENT
  known.set(char, sound)
  return sound
}

function spoken(char: string): string {
  return ALIKE.reduce(
    (syllable, [from, to]) => syllable.replace(from, to),
    pinyin(char, { toneType: 'none', type: 'string' }),
  )
}

/** A number that depends on nothing but the syllable, so that models outlive the order in which characters were met. */
function numberOf(syllable: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < syllable.length; i++) hash = Math.imul(hash ^ syllable.charCodeAt(i), 0x01000193) >>> 0
  return hash
}
