import { contentHash, makeTemplate, type ScratchDatabase, scratchDatabase } from '@vetcita/testing'
import { readTarget } from '../../src/database.ts'
import { type Applied, type Deployment, deploy } from '../../src/deploy/deploy.ts'
import { readMigrations } from '../../src/migrations.ts'
import { createOutput } from '../../src/output.ts'

/** Prints nothing: with `--json` there is no output until the end. */
export const silent = createOutput(true)

/** A database that `deploy` made, history and all. The caller drops it. */
export async function deployedDatabase(server: string, through?: string): Promise<ScratchDatabase> {
  const migrations = readMigrations()
  const name = `ops_${contentHash(through ?? 'all', ...migrations.map(({ checksum }) => checksum))}`
  await makeTemplate(server, name, async (ownerUrl) => {
    await deployTo(ownerUrl, through)
  })
  return await scratchDatabase(server, name)
}

/** Deploys in this process, by Node unless `changes` say otherwise. */
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
