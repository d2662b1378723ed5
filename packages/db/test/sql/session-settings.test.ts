import { apiPassword } from '@vetcita/testing'
import { pgbouncerBinary, startPgbouncer } from '@vetcita/testing/pgbouncer'
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
import { at, booked, booking, type Clinic, everyRow, newClinic, setHours } from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { slotsOf } from '@vetcita/testing/sql/slots'
import type pg from 'pg'
import { beforeAll, describe, expect, it, test } from 'vitest'
import {
  availableSlots,
  bookAppointment,
  clinicSchedule,
  type Database,
  memberCall,
  petsOf,
} from '../../src/index.ts'
import { apiDatabase } from '../support/api-database.ts'
import { signIn } from '../support/sessions.ts'

// Settings that a caller may change in their own session do not change what the functions do.

const db = await fileDatabase()
const api = await apiDatabase()

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
  expect(
    await slotsOf(db.admin, visitor, clinic, { from: '2999-12-30', to: '3000-01-01', step: 60 }),
  ).toEqual([])
  expect(await slotsOf(db.admin, visitor, clinic, { from: '1970-01-01', to: '1970-01-02' })).toEqual([])
})

describe('settings of the API’s role or its database', () => {
  /** None of these may matter. */
  const hostile = {
    datestyle: 'SQL, DMY',
    timezone: 'Asia/Kathmandu',
    intervalstyle: 'sql_standard',
    bytea_output: 'escape',
    standard_conforming_strings: 'off',
    extra_float_digits: '-15',
    search_path: 'pg_catalog',
    client_encoding: 'LATIN1',
    default_transaction_isolation: 'serializable',
    transform_null_equals: 'on',
    array_nulls: 'off',
    statement_timeout: '60ms',
    lock_timeout: '1ms',
    idle_session_timeout: '150ms',
    idle_in_transaction_session_timeout: '150ms',
  }
  const tenant = 'settings'

  let clinic: Clinic
  beforeAll(async () => {
    clinic = await newClinic(api.admin, { timezone: 'America/New_York' })
    await setHours(
      api.admin,
      clinic,
      [1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, '08:00', '12:30']),
    )
    await api.admin.query(`update profiles set full_name = E'\\\\Ñandú \\'O\\'\\'Hara 🐕' where id = $1`, [
      clinic.vet,
    ])
    await signIn(api.admin, clinic.owner, tenant)
  })

  /** Reads and writes of every kind: raw, typed, as a caller, by a function, with a date, a number and odd text. */
  async function answers(database: Database, key: string): Promise<unknown> {
    const search = { tenantId: clinic.tenant, serviceId: clinic.service, timeZone: 'America/New_York' }
    const booking = {
      petId: clinic.pet,
      serviceId: clinic.service,
      vetId: clinic.vet,
      startTime: '2031-03-10T08:00:00-04:00',
      idempotencyKey: 'settings',
    }
    const caller = { token: tenant, tenantId: clinic.tenant }
    const booked = await memberCall(database, caller, 'members', bookAppointment, booking)
    const expiresAt = new Date('2031-03-10T08:00:00.125Z')
    const made = await database.verification.create({
      data: { identifier: `\\${key}'`, value: 'x', expiresAt },
    })
    const [found] = await database.$queryRaw<
      { text: string; bytes: unknown; number: number; list: unknown }[]
    >`
      select identifier as text, decode('00ff41', 'hex') as bytes, 0.1::float8 + 0.2::float8 as number,
        array[null, 1] as list, ${null}::text = null as is_null
      from login.verification where id = ${made.id}::uuid`
    const schedule = await clinicSchedule(
      database,
      { userId: clinic.receptionist, tenantId: clinic.tenant, isStaff: true },
      { unit: 'day', date: '2031-03-10' },
    )
    return {
      slots: await availableSlots(database, { ...search, from: '2031-03-08', to: '2031-03-10' }),
      schedule: schedule && { ...schedule, now: null },
      booked: booked?.outcome?.success === true ? { ...booked.outcome, replayed: null } : booked,
      expiresAt: made.expiresAt.toISOString(),
      found: { ...found, text: found?.text.replace(key, 'key') },
      pets: await petsOf(database, { userId: clinic.owner, tenantId: clinic.tenant, isStaff: false }),
      slow: await database.$queryRaw`select pg_sleep(0.2) is null as slept`,
    }
  }

  const change = (target: string, verb: 'set' | 'reset') =>
    Object.entries(hostile)
      .map(([name, value]) => `${target} ${verb === 'reset' ? `reset ${name}` : `set ${name} = '${value}'`};`)
      .join('\n')

  it.each(['role', 'database'])('changes no answer, set for the %s', async (what) => {
    const target =
      what === 'role'
        ? `alter role vetcita_api in database ${api.admin.database}`
        : `alter database ${api.admin.database}`
    const plain = await answers(api.db, 'plain')
    await api.admin.query(change(target, 'set'))
    try {
      const hurt = api.connect({ poolSize: 1 })
      expect(await answers(hurt, what)).toEqual(plain)
      // longer than an idle session may be
      await new Promise((resolve) => setTimeout(resolve, 400))
      expect(await answers(hurt, `${what} again`)).toEqual(plain)
      await hurt.$transaction(async (tx) => {
        await new Promise((resolve) => setTimeout(resolve, 400))
        await tx.$queryRaw`select 1`
      })
    } finally {
      await api.admin.query(change(target, 'reset'))
    }
  })

  it.skipIf(pgbouncerBinary === undefined)('changes no answer behind a pooler', async () => {
    const plain = await answers(api.db, 'plain too')
    await api.admin.query(change(`alter database ${api.admin.database}`, 'set'))
    const pooler = await startPgbouncer(api.url, { vetcita_api: apiPassword })
    try {
      const pooled = api.connect({ poolSize: 6 }, pooler.through(api.url))
      const rounds = Array.from({ length: 6 }, (_, n) => answers(pooled, `pooled ${n}`))
      for (const answer of await Promise.all(rounds)) expect(answer).toEqual(plain)
      await pooled.$disconnect()
    } finally {
      await pooler.stop()
      await api.admin.query(change(`alter database ${api.admin.database}`, 'reset'))
    }
  })
})
