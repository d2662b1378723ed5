import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import { presentCharAsText, restoreCharColumns } from './char-columns.ts'
import { type Connection, openPool } from './connection.ts'
import { SchemaEngineError } from './failures.ts'
import { runScript, type ScriptListener } from './script.ts'
import { createShadowDatabase, openShadowDatabase } from './shadow-database.ts'

/** Where the engine works. */
export type Databases = {
  main: Connection | undefined
  /** A shadow database that the user keeps; without it one is made and dropped. */
  shadow: Connection | undefined
}

/**
 * The way from the WebAssembly engine to PostgreSQL: `@prisma/adapter-pg`, with what a schema engine needs and that
 * adapter does otherwise. Scripts are sent whole, `"char"` columns are read, and the shadow database follows the main
 * connection's parameters and is dropped after its own connections are closed.
 *
 * @param scripts hears of the scripts that run in the main database
 */
export function adapterFactory(
  databases: Databases,
  scripts: ScriptListener,
): SqlMigrationAwareDriverAdapterFactory {
  const { main, shadow } = databases
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    // The engine connects before it knows whether it needs a database: a `diff` of two files has none.
    connect: async () => {
      let opened: Promise<pg.Pool> | undefined
      const pool = () => {
        opened ??= required(main, openPool)
        return opened
      }
      return adapt(pool, main?.schema, scripts, async () => (await opened)?.end())
    },
    connectToShadowDb: async () => {
      const { pool, dispose } = shadow
        ? await openShadowDatabase(shadow, main)
        : await required(main, createShadowDatabase)
      return adapt(async () => pool, (shadow ?? main)?.schema, DEAF, dispose)
    },
  }
}

/** Nobody is told of what migrations say when they are replayed in a shadow database; the engine reports failures. */
const DEAF: ScriptListener = { notice: () => {}, failure: () => {} }

async function required<T>(
  connection: Connection | undefined,
  use: (c: Connection) => Promise<T>,
): Promise<T> {
  if (connection) return await use(connection)
  throw new SchemaEngineError(
    'P1012',
    'This command needs a database: set DATABASE_URL (and DIRECT_URL, where migrations log in as another user).',
  )
}

function adapt(
  pool: () => Promise<pg.Pool>,
  schema: string | undefined,
  scripts: ScriptListener,
  dispose: () => Promise<void>,
): SqlDriverAdapter {
  const options = { schema: schema ?? 'public' }
  const connected = async () => await new PrismaPg(presentCharAsText(await pool()), options).connect()
  let connection: ReturnType<typeof connected> | undefined
  const adapter = () => {
    connection ??= connected()
    return connection
  }
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    queryRaw: async (query) => restoreCharColumns(await (await adapter()).queryRaw(query)),
    executeRaw: async (query) => await (await adapter()).executeRaw(query),
    executeScript: async (script) => await runScript(await pool(), script, scripts),
    startTransaction: async (isolation) => await (await adapter()).startTransaction(isolation),
    getConnectionInfo: () => ({ schemaName: options.schema, supportsRelationJoins: true }),
    dispose,
  }
}
