import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import {
  dropThrowaway,
  repositoryRoot,
  type Server,
  type ServerOptions,
  startServer,
  throwawayFolder,
  withClient,
} from '../src/index.ts'

/** Returns a new folder for a server; both are removed when the test ends. */
export async function serverFolder(): Promise<string> {
  const parent = await throwawayFolder()
  onTestFinished(() => dropThrowaway(parent))
  return path.join(parent, 'postgres')
}

/** Starts a server without fsync, on any free port unless one is given. */
export function start(dataDir: string, options: Partial<ServerOptions> = {}): Promise<Server> {
  return startServer({ dataDir, port: 0, settings: { fsync: false }, ...options })
}

/** Returns the first column of the first row. */
export function value(url: string, sql: string): Promise<unknown> {
  return withClient(url, async (client) => {
    const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
    return result.rows[0]?.[0]
  })
}

/** Whether a server accepts connections at that URL. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await value(url, 'select 1')) === 1
  } catch {
    return false
  }
}

/** Returns the process id of the server on a data folder. */
export async function serverPid(folder: string): Promise<number> {
  const pid = Number.parseInt(await readFile(path.join(folder, 'postmaster.pid'), 'utf8'), 10)
  if (!(pid > 1)) throw new Error(`no server on ${folder}`)
  return pid
}

/** Waits up to ten seconds until a process is gone. */
export async function gone(pid: number): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await sleep(50)
  }
  throw new Error(`process ${pid} is still there`)
}

export type Starter = {
  child: ChildProcess
  url: string
  folder: string
  notices: string[]
  /** Lets it stop its server, and returns its exit code. */
  finish(): Promise<number | null>
}

/** Starts `start-and-query.ts` in a separate process and waits until its server is up. */
export async function starter(
  dataDir: string,
  options: { port?: number; ids?: { uid: number; gid: number } } = {},
): Promise<Starter> {
  const script = path.join(repositoryRoot, 'packages/postgres/test/start-and-query.ts')
  const child = spawn(process.execPath, [script, dataDir, String(options.port ?? 0)], {
    ...options.ids,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const printed = (key: string) => new RegExp(`^${key} (.*)$`, 'm').exec(output)?.[1]
  while (printed('folder') === undefined) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the starter ended: ${errors}`)
    await sleep(20)
  }
  return {
    child,
    url: printed('url') ?? '',
    folder: printed('folder') ?? '',
    notices: [...output.matchAll(/^notice (.*)$/gm)].map((match) => match[1] ?? ''),
    finish: () => {
      child.stdin.write('stop\n')
      return ended
    },
  }
}
