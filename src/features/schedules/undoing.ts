import { MINUTE } from '../../clock.ts'
import type { Answer, Request, Services } from '../feature.ts'
import { restore, type Snapshot } from './altering.ts'
import { receipt } from './changing.ts'
import { UNDO } from './command-words.ts'
import { showCard } from './drafting.ts'
import { quotedMeant } from './find-schedule.ts'
import { wordsOf } from './recognise.ts'
import * as replies from './replies.ts'

/** How long somebody may take back a step of their own. Milliseconds. */
const UNDO_WITHIN = 5 * MINUTE

/** Takes back the person's own last step, if it was one of schedules, a few minutes old, and nobody has gone on from there. */
export async function takeUndo(request: Request, services: Services): Promise<Answer> {
  if (!UNDO.test(wordsOf(request.text))) return null
  const { db } = services
  const { village, person, now } = request
  const meant = request.quote ? await quotedMeant(db, request) : null
  if (request.quote && !meant) return null
  const last = await db.auditEntry.findFirst({
    where: {
      villageId: village.id,
      personId: person.id,
      at: { gte: new Date(now.getTime() - UNDO_WITHIN) },
      OR: [{ scheduleId: { not: null } }, { ticketId: { not: null } }],
    },
    orderBy: { id: 'desc' },
  })
  // What they did last decides whose word it is: a ticket's is the tickets'.
  if (!last?.scheduleId || (meant && meant.schedule.id !== last.scheduleId)) return null
  const { before } = last.data as { before?: Snapshot }
  const schedule = await db.schedule.findUnique({ where: { id: last.scheduleId } })
  const later = await db.auditEntry.findFirst({
    where: { scheduleId: last.scheduleId, id: { gt: last.id }, event: { not: 'reminded' } },
  })
  if (!before || !schedule || later) return null
  return async (tx) => {
    const done = await restore(tx, request, schedule, before, { event: last.event, at: last.at })
    const card =
      done.schedule.status === 'draft' ? await showCard(tx, request, done.schedule, [], replies.undone) : null
    return [...(card ?? [receipt(request, done.schedule, replies.undoneArmed(done.schedule))]), ...done.told]
  }
}
