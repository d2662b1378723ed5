import { contentHash, makeTemplate, type ScratchDatabase, scratchDatabase } from '@vetcita/testing'
import { readTarget } from '../../src/database.ts'
import { type Applied, type Deployment, deploy } from '../../src/deploy/deploy.ts'
import { readMigrations } from '../../src/migrations.ts'
import { createOutput } from '../../src/output.ts'

/** An output that prints nothing: with `--json` only the result is printed. */
export const silent = createOutput(true)

/** Makes a database with `deploy`, including the history. The caller drops it. */
export async function deployedDatabase(server: string, through?: string): Promise<ScratchDatabase> {
  const migrations = readMigrations()
  const name = `ops_${contentHash(through ?? 'all', ...migrations.map(({ checksum }) => checksum))}`
  await makeTemplate(server, name, async (ownerUrl) => {
    await deployTo(ownerUrl, through)
  })
  return await scratchDatabase(server, name)
}

/** Deploys in this process, with the method `node` unless `changes` has another. */
export async function deployTo(
  url: string,
  through?: string,
  changes: Partial<Deployment> = {},
): Promise<Applied[]> {
  return await deploy(
    readTarget({ DIRECT_URL: url }),
    { method: 'node', through, concurrently: undefined, lockTimeoutMs: 500, attempts: 30, ...changes },
    silent,
  )
}
