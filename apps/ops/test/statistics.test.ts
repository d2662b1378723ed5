import { withClient } from '@vetcita/postgres'
import { adminUrl, type ScratchDatabase } from '@vetcita/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Method } from '../src/deploy/deploy.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { ops } from './support/ops.ts'
import { deployedDatabase, deployTo } from './support/template.ts'

let scratch: ScratchDatabase
beforeEach(async () => {
  scratch = await deployedDatabase(adminUrl(), '000')
})
afterEach(async () => {
  await scratch.drop()
})

test('doctor names tables that were never analyzed, and analyzes them', async () => {
  await asSuperuser(
    scratch.url,
    `insert into tenants (id, name) values ('clinic', 'Clinic');
     update pg_class set reltuples = -1 where oid = 'tenants'::regclass`,
  )
  const sick = await ops(scratch.ownerUrl, ['doctor', '--through', '000'])
  expect(sick.stdout).toContain('never analyzed, so that the server guesses: public.tenants')
  expect(sick.code).toBe(1)
  const fixed = await ops(scratch.ownerUrl, ['doctor', '--through', '000', '--fix'])
  expect(fixed.stdout).toContain('Done: analyzed tenants')
  expect(fixed.code).toBe(0)
})

const interrupted = (index: string, columns: string) =>
  `create index ${index} on appointments (${columns});
   update pg_index set indisvalid = false where indexrelid = '${index}'::regclass`

const isValid = (index: string) =>
  withClient(scratch.url, async (client) => {
    const { rows } = await client.query<{ valid: boolean }>(
      'select indisvalid as valid from pg_index where indexrelid = to_regclass($1)',
      [index],
    )
    return rows[0]?.valid
  })

test.each<Method>(['prisma', 'psql', 'node'])(
  'an index whose build was interrupted is built again by %s, never accepted',
  async (method) => {
    await asSuperuser(
      scratch.url,
      interrupted('idx_appointments_vet_time_status', 'tenant_id, vet_id, start_time, end_time, status'),
    )
    await deployTo(scratch.ownerUrl, '102', { method })
    expect(await isValid('idx_appointments_vet_time_status')).toBe(true)
    await asSuperuser(scratch.url, interrupted('appointments_day_idx', 'tenant_id, start_time'))
    await asSuperuser(
      scratch.url,
      `update pg_index set indisvalid = false where indexrelid = 'pets_owner_idx'::regclass`,
    )
    await deployTo(scratch.ownerUrl, undefined, { method })
    expect(await isValid('appointments_day_idx')).toBe(true)
    expect(await isValid('pets_owner_idx')).toBe(true)
  },
)

test('the migrations themselves accept no such index, whatever runs them', async () => {
  await asSuperuser(
    scratch.url,
    interrupted('idx_appointments_vet_time_status', 'tenant_id, vet_id, start_time, end_time, status'),
  )
  const { readMigrations } = await import('../src/migrations.ts')
  const migration = readMigrations().find(({ number }) => number === '088')
  await asSuperuser(scratch.ownerUrl, migration?.sql ?? '')
  expect(await isValid('idx_appointments_vet_time_status')).toBe(true)
})
