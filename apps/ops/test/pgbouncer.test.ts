import { apiRole, ownerRole } from '@vetcita/postgres'
import { closePool, openPool, readUrl } from '@vetcita/schema-engine/connection'
import { adminUrl, apiPassword, ownerPassword, type ScratchDatabase } from '@vetcita/testing'
import { type Pooler, pgbouncerBinary, startPgbouncer } from '@vetcita/testing/pgbouncer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { connect, readTarget, withClient } from '../src/database.ts'
import { lockHolder, withMigrateLock } from '../src/deploy/locks.ts'
import { Failure } from '../src/failure.ts'
import { migrateLock } from '../src/history.ts'
import { makeAccounts } from '../src/load/api-callers.ts'
import { addClients, makeClinic, removeClinic } from '../src/load/clinic.ts'
import { apiUrl, grantApiRole, type RunningApi, startApi } from './support/api.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { ops, opsProcess } from './support/ops.ts'
import { deployedDatabase } from './support/template.ts'

const booked = z.object({ result: z.object({ data: z.object({ startTime: z.string() }) }) })
const signedIn = z.object({ session: z.object({ createdAt: z.string() }) })

const title =
  pgbouncerBinary === undefined
    ? 'PgBouncer in transaction mode (skipped: pgbouncer is not installed, "apt-get install pgbouncer")'
    : 'PgBouncer in transaction mode'

describe.skipIf(pgbouncerBinary === undefined)(title, () => {
  let scratch: ScratchDatabase
  let pooler: Pooler
  let api: RunningApi
  beforeAll(async () => {
    scratch = await deployedDatabase(adminUrl())
    await grantApiRole(scratch.url)
    // a zone that nobody sets by accident, so that a leak between sessions would show as shifted hours
    await asSuperuser(scratch.url, `alter database ${scratch.name} set timezone = 'Asia/Tokyo'`)
    pooler = await startPgbouncer(adminUrl(), { [ownerRole]: ownerPassword, [apiRole]: apiPassword })
    api = await startApi(pooler.through(apiUrl(scratch.url)))
  })
  afterAll(async () => {
    await api.stop()
    await pooler.stop()
    await scratch.drop()
  })

  test('the API books, moves and merges for many callers over two server connections', async () => {
    const run = await opsProcess(scratch.ownerUrl, ['load', '--api', api.url, '--callers', '20'], {
      env: { DATABASE_URL: pooler.through(apiUrl(scratch.url)) },
    })
    expect(run.stdout).not.toContain('❌')
    expect(run.stdout).toContain('   - Rejected (slot unavailable): 19\n   - Failed with errors: 0\n')
    expect(run.code).toBe(0)
  })

  test('every session uses UTC, whatever the database’s default is', async () => {
    const target = readTarget({ DIRECT_URL: scratch.ownerUrl })
    await withClient(target, async (client) => {
      const clinic = await makeClinic(client, 1, 1)
      const accounts = await makeAccounts(api.url, clinic, 1)
      const [account] = accounts
      if (account === undefined) throw new Error('no account')
      await addClients(client, clinic, 1, [account.userId])
      const answers = await Promise.all(
        Array.from({ length: 12 }, async (_, at) => {
          const startTime = new Date(Date.UTC(2031, 0, 1, at)).toISOString()
          const response = await fetch(`${api.url}/trpc/appointments.book`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              cookie: account.cookie,
              'x-clinic': clinic.tenant,
            },
            body: JSON.stringify({
              petId: clinic.clients[0]?.petId,
              serviceId: clinic.service,
              vetId: clinic.vets[0],
              startTime,
              idempotencyKey: `pgbouncer-${at}`,
            }),
          })
          const { result } = booked.parse(await response.json())
          return [new Date(result.data.startTime).toISOString(), startTime]
        }),
      )
      for (const [answered, wanted] of answers) expect(answered).toBe(wanted)
      const sessions = await fetch(`${api.url}/api/auth/get-session`, { headers: { cookie: account.cookie } })
      const { session } = signedIn.parse(await sessions.json())
      // a typed query writes it without an offset, so a session in another zone would shift it by nine hours
      expect(Math.abs(Date.parse(session.createdAt) - Date.now())).toBeLessThan(120_000)
      const { rows } = await client.query<{ age: number }>(
        `select abs(extract(epoch from now() - "created_at"))::int as age from login.session`,
      )
      for (const { age } of rows) expect(age).toBeLessThan(120)
      await removeClinic(client, clinic)
    })
  })

  test('a lock that the pooler kept is reported: who, since when, and how to end it', async () => {
    const through = await connect(readTarget({ DIRECT_URL: pooler.through(scratch.ownerUrl) }))
    await through.query('select pg_advisory_lock($1)', [migrateLock])
    await through.end()
    await withClient(readTarget({ DIRECT_URL: scratch.ownerUrl }), async (client) => {
      const refused: unknown = await withMigrateLock(client, async () => {}, 300).catch(
        (error: unknown) => error,
      )
      expect(refused).toMatchObject({
        message: 'Another deploy is running on this database.',
        hint: expect.stringMatching(
          /held by process \d+ \(.* of vetcita_owner, idle for \d+ s, connected since 20.*\)\..*DIRECT_URL/,
        ),
      })
      const preflight = await ops(scratch.ownerUrl, ['preflight'])
      expect(preflight.stdout).toContain('! Another deploy seems to be running: Its lock is held by process')
      const hint = refused instanceof Failure ? (refused.hint ?? '') : ''
      await client.query(/"(select pg_terminate_backend\(\d+\);)"/.exec(hint)?.[1] ?? '')
      await withMigrateLock(client, async () => {}, 2_000)

      // the schema engine gives its lock back at its end
      const pool = await openPool(readUrl(pooler.through(scratch.ownerUrl)))
      await pool.query('select pg_advisory_lock($1)', [migrateLock])
      expect(await lockHolder(client)).toContain('prisma-migrate')
      await closePool(pool)
      expect(await lockHolder(client)).toBeNull()
    })
  })

  test('a pooler that refuses the connection leads to DIRECT_URL', async () => {
    const url = `${pooler.through(scratch.ownerUrl)}?options=${encodeURIComponent('-c geqo=off')}`
    await expect(connect(readTarget({ DIRECT_URL: url }))).rejects.toThrow(
      /does not take this connection .* Set DIRECT_URL to the address of the server itself\./,
    )
    await expect(openPool(readUrl(url))).rejects.toThrow(/Set DIRECT_URL/)
  })

  test('preflight reports that the connection is not direct', async () => {
    const run = await ops(pooler.through(scratch.ownerUrl), ['preflight'])
    expect(run.stdout).toMatch(
      /! The server listens on port \d+, and you connected to \d+: behind a pooler, set DIRECT_URL/,
    )
  })
})
