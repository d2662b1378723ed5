import { fileURLToPath } from 'node:url'

/** Absolute path of the executable that `PRISMA_SCHEMA_ENGINE_BINARY` may name. */
export const schemaEnginePath = fileURLToPath(new URL('../bin/schema-engine.mjs', import.meta.url))
