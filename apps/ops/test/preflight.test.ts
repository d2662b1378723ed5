import { adminUrl, type ScratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTarget } from '../src/database.ts'
import { environmentChecks, environmentOf } from '../src/preflight/environment.ts'
import { checkServer } from '../src/preflight/server.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { emptyDatabase, servers, withoutDebian } from './support/databases.ts'
import { ops } from './support/ops.ts'
import { expectAsInRunbook } from './support/runbook.ts'
import { deployedDatabase } from './support/template.ts'

let scratch: ScratchDatabase
beforeAll(async () => {
  scratch = await deployedDatabase(adminUrl())
})
afterAll(async () => {
  await scratch.drop()
})

const at = (url: string) => readTarget({ DIRECT_URL: url })

const production = 'postgresql://postgres@db.abcdef.supabase.co:5432/postgres'
const staging = 'postgresql://postgres@db.abcdef-staging.supabase.co:5432/postgres'
const pooler = 'postgresql://postgres.abcdef@aws-0-sa-east-1.pooler.supabase.com:5432/postgres'
const own = 'postgresql://postgres@pg.clinic.example:5432/postgres'

test.each([
  [production, 'production'],
  [staging, 'staging'],
  [pooler, 'production'],
  ['postgresql://postgres.abcdef-staging@aws-0-sa-east-1.pooler.supabase.com:5432/postgres', 'staging'],
  ['postgresql://postgres@localhost:54322/postgres', 'development'],
  [own, 'unknown'],
])('%s is %s', (url, environment) => {
  expect(environmentOf(at(url), {})).toBe(environment)
  expect(environmentOf(at(url), { VETCITA_ENVIRONMENT: 'staging' })).toBe('staging')
})

test('distinguishes addresses of different environments', () => {
  expect(environmentChecks(at(production), at(pooler), 'production')).toEqual([
    { name: 'This is production, as expected', verdict: 'ok' },
  ])
  expect(environmentChecks(at(production), at(staging), 'production')).toContainEqual(
    expect.objectContaining({
      name: 'DATABASE_URL is staging, and DIRECT_URL production',
      verdict: 'failed',
    }),
  )
  expect(environmentChecks(at(production), at(own), undefined)).toContainEqual(
    expect.objectContaining({ verdict: 'warning' }),
  )
  expect(environmentChecks(at(own), undefined, 'production')).toContainEqual(
    expect.objectContaining({ name: 'This is unknown, not production', verdict: 'failed' }),
  )
})

test("passes a deployed database with the guide's output, and fails with --expect production", async () => {
  const run = await ops(scratch.ownerUrl, ['preflight'])
  expect(run.stdout).toMatch(
    /^DIRECT_URL points at vetcita_owner@127\.0\.0\.1:\d+\/scratch_\w+: development\n/,
  )
  expect(run.stdout).toMatch(/ current_database +\| current_user\n/)
  expect(run.stdout).toContain('088 to 090 are already applied (skip their deployment).')
  expect(run.stdout).toContain('✓ Tables match the contract')
  expect(run.code).toBe(0)
  const expecting = await ops(scratch.ownerUrl, ['preflight', '--expect', 'production'])
  expect(expecting.stdout).toContain('✗ This is development, not production')
  expect(expecting.code).toBe(1)
})

test('allows deploying to an empty database, with the output of the runbook', async () => {
  const empty = await emptyDatabase(adminUrl(), false)
  const run = await ops(empty.ownerUrl, ['preflight', '--expect', 'production'])
  // the runbook shows a different server: fresh, from Debian, with other programs
  const asThere = run.stdout
    .replace(/^✓ PostgreSQL .*/m, '✓ PostgreSQL 15.20 (Debian 15.20-0+deb12u1)')
    .replace(
      /^✓ Roles .*/m,
      '! Roles anon, authenticated, service_role are missing: migration 000 creates them',
    )
    .replace(/^! Extension pg_stat_statements: .*/m, '✓ Extension pg_stat_statements')
    .replaceAll(empty.name, 'vetcita')
  expectAsInRunbook(asThere, 'DIRECT_URL points at')
  await empty.drop()
})

test('lists the missing rights of a user who may not deploy', async () => {
  const role = `stranger_${scratch.name}`
  await asSuperuser(
    scratch.url,
    `create role ${role} login password 'stranger';
     revoke create on database ${scratch.name} from public; grant select on _prisma_migrations to ${role}`,
  )
  try {
    const run = await ops(scratch.urlAs(role, 'stranger'), ['preflight'])
    expect(run.stdout).toContain('✗ May create in schema public: grant create on schema public')
    expect(run.stdout).toContain('✗ May create schemas: grant create on database')
    expect(run.stdout).toContain(
      "✗ Is the tables' owner, or a member of it: the tables belong to vetcita_owner: deploy as that user",
    )
    expect(run.stdout).toContain(
      '✗ May read the appointments: grant select on appointments, or deploy as their owner',
    )
    expect(run.code).toBe(1)
    await asSuperuser(scratch.url, `revoke select on _prisma_migrations from ${role}`)
    const blind = await ops(scratch.urlAs(role, 'stranger'), ['preflight'])
    expect(blind.stdout).toContain('✗ May create schemas')
    expect(blind.stderr).toContain('This user may not read the history of migrations.')
  } finally {
    await asSuperuser(scratch.url, `drop owned by ${role}; drop role ${role}`)
  }
})

describe.skipIf(withoutDebian)(
  "on Debian's PostgreSQL, with roles and extensions removed temporarily",
  () => {
    test('reports missing roles, a read-only server and an unavailable extension', async () => {
      const database = await emptyDatabase(servers[1].url(), true)
      const client = new pg.Client({ connectionString: database.ownerUrl })
      const admin = new pg.Client({ connectionString: database.adminUrl })
      await Promise.all([client.connect(), admin.connect()])
      const failing = async (on: pg.Client) =>
        (await checkServer(on, readTarget({ DIRECT_URL: database.ownerUrl })))
          .filter(({ verdict }) => verdict !== 'ok')
          .map(({ name, verdict, detail }) => `${verdict} ${name}: ${detail}`)
      try {
        await client.query('set default_transaction_read_only = on')
        expect(await failing(client)).toContain(
          'failed Writable: this is a replica, or transactions are read-only',
        )
        await client.query('reset default_transaction_read_only')
        await admin.query('begin; alter role anon rename to nobody_yet; create role deployer noinherit')
        expect(await failing(admin)).toContain('warning Roles anon are missing: migration 000 creates them')
        await admin.query('set local role deployer')
        expect(await failing(admin)).toContain(
          'failed Roles anon are missing: as a user with CREATEROLE: create role anon nologin noinherit;',
        )
        await admin.query('rollback')
      } finally {
        await Promise.all([client.end(), admin.end()])
        await database.drop()
      }
    })
  },
)
