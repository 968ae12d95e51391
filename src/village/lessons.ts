import type { Label } from '../db/database.ts'
import { CATEGORY_CODES, type CategoryCode } from '../understanding/categories.ts'
import type { Lesson } from '../understanding/learned/fit.ts'

/**
 * How much a label counts beside one of the shipped lines. 不属实 is said of what sounded like a problem and was none, and
 * nobody looking at a candidate may only mean that nobody had time.
 */
const WEIGHTS: Readonly<Record<string, number>> = { accepted: 2, dropped: 2, corrected: 2, rejected: 1, lapsed: 0.5 }

/** What a village's labels teach, one lesson for each ticket: what was said last counts. Labels come oldest first. */
export function lessonsOf(labels: readonly Label[]): Lesson[] {
  const lessons = new Map<number, Lesson>()
  for (const label of labels) {
    const { kind } = label
    const lesson = lessons.get(label.ticketId) ?? emptyLesson()
    lessons.set(label.ticketId, lesson)
    // The lines of one bundle are read as one sentence.
    lesson.text = label.text.split('\n').join('，')
    lesson.weight = WEIGHTS[kind] ?? 1
    lesson.problem = kind === 'accepted' || kind === 'corrected'
    if (!lesson.problem) {
      // What is nothing is of no kind. Whether it was worded like an emergency is not said: those must go on being heard.
      lesson.category = null
      lesson.emergency = null
    }
    if (label.urgency !== null) lesson.emergency = label.urgency === 'emergency'
    const category = CATEGORY_CODES.find((code): code is CategoryCode => code === label.category)
    if (category) lesson.category = category
  }
  return [...lessons.values()]
}

function emptyLesson(): Lesson {
  return { text: '', problem: null, emergency: null, sensitive: null, category: null, place: null, weight: 1 }
}
