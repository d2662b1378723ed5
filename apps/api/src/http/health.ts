import { checkReadiness, type Database } from '@vetcita/db'
import type { FastifyInstance } from 'fastify'

/**
 * Serves `/healthz`, which answers 200 while the process runs, and `/readyz`, which answers 200 if it can serve requests:
 * the database answers and has the migrations that this code needs, and the process is not shutting down. Otherwise
 * `/readyz` answers 503 with a code.
 */
export async function healthRoutes(
  app: FastifyInstance,
  { db, isDraining }: { db: Database; isDraining: () => boolean },
): Promise<void> {
  app.get('/healthz', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )

  app.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    if (isDraining()) return reply.status(503).send({ status: 'not ready', code: 'DRAINING' })
    const state = await checkReadiness(db)
    if (state.ready) return { status: 'ready', schemaVersion: state.schemaVersion }
    return reply
      .status(503)
      .send({ status: 'not ready', code: state.code, schemaVersion: state.schemaVersion })
  })
}
