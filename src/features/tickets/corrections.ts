import { cut } from '../../text.ts'
import { type CategoryCode, findCategory } from '../../understanding/categories.ts'
import { understand } from '../../understanding/understand.ts'
import type { Urgency } from '../../understanding/understanding.ts'
import type { Request } from '../feature.ts'
import * as replies from './replies.ts'

const URGENCY_OF: readonly [RegExp, Urgency][] = [
  [/不急|不着急|缓/, 'low'],
  [/一般|普通/, 'normal'],
  [/特急|十万火急/, 'emergency'],
  [/急/, 'urgent'],
]

export function urgencyOf(words: string): Urgency {
  return URGENCY_OF.find(([pattern]) => pattern.test(words))?.[1] ?? 'urgent'
}

type Correction =
  | { type: 'category'; category: CategoryCode }
  | { type: 'urgency'; urgency: Urgency; words: string }
  | { type: 'place'; place: string; placeKey: string; group: string | null; words: string }

/** 改 道路, 改 急, 改 地点 三组桥头; null when it is none of these. */
export function correctionOf(request: Request, argument: string): Correction | null {
  const words = argument.replace(/^(?:类别|分类|成|为|地点|地址|位置)\s*[:：]?\s*/, '').trim()
  const category = findCategory(words)
  if (category) return { type: 'category', category }
  if (/^(?:不急|一般|普通|急|紧急|加急|特急)$/.test(words)) {
    const urgency = urgencyOf(words)
    return { type: 'urgency', urgency, words: replies.urgencyWord(urgency) }
  }
  const said = understand(words, request.gazetteer)
  const named =
    /^(?:地点|地址|位置)/.test(argument) || /^(?:地点|地址|位置)/.test(request.text.replace(/^[#＃\d号\s]+/, ''))
  if (said.place !== null) {
    return { type: 'place', place: said.place, placeKey: said.placeKey, group: said.group, words: said.place }
  }
  return named && words !== ''
    ? { type: 'place', place: cut(words, 30), placeKey: `|${cut(words, 30)}`, group: null, words }
    : null
}
