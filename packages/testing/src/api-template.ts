import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { apiRoleSql, databaseUrl, grantApiRole, migrationFolders, migrationsFolder } from '@vetcita/postgres'
import { applyMigrations } from './migrations.ts'
import { contentHash, makeTemplate } from './scratch.ts'

/** Not a secret: test servers are thrown away. */
export const apiPassword = 'vetcita_api'

/**
 * Makes a template with every migration applied and the API's login role let in, as an administrator does by hand.
 * Connect to a clone of it as the API with `scratch.urlAs(apiRole, apiPassword)`.
 *
 * @returns the template's name, for `scratchDatabase`
 */
export async function apiTemplate(adminUrl: string): Promise<string> {
  const folders = await migrationFolders()
  const files = await Promise.all(
    folders.map((folder) => readFile(path.join(migrationsFolder, folder, 'migration.sql'), 'utf8')),
  )
  const hash = contentHash(await apiRoleSql(), ...files)
  return makeTemplate(adminUrl, `vetcita_api_${hash}`, async (ownerUrl) => {
    await applyMigrations(ownerUrl)
    const building = decodeURIComponent(new URL(ownerUrl).pathname.slice(1))
    await grantApiRole(databaseUrl(adminUrl, building), apiPassword)
  })
}
