import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from './failure.ts'

/** How long work that was asked to stop may take to do so before it is tidied up all the same. */
const patienceMs = 10_000

/**
 * Does work that leaves something behind while it goes on, and tidies up however it ends, Ctrl-C and SIGTERM included. (A
 * second Ctrl-C ends the process at once.)
 *
 * @param work is told by the signal that it should stop
 * @throws Failure with `sentence` when somebody interrupted it
 */
export async function tidied<T>(
  work: (signal: AbortSignal) => Promise<T>,
  tidyUp: () => Promise<void>,
  sentence: string,
): Promise<T> {
  const controller = new AbortController()
  const stop = () => controller.abort(new Failure(sentence))
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const interrupted = new Promise<void>((resolve) =>
    controller.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  const working = work(controller.signal)
  try {
    await Promise.race([working.then(() => {}), interrupted])
    if (controller.signal.aborted)
      await Promise.race([working.catch(() => {}), sleep(patienceMs, undefined, { ref: false })])
    controller.signal.throwIfAborted()
    return await working
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop)
    await tidyUp()
  }
}
