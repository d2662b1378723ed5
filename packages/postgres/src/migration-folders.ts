import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { repositoryRoot } from './repository.ts'

/** Migrations `from` through `through` (folder names or their beginnings, both included), without those in `skip`. */
export type MigrationRange = { from?: string; through?: string; skip?: string[]; folder?: string }

/** The folder that Prisma Migrate deploys from. */
export const migrationsFolder = path.join(repositoryRoot, 'prisma/migrations')

/**
 * Returns the names of the migration folders in the order in which they are deployed.
 *
 * @throws Error if `from`, `through` or an entry of `skip` names no migration: a typo would otherwise test nothing
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
