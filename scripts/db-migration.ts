import path from 'node:path'
import process from 'node:process'
import { repositoryRoot } from '@vetcita/postgres'
import { testServer } from '@vetcita/testing'
import { SourcesRefused } from '@vetcita/testing/sources/compare'
import { writeNextMigration } from '@vetcita/testing/sources/next-migration'

/**
 * `pnpm db:migration <name>`: writes the next migration from what changed in `prisma/sql`, on a throwaway server (or
 * the one that TEST_DATABASE_URL names). Exits with 1 if there is nothing to write, or the result has to be finished
 * by hand.
 */
const name = process.argv[2] ?? ''
const server = await testServer()
try {
  const folder = await writeNextMigration(server.adminUrl, name)
  console.log(`Wrote ${path.relative(repositoryRoot, folder)}: say in its head what it is for, then read it.`)
} catch (error) {
  if (!(error instanceof SourcesRefused)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  await server.stop()
}
