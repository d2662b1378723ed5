import path from 'node:path'
import process from 'node:process'
import { schemaEnginePath } from '@vetcita/schema-engine'
import { defineConfig } from 'prisma/config'

/** For `pnpm ops deploy --method prisma`: Prisma Migrate on the folder of migrations that the command has put together. */
const env = process.env
if (!env.PRISMA_SCHEMA_ENGINE_BINARY && !env.PRISMA_MIGRATION_ENGINE_BINARY) {
  env.PRISMA_SCHEMA_ENGINE_BINARY = schemaEnginePath
}

export default defineConfig({
  schema: path.join(import.meta.dirname, '../../prisma/schema.prisma'),
  migrations: {
    path: env.VETCITA_MIGRATIONS_FOLDER ?? path.join(import.meta.dirname, '../../prisma/migrations'),
  },
  datasource: { url: env.DIRECT_URL || env.DATABASE_URL || '' },
})
