import { readdirSync, readFileSync } from 'node:fs'
import type { CategoryCode } from './categories.ts'
import { compileGazetteer } from './places.ts'
import type { Urgency } from './understanding.ts'

/** A text and what it is, as in training/*.jsonl and test/data/understanding/*.jsonl. */
export interface LabelledLine {
  id?: string
  text: string
  gate_expected: 'problem' | 'not'
  category: CategoryCode | null
  urgency: Urgency | null
  /** The words of the text that name the place. */
  place: string | null
  group?: string | null
  sensitive: boolean
  intent?: string
}

/** One author's lines. */
export interface Voice {
  name: string
  lines: LabelledLine[]
}

/** Reads JSON lines. Throws where one is not JSON. */
function parseLines(text: string): LabelledLine[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as LabelledLine)
}

/** The lines that come with the program and that its model is trained on, by voice. */
export function readTrainingLines(): Voice[] {
  const directory = new URL('./training/', import.meta.url)
  return readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => ({ name, lines: parseLines(readFileSync(new URL(name, directory), 'utf8')) }))
}

/** A village like any other: its groups have numbers and its places the usual names. */
export const ANY_VILLAGE = compileGazetteer({
  groups: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  places: '村口 晒谷场 村委会 小学 文化广场 活动室 卫生室 小卖部 水库 河坝 后山 砖厂 养猪场 石料厂 桥头 祠堂 水塔'
    .split(' ')
    .map((name) => ({ name })),
  people: [],
})
