import { adminUrl, type ScratchDatabase } from '@vetcita/postgres'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { verifyDatabase } from '../src/catalogue/verify.ts'
import { readMigrations } from '../src/migrations.ts'
import { asSuperuser } from './support/databases.ts'
import { ops } from './support/ops.ts'
import { deployedDatabase } from './support/template.ts'

const book =
  'public.book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text)'

/** Each is one thing broken by hand, and the cause that `verify` has to name. */
const breakages: readonly [what: string, sql: string, cause: string][] = [
  ['a function dropped', `drop function ${book}`, 'function book_appointment_atomic is missing'],
  ['a helper dropped', 'drop function slot_is_taken', 'function slot_is_taken of 088 is missing'],
  [
    'a grant revoked',
    `revoke execute on function ${book} from authenticated`,
    'authenticated may not execute book_appointment_atomic',
  ],
  [
    'PUBLIC granted',
    `grant execute on function ${book} to public`,
    'PUBLIC may execute book_appointment_atomic',
  ],
  [
    'PUBLIC granted on a helper',
    'grant execute on function clinic_caller(uuid) to public',
    'PUBLIC may execute clinic_caller',
  ],
  [
    'anon granted',
    'grant execute on function merge_cart_atomic(uuid, text, jsonb) to anon',
    'anon may execute merge_cart_atomic',
  ],
  [
    'the index dropped',
    'drop index idx_appointments_vet_time_status',
    'index idx_appointments_vet_time_status is missing',
  ],
  [
    'the index invalid',
    `update pg_index set indisvalid = false where indexrelid = 'idx_appointments_vet_time_status'::regclass`,
    'index idx_appointments_vet_time_status is invalid',
  ],
  [
    'the index with another predicate',
    `drop index idx_appointments_vet_time_status; create index idx_appointments_vet_time_status
       on appointments (tenant_id, vet_id, start_time, end_time, status) where status <> 'cancelled'`,
    'index idx_appointments_vet_time_status is another one',
  ],
  [
    'the constraint dropped',
    'alter table appointments drop constraint appointments_vet_no_overlap',
    'constraint appointments_vet_no_overlap is missing',
  ],
  [
    'search_path removed',
    'alter function clinic_caller(uuid) reset search_path',
    'clinic_caller has no search_path',
  ],
  [
    'security definer removed',
    'alter function merge_cart_atomic(uuid, text, jsonb) security invoker',
    'merge_cart_atomic is not security definer',
  ],
  [
    'row-level security off',
    'alter table pets disable row level security',
    'row-level security is off on pets',
  ],
  ['a policy dropped', 'drop policy pets_own on pets', 'policy pets_own on pets is missing'],
  [
    'a policy added by hand',
    'create policy everybody on pets for select using (true)',
    'policy everybody on pets is no migration',
  ],
  [
    'a trigger disabled',
    'alter table appointments disable trigger appointments_lock_vet',
    'trigger appointments_lock_vet on appointments is disabled',
  ],
  [
    'another owner',
    'alter function merge_cart_atomic(uuid, text, jsonb) owner to postgres',
    'merge_cart_atomic belongs to postgres, the tables to vetcita_owner',
  ],
  [
    'a body changed',
    `create or replace function slot_is_taken(p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_busy_until timestamptz, p_except_id uuid default null)
       returns boolean language sql stable set search_path = public, pg_temp as 'select false'`,
    'the body of slot_is_taken is not the one of migration 088',
  ],
  [
    'a migration that was never finished',
    `update _prisma_migrations set finished_at = null where migration_name like '090%'`,
    '090_atomic_cart_merge was not finished',
  ],
]

describe('verify names the cause of each single breakage', () => {
  let whole: ScratchDatabase
  let client: pg.Client
  beforeAll(async () => {
    whole = await deployedDatabase(adminUrl())
    client = new pg.Client({ connectionString: whole.url })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await whole.drop()
  })

  test('and finds nothing in a whole database', async () => {
    const { checks } = await verifyDatabase(client, readMigrations(), undefined)
    expect(checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
    expect(checks.length).toBeGreaterThan(12)
  })

  // Broken inside of a transaction that is rolled back, so that the next one finds everything whole.
  test.each(breakages)('%s', async (_what, sql, cause) => {
    await client.query('begin')
    try {
      await client.query(sql)
      const { checks } = await verifyDatabase(client, readMigrations(), undefined)
      const failed = checks.filter(({ verdict }) => verdict === 'failed')
      expect(failed.map(({ detail }) => detail).join('\n')).toContain(cause)
    } finally {
      await client.query('rollback')
    }
  })
})

describe('pnpm ops verify', () => {
  let scratch: ScratchDatabase
  afterEach(async () => {
    await scratch.drop()
  })

  test('the command passes a whole database and exits 1 for a broken one, in words and in JSON', async () => {
    scratch = await deployedDatabase(adminUrl())
    const whole = await ops(scratch.ownerUrl, ['verify'])
    expect(whole.stdout).toContain(
      '{"error": "PET_NOT_FOUND", "message": "Mascota no encontrada", "success": false}',
    )
    expect(whole.stdout).toContain('✓ All 3 functions exist in pg_proc\n')
    expect(whole.stdout).not.toContain('✗')
    expect(whole.code).toBe(0)

    await asSuperuser(scratch.url, `drop function ${book}`)
    const broken = await ops(scratch.ownerUrl, ['verify'])
    expect(broken.stdout).toContain(
      '✗ All 3 functions exist in pg_proc: function book_appointment_atomic is missing\n',
    )
    expect(broken.code).toBe(1)
    const json = await ops(scratch.ownerUrl, ['verify', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false })
    expect(json.code).toBe(1)
  })

  test('a database deployed through 090 passes with --through 090 and not without', async () => {
    scratch = await deployedDatabase(adminUrl(), '090')
    expect((await ops(scratch.ownerUrl, ['verify', '--through', '090'])).code).toBe(0)
    const all = await ops(scratch.ownerUrl, ['verify'])
    expect(all.stdout).toContain('091_appointment_overlap_constraint is not applied')
    expect(all.code).toBe(1)
  })

  test('--watch goes on, and sees what breaks while it watches', async () => {
    scratch = await deployedDatabase(adminUrl())
    const watching = ops(scratch.ownerUrl, ['verify', '--watch', '4s', '--every', '300ms', '--json'])
    await new Promise((resolve) => setTimeout(resolve, 2500))
    await asSuperuser(scratch.url, 'drop index idx_appointments_vet_time_status')
    const run = await watching
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('index idx_appointments_vet_time_status is missing')
  })
})
