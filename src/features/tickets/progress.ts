import { DAY } from '../../clock.ts'
import type { Ticket } from '../../db/database.ts'
import { may } from '../../village/roles.ts'
import type { Commit, Request, Services } from '../feature.ts'
import { exposureOf } from './announce.ts'
import { reportersOf } from './audience.ts'
import { ownTickets } from './followups.ts'
import { isConfidant, responsibleWorker } from './handlers.ts'
import { ticketBehind } from './intake.ts'
import { answerTo } from './open-ticket.ts'
import * as replies from './replies.ts'

const MOST_LINES = 3
/** Ended tickets are still told of for this long. Milliseconds. */
const REMEMBERED = 30 * DAY

const ASKED = /^\s*[/@]?\s*(?:小格[\s,，]*)?(?:进度|进展|查询|查)\s*[:：#＃]?\s*(\d{1,6})?\s*号?\s*[?？]?\s*$/
const NUMBERED = /[#＃]?\s*(\d{1,6})\s*号/

/** 进度 12, 我的报修怎么样了: how things stand, for those who reported them. */
export async function takeProgress(request: Request, services: Services): Promise<Commit | null> {
  const { understanding: said, room, village, person, now } = request
  const asked = ASKED.exec(request.text.normalize('NFKC'))
  if (!asked && said.act !== 'progress') return null
  if (room?.kind === 'grid') return null
  const { db } = services
  const number = asked?.[1] ?? NUMBERED.exec(request.text)?.[1]
  if (number !== undefined) {
    const no = Number(number)
    const ticket = await db.ticket.findUnique({ where: { villageId_no: { villageId: village.id, no } } })
    return ticket ? about(request, services, [ticket], true) : say(request, replies.noSuchNumber(no))
  }
  const quoted = request.quote?.messageId ? await ticketBehind(db, request, request.quote.messageId) : null
  if (quoted) return about(request, services, [quoted], true)
  const own = await ownTickets(db, village.id, person.id, new Date(now.getTime() - REMEMBERED))
  const shown = own.filter((ticket) => ticket.status !== 'candidate' && ticket.status !== 'withdrawn')
  // Nobody is told in the group that nothing is known of them, unless they asked for it by name.
  if (shown.length === 0) return asked || request.addressed ? say(request, replies.noneReported) : null
  return about(request, services, shown.slice(0, MOST_LINES), false)
}

async function about(request: Request, services: Services, tickets: Ticket[], byNumber: boolean): Promise<Commit> {
  const { db } = services
  const lines: { text: string; secret: boolean }[] = []
  for (const ticket of tickets) {
    const reporter = (await reportersOf(db, ticket.id)).some((row) => row.personId === request.person.id)
    const worker =
      may(request.person.role, 'work-tickets') && (!ticket.sensitive || (await isConfidant(db, ticket, request.person)))
    const secret = exposureOf(ticket) !== 'public'
    // A secret number and a number that does not exist look alike to somebody who may not see it.
    if (byNumber && secret && !reporter && !worker) return say(request, replies.noSuchNumber(ticket.no))
    const name = (await responsibleWorker(db, ticket))?.name ?? null
    lines.push({ text: replies.progressLine(ticket, name, request.village.timezone), secret })
  }
  const open = lines.filter((line) => request.private || !line.secret)
  const secret = request.private ? [] : lines.filter((line) => line.secret)
  const reachable = await services.canReach(db, request.person.id)
  const text = (some: typeof lines) => some.map((line) => line.text).join('\n')
  return async () => [
    ...(open.length > 0
      ? [
          answerTo(request, tickets.length === 1 ? (tickets[0] ?? null) : null, {
            key: 'progress',
            kind: 'answer',
            text: text(open),
          }),
        ]
      : []),
    ...(secret.length > 0 && reachable
      ? [
          {
            to: { person: request.person.id },
            key: 'progress:direct',
            kind: 'answer' as const,
            text: text(secret),
            about: [],
          },
        ]
      : []),
  ]
}

function say(request: Request, text: string): Commit {
  return async () => [answerTo(request, null, { key: 'progress', kind: 'answer', text })]
}
