import { randomUUID } from 'node:crypto'
import type { AddressConfig } from '@vetcita/connection/address'
import pg from 'pg'
import { closePool, openPool } from './connection.ts'
import { SchemaEngineError } from './failures.ts'

/** An empty database in which migrations are replayed, to find out which schema they make. */
export type ShadowDatabase = {
  pool: pg.Pool
  /** Closes the pool, then drops the database if it was made for this purpose. */
  dispose: () => Promise<void>
}

/**
 * Makes a shadow database on the main database's server, with a random name, so that developers can share a server.
 *
 * @throws SchemaEngineError P3014 if the user may not create databases
 */
export async function createShadowDatabase(connection: AddressConfig): Promise<ShadowDatabase> {
  const name = pg.escapeIdentifier(`prisma_migrate_shadow_db_${randomUUID()}`)
  const admin = await openPool(connection)
  try {
    await admin.query(`create database ${name}`)
  } catch (error) {
    await admin.end()
    throw new SchemaEngineError(
      'P3014',
      `Prisma Migrate could not create the shadow database: ${error instanceof Error ? error.message : error}. Let "${connection.user}" create databases (alter role … createdb), or set SHADOW_DATABASE_URL to an empty database for this purpose.`,
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
 * Opens the user's own shadow database and drops every schema in it, as Prisma documents.
 *
 * @throws SchemaEngineError P3015 if it is the main database
 */
export async function openShadowDatabase(
  shadow: AddressConfig,
  main: AddressConfig,
): Promise<ShadowDatabase> {
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

function sameDatabase(one: AddressConfig, other: AddressConfig): boolean {
  return (['host', 'port', 'database'] as const).every((part) => one[part] === other[part])
}
