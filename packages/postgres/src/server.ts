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

/** Where the embedded server listens unless another program has the port; not 5432, which a server of yours may have. */
export const defaultPort = 54329

/** Where root keeps data and programs that the server's user could not reach inside of the clone. */
const outsideFolder = '/var/lib/vetcita'

const logLimitBytes = 20_000_000

export type ServerOptions = {
  /** The server's folder: data, log, and `state.json` with its port and password (mode 0600). */
  dataDir: string
  /** The port to try first, unless an earlier run settled on another one; 0 for any free one. */
  port?: number
  settings?: Settings
  /** Told, in sentences, whatever a person may want to know: another port, another place for the data. */
  onNotice?: (sentence: string) => void
}

export type Server = {
  /**
   * A connection URL. Without arguments the superuser `postgres` on database `postgres`; another user needs the
   * password that you gave it.
   */
  url(database?: string, user?: string, password?: string): string
  port: number
  /** The PostgreSQL data folder itself. */
  folder: string
  /** Gives the server up; it ends when nobody else uses it. */
  stop(): Promise<void>
}

/**
 * Starts the embedded server on 127.0.0.1, making its data folder on first need, or joins the one that runs on that
 * folder already. Safe to call from several processes at once. A stale pid file, a taken port, a killed server and an
 * interrupted first start are recovered from.
 *
 * @throws Error whose message is one sentence that says what to do.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const home = await makeHome(options.dataDir)
  return withLock(path.join(home, 'lock.sqlite'), async () => {
    const state = pruned(await readState(home))
    const place = await placeOf(home, options.onNotice)
    const running = await runningServer(place.folder)
    const reusable = running && state.password !== undefined
    const port = reusable ? running.port : await prepareAndStart(home, place, state, options)
    const password = state.password
    if (password === undefined) throw new Error(`${home}/state.json holds no password.`)
    const handle = randomUUID()
    const self = identify(process.pid) ?? String(process.pid)
    await writeState(home, { ...state, port, uses: [...state.uses, { process: self, handle }] })
    return {
      url: (database = 'postgres', user = 'postgres', userPassword = password) =>
        `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(userPassword)}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
      port,
      folder: place.folder,
      stop: () => giveUp(home, place.folder, handle),
    }
  })
}

/** Stops the server on `dataDir` whoever uses it, and deletes its data, log, port and password. */
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

type Place = { folder: string; user: ServerUser }

async function makeHome(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  // the server's user passes through, whatever umask root has; what is secret inside has its own mode
  if (process.getuid?.() === 0) await chmod(dataDir, 0o755)
  return realpath(dataDir)
}

function insideFolder(home: string): string {
  return path.join(home, 'data')
}

function outsideHome(home: string): string {
  return path.join(outsideFolder, createHash('sha256').update(home).digest('hex').slice(0, 12))
}

/** Where the data is or will be, and who runs it: an existing folder's owner, for PostgreSQL accepts nobody else. */
async function placeOf(home: string, onNotice: ServerOptions['onNotice']): Promise<Place> {
  const inside = insideFolder(home)
  const owner = await ownerOf(inside)
  if (process.getuid?.() !== 0) {
    if (owner && owner.uid !== process.getuid?.())
      throw new Error(
        `${inside} belongs to the user ${nameOf(owner.uid)}: run this as the user who made it, or delete it as root and start anew.`,
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
    `The user ${user.name}, whom PostgreSQL runs as, cannot enter ${home}: the data is kept in ${folder}.`,
  )
  return { folder, user }
}

async function prepareAndStart(
  home: string,
  place: Place,
  state: State,
  options: ServerOptions,
): Promise<number> {
  const settings = options.settings ?? {}
  const binaries = await runnableBinaries(place.user, outsideFolder, await installedBinaries())
  const cluster: Cluster = { ...place, binaries, log: path.join(home, 'server.log') }
  await limitLog(cluster.log)
  if (!existsSync(place.folder)) {
    state.password = randomBytes(24).toString('base64url')
    // written before the data exists: a password without data does no harm, data without its password does
    await writeState(home, state)
    await initCluster(cluster, state.password, settings)
  } else {
    const reason = await unusable(place.folder, binaries.version)
    if (reason) throw new Error(reason)
    await stopCluster(place.folder)
    if (state.password === undefined) {
      const password = randomBytes(24).toString('base64url')
      await resetPassword(cluster, password)
      state.password = password
      await writeState(home, state)
    }
  }
  const wanted = state.port ?? options.port ?? defaultPort
  let port = wanted !== 0 && (await isFree(wanted)) ? wanted : await freePort()
  for (let attempt = 1; ; attempt += 1) {
    try {
      await startCluster(cluster, port, settings)
      break
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === 5) throw error
      port = await freePort()
    }
  }
  if (port !== wanted)
    options.onNotice?.(`Port ${wanted} is taken; PostgreSQL listens on ${port} from now on.`)
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
