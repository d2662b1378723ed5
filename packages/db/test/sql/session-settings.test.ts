import {
  becomeText,
  book,
  callText,
  changeStatus,
  codeOf,
  reschedule,
  textOf,
  user,
  visitor,
} from '@vetcita/testing/sql/calls'
import { at, booked, booking, everyRow, newClinic, setHours } from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { slotsOf } from '@vetcita/testing/sql/slots'
import type pg from 'pg'
import { expect, test } from 'vitest'

// Settings that a caller may change in their own session do not change what the functions do.

const db = await fileDatabase()

test('temporary tables with the names of ours are ignored', async () => {
  const clinic = await newClinic(db.admin)
  const id = await booked(db.admin, clinic)
  const client = await db.connect()
  await client.query('set role authenticated')
  await client.query(`
    create temporary table profiles (tenant_id text, id uuid, role text, full_name text, deleted_at timestamptz);
    create temporary table pets (tenant_id text, id uuid, owner_id uuid, deleted_at timestamptz);
    create temporary table appointments (tenant_id text, id uuid);
    set search_path = pg_temp, public`)
  await client.query(
    `insert into profiles values ('${clinic.tenant}', '${clinic.otherOwner}', 'admin', 'Me', null)`,
  )
  await client.query(
    `insert into pets values ('${clinic.tenant}', '${clinic.pet}', '${clinic.otherOwner}', null)`,
  )
  const before = await everyRow(db.admin, clinic)
  const caller = user(clinic.otherOwner)
  expect(codeOf(await book(client, caller, booking(clinic, { p_start_time: at(9, '10:00') })))).toBe(
    'PET_NOT_FOUND',
  )
  expect(
    codeOf(
      await reschedule(client, caller, {
        p_appointment_id: id,
        p_new_start_time: at(9, '10:00'),
        p_performed_by: clinic.otherOwner,
        p_is_staff: true,
      }),
    ),
  ).toBe('NOT_FOUND')
  await client.query(becomeText(caller))
  expect((await client.query('select clinic_access.staff_tenants() as found')).rows).toEqual([{ found: [] }])
  expect(await everyRow(db.admin, clinic)).toBe(before)
})

test('a caller cannot record events under another name', async () => {
  const clinic = await newClinic(db.admin)
  const client = await db.connect()
  await client.query(`set vetcita.actor = '${clinic.admin}'`)
  const outcome = await book(client, user(clinic.owner), booking(clinic))
  const id = textOf(outcome, 'appointment_id')
  await client.query(`set vetcita.actor = 'no uuid at all'`)
  await changeStatus(client, user(clinic.owner), {
    p_appointment_id: id,
    p_new_status: 'cancelled',
    p_performed_by: clinic.owner,
  })
  expect(
    await db.rows('select distinct actor_id from appointment_events where appointment_id = $1', [id]),
  ).toEqual([{ actor_id: clinic.owner }])
})

test('date style, interval style, time zone and float digits change no answer', async () => {
  const clinic = await newClinic(db.admin, { timezone: 'America/New_York', bufferMinutes: 10 })
  await setHours(
    db.admin,
    clinic,
    [1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, '08:00', '12:30']),
  )
  // as seconds, because the driver parses no other date style
  const offered = async (client: pg.Client) =>
    (
      await client.query(
        `select vet_id, extract(epoch from start_time)::bigint::text as starts, extract(epoch from end_time - start_time)::int as seconds
         from available_slots('${clinic.tenant}', '${clinic.service}', '2031-03-05', '2031-03-12', null, 25)`,
      )
    ).rows
  const plain = await offered(db.admin)
  expect(plain.length).toBeGreaterThan(50)
  const args = booking(clinic, { p_start_time: '2031-03-10T08:00:00-04:00', p_idempotency_key: 'k' })
  const first = await book(db.admin, user(clinic.owner), args)
  expect(codeOf(first)).toBe('success')
  await db.rows(`update appointments set status = 'cancelled' where tenant_id = $1`, [clinic.tenant])
  for (const settings of [
    `set timezone = 'Pacific/Kiritimati'; set datestyle = 'ISO, DMY'`,
    `set timezone = 'America/New_York'; set intervalstyle = 'sql_standard'`,
    `set timezone = 'Etc/GMT+12'; set extra_float_digits = -15; set array_nulls = off`,
    'set transform_null_equals = on',
  ]) {
    const client = await db.connect()
    await client.query(settings)
    expect(await offered(client)).toEqual(plain)
    const again = await book(client, user(clinic.owner), args)
    expect(again, settings).toMatchObject({
      success: true,
      replayed: true,
      appointment_id: first.appointment_id,
    })
    expect(Date.parse(textOf(again, 'start_time'))).toBe(Date.parse('2031-03-10T12:00:00Z'))
    await client.end()
  }
})

test('lock timeout, statement timeout and read-only mode fail with their SQLSTATE, and nothing is written', async () => {
  const clinic = await newClinic(db.admin)
  const before = await everyRow(db.admin, clinic)
  const holder = await db.connect()
  const client = await db.connect()
  await holder.query('begin')
  await holder.query('select from profiles where tenant_id = $1 and id = $2 for no key update', [
    clinic.tenant,
    clinic.vet,
  ])
  for (const [setting, state] of [
    [`set lock_timeout = '50ms'`, '55P03'],
    [`set lock_timeout = 0; set statement_timeout = '50ms'`, '57014'],
    [`set statement_timeout = 0; set default_transaction_read_only = on`, '25006'],
  ] as const) {
    await client.query(setting)
    expect(await sqlState(book(client, user(clinic.owner), booking(clinic)))).toBe(state)
  }
  await holder.query('rollback')
  expect(await everyRow(db.admin, clinic)).toBe(before)
})

test('rolling back to a savepoint undoes the booking and frees the slot', async () => {
  const clinic = await newClinic(db.admin)
  const client = await db.connect()
  const text = `select ${callText('book_appointment_atomic', booking(clinic))} ->> 'success' as success`
  await client.query('begin')
  await client.query('savepoint before')
  expect((await client.query(text)).rows).toEqual([{ success: 'true' }])
  expect((await client.query(text)).rows).toEqual([{ success: 'false' }])
  await client.query('rollback to before')
  expect((await client.query(text)).rows).toEqual([{ success: 'true' }])
  await client.query('commit')
  expect(await db.value('select count(*)::int from appointments where tenant_id = $1', [clinic.tenant])).toBe(
    1,
  )
})

test('slots at the ends of the calendar are answered without an error', async () => {
  const clinic = await newClinic(db.admin, { timezone: 'Pacific/Kiritimati' })
  await setHours(
    db.admin,
    clinic,
    [1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, '00:00', '24:00']),
  )
  const last = await slotsOf(db.admin, visitor, clinic, { from: '2999-12-30', to: '3000-01-01', step: 60 })
  expect(last.length).toBeGreaterThan(24)
  expect(last.every(({ start }) => start < '3000-01-01')).toBe(true)
  expect(await slotsOf(db.admin, visitor, clinic, { from: '1970-01-01', to: '1970-01-02' })).toEqual([])
})
