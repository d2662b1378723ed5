import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import { presentCharAsText, restoreCharColumns } from './char-columns.ts'
import { type Connection, closePool, openPool, readUrl } from './connection.ts'
import { SchemaEngineError } from './failures.ts'
import { runScript, type ScriptListener } from './script.ts'
import { createShadowDatabase, openShadowDatabase } from './shadow-database.ts'

/** The connection URLs of the databases that the engine works in, as the CLI gave them. */
export type DatabaseUrls = {
  main: string | undefined
  /** A shadow database that the user keeps; without it one is made and dropped. */
  shadow: string | undefined
}

/** Adapters for one engine, and how to close whatever it left open. */
export type Adapters = {
  factory: SqlMigrationAwareDriverAdapterFactory
  close: () => Promise<void>
}

/**
 * The way from the WebAssembly engine to PostgreSQL: `@prisma/adapter-pg`, with what a schema engine needs and that
 * adapter does otherwise. Scripts are sent whole, `"char"` columns are read, and the shadow database follows the main
 * connection's parameters and is dropped after its own connections are closed.
 *
 * @param scripts hears of the scripts that run in the main database
 */
export function createAdapters({ main, shadow }: DatabaseUrls, scripts: ScriptListener): Adapters {
  const opened: SqlDriverAdapter[] = []
  const adapted = async (
    pool: pg.Pool,
    connection: Connection,
    listener: ScriptListener,
    dispose: () => Promise<void>,
  ) => {
    const adapter = await adapt(pool, connection.schema, listener, dispose)
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
        return await adapted(pool, connection, scripts, () => closePool(pool))
      },
      connectToShadowDb: async () => {
        const connection = required(shadow ?? main)
        const { pool, dispose } = shadow
          ? await openShadowDatabase(connection, required(main))
          : await createShadowDatabase(connection)
        return await adapted(pool, connection, UNHEARD, dispose)
      },
    },
    close: async () => {
      for (const adapter of opened.toReversed()) await adapter.dispose()
    },
  }
}

/** What migrations say when they are replayed in a shadow database; the engine itself reports their failures. */
const UNHEARD: ScriptListener = { notice: () => {}, failure: () => {} }

function required(url: string | undefined): Connection {
  if (url !== undefined) return readUrl(url)
  throw new SchemaEngineError(
    'P1012',
    'This command needs a database: set DATABASE_URL (and DIRECT_URL, where migrations log in as another user).',
  )
}

async function adapt(
  pool: pg.Pool,
  schema: string,
  scripts: ScriptListener,
  dispose: () => Promise<void>,
): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg(presentCharAsText(pool), { schema }).connect()
  let disposed: Promise<void> | undefined
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: async (query) => restoreCharColumns(await adapter.queryRaw(query)),
    executeRaw: (query) => adapter.executeRaw(query),
    executeScript: (script) => runScript(pool, script, scripts),
    startTransaction: (isolation) => adapter.startTransaction(isolation),
    getConnectionInfo: () => adapter.getConnectionInfo(),
    dispose: () => {
      // By the engine when it is through, or when its call ends: whichever comes first.
      disposed ??= dispose()
      return disposed
    },
  }
}
