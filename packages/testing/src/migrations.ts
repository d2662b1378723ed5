import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type MigrationRange, migrationFolders, migrationsFolder, withClient } from '@vetcita/postgres'
import { contentHash, makeTemplate } from './scratch.ts'

/** A migration that was applied, and the texts of its `NOTICE`s. */
export type AppliedMigration = { folder: string; notices: string[] }

/**
 * Applies migrations as `prisma migrate deploy` does, each file as one query and so as one transaction, but keeps no
 * record of them.
 *
 * @throws the database's error, its message prefixed with the migration's name
 */
export async function applyMigrations(url: string, range: MigrationRange = {}): Promise<AppliedMigration[]> {
  const root = range.folder ?? migrationsFolder
  const folders = await migrationFolders(range)
  const applied: AppliedMigration[] = []
  await withClient(url, async (client) => {
    client.on('notice', (notice) => applied.at(-1)?.notices.push(notice.message ?? ''))
    for (const folder of folders) {
      applied.push({ folder, notices: [] })
      try {
        await client.query(await readFile(path.join(root, folder, 'migration.sql'), 'utf8'))
      } catch (error) {
        if (error instanceof Error) error.message = `${folder}: ${error.message}`
        throw error
      }
    }
  })
  return applied
}

/**
 * Makes a template database with those migrations applied, once per server and content.
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
