import process from 'node:process'
import { schemaEnginePath } from '@vetcita/schema-engine'
import { defineConfig } from 'prisma/config'

const env = process.env

// Prisma's own engine is a download from a host that walled-in machines don't reach. A user's own choice stands.
if (!env.PRISMA_SCHEMA_ENGINE_BINARY && !env.PRISMA_MIGRATION_ENGINE_BINARY) {
  env.PRISMA_SCHEMA_ENGINE_BINARY = schemaEnginePath
}

const url = env.DIRECT_URL || env.DATABASE_URL

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url ? { datasource: { url } } : {}),
})
