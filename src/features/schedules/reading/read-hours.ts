import { type Hours, type Scene, Unreadable } from './plan.ts'
import type { PeriodName } from './when-words.ts'

const LATE = 24

/** Minutes of the day of an hour, by the part of the day or by the hour before it. */
export function hourOf(
  { hour, minute, literal }: { hour: number; minute: number; literal: boolean },
  period: PeriodName | null,
  previous: number | undefined,
  run: Hours | undefined,
  scene: Scene,
  said: string,
): number {
  if (literal && hour > 12) {
    if (period === 'morning' || period === 'small-hours') {
      if (hour < LATE) throw new Unreadable({ type: 'no-such-time', said })
    }
    return hour * 60 + minute
  }
  if (period) return inPeriod(hour, period) * 60 + minute
  if (literal) return hour * 60 + minute
  if (previous !== undefined && run) {
    const later = [hour, hour + 12, hour + LATE].map((each) => each * 60 + minute)
    return later.find((each) => each > previous) ?? hour * 60 + minute
  }
  if (scene.evening && hour >= 5 && hour <= 10) return (hour + 12) * 60 + minute
  // Nobody meets at three at night.
  return (hour >= 1 && hour <= 5 ? hour + 12 : hour) * 60 + minute
}

function inPeriod(hour: number, period: PeriodName): number {
  switch (period) {
    case 'small-hours':
      return hour === 12 ? 0 : hour
    case 'morning':
      return hour
    case 'noon':
      return hour <= 3 ? hour + 12 : hour
    case 'afternoon':
      return hour < 12 ? hour + 12 : hour
    case 'evening':
      return hour === 12 ? LATE : hour >= 4 ? hour + 12 : hour + LATE
    case 'night':
      return hour === 12 ? LATE : hour >= 7 ? hour + 12 : hour + LATE
  }
}
