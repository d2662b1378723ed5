import { apiRole } from '@vetcita/postgres'
import { adminUrl, apiPassword, apiTemplate, type ScratchDatabase, scratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { afterAll } from 'vitest'
import { createDatabase, type Database, type DatabaseOptions } from '../../src/sql/client.ts'

/** A scratch database for one test file, with the API's login. */
export type ApiDatabase = {
  scratch: ScratchDatabase
  /** the database's address for the API's login */
  url: string
  /** the client under test */
  db: Database
  /** a superuser's connection, to set up and inspect */
  admin: pg.Client
  /** Opens another client, which is closed with the others. */
  connect(options?: DatabaseOptions, url?: string): Database
}

/** Creates the database, and drops it after the file's last test. */
export async function apiDatabase(): Promise<ApiDatabase> {
  const scratch = await scratchDatabase(adminUrl(), await apiTemplate(adminUrl()))
  const url = scratch.urlAs(apiRole, apiPassword)
  const admin = new pg.Client({ connectionString: scratch.url })
  await admin.connect()
  const clients: Database[] = []
  const connect = (options: DatabaseOptions = {}, at = url) => {
    const client = createDatabase(at, options)
    clients.push(client)
    return client
  }
  const db = connect()
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.$disconnect()))
    await admin.end()
    await scratch.drop()
  })
  return { scratch, url, db, admin, connect }
}

/** Returns the error with which `work` fails. */
export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('expected an error')
}

/**
 * Creates `cross_locks(one, other)`: it takes the first lock, waits up to two seconds until another session holds the
 * second, and requests it. Two concurrent callers with the locks crossed always deadlock; a retry finds no one to wait for.
 */
export async function createCrossLocks(admin: pg.Client): Promise<void> {
  await admin.query(`
    create function cross_locks(p_one bigint, p_other bigint) returns void language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(p_one);
      while clock_timestamp() < statement_timestamp() + interval '2 seconds' and not exists (
        select from pg_locks
        where locktype = 'advisory' and granted and objid = p_other
          and database = (select oid from pg_database where datname = current_database())
      ) loop
        perform pg_sleep(0.01);
      end loop;
      perform pg_advisory_xact_lock(p_other);
    end $$`)
}
