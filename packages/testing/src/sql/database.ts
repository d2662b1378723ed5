import type { MigrationRange } from '@vetcita/postgres'
import pg from 'pg'
import { afterAll } from 'vitest'
import { adminUrl } from '../admin-url.ts'
import { migratedTemplate } from '../migrations.ts'
import { type ScratchDatabase, scratchDatabase } from '../scratch.ts'

/** A migrated database that one test file has to itself. */
export type TestDatabase = {
  scratch: ScratchDatabase
  /** a superuser's connection; without claims, the functions trust it */
  admin: pg.Client
  /** Opens another connection, the superuser's or that of another login role. */
  connect(url?: string): Promise<pg.Client>
  /** Opens several superuser connections, a few at a time, so that the server's listen queue does not overflow. */
  connectMany(count: number): Promise<pg.Client[]>
  /** Returns the rows of a statement on the superuser's connection. */
  rows(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** Returns the first column of the first row. */
  value(sql: string, values?: unknown[]): Promise<unknown>
  /** Closes every connection and drops the database. */
  close(): Promise<void>
}

/** Clones the migrated template; the caller closes it. */
async function openDatabase(range: MigrationRange = {}): Promise<TestDatabase> {
  const scratch = await scratchDatabase(adminUrl(), await migratedTemplate(adminUrl(), range))
  const clients: pg.Client[] = []
  const connect = async (url = scratch.url) => {
    const client = new pg.Client({ connectionString: url })
    // a connection that the server ends while it is idle fails its next query; without a listener, the whole process
    client.on('error', () => {})
    await client.connect()
    clients.push(client)
    return client
  }
  const admin = await connect()
  return {
    scratch,
    admin,
    connect,
    connectMany: async (count) => {
      const opened: pg.Client[] = []
      while (opened.length < count) {
        const batch = Math.min(25, count - opened.length)
        opened.push(...(await Promise.all(Array.from({ length: batch }, () => connect()))))
      }
      return opened
    },
    rows: async (sql, values) => (await admin.query<Record<string, unknown>>(sql, values)).rows,
    value: async (sql, values) => {
      const result = await admin.query<unknown[]>({ text: sql, values: values ?? [], rowMode: 'array' })
      return result.rows[0]?.[0]
    },
    close: async () => {
      await Promise.allSettled(clients.map((client) => client.end()))
      await scratch.drop()
    },
  }
}

/** Opens a database for one test file and drops it after the last test. */
export async function fileDatabase(range: MigrationRange = {}): Promise<TestDatabase> {
  const database = await openDatabase(range)
  afterAll(() => database.close())
  return database
}

/** Returns the SQLSTATE with which a statement fails, or `none`. */
export async function sqlState(statement: Promise<unknown>): Promise<string> {
  try {
    await statement
    return 'none'
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code !== undefined) return error.code
    throw error
  }
}

/** Drops the overlap constraint, so that a race shows what the locks alone prevent. */
export async function dropOverlapConstraint(client: pg.Client): Promise<void> {
  await client.query(`
    do $$ declare v_name name; begin
      for v_name in select conname from pg_constraint where contype = 'x' and conrelid = 'appointments'::regclass loop
        execute format('alter table appointments drop constraint %I', v_name);
      end loop;
    end $$`)
}
