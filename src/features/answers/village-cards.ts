import { isoInZone } from '../../clock.ts'
import type { Db, Inquiry, VillageCard } from '../../db/database.ts'
import { cut } from '../../text.ts'
import { may } from '../../village/roles.ts'
import { type Answer, answerHere, type Commit, type Reply, type Request, type Services } from '../feature.ts'
import { ADOPT, DECLINE } from './helper-words.ts'
import { cardKey, note, quotedSubject } from './inquiry.ts'
import * as replies from './replies.ts'
import { reviewers } from './rota.ts'
import { bucketsOf } from './search/neighbours.ts'
import { questionTerms } from './search/terms.ts'

const LONGEST_QUESTION = 100
const LONGEST_ANSWER = 500
/** Phone, identity and account numbers. */
const LONG_NUMBER = /\d[\d -]{5,24}[\dXx]/

/** A card of the village as the search finds it. */
export interface OwnCard {
  question: string
  answer: string
  reviewer: string
  /** Day of the review, YYYY-MM-DD in the village. */
  reviewedOn: string
  buckets: Uint16Array
}

/** The cards a village has adopted, newest first. */
export async function adoptedCards(db: Db, villageId: number, timeZone: string): Promise<OwnCard[]> {
  const rows = await db.villageCard.findMany({ where: { villageId, status: 'adopted' }, orderBy: { id: 'desc' } })
  return rows.map(({ question, answer, reviewer, reviewedAt }) => ({
    question,
    answer,
    reviewer: reviewer ?? '',
    reviewedOn: reviewedAt ? isoInZone(reviewedAt, timeZone).slice(0, 10) : '',
    buckets: bucketsOf(questionTerms(question)),
  }))
}

/** Makes an answer a draft and asks for its review. `question` replaces what was asked, where that names somebody. */
export async function proposeCard(
  request: Request,
  services: Services,
  inquiry: Inquiry,
  question: string | null,
): Promise<Commit> {
  const { village, person, now, understanding: said } = request
  const say = (text: string): Commit => {
    return async () => [answerHere(request, { key: 'keep', kind: 'other', text })]
  }
  const known = await services.db.villageCard.findUnique({ where: { inquiryId: inquiry.id } })
  if (known) return say(replies.keptBefore)
  const card = {
    question: cut((question ?? inquiry.question).trim(), LONGEST_QUESTION),
    answer: cut((inquiry.answer ?? '').trim(), LONGEST_ANSWER),
  }
  const people = await services.db.person.findMany({ where: { villageId: village.id, listed: true, erasedAt: null } })
  const personal = people.some(({ name }) => `${card.question} ${card.answer}`.includes(name)) || said.people.length > 0
  if (personal || LONG_NUMBER.test(`${card.question} ${card.answer}`)) return say(replies.namesSomebody)
  const judges = await reviewers(services.db, village.id)
  const reachable: number[] = []
  for (const judge of judges) if (await services.canReach(services.db, judge.id)) reachable.push(judge.id)
  const [judge] = reachable
  if (judge === undefined) return say(replies.nobodyReviews)
  return async (tx) => {
    const draft = await tx.villageCard.create({
      data: {
        villageId: village.id,
        inquiryId: inquiry.id,
        ...card,
        authorId: person.id,
        status: 'draft',
        createdAt: now,
      },
    })
    await note(tx, inquiry, { event: 'card-proposed', by: person, at: now, data: { card: draft.id } })
    const review: Reply = {
      to: { person: judge },
      key: cardKey(draft.id),
      kind: 'question',
      text: replies.reviewCard(card.question, card.answer),
      choices: [...replies.REVIEW_CHOICES],
      about: [],
    }
    const thanks = answerHere(request, { key: 'keep', kind: 'other', text: replies.cardProposed })
    return judge === person.id ? [review] : [thanks, review]
  }
}

/** 采用 or 不采用, by somebody who may decide, about the draft quoted or the only one there is. */
export async function takeReview(request: Request, services: Services): Promise<Answer> {
  const text = request.text.normalize('NFKC').trim()
  const adopts = ADOPT.test(text)
  if (!request.private || (!adopts && !DECLINE.test(text))) return null
  const { person, village } = request
  const subject = await quotedSubject(services.db, request)
  if (!may(person.role, 'review-cards')) {
    return subject?.kind === 'village-card' || /采/.test(text) ? say(request, replies.notYoursToReview) : null
  }
  if (request.quote !== null && subject?.kind !== 'village-card') return null
  // 同意 and 不用 are said of many things; only a quote makes them a decision.
  if (subject === null && !/采/.test(text)) return null
  const drafts = await services.db.villageCard.findMany({
    where: { villageId: village.id, ...(subject ? { id: subject.id } : { status: 'draft' }) },
    orderBy: { id: 'asc' },
  })
  const [only, ...more] = drafts
  if (!only) return say(request, replies.nothingToReview)
  if (more.length > 0) return say(request, replies.whichCard)
  return only.status === 'draft' ? decide(request, only, adopts) : say(request, replies.reviewedBefore)
}

function say(request: Request, text: string): Commit {
  return async () => [answerHere(request, { key: 'review', kind: 'other', text })]
}

function decide(request: Request, draft: VillageCard, adopts: boolean): Commit {
  const { person, now } = request
  const status = adopts ? 'adopted' : 'declined'
  return async (tx) => {
    const { count } = await tx.villageCard.updateMany({
      where: { id: draft.id, status: 'draft' },
      data: { status, reviewerId: person.id, reviewer: person.name, reviewedAt: now },
    })
    if (count === 0) return []
    const of = { id: draft.inquiryId, villageId: draft.villageId }
    await note(tx, of, { event: `card-${status}`, by: person, at: now, data: { card: draft.id } })
    const told: Reply = {
      to: { person: draft.authorId },
      key: 'reviewed',
      kind: 'result',
      text: replies.cardReviewed(draft.question, adopts),
      about: [],
    }
    const done = answerHere(request, { key: 'review', kind: 'other', text: replies.reviewDone(adopts) })
    return draft.authorId === person.id ? [done] : [done, told]
  }
}
