/**
 * Why a call brought nothing. timeout: the time was up · limited: 429 · refused-key: 401, 403, 404 · unpaid: 402 ·
 * rejected: this text was not taken · unusable: the reply was not what was asked for · unreachable: no connection, 5xx,
 * or something else than the service answered · stopped: called off by us
 */
export const FAILURES = [
  'timeout',
  'limited',
  'refused-key',
  'unpaid',
  'rejected',
  'unusable',
  'unreachable',
  'stopped',
] as const
export type Failure = (typeof FAILURES)[number]

/** A reply that is not what was asked for. */
export class UnusableReply extends Error {
  override name = 'UnusableReply'
}

/** Which failure an error of the client is. What it does not know counts against the service. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UnusableReply) return 'unusable'
  const { name, status } = error as { name?: unknown; status?: unknown }
  if (name === 'TimeoutError' || name === 'AbortError' || name === 'APIUserAbortError') return 'timeout'
  if (name === 'InsufficientQuotaError' || status === 402) return 'unpaid'
  if (status === 401 || status === 403 || status === 404) return 'refused-key'
  if (status === 429 || name === 'RateLimitCapacityError') return 'limited'
  if (name === 'ContextOverflowError') return 'rejected'
  if (typeof status === 'number' && status >= 400 && status < 500) return 'rejected'
  return 'unreachable'
}
