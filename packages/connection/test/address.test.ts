import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readAddress } from '../src/address.ts'

// What every program does with these addresses on a real server: apps/ops/test/addresses.test.ts.

const folder = mkdtempSync(path.join(os.tmpdir(), 'vetcita-address-'))
const root = path.join(folder, 'root.crt')
writeFileSync(root, 'the authority')
afterAll(() => rmSync(folder, { recursive: true }))

const read = (parameters: string, env = {}) =>
  readAddress(`postgresql://me@db.example/clinic${parameters}`, env)

describe('an address', () => {
  test('gives each program every part, so that none takes one from its environment', () => {
    const { config, libpq } = readAddress('postgresql://', {
      PGUSER: 'ana',
      PGHOST: '/run/postgresql',
      PGPASSWORD: 'p',
    })
    expect(config).toMatchObject({
      host: '/run/postgresql',
      port: 5432,
      user: 'ana',
      database: 'ana',
      password: 'p',
      ssl: false,
    })
    expect(libpq).toMatchObject({
      PGHOST: '/run/postgresql',
      PGPORT: '5432',
      PGUSER: 'ana',
      PGDATABASE: 'ana',
      PGPASSWORD: 'p',
    })
  })

  test.each([
    [
      'postgresql://me:a%2Fb%25c@[::1]:6432/cl%C3%ADnica%2Fdos',
      { host: '::1', port: 6432, user: 'me', password: 'a/b%c', database: 'clínica/dos' },
    ],
    [
      'postgresql://me@/clinic?host=/run/postgresql',
      { host: '/run/postgresql', port: 5432, user: 'me', database: 'clinic' },
    ],
    [
      'postgresql://me@%2Frun%2Fpostgresql:6432/clinic',
      { host: '/run/postgresql', port: 6432, database: 'clinic' },
    ],
    ['postgres://h/clinic?user=me&password=a+b', { user: 'me', password: 'a+b' }],
  ])('%s is read, and written again as a URL that says the same', (text, parts) => {
    const address = readAddress(text, {})
    expect(address.config).toMatchObject(parts)
    expect(URL.canParse(address.url)).toBe(true)
    expect(readAddress(address.url, {}).config).toEqual(address.config)
  })

  test('means by sslmode what psql means by it', () => {
    expect(read('').config.ssl).toBe(false)
    expect(read('?sslmode=disable').config.ssl).toBe(false)
    expect(read('?sslmode=require').config.ssl).toEqual({ rejectUnauthorized: false })
    expect(read('?ssl=true').libpq.PGSSLMODE).toBe('require')
    expect(read(`?sslmode=require&sslrootcert=${root}`).config.ssl).toMatchObject({ ca: 'the authority' })
    expect(read(`?sslmode=verify-ca&sslrootcert=${root}`).config.ssl).toHaveProperty('checkServerIdentity')
    const full = read(`?sslmode=verify-full&sslrootcert=${root}`)
    expect(full.config.ssl).toEqual({ ca: 'the authority' })
    expect(full.libpq).toMatchObject({ PGSSLMODE: 'verify-full', PGSSLROOTCERT: root })
    expect(read('?sslrootcert=system', { SSL_CERT_FILE: root }).config.ssl).toEqual({ ca: 'the authority' })
    expect(read('', { PGSSLMODE: 'require' }).config.ssl).toEqual({ rejectUnauthorized: false })
    expect(read('', { PGSSLMODE: 'prefer' }).config.ssl).toBe(false)
    // psql encrypts no socket either
    expect(read('?host=/run&sslmode=require').config.ssl).toBe(false)
  })

  test('has a connect_timeout in seconds', () => {
    expect(read('').config).not.toHaveProperty('connectionTimeoutMillis')
    expect(read('?connect_timeout=30').config.connectionTimeoutMillis).toBe(30_000)
    expect(read('?connect_timeout=30').libpq.PGCONNECT_TIMEOUT).toBe('30')
  })

  test('that is refused is not repeated, for it holds a password', () => {
    expect(() => readAddress('postgresql://me:hunter2#@h/clinic')).toThrow(/^(?!.*hunter2)/)
    expect(() => readAddress('mysql://me:hunter2@h/clinic')).toThrow(/^(?!.*hunter2)/)
  })
})
