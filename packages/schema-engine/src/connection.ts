import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { parse, toClientConfig } from 'pg-connection-string'
import { connectionFailure, SchemaEngineError } from './failures.ts'

/** The connection parameters of one database, from its URL. */
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
 * Reads a PostgreSQL URL. The TLS parameters (`sslmode`, `sslrootcert`, `sslcert`, `sslkey`) mean what they mean to
 * libpq, `schema`, `connect_timeout` (seconds, 0 waits for ever) and `sslaccept=strict` what they mean to Prisma.
 * Parameters of Prisma's client (`connection_limit`, `pgbouncer` …) are ignored. pg gets the parts separately, never as
 * `connectionString`, which would override the name of another database on the same server.
 *
 * @throws SchemaEngineError P1013 for a URL that cannot be read
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
    // the URL parser's errors repeat their input, which contains the password
    const reason = error instanceof Error && !('input' in error) ? error.message : 'it is not a URL'
    throw new SchemaEngineError(
      'P1013',
      `The connection URL cannot be read: ${reason}. Special characters in the user's name and password must be percent-encoded.`,
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
 * Opens a pool of one connection, because the engine takes an advisory lock in one query and relies on it in the next.
 * Connects at once, so that connection failures are all reported here.
 *
 * @param connection see {@link readUrl}
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
 * Closes a pool. After Ctrl-C in the middle of a script it waits a second at most; the end of the process, or the drop of
 * the shadow database, ends the connection.
 */
export async function closePool(pool: pg.Pool): Promise<void> {
  await Promise.race([pool.end(), sleep(PATIENCE_MS)])
}

async function connected(config: pg.ClientConfig, schema: string): Promise<pg.Pool> {
  const pool = new pg.Pool({
    ...config,
    max: 1,
    idleTimeoutMillis: 0,
    // the adapter reads and writes times without an offset, as UTC
    onConnect: async (client) => {
      await client.query(`set timezone to 'UTC'`)
      // A migration must not continue, let alone commit, after Ctrl-C has ended the process that would record it.
      // Servers on systems without support refuse this setting.
      await client.query(`set client_connection_check_interval to '500ms'`).catch(() => {})
      if (schema !== 'public') await client.query(`set search_path to ${pg.escapeIdentifier(schema)}`)
    },
  })
  // if an idle connection breaks, the next query fails
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
