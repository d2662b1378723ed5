import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { seedDemo } from '@vetcita/db/demo/seed'
import {
  apiPassword,
  apiRole,
  apiTemplate,
  freePort,
  repositoryRoot,
  type ScratchDatabase,
  scratchDatabase,
  testServer,
} from '@vetcita/postgres'

/** The product as people meet it: one port with both apps and the API, on a database of its own with the demo data. */
export type Product = {
  /** `http://127.0.0.1:…`, without a slash at the end */
  url: string
  /** the database, as the role that owns its tables: to arrange and to look */
  ownerUrl: string
  /** Ends the API and drops the database. */
  stop(): Promise<void>
}

/**
 * Starts the API as a process of its own on a free port, with the built apps ({@link ../build.ts}).
 *
 * @param now the moment around which the demo's appointments stand; by default the present one
 */
export async function startProduct(now: Date = new Date()): Promise<Product> {
  const server = await testServer()
  let database: ScratchDatabase | undefined
  let api: ChildProcess | undefined
  const stop = async () => {
    if (api !== undefined) await end(api)
    await database?.drop()
    await server.stop()
  }
  try {
    database = await scratchDatabase(server.adminUrl, await apiTemplate(server.adminUrl))
    await seedDemo(database.ownerUrl, now)
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    api = startApi(port, url, database.urlAs(apiRole, apiPassword))
    await ready(url, api)
    return { url, ownerUrl: database.ownerUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function startApi(port: number, url: string, databaseUrl: string): ChildProcess {
  const dist = (app: string) => path.join(repositoryRoot, 'apps', app, 'dist')
  return spawn(process.execPath, ['src/server.ts'], {
    cwd: path.join(repositoryRoot, 'apps/api'),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: url,
      DATABASE_URL: databaseUrl,
      AUTH_SECRET: randomBytes(32).toString('base64'),
      OWNER_DIST: dist('owner'),
      STAFF_DIST: dist('staff'),
      LOG_LEVEL: 'error',
      // all journeys come from one address
      RATE_LIMIT: '0',
      SIGN_IN_RATE_LIMIT: '0',
    },
  })
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
