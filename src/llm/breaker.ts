import { MINUTE, SECOND } from '../clock.ts'
import type { Failure } from './failure.ts'

/** Failures of the service in a row after which it is left alone. */
const MOST_FAILURES = 3
/** Replies in a row that could not be used after which the model is left alone. */
const MOST_UNUSABLE = 5
const REST = 30 * SECOND
/** A wrong key or an empty account is nothing that passes by itself. */
const LONG_REST = 5 * MINUTE

export type Circuit = 'closed' | 'half-open' | 'open'

export interface Breaker {
  /** Whether a call may be made now. After a rest the first caller is let through and is the probe. */
  mayCall(): boolean
  succeeded(): void
  failed(failure: Failure): void
  /** Ends a call that says nothing about the service: it was called off. */
  passed(): void
  state(): Circuit
}

/** Leaves a service alone for a while that has failed several times in a row. `elapsed` is a clock that only runs forward. Milliseconds. */
export function createBreaker(elapsed: () => number): Breaker {
  let failures = 0
  let unusable = 0
  let restsUntil: number | null = null
  let probing = false

  function rest(ms: number): void {
    restsUntil = elapsed() + ms
    probing = false
  }

  return {
    mayCall() {
      if (restsUntil === null) return true
      if (elapsed() < restsUntil || probing) return false
      probing = true
      return true
    },
    succeeded() {
      failures = 0
      unusable = 0
      restsUntil = null
      probing = false
    },
    failed(failure) {
      const wasProbe = probing
      probing = false
      if (failure === 'refused-key' || failure === 'unpaid') return rest(LONG_REST)
      // The service is well; it was this message that it would not take.
      if (failure === 'rejected') {
        if (wasProbe) restsUntil = null
        return
      }
      if (failure === 'unusable') {
        failures = 0
        if (++unusable >= MOST_UNUSABLE || wasProbe) rest(REST)
        return
      }
      if (++failures >= MOST_FAILURES || wasProbe) rest(REST)
    },
    passed() {
      probing = false
    },
    state: () => (restsUntil === null ? 'closed' : elapsed() < restsUntil ? 'open' : 'half-open'),
  }
}
