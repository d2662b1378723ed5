import { isUnanswered, property } from './error-code.ts'

/** The tries of a write whose answer may have been lost: the first one and two more. */
export const LOST_CONNECTION_TRIES = 3

/**
 * Whether sending the same call again may succeed: no answer came (or a gateway's, which is no answer of ours), or
 * the API says so itself (`data.retryable`). Any other answer, good or bad, is final.
 */
export function isRetryable(error: unknown): boolean {
  if (isUnanswered(error)) return true
  const data = property(error, 'data')
  return property(data, 'retryable') === true
}

/**
 * Milliseconds to wait before try `failures + 1`: exponential from 500 ms, at most 4 s, with half of it random, so
 * that phones which lost the same mast don't come back in step.
 * @param failures how many tries have failed so far, from 0 (TanStack Query's count)
 * @param random a number in [0, 1)
 */
export function backoffDelay(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(4000, 500 * 2 ** failures)
  return ceiling / 2 + (ceiling / 2) * random()
}

/**
 * Options for a TanStack mutation that may safely be sent again (one idempotency key, or a merge): retried on a lost
 * connection only, three tries in all, and never parked while the browser believes it is offline.
 */
export const retryLostConnection = {
  networkMode: 'always' as const,
  retry: (failures: number, error: unknown): boolean =>
    failures < LOST_CONNECTION_TRIES - 1 && isRetryable(error),
  retryDelay: (failures: number): number => backoffDelay(failures),
}
