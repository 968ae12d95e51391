import { inCommonWords } from './dialect-words.ts'

/** Words that carry nothing in a question of law, so that they do not count as what it is about. */
const EMPTY =
  /请问|你好|您好|谢谢|律师|怎么办|怎么样|怎么|什么|如何|是否|能不能|可不可以|可以|应该|应当|需要|有没有|是不是|哪些|多少|为什么|咋个|咋|啥子|啥|呢|吗|吧|啊|呀|嘛|哦|了|的|我们|他们|她们|你们|这个|那个|这种|那种|一下|现在|已经|还是|因为|所以|但是|如果|根据|规定|按照|法律|情况|问题/g

/** A text in comparable form: half-width, lower case, only letters and digits, blanks between runs. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** The pairs of neighbouring characters of a text; words of other scripts and numbers stay whole. Repeated as often as they occur. */
export function terms(text: string): string[] {
  const found: string[] = []
  for (const run of plain(text).split(' ')) {
    for (const part of run.match(/[a-z0-9]+|[^a-z0-9]+/g) ?? []) {
      if (/^[a-z0-9]/.test(part) || part.length === 1) found.push(part)
      for (let i = 0; i + 2 <= part.length && !/^[a-z0-9]/.test(part); i++) found.push(part.slice(i, i + 2))
    }
  }
  return found
}

/** What a question is about: its terms without the words every question has, each once. */
export function questionTerms(question: string): string[] {
  return [...new Set(terms(inCommonWords(plain(question)).replace(EMPTY, ' ')))]
}
