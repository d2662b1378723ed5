import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from './failure.ts'

/** How long work may take to stop after a signal, before cleaning up anyway. */
const patienceMs = 10_000

/**
 * Runs work and cleans up however it ends, also after Ctrl-C and SIGTERM. (A second Ctrl-C ends the process at once.)
 *
 * @param work its signal is aborted if it should stop
 * @throws Failure with `sentence` if it was interrupted
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
