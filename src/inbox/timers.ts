import { type Clock, DAY, fromWallTime, HOUR, MINUTE, wallTime } from '../clock.ts'
import type { Database, Db, Timer, Village } from '../db/database.ts'
import { type DailyJob, type Feature, type Services, StaleError } from '../features/feature.ts'
import { faultOf, type Logger } from '../logger.ts'
import type { Enqueue } from '../outbox/enqueue.ts'
import { address } from './address.ts'
import type { Lanes } from './lanes.ts'

/** A daily job that could not run for this long after its hour is left out for that day. */
const DAILY_GRACE = 4 * HOUR
const MAX_ATTEMPTS = 5
const MAX_RETHINKS = 5
/** Timers that are fetched at a time. */
const TOGETHER = 100

export interface Timers {
  /** Runs everything that is due, in order of time. */
  runDue(): Promise<void>
  /** Makes sure that each village has its next daily jobs planned. */
  planDaily(): Promise<void>
  nextDue(): Promise<Date | null>
}

/** Runs what was planned for a time, once: the timer's end and its effect are one transaction. */
export function createTimers(parts: {
  database: Database
  features: readonly Feature[]
  services: Services
  clock: Clock
  logger: Logger
  lanes: Lanes
  enqueue: Enqueue
  onQueued: () => void
}): Timers {
  const { database, features, services, clock, logger, lanes, enqueue } = parts
  const jobs = new Map<string, DailyJob>(
    features.flatMap((feature) => (feature.daily ?? []).map((job): [string, DailyJob] => [`daily.${job.name}`, job])),
  )

  /**
   * A village's timers are run by one process at a time, in order: another one that finds them due leaves them to it. Were
   * that ever wrong, the claim in `run` would still let only one of them do it.
   */
  async function runDue(): Promise<void> {
    const elsewhere = new Set<number>()
    for (;;) {
      const due = await database.db.timer.findMany({
        where: { state: 'pending', dueAt: { lte: clock.now() }, villageId: { notIn: [...elsewhere] } },
        orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
        take: TOGETHER,
      })
      if (due.length === 0) return
      for (const villageId of new Set(due.map((timer) => timer.villageId))) {
        const name = `timers:${villageId}`
        if (!(await database.exclusive.hold(name))) {
          elsewhere.add(villageId)
          continue
        }
        try {
          for (const timer of due.filter((each) => each.villageId === villageId))
            await lanes.run(`village:${villageId}`, () => run(timer))
        } finally {
          await database.exclusive.release(name)
        }
      }
    }
  }

  async function run(timer: Timer, rethinks = 0): Promise<void> {
    const now = clock.now()
    try {
      const village = await database.db.village.findUnique({ where: { id: timer.villageId } })
      const commit = village && (await think(timer, village, now))
      await database.transaction(async (tx) => {
        const claimed = await tx.timer.updateMany({
          where: { id: timer.id, state: 'pending' },
          data: { state: 'done', doneAt: now },
        })
        if (claimed.count === 0) return
        const job = jobs.get(timer.kind)
        if (job && village) await planNext(tx, village, job, now)
        const replies = commit ? await commit(tx) : []
        const cause = { key: `t:${timer.key}`, villageId: timer.villageId, channel: null }
        await enqueue(tx, await address(tx, cause, replies, now), now)
      })
      parts.onQueued()
    } catch (error) {
      // A message that another process worked on was faster.
      if (error instanceof StaleError && rethinks < MAX_RETHINKS) return run(timer, rethinks + 1)
      const failed = timer.attempts + 1 >= MAX_ATTEMPTS
      logger.error({ timer: timer.id, kind: timer.kind, failed, fault: faultOf(error) }, 'a timer could not run')
      // Unless another process has done it meanwhile.
      await database.db.timer.updateMany({
        where: { id: timer.id, state: 'pending' },
        data: {
          attempts: { increment: 1 },
          error: faultOf(error).message,
          ...(failed ? { state: 'failed' } : { dueAt: new Date(now.getTime() + 2 ** timer.attempts * MINUTE) }),
        },
      })
    }
  }

  async function think(timer: Timer, village: Village, now: Date) {
    const job = jobs.get(timer.kind)
    if (job) {
      if (now.getTime() - timer.dueAt.getTime() > DAILY_GRACE) return null
      return job.run(village, timer.dueAt, services)
    }
    const handler = features.map((feature) => feature.timers?.[timer.kind]).find((found) => found !== undefined)
    if (!handler) throw new Error(`no feature has timers of kind ${timer.kind}`)
    return handler(timer, village, services)
  }

  async function planNext(tx: Db, village: Village, job: DailyJob, now: Date): Promise<void> {
    const today = wallTime(now, village.timezone)
    let dueAt = fromWallTime({ ...today, hour: job.hour, minute: job.minute }, village.timezone)
    if (dueAt <= now) {
      dueAt = fromWallTime({ ...today, day: today.day + 1, hour: job.hour, minute: job.minute }, village.timezone)
    }
    const day = wallTime(dueAt, village.timezone)
    const key = `daily.${job.name}:${village.id}:${day.year}-${day.month}-${day.day}`
    await tx.timer.upsert({
      where: { key },
      create: { key, villageId: village.id, kind: `daily.${job.name}`, dueAt, data: {} },
      update: {},
    })
  }

  async function planDaily(): Promise<void> {
    const now = clock.now()
    for (const village of await database.db.village.findMany()) {
      const name = `timers:${village.id}`
      // Another process that starts at the same moment plans the same.
      if (!(await database.exclusive.hold(name))) continue
      try {
        for (const [kind, job] of jobs) {
          const pending = await database.db.timer.findFirst({
            where: { villageId: village.id, kind, state: 'pending' },
          })
          // One that lies far back belongs to a day long gone (the clock was set, the program stood still).
          if (pending && now.getTime() - pending.dueAt.getTime() < DAY) continue
          await database.transaction(async (tx) => {
            await tx.timer.updateMany({
              where: { villageId: village.id, kind, state: 'pending' },
              data: { state: 'done' },
            })
            await planNext(tx, village, job, now)
          })
        }
      } finally {
        await database.exclusive.release(name)
      }
    }
  }

  return {
    runDue,
    planDaily,
    async nextDue() {
      const next = await database.db.timer.findFirst({ where: { state: 'pending' }, orderBy: { dueAt: 'asc' } })
      return next?.dueAt ?? null
    },
  }
}
