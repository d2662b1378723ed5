import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdtemp, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { installedBinaries, program, runnableBinaries } from '../src/binaries.ts'
import { dropServer, repositoryRoot, startServer } from '../src/index.ts'
import { reachable, serverUser } from '../src/server-user.ts'
import { answers, serverFolder, serverPid, start, starter, value } from './helpers.ts'

const isRoot = process.getuid?.() === 0
const nobody = { name: 'nobody', ids: { uid: 65534, gid: 65534 } }

async function rootOnlyFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'vetcita-root-only-'))
  await chmod(folder, 0o700)
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('never runs as root', async () => {
  const server = await start(await serverFolder())
  const owner = await stat(path.join(server.folder, 'PG_VERSION'))
  expect(owner.uid).not.toBe(0)
  if (process.platform === 'linux')
    expect((await stat(`/proc/${await serverPid(server.folder)}`)).uid).toBe(owner.uid)
})

test.runIf(isRoot)('keeps the data elsewhere if only root can enter its folder', async () => {
  const dataDir = path.join(await rootOnlyFolder(), 'postgres')
  onTestFinished(() => dropServer(dataDir))
  const notices: string[] = []
  const first = await startServer({
    dataDir,
    port: 0,
    settings: { fsync: false },
    onNotice: (sentence) => notices.push(sentence),
  })
  expect(notices.join()).toContain(first.folder)
  expect(first.folder.startsWith(dataDir)).toBe(false)
  await value(first.url(), 'create table kept as select 7 as seven')
  await first.stop()
  const second = await start(dataDir)
  expect(await value(second.url(), 'select seven from kept')).toBe(7)
  await dropServer(dataDir)
  expect(existsSync(first.folder)).toBe(false)
})

test.runIf(isRoot)('copies programs that only root can reach, once', async () => {
  const installed = await installedBinaries()
  const hidden = { ...installed, root: path.join(await rootOnlyFolder(), 'native') }
  await cp(installed.root, hidden.root, { recursive: true, verbatimSymlinks: true })
  const copies = await mkdtemp(path.join(os.tmpdir(), 'vetcita-copies-'))
  await chmod(copies, 0o755)
  onTestFinished(() => rm(copies, { recursive: true, force: true }))
  const user = serverUser()
  expect(reachable(user, program(hidden, 'postgres'), 'x')).toBe(false)

  const copied = await runnableBinaries(user, copies, hidden)
  const version = spawnSync(program(copied, 'postgres'), ['--version'], {
    ...user.ids,
    cwd: '/',
    encoding: 'utf8',
  })
  expect(version.stdout).toContain('PostgreSQL) 18.')
  const made = (await stat(copied.root)).ino
  expect((await stat((await runnableBinaries(user, copies, hidden)).root)).ino).toBe(made)
})

test.runIf(
  isRoot && reachable(nobody, path.join(repositoryRoot, 'packages/postgres/test/start-and-query.ts'), 'r'),
)('runs as the current user if not root; root then runs it as that user', async () => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'vetcita-plain-'))
  onTestFinished(async () => {
    await dropServer(path.join(parent, 'postgres'))
    await rm(parent, { recursive: true, force: true })
  })
  await chmod(parent, 0o755)
  await chown(parent, nobody.ids.uid, nobody.ids.gid)
  const plain = await starter(path.join(parent, 'postgres'), { ids: nobody.ids })
  expect(await answers(plain.url)).toBe(true)
  expect((await stat(plain.folder)).uid).toBe(nobody.ids.uid)
  await value(plain.url, 'create table kept as select 7 as seven')
  expect(await plain.finish()).toBe(0)

  const asRoot = await start(path.join(parent, 'postgres'))
  expect(await value(asRoot.url(), 'select seven from kept')).toBe(7)
})

test.runIf(
  isRoot && reachable(nobody, path.join(repositoryRoot, 'packages/postgres/test/start-and-query.ts'), 'r'),
)('refuses data of another user, and names the user', async () => {
  const dataDir = await serverFolder()
  const server = await start(dataDir)
  await server.stop()
  await chmod(dataDir, 0o777)
  await chown(path.join(dataDir, 'lock.sqlite'), nobody.ids.uid, nobody.ids.gid)
  await chown(path.join(dataDir, 'state.json'), nobody.ids.uid, nobody.ids.gid)
  await expect(starter(dataDir, { ids: nobody.ids })).rejects.toThrow(
    /belongs to the user .*: run this as that user/,
  )
})
