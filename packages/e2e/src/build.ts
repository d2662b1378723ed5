import { execFile } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { repositoryRoot } from '@vetcita/postgres'

/**
 * Builds both apps, or takes them from turbo's cache if nothing changed. If turbo started this process, it has built them
 * already.
 */
export async function buildApps(): Promise<void> {
  if (process.env.TURBO_HASH !== undefined) return
  const turbo = path.join(repositoryRoot, 'node_modules/.bin/turbo')
  await promisify(execFile)(
    turbo,
    ['run', 'build', '--filter=@vetcita/owner', '--filter=@vetcita/staff', '--output-logs=errors-only'],
    { cwd: repositoryRoot },
  )
}
