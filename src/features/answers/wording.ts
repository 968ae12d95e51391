import { z } from 'zod'
import type { Llm, Question } from '../../llm/llm.ts'
import { loadPrompt } from '../../llm/prompt.ts'
import { type Article, articleWords } from './article.ts'
import { objectionTo, type Worded } from './check-wording.ts'

const MOST_SENTENCES = 3
/** Longest article that is shown. Characters. */
const LONGEST_ARTICLE = 500

const Reply = z.object({
  answerable: z.boolean(),
  sentences: z
    .array(z.object({ text: z.string().max(200), passage: z.string().max(8), quote: z.string().max(200) }))
    .max(MOST_SENTENCES)
    .catch([]),
})

/** Puts what articles say into plain words; null where nobody could, or where anything about it is not to be relied on. */
export type Worder = (
  question: string,
  articles: readonly Article[],
  asking: Pick<Question<unknown>, 'names' | 'caller' | 'signal'>,
) => Promise<Worded[] | null>

/** Lets a language model find the words. Each sentence must stand the test, or the articles speak for themselves. */
export function createWorder(llm: Llm): Worder {
  const prompt = loadPrompt('answer', {})
  return async (question, articles, asking) => {
    const passages = articles.map(
      ({ law, num, text }, index) => `P${index + 1} 《${law}》${articleWords(num)}：${text.slice(0, LONGEST_ARTICLE)}`,
    )
    const values = { question, passages: passages.join('\n') }
    const reply = await llm.ask({ prompt, values, schema: Reply, ...asking })
    if (!reply?.value.answerable || reply.value.sentences.length === 0) return null
    const worded = reply.value.sentences.map(({ text, passage, quote }): Worded | null => {
      const article = articles[Number(/^P(\d)$/.exec(passage)?.[1] ?? 0) - 1]
      return article ? { text: text.trim(), article, quote: quote.trim() } : null
    })
    // A sentence left out may be the exception that the others need.
    return worded.every((sentence) => sentence !== null && objectionTo(sentence) === null) ? (worded as Worded[]) : null
  }
}
