import type pg from 'pg'
import { verifyDatabase } from '../../src/catalogue/verify.ts'
import { readMigrations } from '../../src/migrations.ts'

/** The function's signature in the contract. */
export const book =
  'public.book_appointment_atomic(text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text, text[], jsonb)'

/** Objects that are broken by hand one at a time, each with the cause that `verify` must name. */
export const breakages: readonly [what: string, sql: string, cause: string][] = [
  ['a function dropped', `drop function ${book}`, 'function book_appointment_atomic of 107 is missing'],
  ['a helper dropped', 'drop function slot_refusals', 'function slot_refusals of 107 is missing'],
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
    'index idx_appointments_vet_time_status of 088 is missing',
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
    'constraint appointments_vet_no_overlap on appointments of 107 is missing',
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
  ['a policy dropped', 'drop policy pets_own on pets', 'policy pets_own on pets of 097 is missing'],
  [
    'a policy added by hand',
    'create policy everybody on pets for select using (true)',
    'policy everybody on pets is from no migration',
  ],
  [
    'a trigger disabled',
    'alter table appointments disable trigger appointments_lock_vet',
    'trigger appointments_lock_vet on appointments is disabled',
  ],
  [
    'another owner',
    'alter function merge_cart_atomic(uuid, text, jsonb) owner to postgres',
    'merge_cart_atomic belongs to postgres, but the tables to vetcita_owner',
  ],
  [
    'a body changed',
    `create or replace function is_movable(p_status text) returns boolean language sql immutable return true`,
    'the body of is_movable is not the one of migration 089',
  ],
  [
    'a migration that was never finished',
    `update _prisma_migrations set finished_at = null where migration_name like '090%'`,
    '090_atomic_cart_merge was not finished',
  ],
  [
    'another search_path',
    'alter function clinic_caller(uuid) set search_path = extensions, public',
    'clinic_caller has the search_path extensions, public',
  ],
  [
    'other arguments',
    `drop function slot_refusals; create function slot_refusals(p_tenant_id text) returns boolean language sql stable
       set search_path = public, pg_temp as 'select false'`,
    'another function is called slot_refusals: it takes (p_tenant_id text)',
  ],
  [
    'another result type',
    `drop function merge_cart_atomic(uuid, text, jsonb);
     create function merge_cart_atomic(p_customer_id uuid, p_tenant_id text, p_new_items jsonb) returns json language sql
       security definer set search_path = public, pg_temp as 'select null::json'`,
    'merge_cart_atomic returns json',
  ],
  [
    'a second function of the name',
    `create function merge_cart_atomic(p_new_items jsonb) returns jsonb language sql as 'select p_new_items'`,
    'function merge_cart_atomic exists more than once',
  ],
  [
    'a right of an unrelated role',
    'grant execute on function merge_cart_atomic(uuid, text, jsonb) to pg_monitor',
    'pg_monitor may execute merge_cart_atomic',
  ],
  [
    "a policy's helper opened to PUBLIC",
    'grant execute on function clinic_access.staff_tenants() to public',
    'PUBLIC may execute clinic_access.staff_tenants',
  ],
  [
    'the constraint deferrable',
    `alter table appointments drop constraint appointments_vet_no_overlap;
     alter table appointments add constraint appointments_vet_no_overlap exclude using gist
       (tenant_id with =, vet_id with =, tstzrange(start_time, busy_until, '[)') with &&)
       where (status not in ('cancelled', 'no_show') and not squeeze_in) deferrable`,
    'constraint appointments_vet_no_overlap on appointments is another one: EXCLUDE',
  ],
  [
    'the constraint without the buffer',
    `alter table appointments drop constraint appointments_vet_no_overlap;
     alter table appointments add constraint appointments_vet_no_overlap exclude using gist
       (tenant_id with =, vet_id with =, tstzrange(start_time, end_time, '[)') with &&)
       where (status not in ('cancelled', 'no_show') and not squeeze_in)`,
    'constraint appointments_vet_no_overlap on appointments is another one',
  ],
  [
    'a policy that says more',
    'alter policy pets_own on pets using (true)',
    'policy pets_own on pets says permissive for select to authenticated using true',
  ],
  [
    'a policy for everybody',
    'alter policy pets_own on pets to public',
    'policy pets_own on pets says permissive for select to public',
  ],
  [
    'a direct write granted',
    'grant update (status) on appointments to authenticated',
    'authenticated may update appointments.status',
  ],
  [
    'a trigger dropped',
    'drop trigger appointments_changed on appointments',
    'trigger appointments_changed on appointments of 108 is missing',
  ],
  ['another index dropped', 'drop index pets_owner_idx', 'index pets_owner_idx of 000 is missing'],
  ['a view dropped', 'drop view public_vets cascade', 'view public_vets of 107 is missing'],
  [
    'a column dropped',
    'alter table services drop column buffer_minutes cascade',
    'column services.buffer_minutes of 000 is missing: integer',
  ],
  [
    'a column of another type',
    'alter table store_products alter column stock type bigint',
    'column store_products.stock has the type bigint, not integer',
  ],
  [
    'a right to read taken away',
    'revoke select on pets from authenticated',
    'authenticated may not select pets',
  ],
  [
    'a view opened to anon',
    'grant select on appointment_states to anon',
    'anon may select appointment_states',
  ],
  [
    'another trigger under the same name',
    `create or replace trigger appointments_changed after delete on appointments
       for each row execute function record_appointment_event()`,
    'trigger appointments_changed on appointments is another one',
  ],
  [
    'a table without row-level security',
    'create table notes (id integer)',
    'table notes is from no migration',
  ],
  [
    'the history opened to anon',
    'grant select on _prisma_migrations to anon',
    'anon may read or write _prisma_migrations',
  ],
  [
    'the schema opened to everybody',
    'grant create on schema public to public',
    'PUBLIC may make objects in the schema public: revoke create on schema public from public',
  ],
  [
    'a schema of the functions opened to a role',
    'grant create on schema login to pg_monitor',
    'pg_monitor may make objects in the schema login: revoke create on schema login from pg_monitor',
  ],
  [
    "another role's function",
    `create function pg_has_role(name, text, text) returns boolean language sql as 'select true';
     alter function pg_has_role(name, text, text) owner to pg_monitor`,
    'function public.pg_has_role(name,text,text) belongs to pg_monitor',
  ],
  [
    "another role's operator",
    `create operator === (leftarg = integer, rightarg = integer, function = int4eq);
     alter operator === (integer, integer) owner to pg_monitor`,
    'operator public.===(integer,integer) belongs to pg_monitor',
  ],
  [
    "another role's type",
    'create type mood as enum (); alter type mood owner to pg_monitor',
    'type public.mood belongs to pg_monitor',
  ],
  [
    "the API's right gone",
    'grant usage on schema public to vetcita_api; revoke execute on function merge_cart_atomic(uuid, text, jsonb) from vetcita_api',
    'vetcita_api may not execute merge_cart_atomic: run pnpm ops api-role',
  ],
]

/** Breaks one object in a transaction that is rolled back, and returns what `verify` reports. */
export async function verdictOn(client: pg.Client, sql: string): Promise<string> {
  await client.query('begin')
  try {
    await client.query(sql)
    const { checks } = await verifyDatabase(client, readMigrations(), undefined)
    return checks
      .filter(({ verdict }) => verdict === 'failed')
      .map(({ detail }) => detail)
      .join('\n')
  } finally {
    await client.query('rollback')
  }
}
