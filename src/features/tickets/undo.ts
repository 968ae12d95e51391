import type { Commit, Request, Services } from '../feature.ts'
import { speaker } from '../feature.ts'
import { type Step, stepLine } from './actions.ts'
import { toldDirectlyUnlessPublic } from './announce.ts'
import { tellReporters } from './audience.ts'
import { UNDO_WITHIN } from './deadlines.ts'
import { undoLabel } from './labels.ts'
import { answerTo } from './open-ticket.ts'
import * as replies from './replies.ts'
import { change, restored } from './ticket.ts'

/** Takes back the person's own last step, if it is a few minutes old and nobody has gone on from there. */
export async function undo(request: Request, services: Services): Promise<Commit | null> {
  const { village, person, now, quote, room } = request
  const { db } = services
  const quoted = quote?.messageId
    ? await db.outboxMessage.findFirst({ where: { ...request.conversation, messageId: quote.messageId } })
    : null
  const last = await db.auditEntry.findFirst({
    where: {
      villageId: village.id,
      personId: person.id,
      at: { gte: new Date(now.getTime() - UNDO_WITHIN) },
      ...(quoted?.ticketId ? { ticketId: quoted.ticketId } : { ticketId: { not: null } }),
      event: { notIn: ['urged', 'undone', 'detail', 'opened', 'absorbed'] },
    },
    orderBy: { id: 'desc' },
  })
  const before = (last?.data as { before?: Record<string, unknown> } | undefined)?.before
  const ticket = last?.ticketId ? await db.ticket.findUnique({ where: { id: last.ticketId } }) : null
  const later =
    last && ticket ? await db.auditEntry.findFirst({ where: { ticketId: ticket.id, id: { gt: last.id } } }) : null
  if (!last || !before || !ticket || later)
    return room?.kind === 'grid' || request.private
      ? async () => [answerTo(request, null, { key: 'answer', kind: 'question', text: replies.nothingToUndo })]
      : null
  return async (tx) => {
    const by = speaker(request)
    const updated = await change(tx, ticket, restored(before), {
      event: 'undone',
      by,
      at: now,
      data: { step: last.event },
    })
    await undoLabel(tx, ticket.id, last.inboxEventId)
    const step: Step = { tx, request, services, ticket, work: { verb: 'undo', numbers: [], argument: '', weak: false } }
    const line = await stepLine(step, updated, replies.taken.undo())
    if (last.event !== 'resolve' && last.event !== 'reject') return line
    if (before['status'] === 'candidate') return line
    await tx.ticketAttachment.deleteMany({ where: { ticketId: ticket.id, purpose: 'result' } })
    const words = last.event === 'resolve' ? replies.takenBack(updated) : replies.notRejected(updated)
    const audience = toldDirectlyUnlessPublic(updated)
    const message = { key: 'taken-back', kind: 'result' as const }
    return [
      ...line,
      ...(await tellReporters(tx, audience, { inRoom: words, direct: words }, message, services.canReach)).replies,
    ]
  }
}
