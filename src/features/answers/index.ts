import type { Db } from '../../db/database.ts'
import type { Llm } from '../../llm/llm.ts'
import { answerHere, type Commit, type Feature, type Request } from '../feature.ts'
import { answerQuestion } from './answer.ts'
import { shippedCards } from './cards.ts'
import { shippedRules } from './corpus-files.ts'
import { corpusMark, importedArticles } from './corpus-store.ts'
import * as replies from './replies.ts'
import { shippedLearning } from './search/bank.ts'
import { createLibrary, type Library } from './search/library.ts'
import { createWorder, type Worder } from './wording.ts'

const KNOWLEDGE: ReadonlySet<string> = new Set(['law', 'policy'])
/** 怎么, 能不能, 是不是 and the like: words of somebody who wants to know. */
const ASKING =
  /[?？]|吗|怎么|咋|能不能|可不可以|可以不|能不|行不行|要不要|是不是|算不算|有没有|多久|多少|几年|几天|合法|违法|犯法|谁(?:来|管|负责|承担)|该不该|法.{0,3}条|什么规定/
const LONGEST = 300

/** Answers questions of law and policy from cards and the imported corpus. What it cannot answer is left to people. */
export function createAnswers(): Feature {
  let worder: { llm: Llm; word: Worder } | null = null
  let kept: { mark: string; library: Library } | null = null

  async function libraryOf(db: Db): Promise<Library> {
    const mark = await corpusMark(db)
    if (kept?.mark !== mark) {
      const articles = [...(await shippedRules()), ...(await importedArticles(db))]
      kept = { mark, library: createLibrary(articles, shippedCards(), shippedLearning().bank) }
    }
    return kept.library
  }

  return {
    name: 'answers',
    async handle(request, services) {
      if (!mayBeAsked(request)) return null
      const library = await libraryOf(services.db)
      const outcome = answerQuestion(library, shippedLearning(), request.text, request.now)
      // Dangers, refusals and what the corpus does not answer become a matter for people, as before.
      if (outcome.kind !== 'answer') return null
      // What sounds like a report of something else is one, unless a card is put just like it.
      if (!isOfLaw(request) && request.understanding.gate !== 'none' && outcome.card === null) return null
      const saying = (text: string): Commit => {
        return async () => [answerHere(request, { key: 'answer', kind: 'answer', text })]
      }
      const otherwise = saying(outcome.text)
      const { llm } = services
      if (!llm || outcome.articles.length === 0 || request.understanding.sensitive) return otherwise
      if (worder?.llm !== llm) worder = { llm, word: createWorder(llm) }
      const { word } = worder
      return {
        otherwise,
        async think(signal) {
          const worded = await word(request, outcome.articles, signal)
          return worded ? saying(replies.wordedAnswer(worded)) : otherwise
        },
      }
    },
  }
}

/** In a group only a plain question of law is answered, or one put to the assistant; never in a quarrel or an emergency. */
function mayBeAsked({ understanding: said, room, text, addressed, late, quote }: Request): boolean {
  if (late || quote || text.length > LONGEST || !ASKING.test(text.normalize('NFKC'))) return false
  if (said.urgency === 'emergency' || room?.kind === 'grid') return false
  // Debts and quarrels at home are spoken of in private only.
  if (said.sensitive && room !== null) return false
  return isOfLaw({ understanding: said }) || room === null || addressed
}

function isOfLaw({ understanding: { category, gate } }: Pick<Request, 'understanding'>): boolean {
  return gate !== 'none' && category !== null && KNOWLEDGE.has(category)
}
