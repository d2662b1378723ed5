import { setTimeout as sleep } from 'node:timers/promises'
import type { Child, Ended } from '@vetcita/postgres/children'

/** A program that fails MAX_FAILURES times in a row, each time within this time of its start, is not started again. */
const SOON_MS = 3_000
const MAX_FAILURES = 5

export type KeptRunning = {
  /** Returns the process id of the program as it runs now. */
  pid(): number | undefined
  /** Resolves when the program has ended for good: it exited with 0, was asked to stop, or failed too often. */
  ended: Promise<Ended>
  /** Stops the program for good. */
  stop(): Promise<Ended>
}

/**
 * Restarts a program whenever a signal or a failure has ended it, as a service manager does: at once, after a growing
 * pause if it keeps failing soon after its start, and no more after {@link MAX_FAILURES} such failures.
 *
 * @param first the running program
 * @param again starts it once more
 * @param say receives a sentence for each restart
 */
export function keepRunning(
  first: Child,
  again: () => Child,
  say: (sentence: string) => void = () => {},
): KeptRunning {
  let child = first
  let isWanted = true
  const asked = Promise.withResolvers<void>()

  const watch = async (): Promise<Ended> => {
    let failures = 0
    for (;;) {
      const started = performance.now()
      const end = await child.ended
      if (!isWanted || (end.code === 0 && end.signal === null)) return end
      failures = performance.now() - started < SOON_MS ? failures + 1 : 1
      if (failures >= MAX_FAILURES) {
        say(`It failed ${failures} times in a row and is not started again.`)
        return end
      }
      say(`It was ended by ${end.signal ?? `exit code ${end.code}`} and is started again.`)
      await Promise.race([asked.promise, sleep(100 * 3 ** (failures - 1))])
      if (!isWanted) return end
      child = again()
    }
  }
  const ended = watch()
  return {
    pid: () => child.process.pid,
    ended,
    stop: async () => {
      isWanted = false
      asked.resolve()
      await child.stop()
      return ended
    },
  }
}
