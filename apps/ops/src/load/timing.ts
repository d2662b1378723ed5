import { createHistogram, performance } from 'node:perf_hooks'

/** The latency of calls in milliseconds, and the calls per second. */
export type Timing = {
  calls: number
  p50: number
  p95: number
  p99: number
  max: number
  perSecond: number
}

/** Measures the calls that are made through it. */
export function stopwatch(): { time<T>(call: () => Promise<T>): Promise<T>; result(): Timing } {
  const histogram = createHistogram()
  const begun = performance.now()
  let ended = begun
  return {
    time: async (call) => {
      const start = performance.now()
      try {
        return await call()
      } finally {
        ended = performance.now()
        histogram.record(Math.max(1, Math.round((ended - start) * 1000)))
      }
    },
    result: () => {
      const ms = (percentile: number) => Math.round(histogram.percentile(percentile) / 10) / 100
      return {
        calls: histogram.count,
        p50: ms(50),
        p95: ms(95),
        p99: ms(99),
        max: Math.round(histogram.max / 10) / 100,
        perSecond: Math.round((histogram.count / Math.max(1, ended - begun)) * 1000),
      }
    },
  }
}
