import { adminUrl } from '@vetcita/testing'
import { expect, test } from 'vitest'
import { asSuperuser } from './support/as-superuser.ts'
import { emptyDatabase } from './support/databases.ts'
import { ops } from './support/ops.ts'

// The guide's own reader: a live database whose tables another application made.

const applicationTables = `
  create table tenants (id text primary key, name text not null, settings jsonb);
  create table profiles (id uuid primary key, tenant_id text references tenants (id), full_name text, role text);
  create table pets (id uuid primary key, owner_id uuid references profiles (id), tenant_id text, name text);
  create table services (id uuid primary key, tenant_id text, name text, base_price numeric(12,2), duration_minutes integer);
  create table appointments (id uuid primary key, tenant_id text, pet_id uuid references pets (id), service_id uuid,
    vet_id uuid, start_time timestamptz, end_time timestamptz, status text, notes text);
  create table store_carts (customer_id uuid, tenant_id text, items jsonb, unique (customer_id, tenant_id))`

test('tables of another application: one verdict, the exact next step, and nothing is installed on them', async () => {
  const database = await emptyDatabase(adminUrl(), false)
  try {
    await asSuperuser(database.adminUrl, `set role vetcita_owner; ${applicationTables}`)
    const preflight = await ops(database.ownerUrl, ['preflight'])
    expect(preflight.stdout).toContain('✗ No history says where the tables are from')
    expect(preflight.stdout).toContain('✗ table cart_items of 000 is missing')
    expect(preflight.stdout).toContain('✗ column services.price of 000 is missing: numeric(12,2)')
    expect(preflight.stdout).not.toContain('proceed')
    expect(preflight.stdout).toMatch(
      /\nNext: Give Vetcita a database of its own \("create database vetcita;"/,
    )
    expect(preflight.code).toBe(1)

    // What the runbook used to advise, whatever preflight had found.
    await asSuperuser(
      database.ownerUrl,
      `create table _prisma_migrations (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz,
         migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(),
         applied_steps_count integer not null default 0);
       insert into _prisma_migrations values (gen_random_uuid(), '', now(), '000_clinic_schema')`,
    )
    for (const method of ['node', 'prisma']) {
      const run = await ops(database.ownerUrl, ['deploy', '--through', '090', '--method', method])
      expect(run.stderr).toContain('The tables of this database are not those of the contract: ')
      expect(run.stderr).toContain('Give Vetcita a database of its own')
      expect(run.code).toBe(1)
    }
    const again = await ops(database.ownerUrl, ['preflight'])
    expect(again.stdout).toContain('✗ table cart_items of 000 is missing')
    expect(again.stdout).not.toContain('proceed')
    expect(again.code).toBe(1)
    const verified = await ops(database.ownerUrl, ['verify', '--through', '000'])
    expect(verified.code).toBe(1)
  } finally {
    await database.drop()
  }
})
