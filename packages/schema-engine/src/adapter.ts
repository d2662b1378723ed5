import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { AddressConfig } from '@vetcita/connection/address'
import type pg from 'pg'
import { presentCharAsText, restoreCharColumns } from './char-columns.ts'
import { closePool, openPool, readUrl } from './connection.ts'
import { SchemaEngineError } from './failures.ts'
import { runScript, type ScriptListener } from './script.ts'
import { createShadowDatabase, openShadowDatabase } from './shadow-database.ts'

/** The connection URLs of the engine's databases, from the CLI. */
export type DatabaseUrls = {
  main: string | undefined
  /** The user's own shadow database; without it, one is made and dropped. */
  shadow: string | undefined
}

/** The adapters of one engine, and a function that closes those that it left open. */
export type Adapters = {
  factory: SqlMigrationAwareDriverAdapterFactory
  close: () => Promise<void>
}

/**
 * Connects the WebAssembly engine to PostgreSQL through `@prisma/adapter-pg`, changed where a schema engine needs other
 * behaviour: scripts are sent whole, `"char"` columns are read, and the shadow database uses the main connection's
 * parameters and is dropped after its own connections are closed.
 *
 * @param scripts receives the notices and failures of scripts in the main database
 */
export function createAdapters({ main, shadow }: DatabaseUrls, scripts: ScriptListener): Adapters {
  const opened: SqlDriverAdapter[] = []
  const adapted = async (pool: pg.Pool, listener: ScriptListener, dispose: () => Promise<void>) => {
    const adapter = await adapt(pool, listener, dispose)
    opened.push(adapter)
    return adapter
  }
  return {
    factory: {
      provider: 'postgres',
      adapterName: '@prisma/adapter-pg',
      connect: async () => {
        const connection = required(main)
        const pool = await openPool(connection)
        return await adapted(pool, scripts, () => closePool(pool))
      },
      connectToShadowDb: async () => {
        const connection = required(shadow ?? main)
        const { pool, dispose } = shadow
          ? await openShadowDatabase(connection, required(main))
          : await createShadowDatabase(connection)
        return await adapted(pool, SILENT, dispose)
      },
    },
    close: async () => {
      for (const adapter of opened.toReversed()) await adapter.dispose()
    },
  }
}

/** For migrations replayed in a shadow database, whose failures the engine itself reports. */
const SILENT: ScriptListener = { notice: () => {}, failure: () => {} }

function required(url: string | undefined): AddressConfig {
  if (url !== undefined) return readUrl(url)
  throw new SchemaEngineError(
    'P1012',
    'This command needs a database: set DATABASE_URL (and DIRECT_URL, if migrations log in as another user).',
  )
}

async function adapt(
  pool: pg.Pool,
  scripts: ScriptListener,
  dispose: () => Promise<void>,
): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg(presentCharAsText(pool), { schema: 'public' }).connect()
  let disposed: Promise<void> | undefined
  let isChanged = false
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: async (query) => restoreCharColumns(await adapter.queryRaw(query)),
    executeRaw: (query) => adapter.executeRaw(query),
    executeScript: async (script) => {
      await runScript(pool, script, scripts)
      isChanged = true
    },
    startTransaction: (isolation) => adapter.startTransaction(isolation),
    getConnectionInfo: () => adapter.getConnectionInfo(),
    dispose: () => {
      // called by the engine when it is done and at the end of its call, whichever comes first
      disposed ??= (isChanged ? reloadPostgrest(pool) : Promise.resolve()).then(dispose)
      return disposed
    },
  }
}

/** Asks PostgREST, if there is one, to reload the functions and tables. */
async function reloadPostgrest(pool: pg.Pool): Promise<void> {
  await pool.query(`notify pgrst, 'reload schema'`).catch(() => {})
}
