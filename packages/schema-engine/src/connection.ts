import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { parse, toClientConfig } from 'pg-connection-string'
import { connectionFailure, SchemaEngineError } from './failures.ts'

/** How to reach one database, as read from a connection URL. */
export type Connection = {
  config: pg.ClientConfig & { database: string }
  /** The schema that `?schema=` names; Prisma keeps `_prisma_migrations` in it. */
  schema: string
  /** Whether the server may decline TLS (`sslmode=prefer`). */
  tlsIsOptional: boolean
}

const DEFAULT_CONNECT_TIMEOUT_S = 5
const PATIENCE_MS = 1000

/**
 * Reads a PostgreSQL URL with libpq's meaning of the TLS parameters (`sslmode`, `sslrootcert`, `sslcert`, `sslkey`), as
 * psql does, and with Prisma's of `schema`, `connect_timeout` (seconds, 0 waits for ever) and `sslaccept=strict`. What
 * concerns Prisma's client alone (`connection_limit`, `pgbouncer` …) is passed over. The parts are handed to pg apart,
 * never as `connectionString`: that would beat the name of another database on the same server.
 *
 * @throws SchemaEngineError P1013 for a URL that can't be read
 */
export function readUrl(url: string): Connection {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new SchemaEngineError('P1013', 'The connection URL must start with postgresql:// or postgres://.')
  }
  try {
    const parameters = parse(url, { useLibpqCompat: true })
    const { host, port, user, password, database, ssl, options, application_name, client_encoding } =
      toClientConfig(parameters)
    const config: pg.ClientConfig & { database: string } = {
      database: database ?? 'postgres',
      connectionTimeoutMillis: timeoutMs(parameters.connect_timeout),
      application_name: application_name ?? 'prisma-migrate',
    }
    if (host) config.host = host
    if (port !== undefined) config.port = port
    if (user) config.user = user
    if (password) config.password = password
    if (options !== undefined) config.options = options
    if (client_encoding !== undefined) config.client_encoding = client_encoding
    if (ssl !== undefined) config.ssl = parameters.sslaccept === 'strict' && ssl ? strict(ssl) : ssl
    return {
      config,
      schema: typeof parameters.schema === 'string' ? parameters.schema : 'public',
      tlsIsOptional: parameters.sslmode === 'prefer',
    }
  } catch (error) {
    // The URL parser's own errors repeat their input, which holds the password.
    const reason = error instanceof Error && !('input' in error) ? error.message : 'it is not a URL'
    throw new SchemaEngineError(
      'P1013',
      `The connection URL can't be read: ${reason}. Special characters in the user's name and password must be percent-encoded.`,
    )
  }
}

function timeoutMs(seconds: unknown): number {
  return 1000 * (typeof seconds === 'string' ? Number.parseInt(seconds, 10) : DEFAULT_CONNECT_TIMEOUT_S)
}

function strict(ssl: NonNullable<pg.ClientConfig['ssl']>): pg.ClientConfig['ssl'] {
  return typeof ssl === 'boolean' ? ssl : { ...ssl, rejectUnauthorized: true }
}

/**
 * Opens a connection pool of one: the engine takes its advisory lock in one query and expects to hold it in the next.
 * It connects at once, so that whatever is wrong is said here, in one way.
 *
 * @param connection where to connect, see {@link readUrl}
 * @param database another database on the same server
 * @throws SchemaEngineError P1000, P1001, P1003, P1010 or P1011, see {@link connectionFailure}
 */
export async function openPool(connection: Connection, database?: string): Promise<pg.Pool> {
  const config = { ...connection.config, database: database ?? connection.config.database }
  try {
    return await connected(config, connection.schema)
  } catch (error) {
    const declined = error instanceof Error && /does not support SSL/.test(error.message)
    if (!(connection.tlsIsOptional && declined)) throw connectionFailure(error, config)
  }
  try {
    return await connected({ ...config, ssl: false }, connection.schema)
  } catch (error) {
    throw connectionFailure(error, config)
  }
}

/**
 * Closes a pool. A connection that is in the middle of a script, because somebody pressed Ctrl-C, is waited for no longer
 * than a second; the end of the process or the drop of the shadow database ends it.
 */
export async function closePool(pool: pg.Pool): Promise<void> {
  await Promise.race([pool.end(), sleep(PATIENCE_MS)])
}

async function connected(config: pg.ClientConfig, schema: string): Promise<pg.Pool> {
  const pool = new pg.Pool({
    ...config,
    max: 1,
    idleTimeoutMillis: 0,
    // The adapter reads and writes times without their offset, as UTC.
    onConnect: async (client) => {
      await client.query(`set timezone to 'UTC'`)
      // A migration is not to go on, let alone commit, when Ctrl-C has ended whoever would have recorded it. Servers on
      // systems that can't tell refuse this setting.
      await client.query(`set client_connection_check_interval to '500ms'`).catch(() => {})
      if (schema !== 'public') await client.query(`set search_path to ${pg.escapeIdentifier(schema)}`)
    },
  })
  // A connection that breaks while nobody uses it; the next query says so.
  pool.on('error', () => {})
  try {
    const client = await pool.connect()
    client.release()
    return pool
  } catch (error) {
    await pool.end()
    throw error
  }
}
