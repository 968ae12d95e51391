import { writeNumeral } from '../../numerals.ts'

/** Writes the day of a lunar month: 初一, 十五, 廿三, 三十. */
export function lunarDayName(day: number): string {
  if (day <= 10) return `初${writeNumeral(day)}`
  if (day > 20 && day < 30) return `廿${writeNumeral(day - 20)}`
  return writeNumeral(day)
}
