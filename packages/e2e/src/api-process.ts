import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { repositoryRoot } from '@vetcita/postgres'
import { type Child, startChild } from '@vetcita/postgres/children'

export type ApiProcess = {
  /** `http://127.0.0.1:…`, without a slash at the end */
  url: string
  /** Ends the API as a deployment would, and waits until it is gone. */
  stop: Child['stop']
}

/** Starts the API with both built apps as a separate process and waits until it is ready. */
export async function startApi(options: {
  port: number
  /** as the API's own role */
  databaseUrl: string
  /** signs the sessions; another process with the same secret accepts them too */
  secret: string
}): Promise<ApiProcess> {
  const url = `http://127.0.0.1:${options.port}`
  const dist = (app: string) => path.join(repositoryRoot, 'apps', app, 'dist')
  const api = startChild(process.execPath, ['src/main.ts'], {
    cwd: path.join(repositoryRoot, 'apps/api'),
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
    await ready(url, api)
  } catch (error) {
    await api.stop()
    throw error
  }
  return { url, stop: api.stop }
}

async function ready(url: string, api: Child): Promise<void> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    if (api.process.exitCode !== null) throw new Error('The API did not start; see its log above.')
    try {
      if ((await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })).ok) return
    } catch {
      // not listening yet
    }
    await sleep(50)
  }
  throw new Error(`The API was not ready within 60 s: ${url}/readyz says what it waits for.`)
}
