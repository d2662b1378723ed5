import { checkReadiness, type Database } from '@vetcita/db'
import type { FastifyInstance } from 'fastify'

/**
 * Serves `/healthz`, which answers 200 while the process runs, and `/readyz`, which answers 200 if it can serve requests:
 * the database answers and has the migrations that this code needs, and the process is not shutting down. Otherwise
 * `/readyz` answers 503 with a code, and with what is wrong with the database. Each change of that is logged once, however
 * often it is asked.
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
    const { ready, ...found } = state
    report(ready ? 'ready' : 'trouble' in state ? state.trouble : state.code)
    if (ready) return { status: 'ready', ...found }
    return reply.status(503).send({ status: 'not ready', ...found })
  })

  let last = 'ready'
  function report(now: string): void {
    if (now === last) return
    if (now === 'ready') app.log.info({ part: 'database', was: last }, 'the database serves again')
    else app.log.error({ part: 'database', trouble: now }, 'the database does not serve')
    last = now
  }
}
