import { performance } from 'node:perf_hooks'

/** The results of a clinic's traffic during some work. */
export type Traffic = {
  calls: number
  failures: string[]
  /** the longest call, in milliseconds */
  longestMs: number
}

/**
 * Runs several workers that call without a pause until `work` is done. Failed calls are recorded, and the worker continues.
 */
export async function underTraffic<T>(
  workers: readonly (() => Promise<void>)[],
  work: () => Promise<T>,
): Promise<{ result: T; traffic: Traffic }> {
  const traffic: Traffic = { calls: 0, failures: [], longestMs: 0 }
  let going = true
  const running = workers.map(async (call) => {
    while (going) {
      const begun = performance.now()
      try {
        await call()
      } catch (error) {
        traffic.failures.push(error instanceof Error ? error.message : String(error))
      }
      traffic.calls += 1
      traffic.longestMs = Math.max(traffic.longestMs, performance.now() - begun)
    }
  })
  try {
    return { result: await work(), traffic }
  } finally {
    going = false
    await Promise.all(running)
  }
}
