import { CATEGORIES, type CategoryCode, type CategoryRow } from './categories.ts'
import { ELSEWHEN, EMERGENCIES, IDIOMS, NOT_REAL, NOW, OVER } from './lexicon/emergencies.ts'
import { SENSITIVE } from './lexicon/sensitivity.ts'
import { SIGNALS, type Signal } from './lexicon/signals.ts'
import { compilePhrases, type Hit } from './phrases.ts'
import { asWritten, type NormalText, normalise } from './text.ts'

const PARTS = ['nouns', 'bad', 'strong', 'services', 'questions'] as const
type Part = (typeof PARTS)[number]

const lists: [string, string][] = []

function list(name: string, phrases: string): number {
  return lists.push([name, phrases]) - 1
}

const CATEGORY_LISTS = (CATEGORIES as readonly (CategoryRow & { code: CategoryCode })[]).map((row) => ({
  row,
  lists: Object.fromEntries(PARTS.map((part) => [part, list(`${row.code}.${part}`, row[part] ?? '')])) as Record<
    Part,
    number
  >,
}))
const SIGNAL_LISTS = new Map(
  (Object.keys(SIGNALS) as Signal[]).map((signal) => [signal, list(signal, SIGNALS[signal])]),
)
const EMERGENCY_LISTS = EMERGENCIES.map((entry) => ({ ...entry, list: list(entry.rule, entry.phrases) }))
const SENSITIVE_LISTS = SENSITIVE.map((entry) => ({ ...entry, list: list(entry.reason, entry.phrases) }))
const REALITY_LISTS = {
  notReal: list('not-real', NOT_REAL),
  over: list('over', OVER),
  elsewhen: list('elsewhen', ELSEWHEN),
  now: list('now', NOW),
  idioms: list('idioms', IDIOMS),
}

const BOOK = compilePhrases(lists)

/** A text with every phrase of the lexicon that occurs in it. */
export interface Reading {
  normal: NormalText
  text: string
  /** The text in which names of people are looked for: that of a known place is left out. */
  textWithoutPlace: string
  categories: { code: CategoryCode; row: CategoryRow; hits: Record<Part, readonly Hit[]> }[]
  signal(name: Signal): readonly Hit[]
  emergencies: { category: CategoryCode; rule: string; hits: readonly Hit[] }[]
  sensitive: { reason: string; hits: readonly Hit[] }[]
  reality: Record<keyof typeof REALITY_LISTS, readonly Hit[]>
  /** The words of a hit as they were written. */
  words(hit: Hit): string
}

const NOTHING: readonly Hit[] = []

/** Looks up the whole lexicon in one pass. */
export function read(original: string): Reading {
  const normal = normalise(original)
  const found = BOOK.find(normal)
  const at = (index: number): readonly Hit[] => found[index] ?? NOTHING
  const categories: Reading['categories'] = []
  for (const { row, lists: of } of CATEGORY_LISTS) {
    // `bad` alone says nothing of a category.
    if (!found[of.nouns] && !found[of.strong] && !found[of.services] && !found[of.questions]) continue
    categories.push({
      code: row.code,
      row,
      hits: {
        nouns: at(of.nouns),
        bad: at(of.bad),
        strong: at(of.strong),
        services: at(of.services),
        questions: at(of.questions),
      },
    })
  }
  return {
    normal,
    text: normal.text,
    textWithoutPlace: normal.text,
    categories,
    signal: (name) => at(SIGNAL_LISTS.get(name) ?? -1),
    emergencies: EMERGENCY_LISTS.flatMap(({ category, rule, list: index }) =>
      found[index] ? [{ category, rule, hits: at(index) }] : [],
    ),
    sensitive: SENSITIVE_LISTS.flatMap(({ reason, list: index }) =>
      found[index] ? [{ reason, hits: at(index) }] : [],
    ),
    reality: {
      notReal: at(REALITY_LISTS.notReal),
      over: at(REALITY_LISTS.over),
      elsewhen: at(REALITY_LISTS.elsewhen),
      now: at(REALITY_LISTS.now),
      idioms: at(REALITY_LISTS.idioms),
    },
    words: (hit) => asWritten(normal, hit.start, hit.end),
  }
}
