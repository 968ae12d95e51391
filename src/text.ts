/** The first `length` characters. Never half of one: a database cannot keep half an emoji. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : [...text].slice(0, length).join('')
}
