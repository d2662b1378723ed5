import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { repositoryRoot } from '@vetcita/postgres'

export type ApiProcess = { child: ChildProcess; url: string; log: () => string }

/** The API as its own process, listening; `log` is what it has written to standard output so far. */
export async function startProcess(
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<ApiProcess> {
  const server = path.join(repositoryRoot, 'apps/api/src/main.ts')
  const child = spawn(process.execPath, [...flags, server], {
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
    // Only until it listens: to look through a log that grows by a line per call costs more than the call.
    const look = () => {
      const found = /Server listening at (http:\/\/[\d.:]+)/.exec(log)?.[1]
      if (found === undefined) return
      child.stdout?.off('data', look)
      resolve(found)
    }
    child.stdout?.on('data', look)
  })
  return { child, url, log: () => log }
}
