import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Binaries, program } from './binaries.ts'
import { endLeftovers, identify, send, servesFolder } from './processes.ts'
import type { ServerUser } from './server-user.ts'

/** A PostgreSQL data folder, the user and programs that run it, and its log file. */
export type Cluster = { folder: string; user: ServerUser; binaries: Binaries; log: string }

/** Settings of postgresql.conf by name, for the server's command line. */
export type Settings = Readonly<Record<string, string | number | boolean>>

/** Another program listens on the server's port. */
export class PortTakenError extends Error {}

/** Returns an environment without this process's variables: neither a stray PGDATA nor an unknown locale may reach the server. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}

/**
 * Makes the data folder, with the superuser `postgres`. It is built under another name and renamed when complete, so that
 * a later start cannot mistake an interrupted one for a database. The built-in locale C.UTF-8 sorts the same on every
 * machine.
 */
export async function initCluster(cluster: Cluster, password: string, settings: Settings): Promise<void> {
  const partial = `${cluster.folder}.initdb`
  const passwordFile = `${cluster.folder}.password`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { mode: 0o700 })
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' })
  if (cluster.user.ids) {
    await chown(partial, cluster.user.ids.uid, cluster.user.ids.gid)
    await chown(passwordFile, cluster.user.ids.uid, cluster.user.ids.gid)
  }
  try {
    await run(cluster, 'initdb', [
      `--pgdata=${partial}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(settings.fsync === false ? ['--no-sync'] : []),
      ...(settings.scram_iterations === undefined
        ? []
        : ['-c', `scram_iterations=${settings.scram_iterations}`]),
    ])
    await rename(partial, cluster.folder)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** Returns the server that runs on a data folder, if any, by its pid file. */
export async function runningServer(folder: string): Promise<{ pid: number; port: number } | undefined> {
  const found = await readPidFile(folder)
  return found && servesFolder(found.pid, folder) ? { pid: found.pid, port: found.port } : undefined
}

/**
 * Starts the server on 127.0.0.1 and returns its process id once it accepts connections. The server gets a session of its
 * own, so that Ctrl-C reaches only the program that started it, which then stops the server. The leftovers of a killed
 * server (pid file, backends, shared memory) are removed first.
 *
 * @throws PortTakenError if another program has the port; Error with one sentence for anything else
 */
export async function startCluster(cluster: Cluster, port: number, settings: Settings): Promise<number> {
  await clearLeftovers(cluster.folder)
  const first = await launch(cluster, port, settings)
  if ('pid' in first) return first.pid
  if (!/pre-existing shared memory block|lock file ".*" already exists/.test(first.log))
    throw failure(cluster, first.log, port)
  await endLeftovers(cluster.folder)
  await clearLeftovers(cluster.folder)
  const second = await launch(cluster, port, settings)
  if ('pid' in second) return second.pid
  throw failure(cluster, second.log, port)
}

/** Stops the server on a data folder, if one runs, cutting open connections, and waits until it is gone. */
export async function stopCluster(folder: string): Promise<void> {
  const server = await runningServer(folder)
  if (!server) return
  for (const [signal, patienceMs] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    send(server.pid, signal)
    const deadline = Date.now() + patienceMs
    while (Date.now() < deadline) {
      if (identify(server.pid) === undefined) return
      await sleep(20)
    }
  }
  throw new Error(
    `PostgreSQL (process ${server.pid}) does not stop: end it yourself with kill -9 ${server.pid}.`,
  )
}

/** Sets the superuser's password without the old one. The server must not be running. */
export async function resetPassword(cluster: Cluster, password: string): Promise<void> {
  await clearLeftovers(cluster.folder)
  await run(
    cluster,
    'postgres',
    ['--single', '-D', cluster.folder, 'postgres'],
    `alter role postgres password '${password}'\n`,
  )
}

/** Returns a sentence that says why this PostgreSQL cannot serve a data folder; undefined if it can. */
export async function unusable(folder: string, serverVersion: string): Promise<string | undefined> {
  const advice = `move it away or drop it with "pnpm db:reset"`
  if (!existsSync(path.join(folder, 'PG_VERSION')) || !existsSync(path.join(folder, 'global/pg_control')))
    return `${folder} is not a complete PostgreSQL data folder: ${advice}.`
  const version = (await readFile(path.join(folder, 'PG_VERSION'), 'utf8')).trim()
  const expected = serverVersion.split('.')[0] ?? ''
  return version === expected
    ? undefined
    : `${folder} was made by PostgreSQL ${version} and this is ${expected}: ${advice}, or set DATABASE_URL to a server of that version.`
}

async function readPidFile(
  folder: string,
): Promise<{ pid: number; port: number; ready: boolean } | undefined> {
  try {
    const lines = (await readFile(path.join(folder, 'postmaster.pid'), 'utf8')).split('\n')
    const pid = Number.parseInt(lines[0] ?? '', 10)
    const port = Number.parseInt(lines[3] ?? '', 10)
    return Number.isInteger(pid) && pid > 0 ? { pid, port, ready: lines[7]?.trim() === 'ready' } : undefined
  } catch {
    return undefined
  }
}

/** Removes a pid file whose process is gone, or whose id now belongs to another program: it would prevent a start. */
async function clearLeftovers(folder: string): Promise<void> {
  const pidFile = path.join(folder, 'postmaster.pid')
  if (!existsSync(pidFile) || (await runningServer(folder))) return
  await endLeftovers(folder)
  await rm(pidFile, { force: true })
}

async function launch(
  cluster: Cluster,
  port: number,
  settings: Settings,
): Promise<{ pid: number } | { log: string }> {
  const all: Settings = {
    ...settings,
    listen_addresses: '127.0.0.1',
    port,
    // no socket: its usual folder may be inaccessible or in use, and TCP on the loopback suffices
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
  const log = await open(cluster.log, 'a', 0o644)
  const before = (await log.stat()).size
  const child = spawn(
    program(cluster.binaries, 'postgres'),
    [
      '-D',
      cluster.folder,
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${setting(value)}`]),
    ],
    { ...cluster.user.ids, cwd: '/', env: environment(), detached: true, stdio: ['ignore', log.fd, log.fd] },
  )
  let ended: string | undefined
  child.once('error', (error) => {
    ended = error.message
  })
  child.once('exit', (code, signal) => {
    ended = `ended with ${signal ?? `code ${code}`}`
  })
  child.unref()
  await log.close()
  // Crash recovery may take a while; as long as the process lives, it is working.
  const deadline = Date.now() + 300_000
  while (ended === undefined && Date.now() < deadline) {
    const found = await readPidFile(cluster.folder)
    if (found?.pid === child.pid && found?.ready && child.pid !== undefined) return { pid: child.pid }
    await sleep(20)
  }
  if (ended === undefined && child.pid !== undefined) send(child.pid, 'SIGQUIT')
  const text = (await readFile(cluster.log)).subarray(before).toString('utf8')
  return { log: `${text}${ended ?? 'not ready within 300 s'}` }
}

