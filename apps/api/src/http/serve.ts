import { createDatabase, readClockDifferences } from '@vetcita/db'
import { removeLeftoversRegularly } from '../auth/leftovers.ts'
import { type Env, EnvironmentError } from '../env.ts'
import { buildApi } from './app.ts'
import { isLoopback } from './origins.ts'
import { stopOnSignal } from './shutdown.ts'

/**
 * Starts the API; on SIGTERM or SIGINT it drains and stops.
 *
 * @throws EnvironmentError if this process cannot listen on HOST and PORT
 */
export async function serve(env: Env): Promise<void> {
  const db = createDatabase(env.DATABASE_URL, {
    poolSize: env.DATABASE_POOL_SIZE,
    statementTimeoutMs: env.DATABASE_TIMEOUT_MS,
    applicationName: 'vetcita-api',
  })
  const { app, startDraining } = await buildApi(env, db)
  const stopRemoving = removeLeftoversRegularly(db, app.log)
  stopOnSignal({
    log: app.log,
    timeoutMs: env.SHUTDOWN_TIMEOUT_MS,
    stop: async () => {
      startDraining()
      stopRemoving()
      await app.close()
      await db.$disconnect()
    },
  })
  if (!env.PUBLIC_URL.startsWith('https:') && !isLoopback(env.PUBLIC_URL))
    app.log.warn(
      { publicUrl: env.PUBLIC_URL },
      'PUBLIC_URL is not an https address: passwords and session cookies cross the network unencrypted',
    )
  if (env.PUBLIC_URL.startsWith('https:') && env.TRUSTED_PROXIES === 0)
    app.log.warn(
      { publicUrl: env.PUBLIC_URL },
      'TRUSTED_PROXIES is 0 and PUBLIC_URL an https address: behind a proxy all visitors would share the limits of one, so set how many proxies there are',
    )
  try {
    await app.listen({ port: env.PORT, host: env.HOST })
  } catch (error) {
    await db.$disconnect()
    throw listenFailure(error)
  }
  // After the start, which it must not hold up; a database that is not there yet is reported by /readyz.
  readClockDifferences(db).then(
    (differences) => {
      for (const { zone, sentence } of differences)
        app.log.warn({ zone }, `${sentence}: the server's decide what is shown`)
    },
    (error: unknown) => app.log.debug({ err: error }, 'the clocks could not be compared'),
  )
}

function listenFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  switch (error.code) {
    case 'EADDRINUSE':
      return new EnvironmentError(
        'PORT is in use by another program: choose another port or stop that program.',
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new EnvironmentError(
        'HOST is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for all.',
      )
    case 'EACCES':
      return new EnvironmentError('PORT is not permitted for this user: choose one above 1023.')
    default:
      return error
  }
}
