import { z } from 'zod'
import { type Actor, audit } from '../../db/audit.ts'
import type { Db, Prisma, Schedule, Village } from '../../db/database.ts'
import { StaleError } from '../feature.ts'
import { Leads } from './leads.ts'
import { planAhead, type Wake } from './planning.ts'
import { Rule } from './rule.ts'
import { type MoveName, moved } from './status.ts'

export interface Step {
  /** What the audit log calls it: a move's name or another event. */
  event: string
  by: Actor
  at: Date
  data?: Record<string, unknown>
}

export type ScheduleChange = Omit<Prisma.ScheduleUncheckedUpdateManyInput, 'id' | 'version' | 'villageId' | 'no'>

/** The parts of a row that are data of their own, checked. Throws where they are damaged. */
export function termsOf(row: Schedule) {
  return {
    rule: row.rule === null ? null : Rule.parse(row.rule),
    leads: Leads.parse(row.leads),
    roomIds: z.array(z.int()).parse(row.roomIds),
  }
}
export type Terms = ReturnType<typeof termsOf>

/** What an outgoing message about it carries, so that a reply is understood. */
export function subjectOf(schedule: Pick<Schedule, 'id'>): string {
  return `schedule:${schedule.id}`
}

/** The next number of a schedule in a village. Two at once are told apart by the unique index, and one is tried again. */
export async function nextNumber(tx: Db, villageId: number): Promise<number> {
  const { _max } = await tx.schedule.aggregate({ where: { villageId }, _max: { no: true } })
  return (_max.no ?? 0) + 1
}

/**
 * Writes one change of a schedule with its audit row. An armed one gets its occurrences stored ahead and the timer that
 * wakes it for its next reminder. Throws StaleError when somebody else was faster.
 */
export async function change(
  tx: Db,
  village: Pick<Village, 'timezone'>,
  schedule: Schedule,
  update: ScheduleChange,
  step: Step,
): Promise<Schedule> {
  const [written] = await tx.schedule.updateManyAndReturn({
    where: { id: schedule.id, version: schedule.version },
    data: { ...update, version: { increment: 1 }, updatedAt: step.at },
  })
  if (!written) throw new StaleError(`schedule ${schedule.id} has changed`)
  await record(tx, written, step)
  if (written.status !== 'armed') return written
  const { rule, leads } = termsOf(written)
  if (rule === null) throw new Error(`schedule ${written.id} is armed without a rule`)
  const wake = await planAhead(tx, { ...written, rule, leads }, step.at, village.timezone)
  await planWake(tx, written, wake)
  return tx.schedule.update({ where: { id: written.id }, data: { wakesAt: wake.at, plannedUntil: wake.plannedUntil } })
}

/** A timer for each version: those of older versions find that they are not meant. */
async function planWake(tx: Db, { id, villageId, version }: Schedule, wake: Wake): Promise<void> {
  await tx.timer.create({
    data: {
      key: `schedules.remind:${id}:${version}`,
      villageId,
      kind: 'schedules.remind',
      dueAt: wake.at,
      data: { scheduleId: id, version },
    },
  })
}

/** Makes a move of the life cycle. Throws StaleError where it is not (or no longer) allowed: callers ask `moved` first. */
export async function move(
  tx: Db,
  village: Pick<Village, 'timezone'>,
  schedule: Schedule,
  name: MoveName,
  update: ScheduleChange,
  step: Omit<Step, 'event'>,
): Promise<Schedule> {
  const status = moved(schedule.status, name)
  if (!status) throw new StaleError(`schedule ${schedule.id} cannot ${name} from ${schedule.status}`)
  return change(tx, village, schedule, { ...update, status }, { ...step, event: `schedule-${name}` })
}

/** Writes one row of the audit log. */
export async function record(tx: Db, schedule: Pick<Schedule, 'id' | 'villageId'>, step: Step): Promise<void> {
  const { by, at, event, data } = step
  await audit(tx, { villageId: schedule.villageId, at, by, event, scheduleId: schedule.id, data })
}

export function asJson(value: unknown): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue
}
