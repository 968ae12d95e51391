/** Where a text may be parted, best first: between paragraphs, lines, sentences, clauses, words. */
const BORDERS = [/\n\s*\n/g, /\n/g, /[。！？!?…；;]+[”’」』）)]*/g, /[，,、：:]/g, /\s/g]

/**
 * Parts a text into pieces of at most `max` UTF-16 units, at the best border of the second half of each piece, and only
 * where there is none between two characters. Blanks at the borders are left out; nothing else is.
 */
export function splitText(text: string, max: number): string[] {
  const parts: string[] = []
  let rest = text
  while (rest.length > max) {
    const at = borderIn(rest, max)
    const part = rest.slice(0, at).trimEnd()
    if (part !== '') parts.push(part)
    rest = rest.slice(at).trimStart()
  }
  if (rest !== '' || parts.length === 0) parts.push(rest)
  return parts
}

function borderIn(text: string, max: number): number {
  const head = text.slice(0, max)
  for (const border of BORDERS) {
    const last = [...head.matchAll(border)].at(-1)
    const end = last ? last.index + last[0].length : 0
    if (end > max / 2) return end
  }
  return characterBorder(text, max)
}

/** The last place up to `max` that does not lie within a character: 👨‍👩‍👧 and 𠮷 are not cut in two. */
function characterBorder(text: string, max: number): number {
  const from = Math.max(0, max - 64)
  const around = new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(text.slice(from, max + 64))
  const starts = [...around].map(({ index }) => from + index)
  const last = starts.findLast((start) => start > from && start <= max)
  if (last !== undefined) return last
  return max > 1 && /[\ud800-\udbff]$/.test(text.slice(0, max)) ? max - 1 : max
}
