import { createHash, randomBytes } from 'node:crypto'
import { databaseUrl, ownerRole, withClient } from '@vetcita/postgres'
import pg from 'pg'
import { ensureOwner, ownerPassword } from './test-server.ts'

/** A database cloned from a template, which one test has to itself and may wreck. */
export type ScratchDatabase = {
  name: string
  /** as the superuser */
  url: string
  /** as `vetcita_owner`, who owns the database and everything that the migrations made */
  ownerUrl: string
  /** Returns the URL for any other login role. */
  urlAs(role: string, password: string): string
  /** Drops it, open connections and all. */
  drop(): Promise<void>
}

/**
 * Makes the template database `name` unless it exists: a database owned by `vetcita_owner`, filled by `build`, then
 * closed to connections. The name should contain a hash of what `build` writes ({@link contentHash}). Builds queue for one
 * lock of the whole server: databases share roles, and two migrations that create the same role at once would collide. A
 * build that fails or is killed leaves no template.
 *
 * @returns the template's name
 */
export async function makeTemplate(
  adminUrl: string,
  name: string,
  build: (ownerUrl: string) => Promise<void>,
): Promise<string> {
  await ensureOwner(adminUrl)
  await withClient(adminUrl, async (admin) => {
    const exists = async () =>
      (await admin.query('select from pg_database where datname = $1', [name])).rowCount === 1
    if (await exists()) return
    await admin.query(`select pg_advisory_lock(hashtext('vetcita template'))`)
    if (await exists()) return
    const building = `${name}_building`
    await admin.query(`drop database if exists ${identifier(building)} with (force)`)
    await admin.query(`create database ${identifier(building)} owner ${ownerRole} template template0`)
    await build(databaseUrl(adminUrl, building, ownerRole, ownerPassword))
    await admin.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()`,
      [building],
    )
    await admin.query(`alter database ${identifier(building)} with allow_connections false is_template true`)
    await admin.query(`alter database ${identifier(building)} rename to ${identifier(name)}`)
  })
  return name
}

/** Clones a template into a new database with a random name. */
export async function scratchDatabase(adminUrl: string, template: string): Promise<ScratchDatabase> {
  const name = `scratch_${randomBytes(6).toString('hex')}`
  await withClient(adminUrl, (admin) =>
    admin.query(
      `create database ${identifier(name)} owner ${ownerRole} template ${identifier(template)} strategy file_copy`,
    ),
  )
  return {
    name,
    url: databaseUrl(adminUrl, name),
    ownerUrl: databaseUrl(adminUrl, name, ownerRole, ownerPassword),
    urlAs: (role, password) => databaseUrl(adminUrl, name, role, password),
    drop: async () => {
      await withClient(adminUrl, (admin) =>
        admin.query(`drop database if exists ${identifier(name)} with (force)`),
      )
    },
  }
}

/** Returns sixteen hex digits that change when any of the contents does. */
export function contentHash(...contents: string[]): string {
  const hash = createHash('sha256')
  for (const content of contents) hash.update(content).update('\0')
  return hash.digest('hex').slice(0, 16)
}

function identifier(name: string): string {
  return pg.escapeIdentifier(name)
}
