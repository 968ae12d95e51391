import type { Db, Prisma, Ticket } from '../../db/database.ts'
import { cut } from '../../text.ts'
import { type CategoryCode, categoryOf } from '../../understanding/categories.ts'

/**
 * accepted: a worker took a candidate on · dropped: a worker said that a candidate is nothing · rejected: 不属实 on a
 * ticket · lapsed: nobody looked at a candidate · corrected: a worker named another category, urgency or place.
 */
type LabelKind = 'accepted' | 'dropped' | 'rejected' | 'lapsed' | 'corrected'

/** Moves by which a worker takes a candidate on. */
const TAKES_ON: ReadonlySet<string> = new Set(['confirm', 'assign', 'start', 'resolve', 'merge'])

/** More is not read of a message. Characters. */
const LONGEST = 1000

/** What of a step matters here. */
interface Step {
  event: string
  by: { inboxEventId?: number }
  at: Date
}

/** What a step says of the words that opened a ticket; null where it says nothing of them. */
function kindOf(before: Ticket, event: string): LabelKind | null {
  if (event === 'corrected') return 'corrected'
  if (event === 'let-lapse') return 'lapsed'
  if (event === 'reject') return before.status === 'candidate' ? 'dropped' : 'rejected'
  return before.status === 'candidate' && TAKES_ON.has(event) ? 'accepted' : null
}

/** What nobody but the named few may read is not kept a second time. */
function isSecret(ticket: Ticket): boolean {
  return ticket.sensitive || categoryOf(ticket.category as CategoryCode).visibility === 'restricted'
}

/** The words as they are kept. Numbers of seven and more digits are a person's; zeros read the same to the model. */
function labelText(text: string): string {
  return cut(text, LONGEST).replace(/\d{7,}/g, (digits) => '0'.repeat(digits.length))
}

/**
 * Keeps what a step on a ticket says of its words, in the transaction of the step. The labels of a ticket follow its
 * words: they are gone when these are, and when it becomes sensitive.
 */
export async function keepLabels(tx: Db, before: Ticket, after: Ticket, step: Step): Promise<void> {
  if (isSecret(after) || after.text === '') {
    if (!isSecret(before) && before.text !== '') await tx.label.deleteMany({ where: { ticketId: after.id } })
    return
  }
  if (after.text !== before.text) {
    await tx.label.updateMany({ where: { ticketId: after.id }, data: { text: labelText(after.text) } })
  }
  const kind = kindOf(before, step.event)
  if (kind === null) return
  const label: Prisma.LabelCreateManyInput = {
    villageId: after.villageId,
    ticketId: after.id,
    stepEventId: step.by.inboxEventId ?? null,
    at: step.at,
    kind,
    text: labelText(after.text),
  }
  const corrected = {
    ...(after.category !== before.category && { category: after.category }),
    ...(after.urgency !== before.urgency && { urgency: after.urgency }),
    ...(after.place !== before.place && { place: after.place }),
  }
  if (kind === 'corrected' && Object.keys(corrected).length === 0) return
  await tx.label.createMany({ data: kind === 'corrected' ? { ...label, ...corrected } : label })
}

/** Takes back what a step that is undone said. */
export async function undoLabel(tx: Db, ticketId: number, stepEventId: number | null): Promise<void> {
  if (stepEventId !== null) await tx.label.deleteMany({ where: { ticketId, stepEventId } })
}
