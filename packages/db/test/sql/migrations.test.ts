import { randomBytes } from 'node:crypto'
import type { Catalogue } from '@vetcita/catalogue/catalogue'
import { readCatalogue } from '@vetcita/catalogue/read'
import { migrationFolders } from '@vetcita/postgres'
import { adminUrl, applyMigrations, migratedTemplate, scratchDatabase } from '@vetcita/testing'
import { booked, newClinic } from '@vetcita/testing/sql/clinic'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { byHand, freshDatabase, textOf } from './support/fresh-database.ts'

const guideMigrations = [
  '088_atomic_appointment_booking',
  '089_atomic_appointment_reschedule',
  '090_atomic_cart_merge',
]
const notices = [
  'Atomic appointment booking migration complete',
  'Atomic appointment reschedule migration complete',
  'Atomic cart merge migration complete',
]

/** the catalogue after a plain deploy */
let deployed: Catalogue
beforeAll(async () => {
  const scratch = await scratchDatabase(adminUrl(), await migratedTemplate(adminUrl()))
  const client = new pg.Client({ connectionString: scratch.ownerUrl })
  await client.connect()
  try {
    deployed = await readCatalogue(client)
  } finally {
    await client.end()
    await scratch.drop()
  }
})

describe('088 to 090', () => {
  test('applied twice by psql, then again by a deploy, give the same catalogue as a plain deploy', async () => {
    const fresh = await freshDatabase('empty')
    const { url, client, seen } = fresh
    await applyMigrations(url, { through: '000' })
    for (let time = 0; time < 2; time++) for (const folder of guideMigrations) await byHand(fresh, folder)
    for (const notice of notices) expect(seen.filter((line) => line === notice)).toHaveLength(2)
    await applyMigrations(url, { from: '088' })
    expect(await readCatalogue(client)).toEqual(deployed)
    // applied last, 088 would restore what later migrations replaced, so it refuses
    const [book = '', reschedule = '', cart = ''] = guideMigrations
    for (const folder of [book, reschedule])
      await expect(byHand(fresh, folder)).rejects.toThrow(
        /comes from migration \d+, which is newer than 08[89]/,
      )
    await byHand(fresh, cart)
    expect(await readCatalogue(client)).toEqual(deployed)
  })

  test.for(guideMigrations.map((folder, index) => [folder, notices[index] ?? ''] as const))(
    '%s ends with the guide’s NOTICE, also if it runs again',
    async ([folder, notice]) => {
      const { url } = await freshDatabase('empty')
      await applyMigrations(url, { through: '000' })
      for (let time = 0; time < 2; time++) {
        const applied = await applyMigrations(url, { from: '088', through: folder })
        expect(applied.at(-1)?.notices.at(-1)).toBe(notice)
      }
    },
  )

  test('are additive: they change no table, column, constraint or row', async () => {
    const { url, client } = await freshDatabase('empty')
    await applyMigrations(url, { through: '000' })
    const tables = async () =>
      JSON.stringify(
        (
          await client.query(`
            select c.relname, array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) order by a.attnum),
              (select array_agg(pg_get_constraintdef(k.oid) order by k.conname) from pg_constraint k where k.conrelid = c.oid),
              (select array_agg(tgname order by tgname) from pg_trigger t where t.tgrelid = c.oid and not tgisinternal),
              c.relrowsecurity
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by c.oid, c.relname, c.relrowsecurity
            order by 1`)
        ).rows,
      )
    const before = await tables()
    await applyMigrations(url, { from: '088', through: '090' })
    expect(await tables()).toBe(before)
  })

  test('work without the later migrations: a booking on a database at 090', async () => {
    const { url, admin } = await freshDatabase('empty')
    await applyMigrations(url, { through: '090' })
    const clinic = await newClinic(admin)
    await booked(admin, clinic)
    await expect(booked(admin, clinic)).rejects.toThrow('SLOT_UNAVAILABLE')
  })

  test('replace the functions of the migration guide’s files, which had fewer arguments', async () => {
    const { url, client } = await freshDatabase('empty')
    await applyMigrations(url, { through: '000' })
    await client.query(`
      create function book_appointment_atomic(p_tenant_id text, p_pet_id uuid, p_service_id uuid, p_vet_id uuid,
        p_start_time timestamptz, p_duration_minutes integer, p_reason text default null, p_notes text default null,
        p_booked_by uuid default null) returns jsonb language sql as 'select ''{}''::jsonb';
      create function reschedule_appointment_atomic(p_appointment_id uuid, p_new_start_time timestamptz,
        p_performed_by uuid, p_is_staff boolean default false) returns jsonb language sql as 'select ''{}''::jsonb';
      create function merge_cart_atomic(p_customer_id uuid, p_tenant_id text, p_items jsonb) returns jsonb
        language sql as 'select ''{}''::jsonb'`)
    await applyMigrations(url, { from: '088' })
    expect(await readCatalogue(client)).toEqual(deployed)
  })

  test.for([
    ['088_atomic_appointment_booking', 'book_appointment_atomic'],
    ['089_atomic_appointment_reschedule', 'reschedule_appointment_atomic'],
    ['090_atomic_cart_merge', 'merge_cart_atomic'],
  ] as const)('%s refuses to downgrade, gives the reason, and changes nothing', async ([folder, name]) => {
    const { client } = await freshDatabase('migrated')
    await client.query(`
      do $$ begin
        execute format('comment on function %s is %L', '${name}'::regproc::oid::regprocedure, 'Migration 120. Newer.');
      end $$`)
    const before = await readCatalogue(client)
    await expect(client.query(await textOf(folder))).rejects.toThrow(
      new RegExp(`${name} comes from migration 120, which is newer than ${folder.slice(0, 3)}`),
    )
    await client.query('rollback')
    expect(await readCatalogue(client)).toEqual(before)
  })
})

