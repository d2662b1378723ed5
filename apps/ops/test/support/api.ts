import { readEnv } from '@vetcita/api/env'
import { buildApi } from '@vetcita/api/http/app'
import { createDatabase } from '@vetcita/db'
import { apiRole, databaseUrl, grantApiRole as grantRole } from '@vetcita/postgres'
import { apiPassword } from '@vetcita/testing'

export type RunningApi = { url: string; stop(): Promise<void> }

/** Grants the API's login role its rights in a database, as an administrator does after the migrations. */
export function grantApiRole(databaseAdminUrl: string): Promise<void> {
  return grantRole(databaseAdminUrl, apiPassword)
}

/** Starts the API on a free port, logged in as `vetcita_api`. */
export async function startApi(url: string): Promise<RunningApi> {
  const env = readEnv({
    DATABASE_URL: url,
    AUTH_SECRET: 'a-secret-that-only-the-tests-know-of',
    PUBLIC_URL: 'http://127.0.0.1:4000',
    TRUSTED_ORIGINS: 'http://127.0.0.1',
    LOG_LEVEL: 'silent',
    RATE_LIMIT: '0',
    SIGN_IN_RATE_LIMIT: '0',
  })
  const db = createDatabase(url)
  const { app } = await buildApi(env, db)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    url: address,
    stop: async () => {
      await app.close()
      await db.$disconnect()
    },
  }
}

/** Returns a database's address for the API's login. */
export function apiUrl(databaseAdminUrl: string): string {
  return databaseUrl(databaseAdminUrl, new URL(databaseAdminUrl).pathname.slice(1), apiRole, apiPassword)
}
