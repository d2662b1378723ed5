import { fileURLToPath } from 'node:url'

/** Absolute path of the executable, for `PRISMA_SCHEMA_ENGINE_BINARY`. */
export const schemaEnginePath = fileURLToPath(new URL('../bin/schema-engine.mjs', import.meta.url))
