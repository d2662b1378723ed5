import path from 'node:path'
import process from 'node:process'
import {
  dropThrowaway,
  ownerRole,
  type Settings,
  startServer,
  sweepThrowaways,
  throwawayFolder,
  withClient,
} from '@vetcita/postgres'

/** Not a secret: test servers are thrown away. */
export const ownerPassword = 'vetcita_owner'

/**
 * Fast rather than safe, for data that no one wants back. 600 connections let a race have 500 callers, each on a
 * connection of its own; one scram iteration keeps their logins from being what is measured.
 */
const testSettings: Settings = {
  fsync: false,
  synchronous_commit: false,
  full_page_writes: false,
  autovacuum_naptime: '10min',
  max_connections: 600,
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '1h',
  deadlock_timeout: '200ms',
  scram_iterations: 1,
  log_min_messages: 'fatal',
}

/** A PostgreSQL server for tests, by the URL of a superuser. */
export type TestServer = { adminUrl: string; stop(): Promise<void> }

/**
 * Returns the server that tests run on: the one that TEST_DATABASE_URL names (a superuser's URL), or else a throwaway
 * one in the temporary folder, which `stop` deletes. Either way the role `vetcita_owner` exists on it.
 */
export async function testServer(settings: Settings = {}): Promise<TestServer> {
  const given = process.env.TEST_DATABASE_URL
  if (given) {
    await ensureOwner(given)
    return { adminUrl: given, stop: async () => {} }
  }
  await sweepThrowaways()
  const folder = await throwawayFolder()
  try {
    const server = await startServer({
      dataDir: path.join(folder, 'postgres'),
      port: 0,
      settings: { ...testSettings, ...settings },
    })
    await ensureOwner(server.url())
    return { adminUrl: server.url(), stop: () => dropThrowaway(folder) }
  } catch (error) {
    await dropThrowaway(folder)
    throw error
  }
}

/** Makes sure that `vetcita_owner` can log in and create roles, and is not a superuser. */
export async function ensureOwner(adminUrl: string): Promise<void> {
  await withClient(adminUrl, (admin) =>
    admin.query(`
      begin;
      select pg_advisory_xact_lock(hashtext('vetcita_owner'));
      do $$ begin
        if not exists (select from pg_roles where rolname = '${ownerRole}') then
          create role ${ownerRole} login createrole nosuperuser password '${ownerPassword}';
        end if;
      end $$;
      commit;`),
  )
}
