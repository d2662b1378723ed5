import { fileDatabase } from '@vetcita/testing/sql/database'
import { expect, test } from 'vitest'

// The migration guide's own verification queries, verbatim, with the results that it documents.

const db = await fileDatabase()
const functions = `('book_appointment_atomic', 'reschedule_appointment_atomic', 'merge_cart_atomic')`

test('the functions exist, with these arguments and this result', async () => {
  const rows = await db.rows(`
    SELECT
      p.proname AS function_name,
      pg_get_function_arguments(p.oid) AS arguments,
      pg_get_function_result(p.oid) AS return_type
    FROM pg_proc p
    JOIN pg_namespace n ON p.pronamespace = n.oid
    WHERE n.nspname = 'public'
      AND p.proname IN ${functions}
    ORDER BY p.proname`)
  expect(rows).toEqual([
    {
      function_name: 'book_appointment_atomic',
      arguments:
        'p_tenant_id text, p_pet_id uuid, p_service_id uuid, p_vet_id uuid, p_start_time timestamp with time zone, ' +
        'p_duration_minutes integer DEFAULT NULL::integer, p_reason text DEFAULT NULL::text, ' +
        'p_notes text DEFAULT NULL::text, p_booked_by uuid DEFAULT NULL::uuid, ' +
        'p_idempotency_key text DEFAULT NULL::text, p_overrides text[] DEFAULT NULL::text[], ' +
        'p_expected jsonb DEFAULT NULL::jsonb',
      return_type: 'jsonb',
    },
    {
      function_name: 'merge_cart_atomic',
      arguments: 'p_customer_id uuid, p_tenant_id text, p_new_items jsonb',
      return_type: 'jsonb',
    },
    {
      function_name: 'reschedule_appointment_atomic',
      arguments:
        'p_appointment_id uuid, p_new_start_time timestamp with time zone, p_performed_by uuid, ' +
        'p_is_staff boolean DEFAULT false, p_new_vet_id uuid DEFAULT NULL::uuid, ' +
        'p_expected_version integer DEFAULT NULL::integer, p_tenant_id text DEFAULT NULL::text, ' +
        'p_overrides text[] DEFAULT NULL::text[]',
      return_type: 'jsonb',
    },
  ])
})

test('authenticated may execute all of them, public and anon none', async () => {
  const rows = await db.rows(`
    SELECT
      p.proname AS function_name,
      pg_catalog.array_to_string(p.proacl, E'\\n') AS permissions
    FROM pg_proc p
    WHERE p.proname IN ${functions}
    ORDER BY p.proname`)
  expect(rows).toHaveLength(3)
  for (const { permissions } of rows) {
    const lines = String(permissions).split('\n')
    expect(lines.some((line) => line.startsWith('authenticated=X/'))).toBe(true)
    expect(lines.some((line) => line.startsWith('=') || line.startsWith('anon='))).toBe(false)
  }
})

test('the index exists, on active appointments', async () => {
  const rows = await db.rows(`
    SELECT schemaname, tablename, indexname, indexdef
    FROM pg_indexes
    WHERE indexname = 'idx_appointments_vet_time_status'`)
  expect(rows).toEqual([
    {
      schemaname: 'public',
      tablename: 'appointments',
      indexname: 'idx_appointments_vet_time_status',
      indexdef: expect.stringMatching(
        /^CREATE INDEX idx_appointments_vet_time_status ON public\.appointments USING btree \(tenant_id, vet_id, start_time, end_time, status\) WHERE/,
      ),
    },
  ])
})

test('the dry-run calls return what the migration guide documents', async () => {
  expect(
    await db.value(`SELECT book_appointment_atomic(
      'test_tenant',
      gen_random_uuid(),
      gen_random_uuid(),
      gen_random_uuid(),
      NOW() + INTERVAL '1 day',
      30,
      'Test booking',
      null,
      null
    )`),
  ).toEqual({ error: 'PET_NOT_FOUND', success: false, message: 'Mascota no encontrada' })
  expect(
    await db.value(`SELECT reschedule_appointment_atomic(
      gen_random_uuid(),
      NOW() + INTERVAL '2 days',
      gen_random_uuid(),
      false
    )`),
  ).toEqual({ error: 'NOT_FOUND', success: false, message: 'Cita no encontrada' })
  expect(
    await db.value(`SELECT merge_cart_atomic(
      gen_random_uuid(),
      'test_tenant',
      '[]'::jsonb
    )`),
  ).toEqual({ items: [], success: true, item_count: 0 })
})

test('the migration guide’s rollback drops the functions and no data', async () => {
  await db.admin.query('begin')
  try {
    await db.admin.query(`
      DROP FUNCTION IF EXISTS public.book_appointment_atomic CASCADE;
      DROP FUNCTION IF EXISTS public.reschedule_appointment_atomic CASCADE;
      DROP FUNCTION IF EXISTS public.merge_cart_atomic CASCADE`)
    expect(await db.value(`select count(*)::int from pg_proc where proname in ${functions}`)).toBe(0)
    expect(await db.value('select count(*)::int from appointments')).toBe(0)
  } finally {
    await db.admin.query('rollback')
  }
})
