import type { ApiCounts } from './api-metrics.ts'
import type { Sample } from './sample.ts'

/** The guide's thresholds, in milliseconds. */
export const slowMeanMs = 500
export const slowMaxMs = 5_000

/** A wait for a lock of this length is more than a queue of bookings. */
const longWaitS = 1

const longIdleS = 60

/**
 * Returns the red flags of a sample: the guide's (mean over 500 ms, maximum over 5000 ms, deadlocks) and their causes.
 *
 * @param before an earlier sample, so that only deadlocks since then count
 */
export function redFlags(now: Sample, before: Sample | undefined, api: readonly ApiCounts[] = []): string[] {
  const deadlocks = now.database.deadlocks - (before?.database.deadlocks ?? 0)
  return [
    ...now.functions.flatMap(({ name, meanMs, maxMs }) => [
      ...(meanMs !== null && meanMs > slowMeanMs
        ? [`${name} takes ${Math.round(meanMs)} ms on average: look for slow queries and a missing index`]
        : []),
      ...(maxMs !== null && maxMs > slowMaxMs
        ? [`${name} once took ${Math.round(maxMs)} ms: a deadlock or a timeout, perhaps`]
        : []),
    ]),
    ...(deadlocks > 0
      ? [`${deadlocks} deadlocks ${before ? 'since the watch began' : 'since the statistics were reset'}`]
      : []),
    ...now.waits
      .filter(({ seconds }) => seconds > longWaitS)
      .map(
        (wait) => `process ${wait.pid} waits ${wait.seconds.toFixed(1)} s for ${wait.blockedBy.join(', ')}`,
      ),
    ...now.idleInTransaction
      .filter(({ seconds }) => seconds > longIdleS)
      .map(
        ({ pid, seconds }) => `process ${pid} has been idle in a transaction for ${Math.round(seconds)} s`,
      ),
    ...api
      .filter(({ errors }) => errors > 0)
      .map(({ name, errors }) => `the API counted ${errors} errors of ${name}`),
  ]
}
