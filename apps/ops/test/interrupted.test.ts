import { beforeAll, expect, test } from 'vitest'
import { asSuperuser } from './support/as-superuser.ts'
import { overlappingAppointments } from './support/big-clinic.ts'
import { catalogueOf } from './support/catalogue.ts'
import { servers } from './support/databases.ts'
import { ops, opsProcess } from './support/ops.ts'
import { deployTo } from './support/template.ts'
import { emptyDatabases } from './support/ways.ts'

/** Killed at other places, by every way and on each server: full/interrupted.test.ts. */
const fresh = emptyDatabases(servers[0])

let expected: Record<string, unknown[]>
beforeAll(async () => {
  const { ownerUrl, adminUrl } = await fresh()
  await deployTo(ownerUrl)
  expected = await catalogueOf(adminUrl)
})

test('killed in the midst of a deploy by Node, psql brings it to the same end', async () => {
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
    'nothing of it was kept',
    '092',
    `insert into _prisma_migrations (id, checksum, migration_name) values (gen_random_uuid(), 'x', '093_appointment_status_changes')`,
  ],
])('a line that Prisma left unfinished is settled: %s', async (word, through, sql) => {
  const { ownerUrl, adminUrl } = await fresh()
  await deployTo(ownerUrl, through)
  await asSuperuser(adminUrl, sql)
  const preflight = await ops(ownerUrl, ['preflight'])
  expect(preflight.stdout).toMatch(/09[23]_\w+ was not finished/)
  const run = await ops(ownerUrl, ['deploy', '--method', 'node'])
  expect(run.stderr).toContain(word)
  expect(await catalogueOf(adminUrl)).toEqual(expected)
})

test('a migration that fails is undone whole, named, and runs after the cause is mended', async () => {
  const { ownerUrl, adminUrl } = await fresh()
  await deployTo(ownerUrl, '090')
  await asSuperuser(adminUrl, overlappingAppointments)
  const run = await ops(ownerUrl, ['deploy', '--method', 'psql'])
  expect(run.code).toBe(1)
  expect(run.stderr).toContain('❌ Migration failed: 091_appointment_overlap_constraint')
  expect(run.stderr).toContain('active appointments begin while their vet is still busy')
  const preflight = await ops(ownerUrl, ['preflight'])
  expect(preflight.stdout).toContain('✗ 1 appointments begin while their vet is busy')
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

test('two deploys at once: one does it, the other finds it done', async () => {
  const { ownerUrl, adminUrl } = await fresh()
  const runs = await Promise.all(
    ['node', 'psql'].map((method) => opsProcess(ownerUrl, ['deploy', '--method', method])),
  )
  expect(runs.filter(({ code }) => code === 0).length).toBeGreaterThanOrEqual(1)
  for (const { code, stderr } of runs) if (code !== 0) expect(stderr).toContain('Another deploy is at work')
  await deployTo(ownerUrl)
  expect(await catalogueOf(adminUrl)).toEqual(expected)
})

test("a clinic's own tables are not run over: preflight lists what they lack, and how to take them over", async () => {
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
    'profiles.full_name may be null',
    'pets has no column species (text)',
    'services.buffer_minutes has no default 0',
    'services.price is double precision, the contract says numeric(12,2)',
    "appointments has no CHECK ((busy_until <= (start_time + '24:00:00'::interval)))",
    'table vet_time_off is missing',
    'carts has no PRIMARY KEY (tenant_id, customer_id)',
    'cart_items has no FOREIGN KEY (tenant_id, customer_id) REFERENCES carts(tenant_id, customer_id) ON DELETE CASCADE',
    'appointments has no trigger appointments_busy_until',
  ])
})
