import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Binaries, program } from './binaries.ts'
import { endLeftovers, identify, send, servesFolder } from './processes.ts'
import type { ServerUser } from './server-user.ts'

/** One PostgreSQL data folder, who runs it, with which programs, and the file that its log goes to. */
export type Cluster = { folder: string; user: ServerUser; binaries: Binaries; log: string }

/** Settings of postgresql.conf by name, as given on the server's command line. */
export type Settings = Readonly<Record<string, string | number | boolean>>

/** Another program listens on the port that the server was to have. */
export class PortTakenError extends Error {}

/** Nothing inherited: a stray PGDATA or PGPORT must not reach the server, nor a locale that it lacks. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}

/**
 * Makes the data folder with superuser `postgres`. It is built beside its place and renamed whole, so that an
 * interrupted run leaves nothing that a later start could take for a database. The built-in C.UTF-8 locale makes
 * every machine sort alike, whatever locales it has.
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

/** The server that runs on a data folder, if any, as its own pid file tells. */
export async function runningServer(folder: string): Promise<{ pid: number; port: number } | undefined> {
  const told = await readPidFile(folder)
  return told && servesFolder(told.pid, folder) ? { pid: told.pid, port: told.port } : undefined
}

/**
 * Starts the server on 127.0.0.1 and returns its process number once it accepts connections. It gets a session of
 * its own: Ctrl-C in a terminal reaches the program that started it, which then stops it in its turn. What a killed
 * server left behind (pid file, backends, shared memory) is cleared away first.
 *
 * @throws PortTakenError where another program has the port; Error with one sentence for anything else.
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

/** Stops the server on a data folder, open connections and all, and waits until it is gone. None running: no-op. */
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
    `PostgreSQL (process ${server.pid}) does not stop: end it by hand with kill -9 ${server.pid}.`,
  )
}

/** Sets the superuser's password without knowing the old one. The server must not run. */
export async function resetPassword(cluster: Cluster, password: string): Promise<void> {
  await clearLeftovers(cluster.folder)
  await run(
    cluster,
    'postgres',
    ['--single', '-D', cluster.folder, 'postgres'],
    `alter role postgres password '${password}'\n`,
  )
}

/** Why a data folder cannot be served by this PostgreSQL, in one sentence; undefined when it can. */
export async function unusable(folder: string, serverVersion: string): Promise<string | undefined> {
  const advice = `move it away or drop it with "pnpm db:reset"`
  if (!existsSync(path.join(folder, 'PG_VERSION')) || !existsSync(path.join(folder, 'global/pg_control')))
    return `${folder} is not a whole PostgreSQL data folder: ${advice}.`
  const version = (await readFile(path.join(folder, 'PG_VERSION'), 'utf8')).trim()
  const wanted = serverVersion.split('.')[0] ?? ''
  return version === wanted
    ? undefined
    : `${folder} was made by PostgreSQL ${version} and this is ${wanted}: ${advice}, or use the older server through DATABASE_URL.`
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

/** A pid file whose process is gone, or was given to another program since, would keep the server from starting. */
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
    // no socket: its usual place may be out of reach or taken, and TCP on the loopback is enough
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
  // Crash recovery after a kill may take a while; as long as the process lives, it is at work.
  const deadline = Date.now() + 300_000
  while (ended === undefined && Date.now() < deadline) {
    const told = await readPidFile(cluster.folder)
    if (told?.pid === child.pid && told?.ready && child.pid !== undefined) return { pid: child.pid }
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
  if (code !== 0 || /^.*(FATAL|ERROR): /m.test(output))
    throw new Error(`${name} failed (code ${code}): ${output.trim().split('\n').slice(-3).join(' ')}`)
}

/** The user and group that own a folder; undefined where there is none. */
export async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const { uid, gid } = await stat(folder)
    return { uid, gid }
  } catch {
    return undefined
  }
}

/** The name of a user by number, as the system knows it. */
export function nameOf(uid: number): string {
  const told = spawnSync('id', ['-nu', String(uid)], { encoding: 'utf8' })
  return told.status === 0 ? told.stdout.trim() : String(uid)
}
