import { spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { EnvironmentError, readEnv } from '@vetcita/api/env'
import { createDatabase } from '@vetcita/db'
import { withClient } from '@vetcita/postgres'
import { serverUser } from '@vetcita/postgres/server-user'
import { runDatabaseCommand } from '@vetcita/schema-engine/database-command'
import { adminUrl } from '@vetcita/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, readTarget } from '../src/database.ts'
import { libpqEnvironment, runProgram } from '../src/libpq.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { servers, withoutDebian } from './support/databases.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'vetcita-addresses-'))
const role = `address_${process.pid}`
const password = 'a/b c%:@é+'
const listeners: net.Server[] = []
const server = new URL(adminUrl())
const login = `${role}:${encodeURIComponent(password)}`

/** Every program here that connects by an address. Each rejects with the message that a user would see. */
const readers: Readonly<Record<string, (url: string) => Promise<unknown>>> = {
  'the schema engine': (url) => runDatabaseCommand('can-connect-to-database', url),
  ops: async (url) => (await connect(readTarget({ DIRECT_URL: url }))).end(),
  psql: async (url) => {
    const { code, stderr } = await runProgram('psql', ['--no-psqlrc', '--command=select 1'], {
      env: libpqEnvironment(readTarget({ DIRECT_URL: url })),
    })
    if (code !== 0) throw new Error(stderr)
  },
  'the API': async (url) => {
    readEnv({ DATABASE_URL: url, AUTH_SECRET: 'a-secret-that-only-the-tests-know-of' })
    const db = createDatabase(url)
    try {
      await db.$queryRaw`select 1 as one`
    } finally {
      await db.$disconnect()
    }
  },
  'the scripts': (url) => withClient(url, (client) => client.query('select 1')),
}

