import type { AttachmentKind } from '../message.ts'
import type { CategoryCode } from './categories.ts'

/** What one message, or the joined lines of one bundle, says. Pure data: the same text and village give the same value. */
export interface Understanding {
  /** Version of the rules that decided, kept with the message. */
  version: string
  /** `ticket` opens one, `maybe` makes a silent candidate for the grid workers, `none` is nothing to act on. */
  gate: Gate
  /** How sure the gate is that this is a problem or request for the village, 0–1. */
  score: number
  intent: Intent
  /** What a message says about an earlier one; null for everything that stands alone. */
  act: Act | null
  category: CategoryCode | null
  urgency: Urgency | null
  /** The words of the text that name the place, for example 三组村口. */
  place: string | null
  /** The place in normal form, equal for all ways to name it (三组村口 = 村口三组 = 三社村口); '' when unknown. */
  placeKey: string
  /** Number of the villager group as text, "3". */
  group: string | null
  sensitive: boolean
  /** For whom the sender speaks, when not for themselves. */
  affected: string | null
  /** A phone number given to be called back on. */
  contact: string | null
  /** Names of people of the village that occur in the text. */
  people: string[]
  /** Whether the text accuses somebody who holds an office in the village, and by which words. */
  accused: string[]
  /** What is said beyond place and category, by slot name of the category table: households, since, who, … */
  slots: Record<string, string>
  /** Nouns of a problem or a place without a problem: perhaps the first half of something. */
  fragment: boolean
  /** What the rules and the model are unsure of, so that advice is worth asking for. */
  doubts: readonly Doubt[]
  /** Whose advice was heard; null for nobody's. */
  advisedBy: string | null
  evidence: Evidence[]
}

export const GATES = ['ticket', 'maybe', 'none'] as const
export type Gate = (typeof GATES)[number]

/** gate: nothing to act on, but not surely · category: something to act on, of another kind perhaps */
export type Doubt = 'gate' | 'category'

export const INTENTS = [
  'report',
  'question',
  'followup',
  'thanks',
  'urge',
  'withdraw',
  'schedule',
  'command',
  'chatter',
] as const
export type Intent = (typeof INTENTS)[number]

/**
 * me-too: 我家也没水、+1 · reopen: 又灭了、白修了 · fixed: 修好了 · satisfied: 满意 · unsatisfied: 没好、不满意 ·
 * urge: 还没人来 · progress: 我的报修怎么样了 · withdraw: 不用了 · detail: answers or adds to what was said (就村口那盏)
 */
export const ACTS = [
  'me-too',
  'reopen',
  'fixed',
  'satisfied',
  'unsatisfied',
  'urge',
  'progress',
  'withdraw',
  'detail',
] as const
export type Act = (typeof ACTS)[number]

export const URGENCIES = ['low', 'normal', 'urgent', 'emergency'] as const
export type Urgency = (typeof URGENCIES)[number]

/** One reason for a decision, in the order of its weight. */
export interface Evidence {
  /** Which part decided: gate, category, urgency, place, sensitivity, intent. */
  part: string
  /** The words of the text it rests on. */
  words: string
  /** Positive speaks for, negative against. */
  weight: number
  /** Name of the rule or list. */
  rule: string
}

/** What the understanding knows of a village. */
export interface Gazetteer {
  /** Numbers of the villager groups as text. */
  groups: readonly string[]
  places: readonly { name: string; group?: string }[]
  /** Names of listed people and their roles. */
  people: readonly { name: string; role: string }[]
}

/** The circumstances a text was written in. */
export interface Situation {
  /** The assistant was mentioned, or it is a direct message. */
  addressed: boolean
  attachments: readonly AttachmentKind[]
}