describe('down.sql', () => {
  test('from the newest to 088 keeps tables and rows, and migrating up again gives the same catalogue', async () => {
    const { client, admin } = await freshDatabase('migrated')
    const clinic = await newClinic(admin)
    const id = await booked(admin, clinic)
    const folders = (await migrationFolders({ from: '088' })).filter(
      (folder) => !/^(098|101|106)/.test(folder),
    )
    const rows = async () =>
      (await admin.query('select to_jsonb(a) as row from appointments a where id = $1', [id])).rows
    const before = await rows()
    for (const folder of folders.toReversed()) await client.query(await textOf(folder, 'down.sql'))
    expect(await rows()).toEqual(before)
    expect(
      (
        await admin.query(
          `select proname from pg_proc where pronamespace = 'public'::regnamespace
           and proname not in ('check_tenant_timezone', 'is_plain', 'refuse_open_schema', 'set_appointment_busy_until')`,
        )
      ).rows,
    ).toEqual([])
    for (const folder of folders) await client.query(await textOf(folder))
    expect(await readCatalogue(client)).toEqual(deployed)
  })

  test('of each migration after 090 reverts exactly what the migration made', async () => {
    const { url, client } = await freshDatabase('empty')
    await applyMigrations(url, { through: '090' })
    const steps = []
    for (const folder of await migrationFolders({ from: '091' })) {
      const before = await readCatalogue(client)
      await client.query(await textOf(folder))
      steps.push({ folder, before })
    }
    expect(await readCatalogue(client)).toEqual(deployed)
    for (const { folder, before } of steps.toReversed()) {
      await client.query(await textOf(folder, 'down.sql'))
      expect(await readCatalogue(client), folder).toEqual(before)
    }
  })

  test('lowers schema_version() to the previous migration', async () => {
    const { client } = await freshDatabase('migrated')
    const version = async () => (await client.query('select schema_version() as version')).rows
    const folders = (await migrationFolders({ from: '099' })).toReversed()
    for (const [index, folder] of folders.entries()) {
      expect(await version()).toEqual([{ version: folder.slice(0, 3) }])
      if (index < folders.length - 1) await client.query(await textOf(folder, 'down.sql'))
    }
  })

  test('of 088 to 090 refuses while a newer migration needs it', async () => {
    const { client } = await freshDatabase('migrated')
    for (const folder of guideMigrations) {
      await expect(client.query(await textOf(folder, 'down.sql')), folder).rejects.toThrow(/still needed by/)
      await client.query('rollback')
    }
    expect(await readCatalogue(client)).toEqual(deployed)
  })

  test('exists for every migration', async () => {
    for (const folder of await migrationFolders())
      await expect(textOf(folder, 'down.sql'), folder).resolves.toContain('commit;')
  })
})

