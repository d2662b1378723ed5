import { readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { applyMigrations, migrationFolders } from './migrations.ts'
import { repositoryRoot } from './repository.ts'
import { contentHash, databaseUrl, makeTemplate } from './scratch.ts'

/** The role that the API logs in as. */
export const apiRole = 'vetcita_api'

/** Test servers are thrown away, so this password is no secret. */
export const apiPassword = 'vetcita_api'

const roleFile = path.join(repositoryRoot, 'prisma/api-role.sql')

/**
 * A template with every migration run and the API's login role let in, as an administrator does it by hand.
 * Clones of it answer at `scratch.urlAs(apiRole, apiPassword)`.
 *
 * @returns the template's name, for `scratchDatabase`
 */
export async function apiTemplate(adminUrl: string): Promise<string> {
  const roleSql = await readFile(roleFile, 'utf8')
  const folders = await migrationFolders()
  const files = await Promise.all(
    folders.map((folder) =>
      readFile(path.join(repositoryRoot, 'prisma/migrations', folder, 'migration.sql'), 'utf8'),
    ),
  )
  return makeTemplate(adminUrl, `vetcita_api_${contentHash(roleSql, ...files)}`, async (ownerUrl) => {
    await applyMigrations(ownerUrl)
    const building = decodeURIComponent(new URL(ownerUrl).pathname.slice(1))
    const admin = new pg.Client({ connectionString: databaseUrl(adminUrl, building) })
    await admin.connect()
    try {
      await admin.query(roleSql)
      await admin.query(
        `alter role ${pg.escapeIdentifier(apiRole)} password ${pg.escapeLiteral(apiPassword)}`,
      )
    } finally {
      await admin.end()
    }
  })
}
