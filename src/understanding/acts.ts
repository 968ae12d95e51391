import { ACT_PATTERNS, DETAIL_PATTERNS } from './lexicon/acts.ts'
import type { Act } from './understanding.ts'

/** What a pattern found, with the words it rests on. */
export interface FoundAct {
  act: Act
  start: number
  end: number
}

// The order decides between readings: what must never be missed or mistaken comes first.
const ORDER: readonly [Act, keyof typeof ACT_PATTERNS][] = [
  ['me-too', 'meToo'],
  ['progress', 'progress'],
  ['withdraw', 'withdraw'],
  ['unsatisfied', 'unsatisfied'],
  ['urge', 'urge'],
  ['reopen', 'reopen'],
  ['satisfied', 'satisfied'],
  ['fixed', 'fixed'],
]

/** What a text says about an earlier one, or null; `sarcastic` praise is never taken as thanks. */
export function findAct(text: string, sarcastic: boolean): FoundAct | null {
  for (const [act, key] of ORDER) {
    const m = ACT_PATTERNS[key].exec(text)
    if (!m || m[0] === '') continue
    if ((act === 'fixed' || act === 'satisfied') && (sarcastic || notReallyFixed(text))) continue
    return { act, start: m.index, end: m.index + m[0].length }
  }
  for (const pattern of DETAIL_PATTERNS) {
    const m = pattern.exec(text)
    if (m && text.length <= 30) return { act: 'detail', start: m.index, end: m.index + m[0].length }
  }
  return null
}

/** 修好了吗, 修好了又坏, 什么时候修好, 没修好 are no good news. */
function notReallyFixed(text: string): boolean {
  return /(修|弄|搞|处理|解决|换|通|来电|来水|装|恢复|好)[好完通]?(了|)(吗|没有|没|么|不|\?|又|才怪|个|$(?<=没))|什么时候|几时|啥时|没(修|弄|搞|处理|解决|来)|(不|没)(好|亮|通)|又(坏|灭|停|堵|断|漏)|能不能|希望|赶紧|尽快|就好了|才好|要是|等/.test(
    text,
  )
}
