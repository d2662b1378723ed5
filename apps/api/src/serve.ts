import process from 'node:process'
import { createDatabase } from '@vetcita/db'
import { buildApi } from './app.ts'
import { EnvironmentError, readEnv } from './env.ts'
import { stopOnSignal } from './shutdown.ts'

/** Starts the API and, on SIGTERM, stops it. What cannot be started says why in one sentence; the exit code is then 1. */
export async function serve(): Promise<void> {
  try {
    await listen()
  } catch (error) {
    process.exitCode = 1
    console.error(error instanceof EnvironmentError ? error.message : startFailure(error))
  }
}

async function listen(): Promise<void> {
  const env = readEnv()
  const db = createDatabase(env.DATABASE_URL, {
    poolSize: env.DATABASE_POOL_SIZE,
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
  try {
    await app.listen({ port: env.PORT, host: env.HOST })
  } catch (error) {
    await db.$disconnect()
    throw error
  }
}

function startFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  switch (error.code) {
    case 'EADDRINUSE':
      return 'PORT is taken by another program: choose another one or stop that program.'
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'HOST is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all.'
    case 'EACCES':
      return 'PORT may not be used by this user: choose one above 1023.'
    default:
      return error
  }
}
