import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { repositoryRoot } from '@vetcita/postgres'

export type ApiProcess = {
  /** `http://127.0.0.1:…`, without a slash at the end */
  url: string
  /** Ends it as a deployment would, and waits until it is gone. */
  stop(): Promise<void>
}

/** Starts the API with both built apps as a process of its own; resolves when it is ready. */
export async function startApi(options: {
  port: number
  /** as the API's own role */
  databaseUrl: string
  /** signs the sessions: another process with the same one knows them too */
  secret: string
}): Promise<ApiProcess> {
  const url = `http://127.0.0.1:${options.port}`
  const dist = (app: string) => path.join(repositoryRoot, 'apps', app, 'dist')
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: path.join(repositoryRoot, 'apps/api'),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(options.port),
      PUBLIC_URL: url,
      DATABASE_URL: options.databaseUrl,
      AUTH_SECRET: options.secret,
      OWNER_DIST: dist('owner'),
      STAFF_DIST: dist('staff'),
      LOG_LEVEL: 'error',
      // all journeys come from one address
      RATE_LIMIT: '0',
      SIGN_IN_RATE_LIMIT: '0',
    },
  })
  try {
    await ready(url, child)
  } catch (error) {
    await end(child)
    throw error
  }
  return { url, stop: () => end(child) }
}

async function ready(url: string, api: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    if (api.exitCode !== null) throw new Error('The API did not start; its last words are above.')
    try {
      if ((await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })).ok) return
    } catch {
      // not listening yet
    }
    await sleep(50)
  }
  throw new Error(`The API was not ready within 60 s: ${url}/readyz tells what it waits for.`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await ended
  clearTimeout(insist)
}
