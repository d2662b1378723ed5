import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import pg from 'pg'
import { identify, stillRuns } from './processes.ts'
import { dropServer, type Settings, startServer } from './server.ts'

/** The role that owns databases and runs migrations on test servers, as `vetcita_owner` does elsewhere. */
export const ownerRole = 'vetcita_owner'

/** Test servers are thrown away, so this password is no secret. */
export const ownerPassword = 'vetcita_owner'

/** Folders in the temporary folder with this name are swept when the process that `owner` in them names is gone. */
const throwawayPrefix = 'vetcita-test-'

/**
 * Fast rather than safe, for data that nobody wants back. 600 connections let a race have 500 callers, each on a
 * connection of its own; one scram iteration keeps logging them in from being what is measured.
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
 * The server that tests run on: the one that TEST_DATABASE_URL names (a superuser's URL), or else a throwaway one
 * in the temporary folder, which `stop` deletes. Either way the role `vetcita_owner` exists on it.
 */
export async function testServer(settings: Settings = {}): Promise<TestServer> {
  const given = process.env.TEST_DATABASE_URL
  if (given) {
    await ensureOwner(given)
    return { adminUrl: given, stop: async () => {} }
  }
  await sweep()
  const folder = await throwawayFolder()
  const dataDir = path.join(folder, 'postgres')
  try {
    const server = await startServer({ dataDir, port: 0, settings: { ...testSettings, ...settings } })
    const adminUrl = server.url()
    await ensureOwner(adminUrl)
    return {
      adminUrl,
      stop: async () => {
        await dropServer(dataDir)
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await dropServer(dataDir)
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Makes a folder that a later run removes, a server in its `postgres` included, should this process not live to. */
export async function throwawayFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), throwawayPrefix))
  await writeFile(path.join(folder, 'owner'), identify(process.pid) ?? '')
  // mkdtemp lets only its maker in; as root, the server runs as somebody else
  if (process.getuid?.() === 0) await chmod(folder, 0o755)
  return folder
}

/** Makes sure that `vetcita_owner` can log in and create roles, and is no superuser. */
export async function ensureOwner(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await admin.query(`
      begin;
      select pg_advisory_xact_lock(hashtext('vetcita_owner'));
      do $$ begin
        if not exists (select from pg_roles where rolname = '${ownerRole}') then
          create role ${ownerRole} login createrole nosuperuser password '${ownerPassword}';
        end if;
      end $$;
      commit;`)
  } finally {
    await admin.end()
  }
}

/** Removes what test runs that were killed left behind; those of living processes are left alone. */
async function sweep(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    if (!name.startsWith(throwawayPrefix)) continue
    const folder = path.join(os.tmpdir(), name)
    const owner = await readOwner(folder)
    if (owner === undefined || stillRuns(owner)) continue
    try {
      await dropServer(path.join(folder, 'postgres'))
      await rm(folder, { recursive: true, force: true })
    } catch {
      // another user's, or another run sweeps it at this moment: not ours to insist on
    }
  }
}

async function readOwner(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(folder, 'owner'), 'utf8')).trim()
  } catch {
    return undefined
  }
}
