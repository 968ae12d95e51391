import { AHEAD, HELD, NOT_HELD } from './duty-words.ts'
import type { DutyKind } from './kinds.ts'
import type { Branch } from './organisation.ts'
import type { IsoDay } from './periods.ts'
import { normalise, readSlots, type Slots } from './read-slots.ts'

/** One kind of meeting of one or several bodies, as a message tells that it was held. */
export interface Reading extends Omit<Slots, 'kinds'> {
  kind: DutyKind
}

/** No message about meetings is longer; a longer text is a pasted document. */
const MAX_LENGTH = 2000
const MAX_RECORDS = 60

/**
 * Reads the meetings that a message tells of as held, in its order. Empty where it tells of none: a question, a plan, talk.
 * A meeting on a day still ahead is given back only where the message says that it was held.
 */
export function readRecords(message: string, today: IsoDay, branches: readonly Branch[]): Reading[] {
  if (message.length > MAX_LENGTH) return []
  const text = normalise(message)
  if (NOT_HELD.test(text)) return []
  const held = HELD.test(text)
  if (AHEAD.test(text) && !held) return []
  const records = walk(text, today, branches)
  if (!held && !records.some(({ attendance, full }) => attendance !== null || full)) return []
  const isAhead = ({ day }: Slots) => day?.day != null && day.day > today
  if (!held && records.some(isAhead)) return []
  return records.flatMap(({ kinds, ...slots }) => kinds.map((kind) => ({ ...slots, kind }))).slice(0, MAX_RECORDS)
}

/** Goes through the message stretch by stretch: a new kind, or a new body of the same kind, begins a new record. */
function walk(text: string, today: IsoDay, branches: readonly Branch[]): Slots[] {
  const records: Slots[] = []
  let current: Slots | null = null
  /** The day in a heading, for the lines below it. */
  let headed: Slots['day'] = null
  for (const line of text.split('\n')) {
    let first = true
    for (const stretch of stretchesOf(line)) {
      const slots = readSlots(stretch, today, branches)
      if (current === null) current = slots
      else if (current.kinds.length === 0) {
        // A line above that named no body was a heading.
        const heading: boolean = first && !hasBody(current)
        if (heading) headed = current.day ?? headed
        current = joined(heading ? { ...current, content: '' } : current, slots)
      } else if (slots.kinds.length > 0 || (hasBody(slots) && (first || hasBody(current)))) {
        const isHeading: boolean = first && !hasBody(current) && current.attendance === null && !current.held
        if (isHeading) headed = current.day ?? headed
        else records.push(current)
        const day: Slots['day'] = slots.day ?? (first ? headed : current.day)
        current = { ...slots, kinds: slots.kinds.length > 0 ? slots.kinds : current.kinds, day }
      } else current = joined(current, slots)
      first = false
    }
  }
  return current && current.kinds.length > 0 ? [...records, current] : records
}

/** 了 before a name ends a stretch, like a comma. */
function stretchesOf(line: string): string[] {
  return line
    .replace(/([了人])(?=第?[\d一二三四五六七八九十]{1,3}(?:网格)?(?:党)?(?:支部|小组|组))/g, '$1,')
    .split(/(?<![、和与及])[,;。!\s]+/)
    .filter((stretch) => stretch !== '')
}

function hasBody({ branch, group }: Slots): boolean {
  return branch !== null || group !== null
}

/** What both say; of what both say differently, the first. */
function joined(first: Slots, then: Slots): Slots {
  return {
    kinds: first.kinds.length > 0 ? first.kinds : then.kinds,
    branch: first.branch ?? then.branch,
    group: first.group ?? then.group,
    day: first.day ?? then.day,
    attendance: first.attendance ?? then.attendance,
    full: first.full || then.full,
    absent: first.absent ?? then.absent,
    expected: first.expected ?? then.expected,
    each: first.each || then.each,
    theme: first.theme ?? then.theme,
    chair: first.chair || then.chair,
    content: [first.content, then.content].filter((part) => part !== '').join('，'),
    held: first.held || then.held,
  }
}
