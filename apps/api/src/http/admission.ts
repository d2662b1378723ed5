import type { FastifyInstance } from 'fastify'
import { ProcedureError } from '../trpc/failures.ts'
import { trpcPath } from './http-errors.ts'

/** The one procedure that answers with a stream, asked alone: whatever else names it takes a place like any request. */
const streamPath = `${trpcPath}/live.calendar`

/** In how many seconds whoever was turned away may ask again. */
export const retryAfterSeconds = 1

/**
 * Turns requests away at the door while so many others are being worked on. What waits in a line is answered late, and
 * mostly to nobody: a client that gave up has asked again by then. So the line is kept short, whoever is let in is served
 * about as quickly as ever, and the first one that leaves makes room for the next.
 *
 * A subscription's stream, which stays open, takes no place and is not turned away: a browser that is told no once does not
 * ask for its stream again.
 *
 * @param limit how many at a time; 0 for no limit
 */
export function admit(app: FastifyInstance, limit: number): void {
  if (limit === 0) return
  let inFlight = 0
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'GET' && request.url.split('?', 1)[0] === streamPath) return
    if (inFlight >= limit) throw new ProcedureError('BUSY')
    inFlight += 1
    // the answer is out, or nobody is there to hear it
    reply.raw.once('close', () => {
      inFlight -= 1
    })
  })
}
