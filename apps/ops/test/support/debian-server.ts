import { spawn, spawnSync } from 'node:child_process'
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { freePort } from '@vetcita/postgres/free-port'
import { serverUser } from '@vetcita/postgres/server-user'
import { untilReady } from '@vetcita/testing/until-ready'

export type DebianServer = { adminUrl: string; stop(): Promise<void> }

const installations = '/usr/lib/postgresql'

/** The folder of an installed PostgreSQL older than the embedded one, or undefined. */
export function debianBinaries(): string | undefined {
  if (!existsSync(installations)) return undefined
  return readdirSync(installations)
    .filter((version) => Number(version) >= 15 && Number(version) < 18)
    .map((version) => path.join(installations, version, 'bin'))
    .find((folder) => existsSync(path.join(folder, 'postgres')))
}

/** Starts a throwaway server with the system's PostgreSQL on 127.0.0.1, which trusts every connection. */
export async function startDebianServer(binaries: string): Promise<DebianServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vetcita-debian-'))
  const user = serverUser()
  if (user.ids) chownSync(folder, user.ids.uid, user.ids.gid)
  const data = path.join(folder, 'data')
  const options = { ...user.ids, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } }
  const made = spawnSync(
    path.join(binaries, 'initdb'),
    [`--pgdata=${data}`, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...options, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const log = openSync(path.join(folder, 'server.log'), 'a')
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=`,
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=200',
    'shared_buffers=256MB',
    'max_wal_size=2GB',
    'deadlock_timeout=200ms',
    'shared_preload_libraries=pg_stat_statements',
    'track_functions=pl',
  ]
  const server = spawn(
    path.join(binaries, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const adminUrl = `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`
  await untilReady(adminUrl)
  return {
    adminUrl,
    stop: async () => {
      server.kill('SIGINT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
