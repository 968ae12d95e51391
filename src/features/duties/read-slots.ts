import { readNumeral } from '../../numerals.ts'
import { ALL, FILLER, HELD, KIND_WORDS, THEME_WORDS } from './duty-words.ts'
import { FULL_DATE, type HeldDay, readHeldDay } from './held-day.ts'
import type { DutyKind, Theme } from './kinds.ts'
import type { Body, Branch } from './organisation.ts'
import type { IsoDay } from './periods.ts'

/** Which branches or groups a line names. */
export interface Mention {
  /** By number; may hold some that the village has not. */
  numbers: number[]
  /** By name. */
  names: string[]
  all: boolean
  /** How many all of them are, where that was said. */
  count: number | null
  said: string
}

/** What one stretch of a message says about a meeting, as far as it says it. */
export interface Slots {
  kinds: DutyKind[]
  branch: Mention | null
  group: Mention | null
  day: HeldDay | null
  attendance: number | null
  /** Everybody came. */
  full: boolean
  absent: number | null
  expected: number | null
  /** The number holds for each of several bodies. */
  each: boolean
  theme: Theme | null
  chair: string
  /** What is left: what was done. */
  content: string
  held: boolean
}

const N = /(?:\d{1,9}|[一二两三四五六七八九十百廿零]{1,6})/.source
const COUNTED = /\s*(?:个|名|位)?/.source
/** 1、3, 一二, 第一和第二, 1-9; of one length at most, so that no run of digits is read in more than one way. */
const LIST = /[\d一二三四五六七八九十第][\d一二三四五六七八九十第、和与及,到至~-]{0,40}/.source
const BRANCH = new RegExp(`(${LIST})(?:网格)?(?:党)?支部`, 'g')
const GROUP = new RegExp(`(${LIST})(?:村民)?(?:党)?(?:小组|组|社|队)`, 'g')
const ALL_BRANCHES = new RegExp(`(?:${ALL.source}|(${N})个)(?:党)?支部`)
const ALL_GROUPS = new RegExp(`(?:${ALL.source}|(${N})个)(?:党|村民)?(?:小组|组)`)

const ABSENT = [
  new RegExp(`(?:请假|缺席|缺勤|没来|未到|因事)了?(${N})${COUNTED}人?`, 'g'),
  new RegExp(`(${N})${COUNTED}(?:人|党员)?(?:请假|缺席|缺勤|没来|未到)`, 'g'),
]
const EXPECTED = new RegExp(`应到(?:会|人数)?(${N})${COUNTED}人?`, 'g')
const PRESENT = [
  new RegExp(
    `(?:实到|到会|参会|参加|出席|人数|来|到)(?:人数|会)?(?:了|改为|改成|是|:)?(?:党员)?(-?${N})${COUNTED}(?:人|党员)?(?![日号月])`,
    'g',
  ),
  new RegExp(`(?<![\\d.])(-?${N})${COUNTED}(?:人|党员)(?:参加|到会|出席|参会|到场)?`, 'g'),
  new RegExp(`(?<![\\d.])(-?${N})(?:个|名|位)(?:参加|到会|出席|参会|到场)`, 'g'),
]
const FULL =
  /全员(?:参加|到会|到齐)?|全体(?:党员)?(?:都)?(?:参加|到)(?:会|了|齐)?|都到[了齐]|到齐了?|没(?:有)?人请假|全到了?/g
const EACH = /都是|各|每个/
const CHAIR = [
  /(?:主持人?|主讲人?|授课人?)[:是为]\s*(\p{Script=Han}{1,6})/u,
  /(?<![^|\s,:由请、])(\p{Script=Han}{1,6}?)(?:主持|主讲|讲的课|讲的|讲了|讲课|授课|上的课)/u,
]
const MAX_CONTENT = 100

/** A message as it is read: full width becomes half, numbers stand by their unit, nothing invisible is left. */
export function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cs}]/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, '\n')
    .replace(/(\d)[ \t]+(?=[人名个位月日号年])/g, '$1')
    .replace(/(?<=到会|实到|应到|请假|缺席|参加|第)[ \t]+(?=\d)/g, '')
}

