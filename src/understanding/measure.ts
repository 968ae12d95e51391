import { type CategoryCode, categoryOf } from './categories.ts'
import type { LabelledLine } from './training-lines.ts'
import type { Understanding } from './understanding.ts'

/** A line and what is known of it; a field that is absent is not measured. */
export type Expected = Pick<LabelledLine, 'text' | 'gate_expected'> & Partial<LabelledLine>

/** What is measured of an understanding: right answers of all. */
export const FIGURES = [
  /** Of what was taken for a problem, really one. */
  'precision',
  /** Of the problems, found as a ticket or a candidate. */
  'recall',
  /** Of the problems, found as a ticket. */
  'tickets',
  /** Of all other lines, made a ticket. */
  'falseTickets',
  'falseCandidates',
  /** Of the problems, the right category; what was missed counts as wrong. */
  'category',
  /** Of the problems, the right kind of grid work. */
  'work',
  'urgency',
  /** Of the emergencies, found as such. */
  'emergencies',
  /** Of all other lines, called an emergency. */
  'overEscalated',
  /** Twice the exactly right places, of those that are named and those that were found: F1. */
  'place',
  /** The same where one of both spans holds the other: 三组村口 for 村口. */
  'placeRoughly',
  'group',
  'sensitive',
  /** Of all other lines, kept private. */
  'falseSensitive',
  'intent',
] as const
export type FigureName = (typeof FIGURES)[number]

export interface Tally {
  right: number
  of: number
}
export type Figures = Record<FigureName, Tally>

/** What one line adds to the figures. */
export type Score = Partial<Figures>

const one = (right: boolean): Tally => ({ right: right ? 1 : 0, of: 1 })

/** What is looked at of an understanding. */
export type Said = Pick<Understanding, 'gate' | 'intent' | 'category' | 'urgency' | 'place' | 'group' | 'sensitive'>

/** Compares what was understood of a line with what it is. */
export function score(line: Expected, said: Said): Score {
  const taken = said.gate !== 'none'
  const problem = line.gate_expected === 'problem'
  const calledEmergency = said.urgency === 'emergency'
  const workOf = (code: CategoryCode | null) => (code === null ? 0 : categoryOf(code).work)
  return {
    ...(taken && { precision: one(problem) }),
    ...(line.sensitive !== undefined && { [line.sensitive ? 'sensitive' : 'falseSensitive']: one(said.sensitive) }),
    ...(line.intent !== undefined && { intent: one(line.intent === said.intent) }),
    ...(line.urgency !== 'emergency' && { overEscalated: one(calledEmergency) }),
    ...(problem
      ? {
          recall: one(taken),
          tickets: one(said.gate === 'ticket'),
          ...(line.category && {
            category: one(taken && said.category === line.category),
            work: one(taken && workOf(said.category) === workOf(line.category)),
          }),
          ...(line.urgency && { urgency: one(said.urgency === line.urgency) }),
          ...(line.urgency === 'emergency' && { emergencies: one(calledEmergency) }),
          ...(line.place !== undefined && placeScores(line.place, said.place)),
          ...(line.group !== undefined && { group: one(line.group === said.group) }),
        }
      : { falseTickets: one(said.gate === 'ticket'), falseCandidates: one(said.gate === 'maybe') }),
  }
}

function placeScores(expected: string | null, said: string | null): Score {
  const of = (expected === null ? 0 : 1) + (said === null ? 0 : 1)
  const both = expected !== null && said !== null
  const roughly = both && (said.includes(expected) || expected.includes(said))
  return { place: { right: both && said === expected ? 2 : 0, of }, placeRoughly: { right: roughly ? 2 : 0, of } }
}

/** Adds up what lines have scored. */
export function total(scores: Iterable<Score>): Figures {
  const sum = Object.fromEntries(FIGURES.map((name) => [name, { right: 0, of: 0 }])) as Figures
  for (const each of scores) {
    for (const name of FIGURES) {
      sum[name].right += each[name]?.right ?? 0
      sum[name].of += each[name]?.of ?? 0
    }
  }
  return sum
}

/** The share of right answers, 0–1; 0 where there is none to give. */
export function share({ right, of }: Tally): number {
  return of === 0 ? 0 : right / of
}
