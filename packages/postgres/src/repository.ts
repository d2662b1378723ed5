import path from 'node:path'

/** The folder of the clone: where `prisma/`, `.vetcita/` and the root `package.json` are. */
export const repositoryRoot = path.resolve(import.meta.dirname, '../../..')
