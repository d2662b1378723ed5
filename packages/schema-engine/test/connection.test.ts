import { randomUUID } from 'node:crypto'
import { adminUrl } from '@vetcita/testing'
import { describe, expect, test } from 'vitest'
import { readUrl } from '../src/connection.ts'
import { runDatabaseCommand } from '../src/database-command.ts'
import { database, engine, project, thingModel, thingTable } from './project.ts'

const secret = `secret-${randomUUID()}`

/** Expects one sentence without a trace and without the password. */
const expectSentence = (output: string) => {
  expect(output).not.toMatch(/\n\s+at |\.ts:|\.js:|schema_engine_wasm/)
  expect(output).not.toContain(secret)
}

describe('a failed connection', () => {
  test.each([
    ['a wrong password', 'P1000', { password: secret }, /credentials for `vetcita_owner` are not valid/],
    ['a missing database', 'P1003', { pathname: '/not_there' }, /Database `not_there` does not exist/],
  ])('Prisma reports %s with %s and one sentence', async (_, code, wrong, sentence) => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_thing', thingTable)
    const run = await app.prisma(Object.assign(new URL(db.ownerUrl), wrong).href, 'migrate', 'status')
    expect(run.code).toBe(1)
    expect(run.output).toContain(`${code}: `)
    expect(run.output).toMatch(sentence)
    expectSentence(run.output)
  })

  const connect = 'can-connect-to-database'
  test.each([
    [
      'an unknown host',
      'P1001',
      connect,
      { hostname: 'nowhere.invalid', password: secret },
      /server at `nowhere/,
    ],
    ['a port without a listener', 'P1001', connect, { port: '1', password: secret }, /127.0.0.1:1`/],
    ['a server without TLS', 'P1011', connect, { search: '?sslmode=require' }, /does not support SSL/],
    [
      'a certificate that is missing',
      'P1013',
      connect,
      { search: '?sslrootcert=/none' },
      /cannot be read \(ENOENT\)/,
    ],
    [
      'a user without the right',
      'P1010',
      'create-database',
      { pathname: '/new' },
      /may not create database `new`/,
    ],
  ] as const)('the engine reports %s with %s and one sentence', async (_, code, command, wrong, sentence) => {
    const db = await database()
    const url = Object.assign(new URL(db.ownerUrl), wrong).href
    const error = await runDatabaseCommand(command, url).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code, message: expect.stringMatching(sentence) })
    expectSentence(String(error))
  })

  test('the executable fails without a required password, and does not print a URL that it cannot read', async () => {
    const db = await database()
    const url = Object.assign(new URL(db.ownerUrl), { password: '' }).href
    expect(await engine(url, 'cli', connect)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/requires a password for `vetcita_owner`.*"error_code":"P1000"/),
    })
    const run = await engine(`postgresql://user:${secret}/#@localhost/db`, 'cli', connect)
    expect(run).toMatchObject({ code: 1, output: expect.stringContaining('"error_code":"P1013"') })
    expectSentence(run.output)
  })

  test('Prisma reads .env as pnpm start and pnpm ops do: a byte order mark, quotes and CR LF included', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_thing', thingTable)
    await app.write('.env', `\uFEFFDIRECT_URL="${db.ownerUrl}" # the owner\r\nPORT='4001'\r\n`)
    const run = await app.prisma(undefined, 'migrate', 'deploy')
    expect(run).toMatchObject({ code: 0, output: expect.stringContaining('001_thing') })
  })

  test('without a URL, Prisma names the missing variable', async () => {
    const app = await project(thingModel)
    const run = await app.prisma(undefined, 'migrate', 'status')
    expect(run).toMatchObject({ code: 1, output: expect.stringContaining('datasource.url') })
  })
})

describe('a connection URL', () => {
  test("may contain a percent-encoded password and parameters of Prisma's client", async () => {
    const db = await database()
    const parameters =
      'connect_timeout=10&connection_limit=3&pgbouncer=false&sslmode=disable&application_name=x'
    const run = await engine(`${db.developerUrl}?${parameters}`, 'cli', 'can-connect-to-database')
    expect(run).toMatchObject({ code: 0, output: '' })
  })

  test('has a connect_timeout of five seconds, unless it names one', () => {
    expect(readUrl('postgresql://me@localhost/clinic').connectionTimeoutMillis).toBe(5000)
    expect(readUrl('postgresql://me@localhost/clinic?connect_timeout=0').connectionTimeoutMillis).toBe(0)
  })

  test("must be PostgreSQL's", () => {
    expect(() => readUrl('mysql://me@localhost/clinic')).toThrow(/must start with postgresql:/)
    expect(() => readUrl(adminUrl())).not.toThrow()
  })
})
