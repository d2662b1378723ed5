import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { repositoryRoot } from './repository.ts'
import { contentHash, makeTemplate } from './scratch.ts'

/** Which migrations: from `from` through `through` (folder names or their beginnings, both included), without `skip`. */
export type MigrationRange = { from?: string; through?: string; skip?: string[]; folder?: string }

/** A migration that was run, and the `NOTICE` texts that it raised. */
export type AppliedMigration = { folder: string; notices: string[] }

const migrationsFolder = path.join(repositoryRoot, 'prisma/migrations')

/**
 * The migration folders in the order in which they are deployed.
 *
 * @throws Error where `from`, `through` or an entry of `skip` names no migration: a typing error would else test nothing.
 */
export async function migrationFolders(range: MigrationRange = {}): Promise<string[]> {
  const root = range.folder ?? migrationsFolder
  const entries = await readdir(root)
  const all = entries.filter((name) => existsSync(path.join(root, name, 'migration.sql'))).sort()
  const find = (name: string) => {
    const found = all.find((folder) => folder === name) ?? all.find((folder) => folder.startsWith(name))
    if (found === undefined) throw new Error(`No migration in ${root} is called ${name}.`)
    return found
  }
  const from = range.from === undefined ? undefined : find(range.from)
  const through = range.through === undefined ? undefined : find(range.through)
  const skip = (range.skip ?? []).map(find)
  return all.filter(
    (folder) =>
      (from === undefined || folder >= from) &&
      (through === undefined || folder <= through) &&
      !skip.includes(folder),
  )
}

/**
 * Runs migrations as `prisma migrate deploy` does, each file as one query and so as one transaction, but keeps no
 * record of them.
 *
 * @throws the database's error, its message prefixed with the migration's name.
 */
export async function applyMigrations(url: string, range: MigrationRange = {}): Promise<AppliedMigration[]> {
  const root = range.folder ?? migrationsFolder
  const folders = await migrationFolders(range)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const applied: AppliedMigration[] = []
  client.on('notice', (notice) => applied.at(-1)?.notices.push(notice.message ?? ''))
  try {
    for (const folder of folders) {
      applied.push({ folder, notices: [] })
      try {
        await client.query(await readFile(path.join(root, folder, 'migration.sql'), 'utf8'))
      } catch (error) {
        if (error instanceof Error) error.message = `${folder}: ${error.message}`
        throw error
      }
    }
  } finally {
    await client.end()
  }
  return applied
}

/**
 * A template database with those migrations run, made once per server and content.
 *
 * @returns the template's name, for `scratchDatabase`
 */
export async function migratedTemplate(adminUrl: string, range: MigrationRange = {}): Promise<string> {
  const root = range.folder ?? migrationsFolder
  const folders = await migrationFolders(range)
  const contents = await Promise.all(
    folders.map((folder) => readFile(path.join(root, folder, 'migration.sql'), 'utf8')),
  )
  return makeTemplate(adminUrl, `vetcita_${contentHash(...folders, ...contents)}`, async (ownerUrl) => {
    await applyMigrations(ownerUrl, range)
  })
}
