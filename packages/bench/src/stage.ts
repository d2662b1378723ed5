import path from 'node:path'
import { apiRole, dropThrowaway, type Settings, startServer, throwawayFolder } from '@vetcita/postgres'
import { apiPassword, apiTemplate, scratchDatabase } from '@vetcita/testing'
import { type ApiProcess, startProcess } from '@vetcita/testing/api-process'
import { openBrowser } from '@vetcita/testing/browser'
import pg from 'pg'
import type { Account, BenchDatabase } from './bench-database.ts'
import { fillHistory } from './history.ts'
import { dropOverlapConstraint } from './overlap.ts'

/** Settings of a production server with a few gigabytes: every commit is flushed to disk. */
export const settings: Settings = {
  fsync: true,
  synchronous_commit: true,
  full_page_writes: true,
  shared_buffers: '1GB',
  effective_cache_size: '4GB',
  work_mem: '16MB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '15min',
  random_page_cost: 1.1,
  max_connections: 200,
  autovacuum: true,
  jit: false,
}

/** The connections of each contender, as many as the API's own pool has. */
export const poolSize = 10

export type Stage = {
  adminUrl: string
  version: string
  /** every migration */
  main: BenchDatabase
  /** the same without the overlap constraint, for contenders that rely on checks in TypeScript */
  before: BenchDatabase
  api: ApiProcess
  accounts: readonly Account[]
  openDatabase(): Promise<BenchDatabase>
  stop(): Promise<void>
}

/** Node's flags from the API's "start" script. */
export const nodeFlags = ['--max-semi-space-size=8', '--heap-growing-percent=20']

export const apiEnv = (databaseUrl: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  DATABASE_POOL_SIZE: String(poolSize),
  NODE_ENV: 'production',
  LOG_LEVEL: 'warn',
  RATE_LIMIT: '0',
  SIGN_IN_RATE_LIMIT: '0',
  MAX_OPEN_PER_ADDRESS: '0',
})

/** Starts a server, two databases, and an API with signed-in accounts. */
export async function setStage(accounts = 8): Promise<Stage> {
  const folder = await throwawayFolder()
  try {
    const server = await startServer({ dataDir: path.join(folder, 'postgres'), port: 0, settings })
    const adminUrl = server.url()
    const openDatabase = () => openDatabaseOn(adminUrl)
    const main = await openDatabase()
    const before = await openDatabase()
    const api = await startProcess({ ...apiEnv(main.apiUrl), LOG_LEVEL: 'info' }, nodeFlags)
    const signedIn = await signUp(api.url, accounts)
    for (const place of [main, before]) await fillHistory(place, signedIn, 10_000)
    await dropOverlapConstraint(before.admin)
    const { rows } = await main.admin.query<{ server_version: string }>('show server_version')
    return {
      adminUrl,
      version: rows[0]?.server_version.split(' ')[0] ?? '',
      main,
      before,
      api,
      accounts: signedIn,
      openDatabase,
      stop: async () => {
        await api.stop()
        await main.admin.end()
        await before.admin.end()
        await dropThrowaway(folder)
      },
    }
  } catch (error) {
    await dropThrowaway(folder)
    throw error
  }
}

async function openDatabaseOn(adminUrl: string): Promise<BenchDatabase> {
  const scratch = await scratchDatabase(adminUrl, await apiTemplate(adminUrl))
  const admin = new pg.Client({ connectionString: scratch.url })
  await admin.connect()
  return { scratch, admin, apiUrl: scratch.urlAs(apiRole, apiPassword) }
}

async function signUp(url: string, count: number): Promise<Account[]> {
  const accounts: Account[] = []
  for (let n = 0; n < count; n += 1) {
    const person = openBrowser(url)
    await person.signUp({ name: `Bench ${n}`, email: `bench.${n}@example.com` })
    accounts.push({ userId: person.id, cookie: person.cookie })
  }
  return accounts
}
