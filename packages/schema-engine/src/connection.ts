import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AddressConfig, AddressRefused, readAddress } from '@vetcita/connection/address'
import { pinnedSession } from '@vetcita/connection/session'
import pg from 'pg'
import { connectionFailure, SchemaEngineError } from './failures.ts'

const DEFAULT_CONNECT_TIMEOUT_MS = 5000
const PATIENCE_MS = 1000

/** The variable by which `pnpm ops deploy` says how long a statement may wait for a lock, in milliseconds. */
export const LOCK_TIMEOUT_VARIABLE = 'VETCITA_LOCK_TIMEOUT_MS'

/**
 * Reads a PostgreSQL URL as all programs here do, see {@link readAddress}.
 *
 * @throws SchemaEngineError P1013 for a URL that is refused
 */
export function readUrl(url: string): AddressConfig {
  try {
    return {
      connectionTimeoutMillis: DEFAULT_CONNECT_TIMEOUT_MS,
      application_name: 'prisma-migrate',
      ...readAddress(url).config,
    }
  } catch (error) {
    if (error instanceof AddressRefused) throw new SchemaEngineError('P1013', error.message)
    throw error
  }
}

/**
 * Opens a pool of one connection, because the engine takes an advisory lock in one query and relies on it in the next. If
 * the connection is lost, the lock is, and another deploy may be at work; so every further query fails.
 * Connects at once, so that connection failures are all reported here.
 *
 * @param connection see {@link readUrl}
 * @param database another database on the same server
 * @throws SchemaEngineError P1000, P1001, P1003, P1010 or P1011, see {@link connectionFailure}
 */
export async function openPool(connection: AddressConfig, database = connection.database): Promise<pg.Pool> {
  const config = { ...connection, database }
  let isOpened = false
  const pool = new pg.Pool({
    ...config,
    max: 1,
    idleTimeoutMillis: 0,
    onConnect: async (client) => {
      if (isOpened)
        throw new Error('The connection was lost, and with it the lock of this deploy: run it again.')
      await client.query(pinnedSession({ lock_timeout: lockTimeout() }))
      // A migration must not continue, let alone commit, after Ctrl-C has ended the process that would record it.
      // Servers on systems without support refuse this setting.
      await client.query(`set client_connection_check_interval to '500ms'`).catch(() => {})
      isOpened = true
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
    throw connectionFailure(error, config)
  }
}

function lockTimeout(): string {
  const text = process.env[LOCK_TIMEOUT_VARIABLE] ?? ''
  return /^\d+$/.test(text) ? `${text}ms` : '0'
}

/**
 * Closes a pool, and gives back the locks that the engine took: behind a pooler, the session outlives the connection and
 * would keep them. After Ctrl-C in the middle of a script it waits a second at most; the end of the process, or the drop of
 * the shadow database, ends the connection.
 */
export async function closePool(pool: pg.Pool): Promise<void> {
  const close = async () => {
    await pool.query('select pg_advisory_unlock_all()').catch(() => {})
    await pool.end()
  }
  await Promise.race([close(), sleep(PATIENCE_MS)])
}
