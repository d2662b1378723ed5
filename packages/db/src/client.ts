import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/client.ts'

export type Database = PrismaClient

/** A transaction that `asCaller` opened: the same queries, seen with the caller's eyes. */
export type CallerTransaction = Parameters<Parameters<Database['$transaction']>[0]>[0]

export type DatabaseOptions = {
  /** Most connections at a time. */
  poolSize?: number
  /** How long a call waits for a connection, in milliseconds. */
  connectTimeoutMs?: number
  /** After this many milliseconds the server ends a statement; 0 never. */
  statementTimeoutMs?: number
  /** Shows in pg_stat_activity. */
  applicationName?: string
  /** Hears of connections that broke while idle; the pool has replaced them already. */
  onIdleError?: (error: Error) => void
}

/**
 * The client through which everything here runs. It connects on first use.
 *
 * Every connection speaks UTC: the driver adapter writes and reads a `timestamptz` without its offset, so a server
 * whose default is another zone would shift each time that passes through a typed query.
 *
 * @param connectionString a PostgreSQL URL, the API's login role in production
 */
export function createDatabase(connectionString: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: withLibpqTls(connectionString),
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    application_name: options.applicationName ?? 'vetcita',
    onConnect: async (client) => {
      await client.query(
        `select set_config('timezone', 'UTC', false), set_config('statement_timeout', '${Math.trunc(options.statementTimeoutMs ?? 15_000)}', false)`,
      )
    },
  })
  const onIdleError = options.onIdleError ?? (() => undefined)
  return new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: true, onPoolError: onIdleError }),
    transactionOptions: { maxWait: options.connectTimeoutMs ?? 5_000, timeout: 10_000 },
  })
}

/** `sslmode` as psql and the migrations read it: pg alone would take `require` for `verify-full`. */
function withLibpqTls(connectionString: string): string {
  if (!/[?&]sslmode=/.test(connectionString) || /[?&]uselibpqcompat=/.test(connectionString)) {
    return connectionString
  }
  return `${connectionString}&uselibpqcompat=true`
}
