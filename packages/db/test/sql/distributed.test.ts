import { fileDatabase } from '@vetcita/testing/sql/database'
import { describe, expect, test } from 'vitest'

/**
 * What a distributed PostgreSQL (Citus) refuses, or does otherwise without a word, and what of it is still there. Each list
 * is exact: something new fails, and so does an entry that is gone, which is then taken out. So the lists only shrink.
 * What stands behind each: docs/decisions/030-ready-to-be-distributed.md.
 */
const db = await fileDatabase()

const column = async (sql: string) => (await db.rows(sql)).map(({ name }) => name)

const ours = `n.nspname in ('public', 'clinic_access', 'login')`

const tables = await column(
  `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'v') and n.nspname in ('public', 'login')`,
)

/** Our functions, by name, with the text of their statements. */
const functions = new Map(
  (
    await db.rows(
      `select p.proname as name, coalesce(p.prosrc, '') as text
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ours} order by 1`,
    )
  ).map(({ name, text }) => [String(name), statementsOf(String(text))]),
)

const namesATable = new RegExp(`\\b(from|join|update|into|using) +(login\\.)?"?(${tables.join('|')})\\b`)

/** The functions that read or write tables, themselves or through another. */
const readers = new Set<string>()
for (let before = -1; before < readers.size; ) {
  before = readers.size
  for (const [name, statements] of functions)
    if (statements.some((text) => namesATable.test(text) || called(text, readers).length > 0))
      readers.add(name)
}

describe('keys and arguments', () => {
  test('every unique key has the tenant, except those of what no clinic owns', async () => {
    expect(
      await column(
        `select i.indexrelid::regclass::text as name from pg_index i
         join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
         where i.indisunique and n.nspname in ('public', 'login') and not exists (
           select from pg_attribute a
           where a.attrelid = i.indrelid and a.attnum = any (i.indkey) and a.attname = 'tenant_id'
         ) order by 1`,
      ),
    ).toEqual([
      'login.account_pkey',
      'login.account_provider_id_account_id_key',
      'login.rate_limit_key_key',
      'login.rate_limit_pkey',
      'login.session_pkey',
      'login.session_token_key',
      'login.user_email_key',
      'login.user_pkey',
      'login.verification_pkey',
      'tenants_pkey',
    ])
  })

  test('no function takes a row', async () => {
    expect(
      await column(
        `select distinct p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         cross join lateral unnest(p.proargtypes) argument join pg_type t on t.oid = argument
         where ${ours} and t.typrelid <> 0 order by 1`,
      ),
    ).toEqual([])
  })

  test('functions with their owner’s rights name the clinic', async () => {
    const definers = `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${ours} and p.prosecdef and not 'p_tenant_id' = any (coalesce(p.proargnames, '{}'))`
    expect(await column(`${definers} and p.prorettype <> 'trigger'::regtype order by 1`)).toEqual([
      // what policies read
      'admin_tenants',
      // over all clinics
      'appointment_changes',
      'member_tenants',
      'own_appointments',
      'own_pets',
      // over all clinics: an account without a profile belongs to none
      'remove_abandoned_accounts',
      'schema_version',
      'staff_tenants',
      'user_id',
    ])
    expect(await column(`${definers} and p.prorettype = 'trigger'::regtype order by 1`)).toEqual([
      'follow_claimed_owner',
      'lock_calendar_vet',
      'lock_calendar_vets',
      'record_appointment_event',
      'record_note_change',
    ])
  })

  test('a call may leave the clinic out, and so send none, only to functions about one appointment', async () => {
    expect(
      await column(
        `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where ${ours} and p.prosecdef
           and array_position(p.proargnames, 'p_tenant_id') > p.pronargs - p.pronargdefaults order by 1`,
      ),
    ).toEqual([
      'change_appointment_status_atomic',
      'edit_appointment_atomic',
      'reschedule_appointment_atomic',
      'set_appointment_notes',
      'signed_in',
    ])
  })
})

