/**
 * Runs of 7 or more digits, however they are broken up (138 0000 1234, 138-0000-1234, full-width, circled digits are
 * not numbers people write), and identity numbers that end in X. Dates, ticket numbers and times are shorter.
 */
const LONG_NUMBER =
  /(?:[0-9０-９][\s\-–—_.·,，、()（）\u200b-\u200f\u202a-\u202e\u2060\ufeff]{0,3}){6,}[0-9０-９][xXｘＸ]?/g
const CHINESE_NUMBER = /[零〇一二三四五六七八九幺两]{7,}/g

/** Hides phone, identity and bank numbers in a text that goes to a group. Numbers of up to six digits stay. */
export function maskNumbers(text: string): string {
  return text.replace(LONG_NUMBER, (found) => (isDateOrTime(found) ? found : '***')).replace(CHINESE_NUMBER, '***')
}

/** 2026-03-05 09:00 and the like are written by the assistant itself and are nobody's number. */
function isDateOrTime(found: string): boolean {
  return /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(found.trim())
}
