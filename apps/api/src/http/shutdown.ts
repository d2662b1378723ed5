import process from 'node:process'
import type { FastifyBaseLogger } from 'fastify'

export type Shutdown = {
  log: FastifyBaseLogger
  /** After this many milliseconds the process exits with code 1, even if requests are still in progress. */
  timeoutMs: number
  /** Stops accepting requests, waits for those in progress, and closes the database. */
  stop: () => Promise<void>
}

/** Drains on SIGTERM or SIGINT, then exits with 0. A second signal exits with 1 at once. */
export function stopOnSignal({ log, timeoutMs, stop }: Shutdown): void {
  let stopping = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'shutting down')
    const limit = setTimeout(() => {
      log.error({ timeoutMs }, 'requests were still in progress at the time limit')
      process.exit(1)
    }, timeoutMs)
    stop().then(
      () => {
        clearTimeout(limit)
        log.info('stopped')
        process.exit(0)
      },
      (error: unknown) => {
        log.error({ err: error }, 'shutdown failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
