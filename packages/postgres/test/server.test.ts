import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { dropServer, sweepThrowaways, throwawayFolder } from '../src/index.ts'
import { identify } from '../src/processes.ts'
import { answers, gone, serverFolder, serverPid, start, starter, value } from './helpers.ts'

test('keeps the data and the address between runs', async () => {
  const dataDir = await serverFolder()
  const first = await start(dataDir)
  await value(first.url(), 'create table kept as select 7 as seven')
  await first.stop()
  expect(await answers(first.url())).toBe(false)

  const second = await start(dataDir)
  expect(second.url()).toBe(first.url())
  expect(await value(second.url(), 'select seven from kept')).toBe(7)
})

test('is PostgreSQL 18 on the loopback only, with the extensions that the migrations need', async () => {
  const server = await start(await serverFolder())
  expect(await value(server.url(), 'show server_version')).toMatch(/^18\./)
  expect(await value(server.url(), 'show listen_addresses')).toBe('127.0.0.1')
  expect(
    await value(
      server.url(),
      `select count(*)::int from pg_available_extensions where name in ('btree_gist', 'pg_stat_statements')`,
    ),
  ).toBe(2)
})

test('requires the password, which only its owner can read', async () => {
  const dataDir = await serverFolder()
  const server = await start(dataDir)
  expect(await answers(server.url('postgres', 'postgres', 'guess'))).toBe(false)
  expect((await stat(path.join(dataDir, 'state.json'))).mode & 0o777).toBe(0o600)
})

test('replaces a lost password and keeps the data', async () => {
  const dataDir = await serverFolder()
  const first = await start(dataDir)
  await value(first.url(), 'create table kept as select 7 as seven')
  await first.stop()
  await rm(path.join(dataDir, 'state.json'))
  const second = await start(dataDir)
  expect(await value(second.url(), 'select seven from kept')).toBe(7)
})

test('stops a dropped server and leaves nothing', async () => {
  const dataDir = await serverFolder()
  const server = await start(dataDir)
  await dropServer(dataDir)
  expect(await answers(server.url())).toBe(false)
  expect(existsSync(dataDir)).toBe(false)
})

test('restarts a killed server with all committed data', async () => {
  const dataDir = await serverFolder()
  const first = await start(dataDir)
  await value(first.url(), 'create table kept as select 7 as seven')
  const pid = await serverPid(first.folder)
  process.kill(pid, 'SIGKILL')
  await gone(pid)
  const second = await start(dataDir)
  expect(await value(second.url(), 'select seven from kept')).toBe(7)
})

test('starts despite a stale pid file, even if its id now belongs to another program', async () => {
  const dataDir = await serverFolder()
  const first = await start(dataDir)
  await first.stop()
  for (const pid of [process.pid, 999_999_999]) {
    await writeFile(
      path.join(first.folder, 'postmaster.pid'),
      `${pid}\n${first.folder}\n0\n5432\n\n127.0.0.1\n`,
    )
    const again = await start(dataDir)
    expect(await answers(again.url())).toBe(true)
    await again.stop()
  }
})

test('chooses another port if its own is taken, reports it and keeps it', async () => {
  const dataDir = await serverFolder()
  const other = createServer()
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  onTestFinished(async () => {
    other.close()
  })
  const notices: string[] = []
  const first = await start(dataDir, { port, onNotice: (sentence) => notices.push(sentence) })
  expect(first.port).not.toBe(port)
  expect(notices).toEqual([`Port ${port} is taken; PostgreSQL listens on ${first.port} from now on.`])
  await first.stop()
  const second = await start(dataDir, { port })
  expect(second.port).toBe(first.port)
})

test('starts over after an interrupted first start', async () => {
  const dataDir = await serverFolder()
  await mkdir(path.join(dataDir, 'data.initdb/base'), { recursive: true })
  await writeFile(path.join(dataDir, 'data.initdb/PG_VERSION'), '18\n')
  const server = await start(dataDir)
  expect(await answers(server.url())).toBe(true)
})

test('refuses an incomplete data folder or one of another version, and says what to do', async () => {
  const dataDir = await serverFolder()
  const server = await start(dataDir)
  await server.stop()
  await writeFile(path.join(server.folder, 'PG_VERSION'), '17\n')
  await expect(start(dataDir)).rejects.toThrow(/made by PostgreSQL 17 and this is 18: .*pnpm db:reset/)
  await rm(path.join(server.folder, 'global/pg_control'))
  await expect(start(dataDir)).rejects.toThrow(/not a complete PostgreSQL data folder: .*pnpm db:reset/)
})

test('shares one server between two programs that start at once, until the second ends', async () => {
  const dataDir = await serverFolder()
  const [one, other] = await Promise.all([starter(dataDir), starter(dataDir)])
  expect(one.url).toBe(other.url)
  expect(await one.finish()).toBe(0)
  expect(await answers(other.url)).toBe(true)
  expect(await other.finish()).toBe(0)
  expect(await answers(other.url)).toBe(false)
})

test('leaves the server of a killed program to the next one, which then ends it', async () => {
  const dataDir = await serverFolder()
  const killed = await starter(dataDir)
  const pid = await serverPid(killed.folder)
  killed.child.kill('SIGKILL')
  // a process that is still dying counts as a user of the server
  await gone(killed.child.pid ?? 0)
  const next = await start(dataDir)
  expect(await serverPid(next.folder)).toBe(pid)
  await next.stop()
  expect(await answers(killed.url)).toBe(false)
})

test('does not receive the Ctrl-C of the terminal, so that its program stops it', async () => {
  const running = await starter(await serverFolder())
  const pid = await serverPid(running.folder)
  // field 5 of the stat line is the process group; the server must lead a separate one
  if (process.platform === 'linux') {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
    expect(fields[2]).toBe(String(pid))
  }
  expect(await running.finish()).toBe(0)
})

test('a sweep stops and removes the throwaway server of a killed process', async () => {
  const folder = await throwawayFolder()
  const running = await starter(path.join(folder, 'postgres'))
  const pid = await serverPid(running.folder)
  await writeFile(path.join(folder, 'owner'), identify(running.child.pid ?? 0) ?? '')
  running.child.kill('SIGKILL')
  await gone(running.child.pid ?? 0)

  await sweepThrowaways()
  await gone(pid)
  expect(existsSync(folder)).toBe(false)
})
