import net from 'node:net'
import { PrismaPg } from '@prisma/adapter-pg'
import { readAddress } from '@vetcita/connection/address'
import pg from 'pg'
import { PrismaClient } from '../generated/client.ts'
import { StatementNames } from './statement-names.ts'

export type Database = PrismaClient

/** A transaction that `asCaller` opened: the same queries, run as the caller. */
export type CallerTransaction = Parameters<Parameters<Database['$transaction']>[0]>[0]

export type DatabaseOptions = {
  /** The maximum number of connections. */
  poolSize?: number
  /** How long a call waits for a connection, in milliseconds. */
  connectTimeoutMs?: number
  /**
   * After this many milliseconds the server ends a statement; 0 never. A wait for a lock ends after a third of it, since
   * no ordinary caller holds one that long. If the server does not report the end, the connection is dropped two seconds
   * later.
   */
  statementTimeoutMs?: number
  /**
   * After this many seconds a connection is replaced by another, once it is idle: the plans that the server keeps for a
   * connection are of the time when they were made.
   */
  connectionLifetimeSeconds?: number
  /** As shown in pg_stat_activity. */
  applicationName?: string
  /** Called for a connection that broke while idle; the pool has replaced it already. */
  onIdleError?: (error: Error) => void
}

/**
 * Creates the client through which everything here runs. It connects on first use.
 *
 * Every connection is set to UTC: the driver adapter writes and reads a `timestamptz` without its offset, so a server with
 * another default time zone would shift every time in a typed query. It reads tables through their indexes: while a table
 * is tiny, reading all of it looks cheaper to the planner, and the plan stays when the table has grown. Without `jit`,
 * because compiling a plan pays for long queries, and here are none.
 *
 * @param connectionString a PostgreSQL URL; in production the API's login role
 */
export function createDatabase(connectionString: string, options: DatabaseOptions = {}): Database {
  const statementTimeoutMs = Math.trunc(options.statementTimeoutMs ?? 15_000)
  const lockTimeoutMs = Math.ceil(statementTimeoutMs / 3)
  const names = new StatementNames()
  const pool = new pg.Pool({
    ...readAddress(connectionString).config,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    maxLifetimeSeconds: options.connectionLifetimeSeconds ?? 30 * 60,
    // notices a connection that a firewall has forgotten
    keepAlive: true,
    stream: () => socketWithTimeout(statementTimeoutMs > 0 ? statementTimeoutMs + 2_000 : 0),
    application_name: options.applicationName ?? 'vetcita',
    onConnect: async (client) => {
      const { rows } = await client.query<{ pid: number }>(
        `select pg_backend_pid() as pid, set_config('timezone', 'UTC', false),
           set_config('statement_timeout', '${statementTimeoutMs}', false),
           set_config('lock_timeout', '${lockTimeoutMs}', false),
           set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false)`,
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
 * Returns a socket that is destroyed after so long without traffic: otherwise a server or a network that dies silently is
 * noticed only by the kernel, minutes later. The pool closes its idle connections sooner than that.
 */
function socketWithTimeout(milliseconds: number): net.Socket {
  const socket = new net.Socket()
  socket.setTimeout(milliseconds, () => socket.destroy())
  return socket
}
