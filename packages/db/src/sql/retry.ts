import { setTimeout as sleep } from 'node:timers/promises'
import { describeFailure } from './errors.ts'

export type RetryOptions = {
  /** True only where running it twice has the effect of once: then a lost connection, too, is tried again. */
  repeatable?: boolean
  /** Attempts in all, the first included. */
  attempts?: number
  /** Hears of each attempt that failed and is followed by another. */
  onRetry?: (error: unknown, attempt: number) => void
}

const baseDelayMs = 10
const maxDelayMs = 250

/**
 * Runs a transaction again when PostgreSQL undid it because of another one (40001, 40P01), and nothing else: every
 * other failure is the caller's at once. Full jitter, so that two which collided do not meet again.
 * From the database contract: such failures keep their SQLSTATE "so that callers can retry".
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
