import type { Ticket } from '../../db/database.ts'
import type { Status } from './status.ts'

/** What is most often answered to a card, by the state of its ticket. Each is a line that `parseWork` reads as a verb. */
const CHOICES: Partial<Record<Status, readonly string[]>> = {
  candidate: ['收', '不是'],
  open: ['收', '在办', '看'],
  confirmed: ['在办', '办结', '看'],
  assigned: ['在办', '办结', '看'],
  handling: ['办结', '看'],
}

/** The answers offered below a card. To tap one is to type it: it says nothing that the typed word would not. */
export function choicesOn(ticket: Pick<Ticket, 'status'>): string[] {
  return [...(CHOICES[ticket.status as Status] ?? [])]
}

/** The answers offered to those who hear a result. */
export const RESULT_CHOICES = ['满意', '没好']
