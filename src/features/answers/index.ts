import type { Db, Village } from '../../db/database.ts'
import type { Embedder } from '../../llm/embeddings.ts'
import type { Llm } from '../../llm/llm.ts'
import { createMasks } from '../../llm/mask.ts'
import type { Feature, Request, Services } from '../feature.ts'
import type { Corpus } from './answer.ts'
import { type Means, takeChoice, takeQuestion } from './asking.ts'
import { shippedCards } from './cards.ts'
import { takeInquiryChange } from './changes.ts'
import { shippedRules } from './corpus-files.ts'
import { corpusMark, importedArticles } from './corpus-store.ts'
import { handoverTimers } from './handover.ts'
import { takeHelperReply } from './helper-replies.ts'
import { shippedLearning } from './search/bank.ts'
import { createDense, type Dense } from './search/dense.ts'
import { createLibrary, type Library } from './search/library.ts'
import { adoptedCards, takeReview } from './village-cards.ts'
import { createWorder, type Worder } from './wording.ts'

/** Answers questions of law and policy from cards and the imported corpus; what it cannot answer it puts to people. */
export function createAnswers(): Feature {
  let worder: { llm: Llm; word: Worder } | null = null
  let dense: { library: Library; embedder: Embedder; index: Dense } | null = null
  let kept: { mark: string; library: Library } | null = null

  async function libraryOf(db: Db): Promise<Library> {
    const mark = await corpusMark(db)
    if (kept?.mark !== mark) {
      const articles = [...(await shippedRules()), ...(await importedArticles(db))]
      kept = { mark, library: createLibrary(articles, shippedCards(), shippedLearning().bank) }
    }
    return kept.library
  }

  /** The question leaves the computer without numbers and names, and not at all where it is one of confidence. */
  function nearestOf(request: Request, { embedder, db }: Services): Means['nearest'] {
    if (!embedder || request.understanding.sensitive) return null
    return async (question, signal) => {
      const library = await libraryOf(db)
      if (dense?.library !== library || dense.embedder !== embedder)
        dense = { library, embedder, index: createDense(embedder, library.articles.slice(0, library.quotable)) }
      const { mask } = createMasks(request.gazetteer.people.map(({ name }) => name))
      return dense.index.nearest(mask(question), signal)
    }
  }

  async function corpusOf(db: Db, village: Village): Promise<Corpus> {
    const own = await adoptedCards(db, village.id, village.timezone)
    return { library: await libraryOf(db), learned: shippedLearning(), own }
  }

  function worderOf({ llm }: Services): Worder | null {
    if (llm && worder?.llm !== llm) worder = { llm, word: createWorder(llm) }
    return llm && worder ? worder.word : null
  }

  return {
    name: 'answers',
    async handle(request, services) {
      const means: Means = {
        corpus: () => corpusOf(services.db, request.village),
        word: worderOf(services),
        nearest: nearestOf(request, services),
      }
      return (
        (await takeReview(request, services)) ??
        (await takeHelperReply(request, services)) ??
        (await takeChoice(request, services, means)) ??
        (await takeQuestion(request, services, means))
      )
    },
    change: takeInquiryChange,
    timers: handoverTimers,
  }
}
