import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { identify, stillRuns } from './processes.ts'
import { dropServer } from './server.ts'

const prefix = 'vetcita-test-'

/**
 * Makes a temporary folder for a server in its `postgres`. The folder records which process made it, so that
 * {@link sweepThrowaways} can remove both if that process is killed.
 */
export async function throwawayFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), prefix))
  await writeFile(path.join(folder, 'owner'), identify(process.pid) ?? '')
  // mkdtemp admits only the current user; as root, the server runs as another one
  if (process.getuid?.() === 0) await chmod(folder, 0o755)
  return folder
}

/** Stops and removes the throwaway servers of processes that are gone. */
export async function sweepThrowaways(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    if (!name.startsWith(prefix)) continue
    const folder = path.join(os.tmpdir(), name)
    const owner = await readOwner(folder)
    if (owner !== undefined && !stillRuns(owner)) await dropThrowaway(folder).catch(notOurs)
  }
}

/** Stops the server in a folder made by {@link throwawayFolder} and removes the folder. */
export async function dropThrowaway(folder: string): Promise<void> {
  await dropServer(path.join(folder, 'postgres'))
  await rm(folder, { recursive: true, force: true })
}

/** Another user's folder, or one that another run sweeps at this moment. */
function notOurs(): void {}

async function readOwner(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(folder, 'owner'), 'utf8')).trim()
  } catch {
    return undefined
  }
}
