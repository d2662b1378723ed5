import { type Database, removeLeftovers } from '@vetcita/db'
import type { FastifyBaseLogger } from 'fastify'

const oneMinuteMs = 60_000

/**
 * Removes abandoned accounts and expired sessions some minutes after the start and every six hours from then on, until
 * the returned function is called. Processes that start together wait differently long, so that one does the work.
 */
export function removeLeftoversRegularly(db: Database, log: FastifyBaseLogger): () => void {
  const run = () => {
    timer = setTimeout(run, 6 * 60 * oneMinuteMs).unref()
    removeLeftovers(db).then(
      (removed) => log.info({ part: 'auth', ...removed }, 'leftovers removed'),
      (error: unknown) => log.warn({ part: 'auth', err: error }, 'leftovers could not be removed'),
    )
  }
  let timer = setTimeout(run, (1 + 9 * Math.random()) * oneMinuteMs).unref()
  return () => clearTimeout(timer)
}
