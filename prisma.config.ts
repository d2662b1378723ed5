import { readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { schemaEnginePath } from '@vetcita/schema-engine'
import { at, textAt } from '@vetcita/schema-engine/json'
import { defineConfig } from 'prisma/config'

const env = process.env

// Prisma's own engine is a download from a host that walled-in machines don't reach. A user's own choice stands.
if (!env.PRISMA_SCHEMA_ENGINE_BINARY && !env.PRISMA_MIGRATION_ENGINE_BINARY) {
  env.PRISMA_SCHEMA_ENGINE_BINARY = schemaEnginePath
}

// Migrations log in as the owner of the tables, which the API's own login is not.
const url = env.DIRECT_URL || env.DATABASE_URL || embeddedDatabase()
const shadowDatabaseUrl = env.SHADOW_DATABASE_URL

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url ? { datasource: { url, ...(shadowDatabaseUrl ? { shadowDatabaseUrl } : {}) } } : {}),
})

/** The embedded database that `pnpm start` made in this clone, as its owner; undefined before the first start. */
function embeddedDatabase(): string | undefined {
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(path.join(import.meta.dirname, '.vetcita', file), 'utf8'))
  try {
    const port = at(read('postgres/state.json'), 'port')
    const password = textAt(read('secrets.json'), 'ownerPassword')
    if (typeof port !== 'number' || password === undefined) return undefined
    return `postgresql://vetcita_owner:${encodeURIComponent(password)}@127.0.0.1:${port}/vetcita`
  } catch {
    return undefined
  }
}