/** Passes everything on to the server, from another kind of address. */
async function listen(at: net.ListenOptions): Promise<number> {
  const listener = net.createServer((client) => {
    const upstream = net.connect(Number(server.port), server.hostname)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(at, resolve)
  })
  listeners.push(listener)
  const address = listener.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

let ipv6Port: number
beforeAll(async () => {
  await asSuperuser(adminUrl(), `create role ${role} login password '${password}'`)
  await listen({ path: path.join(folder, '.s.PGSQL.6432') })
  ipv6Port = await listen({ host: '::1', port: 0 })
})
afterAll(async () => {
  for (const listener of listeners) listener.close()
  rmSync(folder, { recursive: true })
  await asSuperuser(adminUrl(), `drop role ${role}`)
})

const host = server.host
const socket = encodeURIComponent(folder)

test.each<[string, () => string]>([
  ['a password with every special character', () => `postgresql://${login}@${host}/postgres`],
  ['the schema public', () => `postgres://${login}@${host}/postgres?schema=public`],
  [
    "parameters of Prisma's client",
    () =>
      `postgresql://${login}@${host}/postgres?connection_limit=3&pgbouncer=true&connect_timeout=10&application_name=x`,
  ],
  ['no encryption', () => `postgresql://${login}@${host}/postgres?sslmode=disable`],
  ['one host, any kind of server', () => `postgresql://${login}@${host}/postgres?target_session_attrs=any`],
  ['IPv6', () => `postgresql://${login}@[::1]:${ipv6Port}/postgres`],
  ['a socket and an empty host', () => `postgresql://${login}@/postgres?host=${folder}&port=6432`],
  ['a socket as the host', () => `postgresql://${login}@${socket}:6432/postgres`],
  [
    'everything as parameters',
    () =>
      `postgresql:///postgres?host=${folder}&port=6432&user=${role}&password=${encodeURIComponent(password).replace('%2B', '+')}`,
  ],
])('%s: every program connects', async (_what, url) => {
  for (const [name, connects] of Object.entries(readers))
    await expect(connects(url()), name).resolves.not.toThrow()
})

test.each([
  [
    'another schema',
    `postgresql://${login}@${host}/postgres?schema=apart`,
    'schema=apart, but the tables are in the schema public',
  ],
  [
    'a schema that is named like the user',
    `postgresql://${login}@${host}/postgres?schema=${role}`,
    `schema=${role}, but`,
  ],
  [
    'several hosts',
    `postgresql://${login}@a.example,${host}/postgres?target_session_attrs=read-write`,
    'target_session_attrs, which chooses among several hosts',
  ],
  [
    'several hosts without a choice',
    `postgresql://${login}@a.example:1,b.example:2/postgres`,
    'names several hosts',
  ],
  [
    'several hosts as a parameter',
    `postgresql://${login}@/postgres?host=a.example,b.example`,
    'names several hosts',
  ],
  [
    'a percent sign that encodes nothing',
    `postgresql://${role}:50%off@${host}/postgres`,
    'write %25 for a percent sign',
  ],
  [
    'sslmode=allow',
    `postgresql://${login}@${host}/postgres?sslmode=allow`,
    'sslmode=allow, which lets an attacker disable encryption',
  ],
  [
    'sslmode=prefer',
    `postgresql://${login}@${host}/postgres?sslmode=prefer`,
    'sslmode=prefer, which lets an attacker disable encryption',
  ],
  [
    'an unknown sslmode',
    `postgresql://${login}@${host}/postgres?sslmode=no-verify`,
    'sslmode=no-verify: choose disable, require',
  ],
  [
    'verify-ca without an authority',
    `postgresql://${login}@${host}/postgres?sslmode=verify-ca`,
    'needs an sslrootcert',
  ],
  [
    'a weak sslmode with the system’s authorities',
    `postgresql://${login}@${host}/postgres?sslmode=require&sslrootcert=system`,
    'goes with sslmode=verify-full',
  ],
  [
    'a certificate that is not there',
    `postgresql://${login}@${host}/postgres?sslrootcert=/none`,
    'that file cannot be read (ENOENT)',
  ],
  [
    'what only psql knows',
    `postgresql://${login}@${host}/postgres?require_auth=none`,
    'has require_auth, which not all programs here support',
  ],
  [
    'a port that is none',
    `postgresql://${login}@${server.hostname}:70000/postgres`,
    'a number from 1 to 65535',
  ],
])('%s: every program refuses it with one sentence', async (_what, url, sentence) => {
  for (const [name, connects] of Object.entries(readers)) {
    const error: unknown = await connects(url).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    const message = error instanceof Error ? error.message : String(error)
    expect(message, name).toContain(sentence)
    expect(message, name).not.toContain(encodeURIComponent(password))
    if (name === 'the API') expect(error).toBeInstanceOf(EnvironmentError)
  }
})

const canEncrypt = !withoutDebian && spawnSync('openssl', ['version']).status === 0

describe.skipIf(!canEncrypt)("encryption, on Debian's PostgreSQL", () => {
  const at = (query: string, name = 'localhost') =>
    `postgresql://postgres@${name}:${new URL(servers[1].url()).port}/postgres?${query}`
  const file = (name: string) => path.join(folder, name)

  beforeAll(async () => {
    const openssl = (...args: string[]) => {
      const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
      if (status !== 0) throw new Error(stderr)
    }
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    for (const name of ['root', 'other'])
      openssl('req', '-x509', ...key, '-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`)
    openssl(
      'req',
      ...key.slice(0, 5),
      '-keyout',
      'server.key',
      '-out',
      'server.csr',
      '-subj',
      '/CN=localhost',
    )
    writeFileSync(file('names'), 'subjectAltName=DNS:localhost\n')
    openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'root.crt',
      '-CAkey',
      'root.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'names',
      '-out',
      'server.crt',
    )
    const user = serverUser()
    for (const name of ['.', 'server.key', 'server.crt'])
      if (user.ids) chownSync(file(name), user.ids.uid, user.ids.gid)
    for (const [setting, value] of [
      ['ssl_cert_file', file('server.crt')],
      ['ssl_key_file', file('server.key')],
      ['ssl', 'on'],
    ])
      await asSuperuser(servers[1].url(), `alter system set ${setting} = '${value}'`)
    await asSuperuser(servers[1].url(), 'select pg_reload_conf()')
  })
  afterAll(async () => {
    await asSuperuser(servers[1].url(), 'alter system reset ssl')
    await asSuperuser(servers[1].url(), 'select pg_reload_conf()')
  })

  const cases: [string, boolean][] = [
    [at('sslmode=disable'), true],
    [at('sslmode=require'), true],
    [at('ssl=true'), true],
    [at(`sslmode=require&sslrootcert=${file('other.crt')}`), false],
    [at(`sslmode=verify-ca&sslrootcert=${file('root.crt')}`, '127.0.0.1'), true],
    [at(`sslmode=verify-ca&sslrootcert=${file('other.crt')}`), false],
    [at(`sslmode=verify-full&sslrootcert=${file('root.crt')}`), true],
    [at(`sslmode=verify-full&sslrootcert=${file('root.crt')}`, '127.0.0.1'), false],
    [at('sslmode=verify-full&sslrootcert=system'), false],
    [at('sslmode=verify-full'), false],
  ]
  test.each(cases)('%s: all connect, or none (%s)', async (url, connects) => {
    for (const [name, reader] of Object.entries(readers)) {
      const outcome = await reader(url).then(
        () => true,
        () => false,
      )
      expect(outcome, name).toBe(connects)
    }
  })
})
