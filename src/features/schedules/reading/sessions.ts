import type { Session } from '../rule.ts'
import type { Hours } from './plan.ts'

/** Minutes of a day. */
export const DAY = 24 * 60

export function sessionsOf(hours: Hours[]): Session[] {
  const sessions = hours.map(({ at, end }) => ({ at: timeOf(at), ...(end !== undefined && { end: timeOf(end) }) }))
  const unique = new Map(sessions.map((session) => [session.at, session]))
  return [...unique.values()].sort((a, b) => (a.at < b.at ? -1 : 1))
}

export function timeOf(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${pad(Math.floor(minutes / 60) % 24)}:${pad(minutes % 60)}`
}
