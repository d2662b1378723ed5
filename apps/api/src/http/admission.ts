import type { FastifyInstance } from 'fastify'
import { ProcedureError } from '../trpc/failures.ts'
import { trpcPath } from './http-errors.ts'

/** The only procedure that answers with a stream. A batch that names it is counted like any other request. */
const streamPath = `${trpcPath}/live.calendar`

/** The seconds after which a refused client may try again. */
export const RETRY_AFTER_SECONDS = 1

/**
 * Refuses requests with BUSY while `limit` others are in progress. Queueing them instead would answer late, and mostly to
 * clients that have given up and tried again. A short queue serves each admitted request about as fast as without load.
 *
 * A subscription's stream stays open, so it is neither counted nor refused: a browser whose EventSource was refused once
 * does not reconnect.
 *
 * @param limit the most requests in progress at a time; 0 for no limit
 */
export function admit(app: FastifyInstance, limit: number): void {
  if (limit === 0) return
  let inFlight = 0
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'GET' && request.url.split('?', 1)[0] === streamPath) return
    if (inFlight >= limit) throw new ProcedureError('BUSY')
    inFlight += 1
    // the answer was sent, or the client has gone
    reply.raw.once('close', () => {
      inFlight -= 1
    })
  })
}
