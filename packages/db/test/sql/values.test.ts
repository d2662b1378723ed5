import { plainPattern, requiredText } from '@vetcita/contracts'
import { backend, call, codeOf, user } from '@vetcita/testing/sql/calls'
import { newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { beforeAll, describe, expect, test } from 'vitest'
import { accessStage } from './support/access-stage.ts'

const db = await fileDatabase()
// a row in every table
beforeAll(async () => {
  await accessStage(db)
  await db.rows(`
    insert into login."user" (name, email) values ('Ana', 'ana@example.com');
    insert into login.session (user_id, token, expires_at) select id, 't', now() from login."user";
    insert into login.account (user_id, account_id, provider_id) select id, 'a', 'credential' from login."user";
    insert into login.verification (identifier, value, expires_at) values ('i', 'v', now())`)
})

/** Returns the SQLSTATE of setting that column to a value in every row. */
async function setting(table: string, column: string, value: string): Promise<string> {
  // without triggers, which would fill it, look it up or refuse it before the checks do
  await db.admin.query('begin; set local session_replication_role = replica')
  const state = await sqlState(db.rows(`update ${table} set ${column} = $1`, [value]))
  await db.admin.query('rollback')
  return state
}

/** Returns the tables' columns of a type: the table and the column, as SQL names them. */
const columnsOf = async (type: string) =>
  (
    await db.rows(
      `select c.oid::regclass::text as table, quote_ident(a.attname) as column
       from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace in ('public'::regnamespace, 'login'::regnamespace) and c.relkind = 'r' and a.attnum > 0
         and a.atttypid = $1::regtype and not a.attisdropped
       order by 1, 2`,
      [type],
    )
  ).map(({ table, column }) => [String(table), String(column)] as const)

describe('the checks', () => {
  test('refuse NaN in every column that could hold it', async () => {
    const columns = await columnsOf('numeric')
    expect(columns).toContainEqual(['store_products', 'price'])
    for (const [table, column] of columns)
      expect(await setting(table, column, 'NaN'), `${table}.${column}`).toBe('23514')
    expect([await columnsOf('real'), await columnsOf('double precision')]).toEqual([[], []])
  })

  test('refuse instants that no page can show, in every column of instants', async () => {
    const columns = await columnsOf('timestamptz')
    expect(columns).toContainEqual(['vet_time_off', 'end_time'])
    for (const [table, column] of columns)
      for (const value of ['infinity', '-infinity', '294276-12-31 00:00Z', '0044-03-15 00:00Z BC'])
        expect(await setting(table, column, value), `${table}.${column} = ${value}`).toBe('23514')
  })

  test('refuse line breaks and invisible characters in names, and let texts have lines', async () => {
    for (const [table, ...columns] of [
      ['tenants', 'name'],
      ['profiles', 'full_name', 'email', 'phone'],
      ['pets', 'name', 'species'],
      ['services', 'name'],
      ['store_products', 'name', 'category'],
      ['links', 'label'],
    ] as const)
      for (const column of columns)
        for (const value of ['Ana\u202e', 'A\u200bna', 'Ana\nNadie', 'Ana\u007f'])
          expect(await setting(table, column, value), `${table}.${column}`).toBe('23514')
    for (const column of ['reason', 'notes'])
      expect(await setting('appointments', column, 'Two\nlines'), column).toBe('none')
  })

  test('take a locale that Intl takes, and a zone that the server and Intl know', async () => {
    const clinic = await newClinic(db.admin)
    const set = (column: string, value: string) =>
      sqlState(db.rows(`update tenants set ${column} = $1 where id = $2`, [value, clinic.tenant]))
    for (const locale of ['xx-zz1-zz1', 'es-py', 'es_PY', 'ES', 'es-PY-x-a', 'es-PY-PY'])
      expect(await set('locale', locale), locale).toBe('23514')
    for (const locale of ['es-PY', 'en', 'gn', 'zh-Hant-TW', 'es-419']) {
      expect(await set('locale', locale), locale).toBe('none')
      expect(new Intl.NumberFormat(locale).format(1)).not.toBe('')
    }
    for (const zone of ['posixrules', 'posix/America/Asuncion', 'Factory', 'localtime', 'America/Nowhere'])
      expect(await set('timezone', zone), zone).toBe('22023')
    for (const zone of ['America/Asuncion', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+3']) {
      expect(await set('timezone', zone), zone).toBe('none')
      expect(new Intl.DateTimeFormat('en', { timeZone: zone }).format(0)).not.toBe('')
    }
  })
})

test('contracts and database agree on every character of a name', async () => {
  const [row] = await db.rows(
    `select array_agg(i order by i) filter (where not is_plain(chr(i))) as refused
     from generate_series(1, 65535) i where i not between 55296 and 57343`,
  )
  const refused = Array.from({ length: 65_535 }, (_, i) => i + 1).filter(
    (i) => (i < 0xd800 || i > 0xdfff) && !plainPattern.test(String.fromCharCode(i)),
  )
  expect(refused.length).toBeGreaterThan(80)
  expect(row?.refused).toEqual(refused)
  expect(requiredText(20).safeParse('Ana\u200b Paz').success).toBe(false)
  expect(requiredText(20).safeParse('Ñandú 🐕 O’Hara').success).toBe(true)
})

test('functions refuse such names with INVALID_NAME', async () => {
  const clinic = await newClinic(db.admin)
  const name = 'An\u200ba'
  const by = { p_tenant_id: clinic.tenant, p_performed_by: clinic.admin }
  for (const [fn, args] of [
    ['create_client', { ...by, p_full_name: name }],
    ['create_client', { ...by, p_full_name: 'Ana', p_pet_name: name }],
    ['create_client', { ...by, p_full_name: 'Ana', p_email: `${name}@example.com` }],
    ['add_client_pet', { ...by, p_client_id: clinic.owner, p_name: name }],
    ['add_client_pet', { ...by, p_client_id: clinic.owner, p_name: 'Sol', p_species: name }],
    ['invite_staff', { ...by, p_role: 'vet', p_label: name }],
  ] as const)
    expect(codeOf(await call(db.admin, backend, fn, args)), JSON.stringify(args)).toBe('INVALID_NAME')
  for (const args of [{ p_full_name: name }, { p_full_name: 'Ana', p_phone: '595\u202e981' }])
    expect(
      codeOf(
        await call(db.admin, user(clinic.owner), 'join_clinic', { p_tenant_id: clinic.tenant, ...args }),
      ),
    ).toBe('INVALID_NAME')
})
