import { analyzeTables } from '@vetcita/catalogue/statistics'
import { seedDemo } from '@vetcita/db/demo/seed'
import { apiRole, databaseUrl, grantApiRole, localServer, ownerRole, withClient } from '@vetcita/postgres'
import pg from 'pg'
import { migrate } from './migrate.ts'
import type { Secrets } from './secrets.ts'

/** A migrated database: the URLs of the API and of the tables' owner, and whether it holds demo data. */
export type PreparedDatabase = {
  databaseUrl: string
  directUrl: string
  embedded: boolean
  demo: boolean
  stop(): Promise<void>
}

const databaseName = 'vetcita'

/**
 * Prepares the database for the API: server, roles, migrations, demo data. With DATABASE_URL set it starts no server and
 * changes no role (the administrator runs `prisma/api-role.sql`), and adds demo data only if `demo` is set.
 */
export async function prepareDatabase(options: {
  secrets: Secrets
  demo: boolean
  say: (sentence: string) => void
}): Promise<PreparedDatabase> {
  const local = await localServer(options.say)
  try {
    if (!local.embedded) {
      if ((await migrate(local.directUrl)) === 'not permitted')
        options.say(
          'The user of DATABASE_URL may not migrate, so no migration was run. Set DIRECT_URL to the URL of a user who may.',
        )
      if (options.demo) await seed(local.directUrl)
      return { ...local, demo: options.demo }
    }
    const adminUrl = local.server.url()
    await prepareOwner(adminUrl, options.secrets.ownerPassword)
    const directUrl = databaseUrl(adminUrl, databaseName, ownerRole, options.secrets.ownerPassword)
    await migrate(directUrl)
    await grantApiRole(directUrl, options.secrets.apiPassword)
    await seed(directUrl)
    return {
      databaseUrl: databaseUrl(adminUrl, databaseName, apiRole, options.secrets.apiPassword),
      directUrl,
      embedded: true,
      demo: true,
      stop: local.stop,
    }
  } catch (error) {
    await local.stop()
    throw error
  }
}

/** Ends as a deploy does: a new database's first queries are planned like those of its tenth year. */
async function seed(directUrl: string): Promise<void> {
  if (await seedDemo(directUrl)) await withClient(directUrl, analyzeTables)
}

async function prepareOwner(adminUrl: string, password: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const owner = pg.escapeIdentifier(ownerRole)
    const { rowCount: roles } = await client.query('select from pg_roles where rolname = $1', [ownerRole])
    // createdb: `migrate dev` and `migrate diff` need a shadow database
    await client.query(
      `${roles ? 'alter' : 'create'} role ${owner} login createrole createdb nosuperuser password ${pg.escapeLiteral(password)}`,
    )
    const { rowCount: databases } = await client.query('select from pg_database where datname = $1', [
      databaseName,
    ])
    if (!databases) await client.query(`create database ${pg.escapeIdentifier(databaseName)} owner ${owner}`)
  })
}
