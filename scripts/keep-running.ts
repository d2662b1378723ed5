import { setTimeout as sleep } from 'node:timers/promises'
import type { Child, Ended } from '@vetcita/postgres/children'

/** A program that fails this soon after its start, so many times in a row, is given up: that is no accident. */
const soonMs = 3_000
const mostFailures = 5

export type KeptRunning = {
  /** The process number of the program as it runs now. */
  pid(): number | undefined
  /** Resolves when the program has ended and is not started again: it ended well, or failed too often. */
  ended: Promise<Ended>
  /** Asks it to end, and does not start it again. */
  stop(): Promise<Ended>
}

/**
 * Starts a program again whenever a signal or a failure has ended it, as a service manager does: at once, but later each
 * time that it fails as soon as it runs, and in the end no more.
 *
 * @param first the program as it runs
 * @param again starts it once more
 * @param say is told, in sentences, what became of it
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
      failures = performance.now() - started < soonMs ? failures + 1 : 1
      if (failures >= mostFailures) {
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
