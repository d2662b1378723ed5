import { chownSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { freePort } from '@vetcita/postgres'
import { startChild } from '@vetcita/postgres/children'
import { serverUser } from '@vetcita/postgres/server-user'
import { untilReady } from './until-ready.ts'

/** The path of Debian's PgBouncer; undefined if it is not installed. */
export const pgbouncerBinary = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((file) => existsSync(file))

export type Pooler = {
  /** Returns a URL of the server as it is reached through the pooler. */
  through(url: string): string
  /** SIGINT lets running transactions end, SIGKILL cuts them. */
  stop(signal?: 'SIGINT' | 'SIGKILL'): Promise<void>
}

/**
 * Starts PgBouncer in transaction mode in front of a server. All clients share two server connections, so that the
 * transactions of one client run in changing sessions.
 */
export async function startPgbouncer(
  serverUrl: string,
  users: Readonly<Record<string, string>>,
  options: { port?: number } = {},
): Promise<Pooler> {
  if (pgbouncerBinary === undefined) throw new Error('pgbouncer is not installed')
  const server = new URL(serverUrl)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vetcita-pgbouncer-'))
  const port = options.port ?? (await freePort())
  const files = {
    'users.txt': Object.entries(users)
      .map(([name, password]) => `"${name}" "${password}"\n`)
      .join(''),
    'pgbouncer.ini': [
      '[databases]',
      `* = host=${server.hostname} port=${server.port}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'pool_mode = transaction',
      'default_pool_size = 2',
      'max_client_conn = 200',
      'auth_type = plain',
      `auth_file = ${path.join(folder, 'users.txt')}`,
      'server_tls_sslmode = disable',
      '',
    ].join('\n'),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  const user = serverUser()
  for (const entry of ['', ...Object.keys(files)])
    if (user.ids) chownSync(path.join(folder, entry), user.ids.uid, user.ids.gid)
  const child = startChild(pgbouncerBinary, ['--quiet', path.join(folder, 'pgbouncer.ini')], {
    ...user.ids,
    cwd: '/',
    stdio: 'ignore',
  })
  const through = (url: string) => {
    const changed = new URL(url)
    changed.port = String(port)
    changed.hostname = '127.0.0.1'
    return changed.href
  }
  const [name = '', password = ''] = Object.entries(users)[0] ?? []
  const probe = new URL(serverUrl)
  probe.username = name
  probe.password = password
  await untilReady(through(probe.href))
  return {
    through,
    stop: async (signal = 'SIGINT') => {
      await child.stop(signal)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
