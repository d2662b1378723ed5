import { readFile } from 'node:fs/promises'
import { compareCatalogues } from '@vetcita/catalogue/compare'
import {
  expectedAfter,
  formatManifest,
  manifestDrift,
  manifestFile,
  readManifest,
} from '@vetcita/catalogue/manifest'
import { readCatalogue } from '@vetcita/catalogue/read'
import { adminUrl } from '@vetcita/testing'
import { makeManifest } from '@vetcita/testing/make-manifest'
import { at, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const db = await fileDatabase()

describe('packages/catalogue/manifest.json', () => {
  test('matches what the migrations make; after an intended change run "pnpm manifest" and review the diff', async () => {
    const made = formatManifest(await makeManifest(adminUrl()))
    const kept = await readFile(manifestFile, 'utf8')
    const advice = 'packages/catalogue/manifest.json drifted: run "pnpm manifest" and review the diff'
    expect(manifestDrift(kept, made), advice).toEqual([])
    expect(made, advice).toBe(kept)
  })

  test('its levels together describe a database with all migrations', async () => {
    const { catalogue, origin } = expectedAfter(readManifest().levels.map(({ migration }) => migration))
    expect(compareCatalogues(catalogue, await readCatalogue(db.admin), origin)).toEqual([])
  })
})

const executableBy = async (role: string) =>
  (
    await db.rows(
      `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname in ('public', 'clinic_access', 'login')
         and has_function_privilege($1, p.oid, 'execute')
         -- a trigger function cannot be called
         and p.prorettype <> 'trigger'::regtype
       order by 1`,
      [role],
    )
  ).map(({ name }) => name)

describe('rights', () => {
  const called = [
    'accept_staff_invite',
    'add_client_pet',
    'add_clinic_closure',
    'appointment_history',
    'appointment_notes',
    'available_slots',
    'book_appointment_atomic',
    'change_appointment_status_atomic',
    'claim_client',
    'create_client',
    'edit_appointment_atomic',
    'explain_slot',
    'invite_client',
    'invite_staff',
    'join_clinic',
    'merge_cart_atomic',
    'read_client_claim',
    'read_staff_invite',
    'remove_clinic_closure',
    'reschedule_appointment_atomic',
    'revoke_staff_invite',
    'schema_version',
    'search_clients',
    'set_appointment_notes',
    'set_cart_item_atomic',
    'set_service_vets',
    'set_staff_role',
    'set_vet_hours',
  ]
  const usedByPolicies = [
    'admin_tenants',
    'member_tenants',
    'own_appointments',
    'own_pets',
    'search_terms',
    'search_text',
    'staff_tenants',
    'user_id',
  ]

  test('anon may execute the functions that list slots, write moments and search products, and no other', async () => {
    expect(await executableBy('anon')).toEqual(['available_slots', 'clinic_moment', 'search_text'])
  })

  // pure functions of their arguments
  // or by checks
  const usedByViews = [
    'clinic_moment',
    'is_active_status',
    'is_movable',
    'is_open_status',
    'is_plain',
    'keeps_notice',
    'may_cancel',
    'next_statuses',
    'status_before',
  ]

  test('authenticated and service_role may execute what clients call and what policies and views use', async () => {
    for (const role of ['authenticated', 'service_role'])
      expect(await executableBy(role)).toEqual([...called, ...usedByPolicies, ...usedByViews].sort())
  })

  test('public may execute nothing, not even trigger functions', async () => {
    expect(
      await db.rows(
        `select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
         where n.nspname in ('public', 'clinic_access', 'login') and x.grantee = 0`,
      ),
    ).toEqual([])
  })

  test('every function sets its search_path and names its migration in its comment', async () => {
    expect(
      await db.rows(
        `select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in ('public', 'clinic_access', 'login')
           and (
             -- the names in a body of standard SQL are resolved when the function is created
             p.prosqlbody is null and not coalesce(p.proconfig, '{}') && array['search_path=public, pg_temp', 'search_path=pg_catalog, pg_temp', 'search_path=""']
             or (
               p.prorettype <> 'trigger'::regtype
               and coalesce(obj_description(p.oid, 'pg_proc'), '') !~ '^Migration \\d+\\.'
             )
           )`,
      ),
    ).toEqual([])
  })

  test('functions that clients call are security definer, helpers are not', async () => {
    const definers = await db.rows(
      `select p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
       and p.prorettype <> 'trigger'::regtype order by 1`,
    )
    expect(definers.map(({ name }) => name)).toEqual(called)
  })

  test('no function hides an error behind "when others"', async () => {
    expect(
      await db.rows(
        `select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in ('public', 'clinic_access') and p.prosrc ~* 'when\\s+others'`,
      ),
    ).toEqual([])
  })
})

test('every table has row-level security, and the tenant in its primary and foreign keys', async () => {
  expect(
    await db.rows(
      `select c.relname from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relrowsecurity`,
    ),
  ).toEqual([])
  expect(
    await db.rows(
      `select c.conrelid::regclass::text as table, c.conname as name from pg_constraint c
       where c.connamespace = 'public'::regnamespace and c.contype in ('p', 'f')
         and c.conrelid <> 'tenants'::regclass
         and not exists (
           select from unnest(c.conkey) k join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k
           where a.attname = 'tenant_id'
         )`,
    ),
  ).toEqual([])
})

test('no constraint is deferrable, so a violation is reported by the statement that causes it', async () => {
  expect(
    await db.rows(
      `select conname from pg_constraint where connamespace = 'public'::regnamespace and condeferrable`,
    ),
  ).toEqual([])
})

test('a booking reads one day and not the history, so it costs the same after ten years', async () => {
  const clinic = await newClinic(db.admin)
  await db.admin.query('begin')
  try {
    // One vet has twenty thousand appointments, the other none; inserted without triggers and foreign keys for speed.
    await db.admin.query('set local session_replication_role = replica')
    await db.rows(
      `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until)
       select $1, $2, $3, $4, at, at + interval '30 minutes', at + interval '30 minutes'
       from generate_series(now() - interval '20000 hours', now() - interval '2 hours', '1 hour') at`,
      [clinic.tenant, clinic.pet, clinic.service, clinic.vet],
    )
    await db.admin.query('set local session_replication_role = origin')
    await db.admin.query('analyze appointments')
    const pages = async (vet: string) => {
      const args = [clinic.tenant, clinic.pet, clinic.service, vet, at(3, '10:00')]
      await db.admin.query('savepoint before')
      const [plan] = await db.rows(
        `explain (analyze, buffers, format json)
         select book_appointment_atomic($1, $2, $3, $4, $5::timestamptz)`,
        args,
      )
      await db.admin.query('rollback to before')
      return blocks.parse(plan?.['QUERY PLAN'])
    }
    await pages(clinic.vet)
    const withHistory = await pages(clinic.vet)
    const without = await pages(clinic.otherVet)
    expect(withHistory).toBeLessThan(without + 50)
  } finally {
    await db.admin.query('rollback')
  }
})

const blocks = z
  .tuple([
    z.object({ Plan: z.object({ 'Shared Hit Blocks': z.number(), 'Shared Read Blocks': z.number() }) }),
  ])
  .transform(([{ Plan }]) => Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'])
