import process from 'node:process'
import { readAddress } from '@vetcita/connection/address'
import { loadEnvFile } from '@vetcita/connection/env-file'
import { schemaEnginePath } from '@vetcita/schema-engine'
import { localDatabaseUrl } from '@vetcita/schema-engine/local-database'
import { defineConfig } from 'prisma/config'

loadEnvFile(import.meta.dirname)
const env = process.env

// Prisma downloads its own engine from a host that some networks block. An engine that the user chose is kept.
if (!env.PRISMA_SCHEMA_ENGINE_BINARY && !env.PRISMA_MIGRATION_ENGINE_BINARY) {
  env.PRISMA_SCHEMA_ENGINE_BINARY = schemaEnginePath
}

// Migrations log in as the owner of the tables, which the API's own login is not.
const url = env.DIRECT_URL || env.DATABASE_URL || localDatabaseUrl(import.meta.dirname)
const shadowDatabaseUrl = env.SHADOW_DATABASE_URL

/** Prisma's command line reads addresses by itself, and less of them than the engine. */
const plain = (address: string) => readAddress(address).url

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url
    ? {
        datasource: {
          url: plain(url),
          ...(shadowDatabaseUrl ? { shadowDatabaseUrl: plain(shadowDatabaseUrl) } : {}),
        },
      }
    : {}),
})
