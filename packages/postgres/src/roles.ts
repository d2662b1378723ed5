import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { withoutPsqlCommands } from '@vetcita/connection/psql-script'
import pg from 'pg'
import { repositoryRoot } from './repository.ts'
import { withClient } from './with-client.ts'

/** The role that owns the tables and runs the migrations. It is not a superuser. */
export const ownerRole = 'vetcita_owner'

/** The role that the API logs in as. */
export const apiRole = 'vetcita_api'

/** Returns the SQL that lets the API's role into a migrated database, as its administrator runs it. */
export async function apiRoleSql(): Promise<string> {
  return withoutPsqlCommands(await readFile(path.join(repositoryRoot, 'prisma/api-role.sql'), 'utf8'))
}

/**
 * Gives the API's role its rights in a migrated database, and this password.
 *
 * @param url as a user who may create and alter roles
 */
export async function grantApiRole(url: string, password: string): Promise<void> {
  const sql = await apiRoleSql()
  await withClient(url, async (client) => {
    await client.query(sql)
    await client.query(`alter role ${pg.escapeIdentifier(apiRole)} password ${pg.escapeLiteral(password)}`)
  })
}
