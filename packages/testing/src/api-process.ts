import type { ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { repositoryRoot } from '@vetcita/postgres'
import { type Child, startChild } from '@vetcita/postgres/children'

export type ApiProcess = Pick<Child, 'stop'> & {
  child: ChildProcess
  url: string
  /** Returns what the API has written to standard output so far. */
  log(): string
}

/**
 * Starts the API as a separate process on a free port and waits until it listens, which it logs at level info.
 *
 * @throws Error with the log if it ends before
 */
export async function startProcess(
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<ApiProcess> {
  const server = path.join(repositoryRoot, 'apps/api/src/main.ts')
  const { process: child, stop } = startChild(process.execPath, [...flags, server], {
    env: {
      PATH: process.env.PATH,
      AUTH_SECRET: 'a-secret-that-only-the-tests-know-of',
      PORT: '0',
      MAIL_FOLDER: path.join(tmpdir(), 'vetcita-test-mails'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let log = ''
  child.stdout?.on('data', (chunk) => {
    log += chunk
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.on('exit', () => reject(new Error(`The API ended: ${log}`)))
    // Only until it listens: searching a log that grows by a line per call costs more than the call.
    const look = () => {
      const found = /Server listening at (http:\/\/[\d.:]+)/.exec(log)?.[1]
      if (found === undefined) return
      child.stdout?.off('data', look)
      resolve(found)
    }
    child.stdout?.on('data', look)
  })
  return { child, url, log: () => log, stop }
}
