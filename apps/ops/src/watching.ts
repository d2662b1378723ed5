import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs a round at once and then at each interval, until the time is up or a signal stops the process.
 *
 * @param forMs the total duration
 */
export async function repeatedly(forMs: number, everyMs: number, round: () => Promise<void>): Promise<void> {
  const asked = new AbortController()
  const stop = () => asked.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const end = Date.now() + forMs
  try {
    for (;;) {
      await round()
      const left = end - Date.now()
      if (asked.signal.aborted || left <= 0) return
      await sleep(Math.min(everyMs, left), undefined, { signal: asked.signal }).catch(() => {})
      if (asked.signal.aborted || Date.now() >= end) return
    }
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop)
  }
}
