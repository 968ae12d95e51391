import type { Answer, Feature, Request, Services } from '../feature.ts'
import { firstAnswer } from '../feature.ts'
import { takeChange } from './changes.ts'
import { morningDigest } from './digest.ts'
import { takeFollowUp } from './followups.ts'
import { takeReport } from './intake.ts'
import { takeProgress } from './progress.ts'
import { pendingQuestion, takeAnswer } from './questions.ts'
import { ticketTimers } from './timers.ts'
import { takeSentence, takeWork } from './work.ts'

/** In the order in which a line is tried: the first that takes it decides. */
const WAYS: readonly ((request: Request, services: Services) => Promise<Answer>)[] = [
  takeSentence,
  takeWork,
  takeProgress,
  answerToQuestion,
  takeFollowUp,
  takeReport,
]

async function answerToQuestion(request: Request, services: Services): Promise<Answer> {
  const { urgency, place, act } = request.understanding
  // Only what could be an answer is worth asking the database.
  if (urgency === 'emergency' || (place === null && act !== 'detail' && request.quote === null)) return null
  const question = await pendingQuestion(request, services)
  return question && question.slot !== 'result' && question.slot !== 'reason'
    ? takeAnswer(request, services, question)
    : null
}

/** Complaints become tickets that grid workers close by replying. */
export const tickets: Feature = {
  name: 'tickets',
  takesAdvice: true,
  handle: (request, services) => firstAnswer(WAYS, request, services),
  change: takeChange,
  timers: ticketTimers,
  daily: [morningDigest],
}
