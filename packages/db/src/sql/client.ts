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
 * The settings on which an answer or its reading could depend. Each connection sets them, which overrides settings of
 * the role and the database. `prisma/api-role.sql` sets the same for the role, because behind a pooler a transaction may
 * run in another session than the one in which they were set.
 */
const settings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  extra_float_digits: '1',
  search_path: 'public, pg_temp',
  default_transaction_isolation: 'read committed',
  row_security: 'on',
  transform_null_equals: 'off',
  array_nulls: 'on',
  // the pool closes its idle connections itself
  idle_session_timeout: '0',
  idle_in_transaction_session_timeout: '30s',
  transaction_timeout: '0',
  enable_seqscan: 'off',
  jit: 'off',
}

/** Sets those that the server knows: `transaction_timeout` is new in PostgreSQL 17. */
const pinned = `
  select pg_backend_pid() as pid, count(set_config(s.name, wanted.value, false))
  from json_each_text($1::json) as wanted (name, value) join pg_settings s on lower(s.name) = lower(wanted.name)`

/**
 * Adds the server's routine to the message of each of its errors, for `describeFailure`: the message is in the language
 * of the server, and the driver adapter passes nothing else on.
 *
 * Ends the connection if its prepared statements are not what the driver believes, as after a migration that changed what
 * a statement returns. The driver would send the same name again, and be refused for as long as the connection lives.
 */
function watchErrors(client: pg.ClientBase): void {
  if (!(client instanceof pg.Client)) return
  client.connection.prependListener('errorMessage', (error: pg.DatabaseError) => {
    if (error.routine !== undefined) error.message += ` [${error.routine}]`
    const isStale =
      error.code === '26000' || error.code === '42P05' || error.routine === 'RevalidateCachedQuery'
    if (isStale) client.end().catch(() => undefined)
  })
}

/**
 * Creates the client through which everything here runs. It connects on first use.
 *
 * Every connection is set to UTC: the driver adapter writes and reads a `timestamptz` without its offset, so a server with
 * another default time zone would shift every time in a typed query. And to read committed, because the functions that
 * decide after a wait refuse any other isolation level. It reads tables through their indexes: while a table is tiny,
 * reading all of it looks cheaper to the planner, and the plan stays when the table has grown. Without `jit`, because
 * compiling a plan pays for long queries, and here are none.
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
      watchErrors(client)
      const { rows } = await client.query<{ pid: number }>(pinned, [
        JSON.stringify({ ...settings, statement_timeout: statementTimeoutMs, lock_timeout: lockTimeoutMs }),
      ])
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
