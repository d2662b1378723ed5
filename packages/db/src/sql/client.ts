import net from 'node:net'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '../generated/client.ts'
import { StatementNames } from './statement-names.ts'

export type Database = PrismaClient

/** A transaction that `asCaller` opened: the same queries, seen with the caller's eyes. */
export type CallerTransaction = Parameters<Parameters<Database['$transaction']>[0]>[0]

export type DatabaseOptions = {
  /** Most connections at a time. */
  poolSize?: number
  /** How long a call waits for a connection, in milliseconds. */
  connectTimeoutMs?: number
  /**
   * After this many milliseconds the server ends a statement; 0 never. A wait for a lock ends after a third of it: whoever
   * holds one that long is no ordinary caller. A server that does not even say so is given up two seconds later.
   */
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
  const statementTimeoutMs = Math.trunc(options.statementTimeoutMs ?? 15_000)
  const lockTimeoutMs = Math.ceil(statementTimeoutMs / 3)
  const names = new StatementNames()
  const pool = new pg.Pool({
    connectionString: withLibpqTls(connectionString),
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    // a connection that a firewall forgot is noticed
    keepAlive: true,
    stream: () => impatientSocket(statementTimeoutMs > 0 ? statementTimeoutMs + 2_000 : 0),
    application_name: options.applicationName ?? 'vetcita',
    onConnect: async (client) => {
      const { rows } = await client.query<{ pid: number }>(
        `select pg_backend_pid() as pid, set_config('timezone', 'UTC', false),
           set_config('statement_timeout', '${statementTimeoutMs}', false),
           set_config('lock_timeout', '${lockTimeoutMs}', false)`,
      )
      names.connected(client, rows[0]?.pid)
    },
  })
  const onIdleError = options.onIdleError ?? (() => undefined)
  return new PrismaClient({
    adapter: new PrismaPg(pool, {
      disposeExternalPool: true,
      onPoolError: onIdleError,
      statementNameGenerator: ({ sql }) => names.of(sql),
    }),
    transactionOptions: { maxWait: options.connectTimeoutMs ?? 5_000, timeout: 10_000 },
  })
}

/**
 * A socket that gives up when nothing has come or gone for so long: a server, or a network, that has died without a word
 * would else be waited for until the kernel notices, which takes minutes. Connections that are idle in the pool are
 * closed sooner than that by the pool.
 */
function impatientSocket(milliseconds: number): net.Socket {
  const socket = new net.Socket()
  socket.setTimeout(milliseconds, () => socket.destroy())
  return socket
}

/** `sslmode` as psql and the migrations read it: pg alone would take `require` for `verify-full`. */
function withLibpqTls(connectionString: string): string {
  if (!/[?&]sslmode=/.test(connectionString) || /[?&]uselibpqcompat=/.test(connectionString)) {
    return connectionString
  }
  return `${connectionString}&uselibpqcompat=true`
}
