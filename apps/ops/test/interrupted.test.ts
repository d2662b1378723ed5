import { withClient } from '@vetcita/postgres'
import { beforeAll, expect, test } from 'vitest'
import { migrateLock } from '../src/history.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { overlappingAppointments } from './support/big-clinic.ts'
import { catalogueOf } from './support/catalogue.ts'
import { servers } from './support/databases.ts'
import { ops, opsProcess } from './support/ops.ts'
import { deployTo } from './support/template.ts'
import { emptyDatabases } from './support/ways.ts'

// full/interrupted.test.ts kills at other points, with every method and on each server.
const fresh = emptyDatabases(servers[0])

let expected: Record<string, unknown[]>
beforeAll(async () => {
  const { ownerUrl, adminUrl } = await fresh()
  await deployTo(ownerUrl)
  expected = await catalogueOf(adminUrl)
})

test('a deploy by Node that was killed is completed by psql with the same result', async () => {
  const { ownerUrl, adminUrl } = await fresh()
  const { code, stdout } = await opsProcess(ownerUrl, ['deploy', '--method', 'node'], { at: /✅ 089/ })
  expect(code).not.toBe(0)
  expect(stdout).not.toContain('All migrations applied')
  await deployTo(ownerUrl, undefined, { method: 'psql' })
  expect(await catalogueOf(adminUrl)).toEqual(expected)
})

test.each([
  [
    'it had been applied',
    '093',
    `update _prisma_migrations set finished_at = null, applied_steps_count = 0 where migration_name like '092%'`,
  ],
  [
    'it was rolled back',
    '092',
    `insert into _prisma_migrations (id, checksum, migration_name) values (gen_random_uuid(), 'x', '093_appointment_status_changes')`,
  ],
])('the next deploy resolves a row that Prisma left unfinished: %s', async (message, through, sql) => {
  const { ownerUrl, adminUrl } = await fresh()
  await deployTo(ownerUrl, through)
  await asSuperuser(adminUrl, sql)
  const preflight = await ops(ownerUrl, ['preflight'])
  expect(preflight.stdout).toMatch(/09[23]_\w+ was not finished/)
  const run = await ops(ownerUrl, ['deploy', '--method', 'node'])
  expect(run.stderr).toContain(message)
  expect(await catalogueOf(adminUrl)).toEqual(expected)
})

test('a failing migration is rolled back completely and named, and runs after the cause is fixed', async () => {
  const { ownerUrl, adminUrl } = await fresh()
  await deployTo(ownerUrl, '090')
  await asSuperuser(adminUrl, overlappingAppointments)
  const run = await ops(ownerUrl, ['deploy', '--method', 'psql'])
  expect(run.code).toBe(1)
  expect(run.stderr).toContain('❌ Migration failed: 091_appointment_overlap_constraint')
  expect(run.stderr).toContain('active appointments begin while their vet is still busy')
  const preflight = await ops(ownerUrl, ['preflight'])
  expect(preflight.stdout).toContain('✗ 1 appointments start while their vet is busy')
  expect(preflight.stdout).toMatch(/clinic vet 0{8}-\S+: \S+ at 2030-01-01/)
  expect(preflight.stdout).toMatch(/The overlap constraint will lock 2 appointments for about 0\.\d s/)
  expect(preflight.code).toBe(1)
  await asSuperuser(
    adminUrl,
    'delete from appointments; delete from pets; delete from services; delete from profiles; delete from tenants',
  )
  await deployTo(ownerUrl)
  expect(await catalogueOf(adminUrl)).toEqual(expected)
})

test('a deploy that loses the connection with its lock stops, and the next one completes it', async () => {
  const { ownerUrl, adminUrl } = await fresh()
  const deploying = deployTo(ownerUrl, undefined, { method: 'psql' }).catch((error: unknown) => error)
  await withClient(adminUrl, async (client) => {
    for (let lost = false; !lost; ) {
      const { rows } = await client.query<{ lost: boolean }>(
        `select pg_terminate_backend(l.pid) as lost from pg_locks l
         where l.locktype = 'advisory' and l.objid = $1 and l.granted
           and l.database = (select oid from pg_database where datname = current_database())
           and to_regclass('public.appointments') is not null`,
        [migrateLock],
      )
      lost = rows[0]?.lost ?? false
    }
  })
  expect(await deploying).toMatchObject({
    message: expect.stringContaining('The connection that held the lock of deploys was lost'),
  })
  const { rows } = await withClient(ownerUrl, (client) =>
    client.query('select from _prisma_migrations where finished_at is not null'),
  )
  expect(rows.length).toBeLessThan(expected.history?.length ?? 0)
  await deployTo(ownerUrl)
  expect(await catalogueOf(adminUrl)).toEqual(expected)
})

test('of two concurrent deploys, one does the work and the other has nothing left to do', async () => {
  const { ownerUrl, adminUrl } = await fresh()
  const runs = await Promise.all(
    ['node', 'psql'].map((method) => opsProcess(ownerUrl, ['deploy', '--method', method])),
  )
  expect(runs.filter(({ code }) => code === 0).length).toBeGreaterThanOrEqual(1)
  for (const { code, stderr } of runs) if (code !== 0) expect(stderr).toContain('Another deploy is running')
  await deployTo(ownerUrl)
  expect(await catalogueOf(adminUrl)).toEqual(expected)
})

test('existing tables stay untouched: preflight lists what they lack and how to adopt them', async () => {
  const { ownerUrl, adminUrl } = await fresh()
  await deployTo(ownerUrl, '000')
  await asSuperuser(
    adminUrl,
    `drop table _prisma_migrations; alter table pets drop column species; alter table carts drop constraint carts_pkey cascade;
     alter table services alter column price type double precision; drop table vet_time_off;
     alter table services alter column price drop default, alter column buffer_minutes drop default;
     alter table profiles alter column full_name drop not null;
     alter table appointments drop constraint appointments_check2; drop trigger appointments_busy_until on appointments`,
  )
  const run = await ops(ownerUrl, ['deploy', '--method', 'node'])
  expect(run.stderr).toContain('pnpm prisma migrate resolve --applied 000_clinic_schema')
  expect(run.code).toBe(1)
  const preflight = await ops(ownerUrl, ['preflight', '--json'])
  expect(preflight.code).toBe(1)
  expect(JSON.parse(preflight.stdout).gaps).toEqual([
    'table vet_time_off of 000 is missing',
    'column pets.species of 000 is missing: text',
    'column profiles.full_name may be null',
    'column services.buffer_minutes has no default 0',
    'column services.price has the type double precision, not numeric(12,2)',
    'column services.price has no default 0',
    "constraint appointments_check2 on appointments of 000 is missing: CHECK ((busy_until <= (start_time + '24:00:00'::interval)))",
    'constraint cart_items_tenant_id_customer_id_fkey on cart_items of 000 is missing: FOREIGN KEY (tenant_id, customer_id) REFERENCES carts(tenant_id, customer_id) ON DELETE CASCADE',
    'constraint carts_pkey on carts of 000 is missing: PRIMARY KEY (tenant_id, customer_id)',
    'trigger appointments_busy_until on appointments of 000 is missing',
  ])
})
