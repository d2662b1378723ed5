import { adminUrl, type ScratchDatabase } from '@vetcita/testing'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { grantApiRole } from './support/api.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { catalogueOf } from './support/catalogue.ts'
import { ops } from './support/ops.ts'
import { expectAsInRunbook } from './support/runbook.ts'
import { deployedDatabase } from './support/template.ts'

let sick: ScratchDatabase
beforeEach(async () => {
  sick = await deployedDatabase(adminUrl())
})
afterEach(async () => {
  await sick.drop()
})

const move = 'reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text, text[])'

test('finds missing functions, wrong rights and a missing index, and restores them', async () => {
  await grantApiRole(sick.url)
  expect((await ops(sick.ownerUrl, ['doctor'])).code).toBe(0)
  const whole = await catalogueOf(sick.url)
  await asSuperuser(
    sick.url,
    `drop function merge_cart_atomic(uuid, text, jsonb);
     drop function slot_refusals;
     drop function available_slots;
     revoke execute on function ${move} from authenticated;
     grant execute on function ${move} to public;
     drop index idx_appointments_vet_time_status`,
  )
  const found = await ops(sick.ownerUrl, ['doctor'])
  expect(found.code).toBe(1)
  expect(found.stdout).toContain('merge_cart_atomic of 090 does not exist: calls fail with 42883')
  expect(found.stdout).toContain('slot_refusals of 107 does not exist')
  expect(found.stdout).toContain('authenticated may not execute reschedule_appointment_atomic')
  expect(found.stdout).toContain('PUBLIC may execute reschedule_appointment_atomic')
  expect(found.stdout).toContain('index idx_appointments_vet_time_status of 088 is missing')

  const dry = await ops(sick.ownerUrl, ['doctor', '--fix', '--dry-run'])
  expect(dry.stdout).toContain('create or replace function merge_cart_atomic(')
  expect(dry.stdout).toContain('create index concurrently if not exists idx_appointments_vet_time_status')
  expect(dry.code).toBe(1)
  expect(await catalogueOf(sick.url)).not.toEqual(whole)

  const fixed = await ops(sick.ownerUrl, ['doctor', '--fix'])
  expect(fixed.stdout).toContain('    Done: created merge_cart_atomic again, as in 090')
  expect(fixed.stdout).toContain('    Done: built idx_appointments_vet_time_status concurrently')
  expect(fixed.stdout).not.toContain('Still:')
  expect(fixed.code).toBe(0)
  expect(await catalogueOf(sick.url)).toEqual(whole)
})

test('a fix prints what the runbook shows', async () => {
  await asSuperuser(
    sick.url,
    'drop function merge_cart_atomic(uuid, text, jsonb); drop index idx_appointments_vet_time_status',
  )
  const fixed = await ops(sick.ownerUrl, ['doctor', '--fix'])
  expectAsInRunbook(fixed.stdout, '✓ Schemas open to others')
})

test('leaves pending migrations to a deploy', async () => {
  const early = await deployedDatabase(adminUrl(), '093')
  const run = await ops(early.ownerUrl, ['doctor', '--fix'])
  expect(run.stdout).toContain('set_cart_item_atomic of 094 does not exist')
  expect(run.stdout).toMatch(
    /Fix: pnpm ops deploy \(pending: 094_cart_items, 096_join_clinic, 097_row_level_security/,
  )
  expect(run.code).toBe(1)
  expect((await ops(early.ownerUrl, ['doctor', '--through', '093'])).code).toBe(0)
  await early.drop()
})

test('counts deadlocks, and names waiting and idle sessions', async () => {
  const [one, two, idle] = [0, 1, 2].map(() => new pg.Client({ connectionString: sick.url }))
  if (!one || !two || !idle) throw new Error('no clients')
  await Promise.all([one.connect(), two.connect(), idle.connect()])
  try {
    await one.query('begin; lock table carts')
    await two.query('begin; lock table pets')
    const ends = await Promise.allSettled([one.query('lock table pets'), two.query('lock table carts')])
    const states = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.code] : []))
    expect(states).toEqual(['40P01'])
    await Promise.all([one.query('rollback'), two.query('rollback')])
    // a session reports its statistics after some idle time, or when it ends
    await Promise.all([one.end(), two.end()])
    await idle.query('begin; select 1')
    const run = await ops(sick.ownerUrl, ['doctor'])
    expect(run.stdout).toMatch(/✗ Deadlocks\n {4}1 deadlocks/)
    expect(run.stdout).toMatch(/deadlock_timeout is \d+m?s; leave it\./)
    expect(run.code).toBe(1)
  } finally {
    await idle.end()
  }
})

test('names what occupies a slot that looked free', async () => {
  const vet = '00000000-0000-4000-8000-000000000001'
  await asSuperuser(
    sick.url,
    `insert into tenants (id, name) values ('slots', 'Clinic');
     insert into profiles (tenant_id, id, role, full_name) values ('slots', '${vet}', 'vet', 'Vet');
     insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values ('slots', '${vet}', '2030-01-01 10:00Z', '2030-01-01 12:00Z')`,
  )
  const taken = await ops(sick.ownerUrl, ['doctor', '--vet', vet, '--at', '2030-01-01T10:30Z'])
  expect(taken.stdout).toMatch(/time off \S+ lasts from 2030-01-01 10:00/)
  const free = await ops(sick.ownerUrl, ['doctor', '--vet', vet, '--at', '2030-01-01T12:30Z'])
  expect(free.stdout).toContain('That slot is free now')
})