function failure(cluster: Cluster, log: string, port: number): Error {
  if (/could not bind|Address already in use|Permission denied.*bind/i.test(log))
    return new PortTakenError(`Port ${port} is taken by another program.`)
  const reason = /^.*FATAL: {2}(.*)$/m.exec(log)?.[1] ?? log.trim().split('\n').at(-1)
  return new Error(`PostgreSQL did not start on ${cluster.folder}: ${reason}; its log is ${cluster.log}.`)
}

function setting(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)
}

async function run(cluster: Cluster, name: 'initdb' | 'postgres', args: string[], input = ''): Promise<void> {
  const child = spawn(program(cluster.binaries, name), args, {
    ...cluster.user.ids,
    cwd: '/',
    env: environment(),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (/No space left on device/.test(output))
    throw new Error(
      `There is no space left on the disk of ${path.dirname(cluster.folder)}: free at least 100 MB and start again.`,
    )
  if (code !== 0 || /^.*(FATAL|ERROR): /m.test(output))
    throw new Error(`${name} failed (code ${code}): ${output.trim().split('\n').slice(-3).join(' ')}`)
}

/** Returns the user and group that own a folder; undefined if it does not exist. */
export async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const { uid, gid } = await stat(folder)
    return { uid, gid }
  } catch {
    return undefined
  }
}

/** Returns a user's name by id, or the id if it has none. */
export function nameOf(uid: number): string {
  const id = spawnSync('id', ['-nu', String(uid)], { encoding: 'utf8' })
  return id.status === 0 ? id.stdout.trim() : String(uid)
}
