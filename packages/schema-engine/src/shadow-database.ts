import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { type Connection, closePool, openPool } from './connection.ts'
import { SchemaEngineError } from './failures.ts'

/** An empty database that migrations are replayed in, to see which schema they make. */
export type ShadowDatabase = {
  pool: pg.Pool
  /** Closes the pool, then drops what was made. */
  dispose: () => Promise<void>
}

/**
 * Makes a shadow database beside the main one. Its name is random, so that two developers on one server don't meet.
 *
 * @throws SchemaEngineError P3014 where the user may not create databases
 */
export async function createShadowDatabase(connection: Connection): Promise<ShadowDatabase> {
  const name = pg.escapeIdentifier(`prisma_migrate_shadow_db_${randomUUID()}`)
  const admin = await openPool(connection)
  try {
    await admin.query(`create database ${name}`)
  } catch (error) {
    await admin.end()
    throw new SchemaEngineError(
      'P3014',
      `Prisma Migrate could not create the shadow database: ${error instanceof Error ? error.message : error}. Let "${connection.config.user}" create databases (alter role … createdb), or name an empty database of its own in SHADOW_DATABASE_URL.`,
    )
  }
  const drop = async () => {
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
  }
  try {
    const pool = await openPool(connection, name.slice(1, -1))
    return {
      pool,
      dispose: async () => {
        await closePool(pool)
        await drop()
      },
    }
  } catch (error) {
    await drop()
    throw error
  }
}

/**
 * Opens the shadow database that the user named and empties it, as Prisma documents: every schema in it is dropped.
 *
 * @throws SchemaEngineError P3015 where it is the main database
 */
export async function openShadowDatabase(shadow: Connection, main: Connection): Promise<ShadowDatabase> {
  if (sameDatabase(shadow, main)) {
    throw new SchemaEngineError(
      'P3015',
      'The shadow database must not be the main database: it is emptied at each use.',
    )
  }
  const pool = await openPool(shadow)
  const { rows } = await pool.query<{ drop_all: string }>(`
    select coalesce(string_agg(format('drop schema %I cascade;', nspname), ' '), '')
      || ' create schema public;' as drop_all
    from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`)
  await pool.query(rows[0]?.drop_all ?? '')
  return { pool, dispose: () => closePool(pool) }
}

function sameDatabase(one: Connection, other: Connection): boolean {
  return (['host', 'port', 'database'] as const).every((part) => one.config[part] === other.config[part])
}
