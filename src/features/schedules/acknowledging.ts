import { DAY } from '../../clock.ts'
import type { Db, Occurrence, Schedule } from '../../db/database.ts'
import { type Answer, answerHere, type Request, refsOf, type Services } from '../feature.ts'
import { READ, READ_PLAINLY, READERS } from './command-words.ts'
import { quotedMeant } from './find-schedule.ts'
import { wordsOf } from './recognise.ts'
import * as replies from './replies.ts'
import { termsOf } from './schedule.ts'

/** 收到 under a reminder that was the last thing said here is meant for it for so long. */
const ANSWERED_WITHIN = DAY

/** 收到, counted without a word. */
export async function takeRead(request: Request, services: Services): Promise<Answer> {
  const text = wordsOf(request.text)
  if (!READ.test(text) || request.attachments.length > 0) return null
  const occurrence = await remindedOf(request, services, READ_PLAINLY.test(text))
  if (!occurrence) return null
  const { village, room, person, now } = request
  return async (tx) => {
    const key = { occurrenceId: occurrence.id, personId: person.id }
    const known = await tx.acknowledgement.findUnique({ where: { occurrenceId_personId: key } })
    if (!known)
      await tx.acknowledgement.create({ data: { ...key, villageId: village.id, roomId: room?.id ?? null, at: now } })
    return []
  }
}

async function remindedOf(request: Request, { db }: Services, plainly: boolean): Promise<Occurrence | null> {
  if (request.quote) return (await quotedMeant(db, request))?.occurrence ?? null
  if (!plainly) return null
  const last = await db.outboxMessage.findFirst({ where: { ...request.conversation }, orderBy: { id: 'desc' } })
  if (last?.kind !== 'reminder' || !last.subject?.startsWith('occurrence:')) return null
  if (request.now.getTime() - (last.sentAt ?? last.createdAt).getTime() > ANSWERED_WITHIN) return null
  const id = Number(last.subject.split(':')[1])
  return db.occurrence.findFirst({ where: { id, villageId: request.village.id } })
}

/** Who has read a reminder and who has not: told to whoever asks, in private, since it names people. */
export async function takeReaders(request: Request, services: Services): Promise<Answer> {
  if (!READERS.test(wordsOf(request.text))) return null
  const { db } = services
  const found = await lastReminded(request, db)
  if (!found) return null
  const { occurrence, schedule } = found
  const read = await db.acknowledgement.findMany({ where: { occurrenceId: occurrence.id }, orderBy: { at: 'asc' } })
  const known = await knownIn(db, schedule)
  const ids = [...new Set([...read.map((row) => row.personId), ...known])]
  const people = await db.person.findMany({ where: { id: { in: ids }, erasedAt: null }, orderBy: { id: 'asc' } })
  const has = new Set(read.map((row) => row.personId))
  const names = {
    read: people.filter(({ id }) => has.has(id)).map(({ name }) => name),
    unread: people.filter(({ id }) => !has.has(id) && id !== request.person.id).map(({ name }) => name),
  }
  const text = replies.readers(schedule, occurrence.at, names, request.village.timezone)
  const private_ = request.private || (await services.canReach(db, request.person.id))
  if (!private_) {
    const short = replies.readersCount(names.read.length)
    return async () => [answerHere(request, { key: 'readers', kind: 'answer', text: short })]
  }
  return async () => [
    { to: { person: request.person.id }, key: 'readers', kind: 'answer', text, about: refsOf(request.messages) },
  ]
}

async function lastReminded(request: Request, db: Db): Promise<{ occurrence: Occurrence; schedule: Schedule } | null> {
  const quoted = await quotedMeant(db, request)
  if (quoted?.occurrence) return { occurrence: quoted.occurrence, schedule: quoted.schedule }
  const { village, room } = request
  const last = await db.reminder.findFirst({
    where: { villageId: village.id, outcome: { in: ['sent', 'late'] }, ...(room && { roomId: room.id }) },
    orderBy: { id: 'desc' },
    include: { occurrence: { include: { schedule: true } } },
  })
  if (!last) return null
  const { schedule, ...occurrence } = last.occurrence
  return { occurrence, schedule }
}

/** Whoever has ever written in the rooms. Networks do not tell who else is in them. */
async function knownIn(db: Db, schedule: Schedule): Promise<number[]> {
  const rows = await db.inboxEvent.groupBy({
    by: ['personId'],
    where: { villageId: schedule.villageId, roomId: { in: termsOf(schedule).roomIds }, personId: { not: null } },
  })
  return rows.flatMap((row) => row.personId ?? [])
}
