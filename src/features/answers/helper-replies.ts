import { DAY } from '../../clock.ts'
import type { Inquiry } from '../../db/database.ts'
import { may } from '../../village/roles.ts'
import { type Answer, answerHere, type Commit, type Request, type Services } from '../feature.ts'
import { passOn, toAsker } from './handover.ts'
import { ADVICE, KEEP, PASS, POLITE } from './helper-words.ts'
import { inquiryKey, moveInquiry, quotedSubject } from './inquiry.ts'
import * as replies from './replies.ts'
import { proposeCard } from './village-cards.ts'

const SHORTEST_ANSWER = 4
/** How long after an answer 存 is taken for it, without a quote. Milliseconds. */
const KEEP_WITHIN = 7 * DAY

/** Somebody who was asked answers, passes, or keeps an answer as a card. Null for everything else they write. */
export async function takeHelperReply(request: Request, services: Services): Promise<Answer> {
  const { person, understanding: said } = request
  if (!request.private || request.text.trim() === '') return null
  if (!may(person.role, 'answer-questions') && !may(person.role, 'review-cards')) return null
  if (said.urgency === 'emergency' && !request.quote) return null
  const subject = await quotedSubject(services.db, request)
  if (subject?.kind === 'village-card') return null
  const text = request.text.normalize('NFKC').trim()
  const keep = KEEP.exec(text)
  if (keep) return takeKeep(request, services, subject?.id ?? null, keep.groups?.['question']?.trim() ?? null)
  const meant = await inquiryMeant(request, services, subject?.id ?? null)
  if (meant === null) return null
  if (meant === 'several') return say(request, replies.whichInquiry)
  if (POLITE.test(text)) return async () => []
  if (PASS.test(text)) return passed(request, services, meant)
  if (meant.status !== 'handed-over') return say(request, replies.answeredBefore)
  return answered(request, meant)
}

function say(request: Request, text: string): Commit {
  return async () => [answerHere(request, { key: 'helper', kind: 'other', text })]
}

/** The inquiry that is answered: the one quoted, else the only one that this person has been asked and nobody answered. */
async function inquiryMeant(
  request: Request,
  services: Services,
  quoted: number | null,
): Promise<Inquiry | 'several' | null> {
  const { village, person, understanding: said, text } = request
  const turns = await services.db.inquiryTurn.findMany({
    where: { villageId: village.id, personId: person.id },
    orderBy: { id: 'desc' },
    take: 50,
  })
  const ids = turns.map(({ inquiryId }) => inquiryId)
  if (quoted !== null) {
    return ids.includes(quoted) ? services.db.inquiry.findUnique({ where: { id: quoted } }) : null
  }
  if (request.quote !== null) return null
  // Without a quote a report, a question of their own or a word in passing is no answer.
  const advice = said.category === 'law' || said.category === 'policy' || (said.place === null && ADVICE.test(text))
  if ((said.gate === 'ticket' && !advice) || /[?？]\s*$/.test(text) || said.intent === 'command') return null
  const open = await services.db.inquiry.findMany({ where: { id: { in: ids }, status: 'handed-over' } })
  const [only, ...more] = open
  if (!only) return null
  if (more.length > 0) return POLITE.test(text.trim()) || [...text.trim()].length < SHORTEST_ANSWER ? null : 'several'
  return PASS.test(text.trim()) || POLITE.test(text.trim()) || [...text.trim()].length >= SHORTEST_ANSWER ? only : null
}

/** Back to the asker, where they asked. */
function answered(request: Request, inquiry: Inquiry): Commit {
  const { person, now, text } = request
  return async (tx) => {
    const answer = text.trim()
    const update = { answer, answeredById: person.id, answeredAt: now }
    if (!(await moveInquiry(tx, inquiry, 'answered', person, now, update))) return []
    const forAsker = replies.helperAnswer(inquiry.question, answer)
    return [
      toAsker(inquiry, { key: 'helper-answer', kind: 'answer', text: forAsker }),
      answerHere(request, { key: inquiryKey(inquiry.id), kind: 'other', text: replies.passedBack }),
    ]
  }
}

async function passed(request: Request, services: Services, inquiry: Inquiry): Promise<Commit | null> {
  if (inquiry.status !== 'handed-over') return null
  const turn = await services.db.inquiryTurn.findFirst({ where: { inquiryId: inquiry.id }, orderBy: { id: 'desc' } })
  const thanks = answerHere(request, { key: 'helper', kind: 'other', text: replies.askingAnother })
  // It went on before they said so.
  if (turn?.personId !== request.person.id) return async () => [thanks]
  const commit = await passOn(services, request.village, inquiry)
  return async (tx) => [thanks, ...(await commit(tx))]
}

async function takeKeep(
  request: Request,
  services: Services,
  quoted: number | null,
  question: string | null,
): Promise<Commit | null> {
  const { village, person, now } = request
  const mine = { villageId: village.id, answeredById: person.id, status: 'answered' }
  const inquiry = quoted
    ? await services.db.inquiry.findFirst({ where: { ...mine, id: quoted } })
    : await services.db.inquiry.findFirst({
        where: { ...mine, answeredAt: { gte: new Date(now.getTime() - KEEP_WITHIN) } },
        orderBy: { answeredAt: 'desc' },
      })
  return inquiry ? proposeCard(request, services, inquiry, question) : say(request, replies.nothingToKeep)
}
