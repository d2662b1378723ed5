import { createDatabase } from '@vetcita/db'
import { type Env, EnvironmentError } from '../env.ts'
import { buildApi } from './app.ts'
import { isLoopback } from './origins.ts'
import { stopOnSignal } from './shutdown.ts'

/**
 * Starts the API and, on SIGTERM or SIGINT, stops it.
 * @throws EnvironmentError where HOST and PORT name nothing that this process may listen on
 */
export async function serve(env: Env): Promise<void> {
  const db = createDatabase(env.DATABASE_URL, {
    poolSize: env.DATABASE_POOL_SIZE,
    statementTimeoutMs: env.DATABASE_TIMEOUT_MS,
    applicationName: 'vetcita-api',
  })
  const { app, startDraining } = await buildApi(env, db)
  stopOnSignal({
    log: app.log,
    timeoutMs: env.SHUTDOWN_TIMEOUT_MS,
    stop: async () => {
      startDraining()
      await app.close()
      await db.$disconnect()
    },
  })
  if (!env.PUBLIC_URL.startsWith('https:') && !isLoopback(env.PUBLIC_URL))
    app.log.warn(
      { publicUrl: env.PUBLIC_URL },
      'PUBLIC_URL is no https address: passwords and session cookies go over the network for all to read',
    )
  try {
    await app.listen({ port: env.PORT, host: env.HOST })
  } catch (error) {
    await db.$disconnect()
    throw listenFailure(error)
  }
}

function listenFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  switch (error.code) {
    case 'EADDRINUSE':
      return new EnvironmentError(
        'PORT is taken by another program: choose another one or stop that program.',
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new EnvironmentError('HOST is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all.')
    case 'EACCES':
      return new EnvironmentError('PORT may not be used by this user: choose one above 1023.')
    default:
      return error
  }
}
