import { adminUrl } from '@vetcita/postgres'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Method } from '../src/deploy/deploy.ts'
import { catalogueOf } from './support/catalogue.ts'
import { asSuperuser, type EmptyDatabase, emptyDatabase } from './support/databases.ts'
import { ops } from './support/ops.ts'
import { deployedDatabase, deployTo } from './support/template.ts'

let expected: Record<string, unknown[]>
beforeAll(async () => {
  const whole = await deployedDatabase(adminUrl())
  expected = await catalogueOf(whole.url)
  await whole.drop()
})

let database: EmptyDatabase
afterEach(async () => {
  await database.drop()
})

/** Deploys in the ordinary way and compares with what a deploy without an interruption makes. */
async function completes(method: Method): Promise<void> {
  await deployTo(database.ownerUrl, undefined, { method })
  expect(await catalogueOf(database.adminUrl)).toEqual(expected)
}

test.each<[Method, Method, RegExp]>([
  ['node', 'psql', /✅ 089/],
  ['psql', 'node', /✅ 088/],
  ['prisma', 'node', /Applying migration `090/],
])('killed in the midst of a deploy by %s, %s brings it to the same end', async (first, second, at) => {
  database = await emptyDatabase(adminUrl(), false)
  await ops(database.ownerUrl, ['deploy', '--method', first], { killAt: at })
  await completes(second)
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
  database = await emptyDatabase(adminUrl(), false)
  expect((await ops(database.ownerUrl, ['deploy', '--method', 'node', '--through', through])).code).toBe(0)
  await asSuperuser(database.adminUrl, sql)
  const preflight = await ops(database.ownerUrl, ['preflight'])
  expect(preflight.stdout).toMatch(/09[23]_\w+ was not finished/)
  const run = await ops(database.ownerUrl, ['deploy', '--method', 'node'])
  expect(run.stderr).toContain(word)
  expect(await catalogueOf(database.adminUrl)).toEqual(expected)
})

test('a migration that fails is undone whole, named, and runs after the cause is mended', async () => {
  database = await emptyDatabase(adminUrl(), false)
  await deployTo(database.ownerUrl, '090')
  await asSuperuser(database.adminUrl, overlapping)
  for (const method of ['psql', 'prisma']) {
    const run = await ops(database.ownerUrl, ['deploy', '--method', method])
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('❌ Migration failed')
    expect(run.stderr).toContain('active appointments begin while their vet is still busy')
  }
  const preflight = await ops(database.ownerUrl, ['preflight'])
  expect(preflight.stdout).toContain('✗ 1 appointments begin while their vet is busy')
  await asSuperuser(
    database.adminUrl,
    `delete from appointments; delete from pets; delete from services; delete from profiles; delete from tenants`,
  )
  await completes('node')
})

test('two deploys at once: one does it, the other finds it done', async () => {
  database = await emptyDatabase(adminUrl(), false)
  const runs = await Promise.all(
    ['node', 'psql'].map((method) => ops(database.ownerUrl, ['deploy', '--method', method])),
  )
  expect(runs.filter(({ code }) => code === 0).length).toBeGreaterThanOrEqual(1)
  for (const { code, stderr } of runs) if (code !== 0) expect(stderr).toContain('Another deploy is at work')
  await completes('node')
})

test("a clinic's own tables are not run over: preflight lists what they lack, and how to take them over", async () => {
  database = await emptyDatabase(adminUrl(), false)
  await deployTo(database.ownerUrl, '000')
  await asSuperuser(
    database.adminUrl,
    `drop table _prisma_migrations; alter table pets drop column species; alter table carts drop constraint carts_pkey cascade;
     alter table services alter column price type double precision; drop table vet_time_off`,
  )
  const run = await ops(database.ownerUrl, ['deploy', '--method', 'node'])
  expect(run.stderr).toContain('pnpm prisma migrate resolve --applied 000_clinic_schema')
  expect(run.code).toBe(1)
  const preflight = await ops(database.ownerUrl, ['preflight', '--json'])
  expect(preflight.code).toBe(1)
  expect(JSON.parse(preflight.stdout).gaps).toEqual([
    'pets has no column species (text)',
    'services.price is double precision, the contract says numeric(12,2)',
    'table vet_time_off is missing',
    'carts has no PRIMARY KEY (tenant_id, customer_id)',
    'cart_items has no FOREIGN KEY (tenant_id, customer_id) REFERENCES carts(tenant_id, customer_id) ON DELETE CASCADE',
  ])
})

const overlapping = `
  insert into tenants (id, name) values ('clinic', 'Clinic');
  insert into profiles (tenant_id, id, role, full_name) values
    ('clinic', '00000000-0000-4000-8000-000000000001', 'vet', 'Vet'), ('clinic', '00000000-0000-4000-8000-000000000002', 'owner', 'Owner');
  insert into pets (tenant_id, id, owner_id, name) values
    ('clinic', '00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000002', 'Luna');
  insert into services (tenant_id, id, name) values ('clinic', '00000000-0000-4000-8000-000000000004', 'Consulta');
  insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
    select 'clinic', '00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000004',
      '00000000-0000-4000-8000-000000000001', s, s + interval '30 minutes'
    from (values (timestamptz '2030-01-01 10:00Z'), ('2030-01-01 10:15Z')) v (s)`
