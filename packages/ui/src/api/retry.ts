import { isUnanswered, property } from './error-code.ts'

/** How often a write whose answer may have been lost is sent: once, and twice again. */
export const LOST_CONNECTION_TRIES = 3

/**
 * Reports whether sending the same call again may succeed: no answer came (a gateway's counts as none), or the API says
 * so (`data.retryable`). Any other answer, good or bad, is final.
 */
export function isRetryable(error: unknown): boolean {
  if (isUnanswered(error)) return true
  const data = property(error, 'data')
  return property(data, 'retryable') === true
}

/**
 * Returns the milliseconds to wait before the next try: exponential from 500 ms, at most 4 s, half of it random, so that
 * phones that lost the same mast do not come back in step.
 * @param failures how many tries have failed so far, from 0 (TanStack Query's count)
 * @param random a number in [0, 1)
 */
export function backoffDelay(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(4000, 500 * 2 ** failures)
  return ceiling / 2 + (ceiling / 2) * random()
}

/**
 * Options for a mutation that is safe to send again (it has an idempotency key, or merges): retried on a lost connection
 * only, three tries in all, and never paused while the browser believes it is offline.
 */
export const retryLostConnection = {
  networkMode: 'always' as const,
  retry: (failures: number, error: unknown): boolean =>
    failures < LOST_CONNECTION_TRIES - 1 && isRetryable(error),
  retryDelay: (failures: number): number => backoffDelay(failures),
}
