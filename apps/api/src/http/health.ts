import { checkReadiness, type Database } from '@vetcita/db'
import type { FastifyInstance } from 'fastify'

/**
 * `/healthz`: this process answers. `/readyz`: it can also serve, since the database answers and has the migrations that
 * this code needs, and it is not shutting down; else 503 with a code.
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
