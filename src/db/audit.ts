import type { Db, Person, Prisma } from './database.ts'

/** Who does something, because of which message. A null person is the assistant itself. */
export interface Actor {
  personId: number | null
  name: string
  inboxEventId?: number
}

export const ASSISTANT: Actor = { personId: null, name: '小格' }

export function actorOf(person: Pick<Person, 'id' | 'name'>, inboxEventId?: number): Actor {
  return { personId: person.id, name: person.name, ...(inboxEventId !== undefined && { inboxEventId }) }
}

/** One thing done in a village. */
export interface AuditStep {
  villageId: number
  at: Date
  /** Absent or null where nobody in particular did it. */
  by?: Actor | null
  event: string
  ticketId?: number | undefined
  scheduleId?: number | undefined
  /** The message it follows from, where that is not the actor's. */
  inboxEventId?: number | undefined
  /** Anything that can be written as JSON. */
  data?: object | undefined
}

/** Writes one row of the audit log. */
export async function audit(tx: Db, step: AuditStep): Promise<void> {
  const { villageId, at, by, event, ticketId, scheduleId, inboxEventId, data } = step
  await tx.auditEntry.createMany({
    data: {
      villageId,
      at,
      personId: by?.personId ?? null,
      by: by?.name ?? '',
      event,
      ticketId: ticketId ?? null,
      scheduleId: scheduleId ?? null,
      inboxEventId: inboxEventId ?? by?.inboxEventId ?? null,
      data: JSON.parse(JSON.stringify(data ?? {})) as Prisma.InputJsonValue,
    },
  })
}
