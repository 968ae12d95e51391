import { randomInt } from 'node:crypto'
import { DAY, fromWallTime, HOUR, MINUTE, SECOND, wallTime } from '../../clock.ts'
import type { OutgoingKind } from '../../message.ts'

/** WeChat's wall time: that of the people who look at the account. */
const TIME_ZONE = 'Asia/Shanghai'

/**
 * How much an account may say without looking like a machine. The figures are what people who were limited or banned
 * report: messages half a second apart are stopped after about a hundred, a hundred rooms in one burst at once.
 */
export const PACE = {
  /** Between any two messages, more or less by `jitter`. */
  gapMs: 1500,
  jitter: 0.4,
  /** Between two messages that nobody waits for. */
  unaskedGapMs: [15 * SECOND, 35 * SECOND] as const,
  /** Hours of the day without messages that nobody waits for. */
  night: { from: 22, until: 7 },
  /** Of a day's messages this part is for what is sent unasked; and from its end on, only for alarms. */
  unaskedShare: 0.7,
  /** After WeChat has said that it is too much: the first time, and again within an hour. */
  pauseMs: 10 * MINUTE,
  longPauseMs: 30 * MINUTE,
}

/** What nobody waits for at this very moment. */
const UNASKED: readonly OutgoingKind[] = ['reminder', 'broadcast', 'digest']

export interface Pace {
  /** Milliseconds until a message of this kind may go out, and why it has to wait; null when it may now. */
  wait(kind: OutgoingKind, now: Date): { ms: number; reason: string } | null
  /** Milliseconds of rest before the next message, in which the account seems to type. */
  rest(): number
  sent(kind: OutgoingKind, now: Date): void
  /** WeChat has said that it is too much. */
  slowed(now: Date): void
  /** Until when nothing is said because of that; null when nothing holds. */
  pausedUntil(now: Date): Date | null
}

/** @param sentToday how many messages of the account have gone out since midnight, by what is stored. */
export function createPace(options: {
  perDay: number
  sentToday: number
  now: Date
  pace?: Partial<typeof PACE>
}): Pace {
  const pace = { ...PACE, ...options.pace }
  let day = dayOf(options.now)
  let count = options.sentToday
  let paused = 0
  let lastSlowed = Number.NEGATIVE_INFINITY
  let nextUnasked = 0

  function today(now: Date): number {
    if (dayOf(now) !== day) {
      day = dayOf(now)
      count = 0
    }
    return count
  }

  return {
    wait(kind, now) {
      const time = now.getTime()
      if (paused > time) return { ms: paused - time, reason: 'WeChat has said that it is too much' }
      if (kind === 'alarm') return null
      const unasked = UNASKED.includes(kind)
      const most = unasked ? Math.floor(options.perDay * pace.unaskedShare) : options.perDay
      if (today(now) >= most) return { ms: untilHour(0, now), reason: 'the messages of this day are used up' }
      if (!unasked) return null
      const { hour } = wallTime(now, TIME_ZONE)
      const { from, until } = pace.night
      if (hour >= from || hour < until) return { ms: untilHour(until, now), reason: 'it is night' }
      return nextUnasked > time ? { ms: nextUnasked - time, reason: 'not all at once' } : null
    },
    rest: () => Math.round(pace.gapMs * (1 + pace.jitter * (randomInt(-1000, 1001) / 1000))),
    sent(kind, now) {
      count = today(now) + 1
      const [least, most] = pace.unaskedGapMs
      if (UNASKED.includes(kind)) nextUnasked = now.getTime() + (most > least ? randomInt(least, most) : least)
    },
    slowed(now) {
      const time = now.getTime()
      paused = time + (time - lastSlowed < HOUR ? pace.longPauseMs : pace.pauseMs)
      lastSlowed = time
    },
    pausedUntil: (now) => (paused > now.getTime() ? new Date(paused) : null),
  }
}

function dayOf(at: Date): string {
  const { year, month, day } = wallTime(at, TIME_ZONE)
  return `${year}-${month}-${day}`
}

/** Milliseconds until it is that hour next. */
function untilHour(hour: number, now: Date): number {
  const { year, month, day } = wallTime(now, TIME_ZONE)
  const today = fromWallTime({ year, month, day, hour }, TIME_ZONE).getTime() - now.getTime()
  return today > 0 ? today : today + DAY
}