describe('failures', () => {
  test('091 refuses overlapping rows, gives a query that lists them, and changes nothing', async () => {
    const { url, client, admin } = await freshDatabase('empty')
    await applyMigrations(url, { through: '090' })
    const clinic = await newClinic(admin)
    for (let time = 0; time < 2; time++)
      await admin.query(
        `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
         values ($1, $2, $3, $4, now(), now() + interval '30 minutes')`,
        [clinic.tenant, clinic.pet, clinic.service, clinic.vet],
      )
    const before = await readCatalogue(client)
    const failure = await client.query(await textOf('091_appointment_overlap_constraint')).then(
      () => null,
      (error: unknown) => error,
    )
    if (!(failure instanceof pg.DatabaseError)) throw new Error('091 did not fail')
    expect(failure.message).toContain('1 active appointments')
    await client.query('rollback')
    expect(await readCatalogue(client)).toEqual(before)
    // the hint contains a query that lists them
    const listing = /select [\s\S]*;/.exec(failure.hint ?? '')?.[0] ?? ''
    expect((await admin.query(listing)).rowCount).toBe(1)
    await admin.query(
      `update appointments set status = 'cancelled' where id in (select id from appointments limit 1)`,
    )
    await client.query(await textOf('091_appointment_overlap_constraint'))
  })

  test('missing roles are created, or reported with the statement to run if the user may not create them', async () => {
    const { client, admin } = await freshDatabase('empty')
    const suffix = randomBytes(4).toString('hex')
    const plain = `plain_${suffix}`
    // the migration's own text, with roles that no other test uses
    const missing = (text: string) =>
      text.replace(/\b(anon|authenticated|service_role)\b/g, (role) => `${role}_${suffix}`)
    await admin.query(`create role ${plain} login; grant create on schema public to ${plain}`)
    try {
      await admin.query(`set session authorization ${plain}`)
      const failure = await admin.query(missing(await textOf('000_clinic_schema'))).then(
        () => null,
        (error: unknown) => error,
      )
      await admin.query('rollback')
      if (!(failure instanceof pg.DatabaseError)) throw new Error('000 did not fail')
      expect(failure.message).toContain(`The role "anon_${suffix}" is missing`)
      expect(failure.hint).toContain('create role')
      await admin.query(`reset session authorization; revoke create on schema public from ${plain}`)
      await client.query(missing(await textOf('000_clinic_schema')))
      expect(
        (await admin.query(`select count(*)::int as n from pg_roles where rolname like $1`, [`%_${suffix}`]))
          .rows[0],
      ).toEqual({ n: 4 })
      await expect(
        client.query(
          (await textOf('088_atomic_appointment_booking')).replace(/'service_role'/, `'nobody_${suffix}'`),
        ),
      ).rejects.toThrow(`Roles are missing: nobody_${suffix}`)
      await client.query('rollback')
    } finally {
      await admin.query('reset session authorization')
      await admin.query(`
        drop owned by ${plain}, anon_${suffix}, authenticated_${suffix}, service_role_${suffix};
        drop role ${plain}, anon_${suffix}, authenticated_${suffix}, service_role_${suffix}`)
    }
  })

  test('089 and 090 report that they need 088', async () => {
    const { url, client } = await freshDatabase('empty')
    await applyMigrations(url, { through: '000' })
    for (const folder of guideMigrations.slice(1)) {
      await expect(client.query(await textOf(folder))).rejects.toThrow(/needs 088/)
      await client.query('rollback')
    }
  })

  test('a migration that fails halfway leaves nothing behind', async () => {
    const { url, client } = await freshDatabase('empty')
    await applyMigrations(url, { through: '000' })
    const before = await readCatalogue(client)
    for (const folder of guideMigrations.slice(0, 1)) {
      const text = (await textOf(folder)).replace(/\ncommit;/, '\nselect 1 / 0;\ncommit;')
      await expect(client.query(text)).rejects.toThrow('division by zero')
      await client.query('rollback')
    }
    expect(await readCatalogue(client)).toEqual(before)
  })
})

test('only its owner reads the history of migrations', async () => {
  const { url, client } = await freshDatabase('empty')
  await client.query(`
    create table _prisma_migrations (id text primary key);
    insert into _prisma_migrations values ('000');
    grant usage on schema public to public`)
  await applyMigrations(url, { through: '000' })
  // as the default privileges of Supabase do
  await client.query('grant all on _prisma_migrations to anon, authenticated, service_role')
  await applyMigrations(url, { from: '088' })
  for (const role of ['anon', 'authenticated', 'service_role'])
    expect(
      (await client.query(`select has_table_privilege($1, '_prisma_migrations', 'select') as may`, [role]))
        .rows,
    ).toEqual([{ may: false }])
  expect((await client.query('select id from _prisma_migrations')).rows).toEqual([{ id: '000' }])
})

test('the migrations run as an owner who is not a superuser', async () => {
  const { admin } = await freshDatabase('migrated')
  const owners = await admin.query(`
    select distinct r.rolname, r.rolsuper from (
      select relowner as owner from pg_class where relnamespace = 'public'::regnamespace
      union select proowner from pg_proc where pronamespace = 'public'::regnamespace
    ) o join pg_roles r on r.oid = o.owner`)
  expect(owners.rows).toEqual([{ rolname: 'vetcita_owner', rolsuper: false }])
})