/** Reads one stretch of a normalised message. `today` is the day on which it was written. */
export function readSlots(text: string, today: IsoDay, branches: readonly Branch[]): Slots {
  let left = text
  const take = (pattern: RegExp): RegExpExecArray[] => {
    const found = [...left.matchAll(pattern)]
    for (const { index, 0: said } of found) {
      left = left.slice(0, index) + '|'.repeat(said.length) + left.slice(index + said.length)
    }
    return found
  }
  const kinds = KIND_WORDS.filter(([, pattern]) => new RegExp(pattern).test(text)).map(([kind]) => kind)
  const groups = branches.flatMap((branch) => branch.groups)
  const each = EACH.test(text)
  const [written] = take(new RegExp(FULL_DATE, 'g'))
  // Names before kinds: 三组党小组会 names the group with letters of the kind.
  const branch = mentionIn(take, BRANCH, ALL_BRANCHES, branches, (body) => body.branch)
  const group = mentionIn(take, GROUP, ALL_GROUPS, groups, (body) => body.group)
  for (const [, pattern] of KIND_WORDS) take(pattern)
  take(/^会(?:议)?|(?<=\|)(?:小组)?会(?:议)?/g)
  const day = readHeldDay(written?.[0] ?? left, today)
  if (day) left = left.replace(day.said, '|')
  const full = take(FULL).length > 0
  const absent = ABSENT.flatMap((pattern) => take(pattern))[0]
  const expected = take(EXPECTED)[0]
  const present = PRESENT.flatMap((pattern) => take(pattern))[0]
  const theme = THEME_WORDS.find(([, pattern]) => pattern.test(text))?.[0] ?? null
  const chair = CHAIR.map((pattern) => pattern.exec(left)).find((match) => match !== null)
  if (chair) left = left.replace(chair[0], '|')
  return {
    kinds,
    branch,
    group,
    day,
    attendance: present ? count(present[1]) : null,
    full,
    absent: absent ? count(absent[1]) : null,
    expected: expected ? count(expected[1]) : null,
    each,
    theme,
    chair: chair?.[1]?.replace(/^[由请]/, '') ?? '',
    content: contentOf(left),
    held: HELD.test(text),
  }
}

function count(text: string | undefined): number | null {
  if (text === undefined || text.startsWith('-')) return 0
  return readNumeral(text)
}

function contentOf(left: string): string {
  const words = left
    .replace(new RegExp(HELD, 'g'), '|')
    .replace(/(?:主题|内容|议题)(?:[:是为]|改[成为]?|换成)/g, '|')
    .replace(FILLER, '|')
    .split(/[|,;。!\n]+/)
    .map((part) => part.replace(/^[\s:()、的了是在开于]+|[\s:()、的了]+$/gu, ''))
    .filter((part) => [...part].length > 1)
  return [...words.join('，')].slice(0, MAX_CONTENT).join('')
}

type Take = (pattern: RegExp) => RegExpExecArray[]

function mentionIn<T extends Body>(
  take: Take,
  numbered: RegExp,
  all: RegExp,
  bodies: readonly T[],
  nameOf: (body: T) => string,
): Mention | null {
  const mention: Mention = { numbers: [], names: [], all: false, count: null, said: '' }
  const [whole] = take(new RegExp(all, 'g'))
  if (whole) {
    mention.all = true
    mention.count = whole[1] === undefined ? null : count(whole[1])
    mention.said = whole[0]
  }
  // Names without a number are found as they stand: 老街支部 for 老街党支部.
  for (const body of bodies.filter(({ number }) => Number.isNaN(number))) {
    const stem = nameOf(body).replace(/(?:党支部|支部|党小组|小组)$/, '')
    const pattern = new RegExp(`${stem.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?:党)?(?:支部|小组)`, 'g')
    const [found] = stem === '' ? [] : take(pattern)
    if (found) {
      mention.names.push(nameOf(body))
      mention.said ||= found[0]
    }
  }
  for (const match of take(numbered)) {
    mention.numbers.push(...listed(match[1] ?? ''))
    mention.said += (mention.said ? '、' : '') + match[0]
  }
  mention.numbers = [...new Set(mention.numbers)]
  return mention.said === '' ? null : mention
}

/** 1、3组, 一二支部, 1-9组, 第一、第二. */
function listed(list: string): number[] {
  return list
    .replaceAll('第', '、')
    .split(/[、和与及,\s]+/)
    .flatMap((part) => {
      const [from, until] = part.split(/[到至~-]/)
      if (until) {
        const [first, last] = [numberOf(from ?? ''), numberOf(until)]
        return last - first < 30 ? Array.from({ length: last - first + 1 }, (_, n) => first + n) : [first, last]
      }
      const word = from ?? ''
      if (word === '') return []
      return /^[一二三四五六七八九]{2,}$/.test(word) ? [...word].map(numberOf) : [numberOf(word)]
    })
    .filter((number) => Number.isFinite(number))
}

function numberOf(words: string): number {
  return readNumeral(words) ?? Number.NaN
}
