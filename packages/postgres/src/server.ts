import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { access, chmod, mkdir, realpath, rm, stat, truncate } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { installedBinaries, runnableBinaries } from './binaries.ts'
import {
  type Cluster,
  initCluster,
  nameOf,
  ownerOf,
  PortTakenError,
  resetPassword,
  runningServer,
  type Settings,
  startCluster,
  stopCluster,
  unusable,
} from './cluster.ts'
import { freePort, isFree } from './free-port.ts'
import { withLock } from './lock.ts'
import { identify, stillRuns } from './processes.ts'
import { reachable, type ServerUser, serverUser } from './server-user.ts'
import { readState, type State, writeState } from './state.ts'

export type { Settings } from './cluster.ts'

/** The embedded server's port, unless it is taken; not 5432, which a server of your own may have. */
const defaultPort = 54329

/** Where root keeps data and programs that the server's user could not reach inside the clone. */
const outsideFolder = '/var/lib/vetcita'

const logLimitBytes = 20_000_000

export type ServerOptions = {
  /** The server's folder: data, log, and `state.json` with its port and password (mode 0600). */
  dataDir: string
  /** The port to try first, unless an earlier run chose another one; 0 for any free port. */
  port?: number
  settings?: Settings
  /** Receives sentences for the user: another port, another folder for the data. */
  onNotice?: (sentence: string) => void
}

export type Server = {
  /** Returns a connection URL, by default the superuser's. For another user, pass the password that you gave it. */
  url(database?: string, user?: string, password?: string): string
  port: number
  /** The PostgreSQL data folder itself. */
  folder: string
  /** Releases the server, which stops if no other process uses it. */
  stop(): Promise<void>
}

/**
 * Starts the embedded server on 127.0.0.1, making its data folder if needed, or joins the server that already runs on it.
 * Several processes may call it at once. Recovers from a stale pid file, a taken port, a killed server and an interrupted
 * first start.
 *
 * @throws Error whose message is one sentence that says what to do
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const home = await makeHome(options.dataDir)
  return withLock(path.join(home, 'lock.sqlite'), async () => {
    const state = pruned(await readState(home))
    const location = await locate(home, options.onNotice)
    const running = await runningServer(location.folder)
    const reusable = running && state.password !== undefined
    const port = reusable ? running.port : await prepareAndStart(home, location, state, options)
    const password = state.password
    if (password === undefined) throw new Error(`${home}/state.json holds no password.`)
    const handle = randomUUID()
    const self = identify(process.pid) ?? String(process.pid)
    await writeState(home, { ...state, port, uses: [...state.uses, { process: self, handle }] })
    return {
      url: (database = 'postgres', user = 'postgres', userPassword = password) =>
        `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(userPassword)}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
      port,
      folder: location.folder,
      stop: () => giveUp(home, location.folder, handle),
    }
  })
}

/** Stops the server on `dataDir`, even if another process uses it, and deletes its data, log, port and password. */
export async function dropServer(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return
  const home = await realpath(dataDir)
  await withLock(path.join(home, 'lock.sqlite'), async () => {
    for (const folder of [insideFolder(home), path.join(outsideHome(home), 'data')]) {
      await stopCluster(folder)
      for (const suffix of ['', '.initdb', '.password'])
        await rm(`${folder}${suffix}`, { recursive: true, force: true })
    }
    await rm(outsideHome(home), { recursive: true, force: true })
  })
  await rm(home, { recursive: true, force: true })
}

type Location = { folder: string; user: ServerUser }

async function makeHome(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  // the server's user must pass through, whatever root's umask; secret files inside have their own mode
  if (process.getuid?.() === 0) await chmod(dataDir, 0o755)
  return realpath(dataDir)
}

function insideFolder(home: string): string {
  return path.join(home, 'data')
}

function outsideHome(home: string): string {
  return path.join(outsideFolder, createHash('sha256').update(home).digest('hex').slice(0, 12))
}

/** Returns the data folder, existing or to be made, and its user: the folder's owner, since PostgreSQL requires that. */
async function locate(home: string, onNotice: ServerOptions['onNotice']): Promise<Location> {
  const inside = insideFolder(home)
  const owner = await ownerOf(inside)
  if (process.getuid?.() !== 0) {
    if (owner && owner.uid !== process.getuid?.())
      throw new Error(
        `${inside} belongs to the user ${nameOf(owner.uid)}: run this as that user, or delete the folder as root and start again.`,
      )
    await access(home)
    return { folder: inside, user: serverUser() }
  }
  if (owner && owner.uid !== 0) return { folder: inside, user: { name: nameOf(owner.uid), ids: owner } }
  const user = serverUser()
  if (reachable(user, home, 'x')) return { folder: inside, user }

  const outside = outsideHome(home)
  await mkdir(outside, { recursive: true })
  await chmod(outsideFolder, 0o755)
  await chmod(outside, 0o755)
  const folder = path.join(outside, 'data')
  onNotice?.(
    `PostgreSQL runs as the user ${user.name}, who cannot enter ${home}: the data is kept in ${folder}.`,
  )
  return { folder, user }
}

async function prepareAndStart(
  home: string,
  location: Location,
  state: State,
  options: ServerOptions,
): Promise<number> {
  const settings = options.settings ?? {}
  const binaries = await runnableBinaries(location.user, outsideFolder, await installedBinaries())
  const cluster: Cluster = { ...location, binaries, log: path.join(home, 'server.log') }
  await limitLog(cluster.log)
  if (!existsSync(location.folder)) {
    state.password = randomBytes(24).toString('base64url')
    // written before the data exists: a password without data is harmless, data without its password is not
    await writeState(home, state)
    await initCluster(cluster, state.password, settings)
  } else {
    const reason = await unusable(location.folder, binaries.version)
    if (reason) throw new Error(reason)
    await stopCluster(location.folder)
    if (state.password === undefined) {
      const password = randomBytes(24).toString('base64url')
      await resetPassword(cluster, password)
      state.password = password
      await writeState(home, state)
    }
  }
  const preferred = state.port ?? options.port ?? defaultPort
  let port = preferred !== 0 && (await isFree(preferred)) ? preferred : await freePort()
  for (let attempt = 1; ; attempt += 1) {
    try {
      await startCluster(cluster, port, settings)
      break
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === 5) throw error
      port = await freePort()
    }
  }
  if (port !== preferred)
    options.onNotice?.(`Port ${preferred} is taken; PostgreSQL listens on ${port} from now on.`)
  return port
}

async function giveUp(home: string, folder: string, handle: string): Promise<void> {
  if (!existsSync(home)) return
  await withLock(path.join(home, 'lock.sqlite'), async () => {
    const state = pruned(await readState(home))
    const uses = state.uses.filter((use) => use.handle !== handle)
    await writeState(home, { ...state, uses })
    if (uses.length === 0) await stopCluster(folder)
  })
}

function pruned(state: State): State {
  return { ...state, uses: state.uses.filter((use) => stillRuns(use.process)) }
}

async function limitLog(file: string): Promise<void> {
  if (existsSync(file) && (await stat(file)).size > logLimitBytes) await truncate(file)
}
