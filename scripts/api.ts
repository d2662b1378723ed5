import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { isFree, repositoryRoot } from '@vetcita/postgres'
import { type Child, startChild } from '@vetcita/postgres/children'
import { type KeptRunning, keepRunning } from './keep-running.ts'

/** Returns the folder of one of the apps. */
export function appFolder(name: 'api' | 'owner' | 'staff'): string {
  return path.join(repositoryRoot, 'apps', name)
}

/**
 * Returns the port that an environment variable names, or `fallback` without it.
 *
 * @throws Error with one sentence if it is not a port number or another program listens there
 */
export async function portFrom(variable: string, fallback: number): Promise<number> {
  const text = process.env[variable]
  const port = text ? Number(text) : fallback
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Error(`${variable} must be a port number from 1 to 65535, not "${text}".`)
  if (!(await isFree(port)))
    throw new Error(
      `Port ${port} is taken: stop the program that listens there (perhaps Vetcita itself), or choose another, as in ${variable}=${port + 1} pnpm start.`,
    )
  return port
}

type ApiOptions = { port: number; watch: boolean; env: NodeJS.ProcessEnv }

/** Starts the API on 127.0.0.1 and waits until it is ready to serve. */
export async function startApi(options: ApiOptions): Promise<Child> {
  const child = spawnApi(options)
  let ended = false
  void child.ended.then(() => {
    ended = true
  })
  const deadline = Date.now() + 60_000
  while (!(await isReady(options.port))) {
    if (ended) throw new Error('The API did not start; see its log above.')
    if (Date.now() > deadline) {
      await child.stop()
      throw new Error(
        `The API was not ready within 60 s: /readyz on port ${options.port} says what it waits for.`,
      )
    }
    await sleep(50)
  }
  return child
}

/** Starts the API as {@link startApi} does, and again whenever a signal or a failure has ended it. */
export async function serveApi(options: ApiOptions): Promise<KeptRunning> {
  return keepRunning(
    await startApi(options),
    () => spawnApi(options),
    (sentence) => console.error(`The API: ${sentence}`),
  )
}

function spawnApi({ port, watch, env }: ApiOptions): Child {
  // as in the API's own "start" script: they keep the process under 200 MB
  const flags = ['--max-semi-space-size=8', '--heap-growing-percent=20', ...(watch ? ['--watch'] : [])]
  return startChild(process.execPath, [...flags, 'src/main.ts'], {
    cwd: appFolder('api'),
    env: { ...process.env, HOST: process.env.HOST || '127.0.0.1', PORT: String(port), ...env },
  })
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}
