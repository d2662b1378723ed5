import path from 'node:path'

/** The folder of the clone, which contains `prisma/`, `.vetcita/` and the root `package.json`. */
export const repositoryRoot = path.resolve(import.meta.dirname, '../../..')