describe('statements', () => {
  const offending = (wrong: (text: string) => boolean) =>
    [...functions].flatMap(([name, statements]) => (statements.some(wrong) ? [name] : []))
  const isWrite = (text: string) => /\b(insert into|update \w+ (\w+ )?set)\b/.test(text)
  const clock = /\b(now|clock_timestamp|gen_random_uuid|random)\(/

  test('functions that read tables are written in plpgsql', async () => {
    const inSql = await column(
      `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       join pg_language l on l.oid = p.prolang where ${ours} and l.lanname = 'sql'`,
    )
    expect(inSql.filter((name) => readers.has(String(name)))).toEqual([])
  })

  test('no query on a table calls a function that reads tables', () => {
    expect(offending((text) => namesATable.test(text) && called(text, readers).length > 0)).toEqual([])
  })

  test('no insert has a query inside of its rows', () => {
    expect(offending((text) => /\binsert into\b[\s\S]*\(\s*select\b/.test(text))).toEqual([])
  })

  test('no conflict clause and no case or coalesce of a write asks the clock', () => {
    expect(offending((text) => clock.test(/\bon conflict\b[\s\S]*/.exec(text)?.[0] ?? ''))).toEqual([])
    expect(
      offending((text) => {
        if (!isWrite(text)) return false
        const parts = [...text.matchAll(/\bcase\b.*?\bend\b/g)].map(([part]) => part)
        return [...parts, ...argumentsOf(text, 'coalesce')].some((part) => clock.test(part))
      }),
    ).toEqual([])
  })

  test('no write depends on a setting, except on who is acting', () => {
    expect(offending((text) => /_(setting|config)\('vetcita\./.test(text))).toEqual([
      'book_appointment_atomic',
      'change_appointment_status_atomic',
      'edit_appointment_atomic',
      'record_appointment_event',
      'record_note_change',
      'reschedule_appointment_atomic',
      'set_appointment_notes',
    ])
  })
})

describe('rights', () => {
  test('rights on columns', async () => {
    expect(
      await column(
        `select format('%s %s: %s', a.attrelid::regclass, lower(x.privilege_type), string_agg(distinct a.attname, ' ' order by a.attname))
           as name
         from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
         cross join lateral aclexplode(a.attacl) x
         where ${ours} group by a.attrelid, x.privilege_type order by 1`,
      ),
    ).toEqual([
      'appointments select: busy_until cancellation_reason cancelled_at created_at created_by currency end_time hold_expires_at id overrides pet_id price reason service_id service_name squeeze_in start_time status tenant_id updated_at version vet_id',
      'links select: client_id created_at created_by expires_at id kind label role tenant_id used_at used_by',
      'pets insert: name owner_id species tenant_id',
      'pets update: deleted_at name species',
      'profiles insert: email full_name phone tenant_id',
      'profiles update: email full_name phone',
      'services insert: booking buffer_minutes category duration_minutes is_active name position preparation price species tenant_id',
      'services update: booking buffer_minutes category deleted_at duration_minutes is_active name position preparation price species',
      'store_products insert: category description is_active name price stock tenant_id',
      'store_products update: category deleted_at description is_active name price stock',
      'tenants update: book_horizon_days book_lead_minutes change_notice_minutes currency grace_minutes limit_unconfirmed locale max_open_appointments name timezone',
      'vet_hours insert: closes opens tenant_id vet_id weekday',
      'vet_hours update: closes opens weekday',
      'vet_time_off insert: end_time reason start_time tenant_id vet_id',
      'vet_time_off update: end_time reason start_time',
    ])
  })

  test('policies with subqueries', async () => {
    expect(
      await column(
        `select policyname as name from pg_policies
         where schemaname = 'public' and concat(qual, with_check) ilike '%select%' order by 1`,
      ),
    ).toEqual([
      'appointment_events_own',
      'appointment_events_staff',
      'appointment_note_changes_staff',
      'appointments_own',
      'appointments_staff',
      'cart_items_own',
      'cart_items_staff',
      'carts_own',
      'carts_staff',
      'links_claims',
      'links_invitations',
      'pets_own',
      'pets_own_insert',
      'pets_own_update',
      'pets_staff',
      'pets_staff_insert',
      'pets_staff_update',
      'profiles_own',
      'profiles_own_update',
      'profiles_staff',
      'profiles_staff_insert',
      'profiles_staff_update',
      'services_admin',
      'services_staff',
      'store_products_staff',
      'tenants_admin',
      'vet_hours_admin',
      'vet_hours_members',
      'vet_time_off_staff',
      'vet_time_off_staff_write',
    ])
  })

  test('views with their owner’s rights', async () => {
    expect(
      await column(
        `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where ${ours} and c.relkind = 'v' and not coalesce(c.reloptions::text, '') ~ 'security_invoker' order by 1`,
      ),
    ).toEqual(['public_vet_hours', 'public_vets'])
  })
})

/** Returns the statements of a function's body, without comments. */
function statementsOf(text: string): string[] {
  return (
    text
      .replace(/ *--.*$/gm, '')
      // the "then" of an "if" ends its line, that of a "case" does not
      .split(/;|\b(?:then|else|loop|begin)$/m)
      .map((statement) => statement.replace(/\s+/g, ' ').trim())
  )
}

/** Returns what stands between the parentheses of each call of a function. */
function argumentsOf(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`\\b${name}\\(`, 'g'))].map(({ index, 0: opening }) => {
    const start = index + opening.length
    let depth = 1
    let end = start
    for (; depth > 0 && end < text.length; end += 1)
      depth += text[end] === '(' ? 1 : text[end] === ')' ? -1 : 0
    return text.slice(start, end)
  })
}

/** Returns which of these functions a statement calls. */
function called(text: string, names: ReadonlySet<string>): string[] {
  return [...text.matchAll(/\b([a-z_]+)\(/g)].flatMap(([, name = '']) => (names.has(name) ? [name] : []))
}
