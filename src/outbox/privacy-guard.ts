import { numbersIn } from '../numbers.ts'

/** Hides phone, identity and bank numbers in a text that goes to a group. */
export function maskNumbers(text: string): string {
  let masked = ''
  let copied = 0
  for (const { start, end } of numbersIn(text)) {
    masked += `${text.slice(copied, start)}***`
    copied = end
  }
  return masked + text.slice(copied)
}
