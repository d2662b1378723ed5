import { setTimeout as sleep } from 'node:timers/promises'
import { describeFailure } from './errors.ts'

export type RetryOptions = {
  /** True only if running it twice has the effect of once: then it is also run again after a lost connection. */
  repeatable?: boolean
  /** Attempts in all, the first included. */
  attempts?: number
  /** Called for each failed attempt that is followed by another. */
  onRetry?: (error: unknown, attempt: number) => void
}

const baseDelayMs = 10
const maxDelayMs = 250

/**
 * Runs a transaction, and runs it again if PostgreSQL rolled it back because of another one (40001, 40P01). Every other
 * failure is thrown at once. The delay has full jitter, so that two transactions that collided do not collide again. The
 * database contract keeps the SQLSTATE of such failures "so that callers can retry".
 */
export async function withRetry<Result>(
  run: () => Promise<Result>,
  options: RetryOptions = {},
): Promise<Result> {
  const attempts = options.attempts ?? 5
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      const { kind } = describeFailure(error)
      const again = kind === 'conflict' || (kind === 'unreachable' && options.repeatable === true)
      if (!again || attempt >= attempts) throw error
      options.onRetry?.(error, attempt)
      await sleep(Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** attempt))
    }
  }
}
