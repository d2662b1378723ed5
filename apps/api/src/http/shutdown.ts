import process from 'node:process'
import type { FastifyBaseLogger } from 'fastify'

export type Shutdown = {
  log: FastifyBaseLogger
  /** After this many milliseconds the process ends with what is still in flight, and exit code 1. */
  timeoutMs: number
  /** Stops taking requests, waits for those in flight, and lets go of the database. */
  stop: () => Promise<void>
}

/** On SIGTERM or SIGINT: drain, then exit 0. A second signal ends at once. */
export function stopOnSignal({ log, timeoutMs, stop }: Shutdown): void {
  let stopping = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'shutting down')
    const bound = setTimeout(() => {
      log.error({ timeoutMs }, 'requests were still in flight')
      process.exit(1)
    }, timeoutMs)
    stop().then(
      () => {
        clearTimeout(bound)
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
