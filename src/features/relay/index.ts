import { audit } from '../../db/audit.ts'
import type { InboxEvent } from '../../db/database.ts'
import { Prisma } from '../../db/generated/sqlite/browser.ts'
import type { Attachment } from '../../message.ts'
import { may } from '../../village/roles.ts'
import {
  type Answer,
  answerHere,
  type Commit,
  type Feature,
  type Reply,
  type Request,
  type Services,
  speaker,
} from '../feature.ts'
import { bindToRelay, type GivenLine, keepLines } from './keep-lines.ts'
import { planOutcome, tellOutcome } from './outcome.ts'
import { MOST_LINES, readStretch, type Stretch } from './read-stretch.ts'
import * as replies from './replies.ts'
import { OPENING } from './stretch-words.ts'
import { roomFor } from './target-room.ts'
import { textOfFile } from './text-of-file.ts'

/** What a direct message of somebody who may relay passes on, with the words that say for which room. */
interface Given {
  before: string
  lines: GivenLine[]
  /** How many more there were than are read. */
  more: number
}

/**
 * No network leads into many a group. Somebody of the grid passes on by hand what is said there, by copying it or by
 * forwarding it to the assistant: it comes in as messages of that room, and everything else is as always.
 */
export const relay: Feature = {
  name: 'relay',
  async handle(request, services): Promise<Answer> {
    if (!request.private || request.relayed || !may(request.person.role, 'relay')) return null
    const forwarded = request.messages.filter((message) => message.forwarded !== null)
    if (forwarded.length > 0) return pass(request, fromForwards(forwarded))
    const file = request.attachments.find(isText)
    if (file) return fromFile(request, services, file)
    // Who replies to a card or answers a question says something of their own.
    if (request.quote?.messageId) return null
    const stretch = readStretch(request.text, { now: request.now, timeZone: request.village.timezone })
    if (stretch) return pass(request, fromStretch(stretch))
    return OPENING.test(request.text.trim()) ? say(request, replies.NOT_A_STRETCH) : null
  },
  timers: { 'relay.outcome': tellOutcome },
}

/** Words that somebody else wrote, one message each. Who that is on the network does not count: a name shows. */
function fromForwards(messages: readonly InboxEvent[]): Given {
  const lines = messages.map((message): GivenLine => {
    const { name, sentAt } = message.forwarded as unknown as { name: string; sentAt: string }
    const attachments = message.attachments as unknown as Attachment[]
    const album = message.album === null ? {} : { album: message.album }
    return { name, text: message.text, at: new Date(sentAt), attachments, quote: null, ...album }
  })
  return { before: '', lines, more: 0 }
}

function fromStretch({ before, lines, more }: Stretch): Given {
  const without = (kind: Attachment['kind']): Attachment => ({ kind, key: '' })
  return { before, more, lines: lines.map((line) => ({ ...line, attachments: line.attachments.map(without) })) }
}

function isText({ kind, name, mime }: Attachment): boolean {
  return kind === 'file' && (mime === 'text/plain' || /\.(?:txt|log|text)$/i.test(name ?? ''))
}

/** The file is fetched while the village goes on. */
function fromFile(request: Request, services: Services, file: Attachment): Answer {
  const unreadable = say(request, replies.UNREADABLE)
  return {
    otherwise: unreadable,
    async think() {
      const bytes = await services.open(file).catch(() => null)
      const text = bytes && textOfFile(bytes)
      if (text === null) return unreadable
      const stretch = readStretch(text, { now: request.now, timeZone: request.village.timezone, sure: true })
      return stretch ? pass(request, fromStretch(stretch)) : say(request, replies.NOT_A_STRETCH)
    },
  }
}

function say(request: Request, text: string): Commit {
  return async () => [answer(request, text)]
}

function answer(request: Request, text: string): Reply {
  return answerHere(request, { key: 'relay', kind: 'other', text })
}

/** Keeps what is passed on as messages of its room; what comes of it is told when it has been worked on. */
function pass(request: Request, given: Given): Commit {
  const { person, village, messages, now } = request
  return async (tx) => {
    const room = await roomFor(tx, person, given.before)
    if (!room) return [answer(request, replies.NO_ROOM)]
    await bindToRelay(tx, village, room, person, now)
    const kept = await keepLines(tx, given.lines, { village, room, by: person.id }, now)
    // What was said stands where it belongs; here it would be kept a second time.
    await tx.inboxEvent.updateMany({
      where: { id: { in: messages.map((message) => message.id) } },
      data: { text: replies.passedOn(given.lines.length), forwarded: Prisma.DbNull },
    })
    const data = { room: room.key, lines: kept.ids.length, known: kept.known, old: kept.old }
    await audit(tx, { villageId: village.id, at: now, by: speaker(request), event: 'relayed', data })
    if (kept.ids.length === 0) return [answer(request, replies.nothingNew(kept))]
    await planOutcome(tx, request, kept.ids)
    const leftOut = [
      kept.old > 0 ? replies.tooOld(kept.old) : '',
      given.more > 0 ? replies.tooMany(MOST_LINES, given.more) : '',
    ].filter((words) => words !== '')
    return leftOut.length > 0 ? [answer(request, leftOut.join('\n'))] : []
  }
}
