import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProcedureError } from '../trpc/failures.ts'
import { HttpRefusal, trpcPath } from './http-errors.ts'

/** The only procedure that answers with a stream. A batch that names it is counted like any other request. */
const streamPath = `${trpcPath}/live.calendar`

/** The seconds after which a refused client may try again. */
export const RETRY_AFTER_SECONDS = 1

/** Returns the cost of a procedure, 1 for an ordinary one. */
export type CostOf = (procedure: string) => number

/**
 * Refuses requests with BUSY while others of a cost of `limit` are in progress. Queueing them instead would answer late,
 * and mostly to clients that have given up and tried again. A short queue serves each admitted request about as fast as
 * without load. A request that costs more than the limit is admitted when there is no other.
 *
 * A request counts once its body has arrived, and until its answer has been sent: until then it takes no work, and a client
 * that sends slowly must not keep others out.
 *
 * A subscription's stream stays open, so it is neither counted nor refused: a browser whose EventSource was refused once
 * does not reconnect.
 *
 * @param limit the greatest cost in progress at a time; 0 for no limit
 */
export function admit(app: FastifyInstance, limit: number, costOf: CostOf): void {
  if (limit === 0) return
  let inFlight = 0
  app.addHook('preValidation', async (request, reply) => {
    if (request.method === 'GET' && pathOf(request) === streamPath) return
    const cost = requestCost(request, costOf)
    if (inFlight > 0 && inFlight + cost > limit) throw new ProcedureError('BUSY')
    inFlight += cost
    // the answer was sent, or the client has gone
    reply.raw.once('close', () => {
      inFlight -= cost
    })
  })
}

/**
 * Refuses the requests of an address with 429 after those of a cost of `limit` within a minute.
 *
 * @param limit the greatest cost per minute; 0 for no limit
 */
export async function limitRate(app: FastifyInstance, limit: number, costOf: CostOf): Promise<void> {
  if (limit === 0) return
  await app.register(rateLimit, { global: false, max: limit, timeWindow: '1 minute' })
  const count = app.createRateLimit()
  app.addHook('onRequest', async (request, reply) => {
    for (let left = requestCost(request, costOf); left > 0; left -= 1) {
      const counted = await count(request)
      if (counted.isAllowed || !counted.isExceeded) continue
      reply.header('retry-after', counted.ttlInSeconds)
      throw new HttpRefusal(429, 'Too many requests')
    }
  })
}

/** Returns the cost of a request: of all procedures that its path names, or 1. */
function requestCost(request: FastifyRequest, costOf: CostOf): number {
  const path = pathOf(request)
  if (!path.startsWith(`${trpcPath}/`)) return 1
  const names = decoded(path.slice(trpcPath.length + 1)).split(',')
  return names.reduce((cost, name) => cost + costOf(name), 0)
}

function pathOf({ url }: FastifyRequest): string {
  const [path = ''] = url.split('?', 1)
  return path
}

/** Returns a path as the router reads it; what it cannot read, it refuses. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
