import { becomeText, type Caller, user, visitor } from '@vetcita/testing/sql/calls'
import { at, booked, type Clinic, setHours } from '@vetcita/testing/sql/clinic'
import { fileDatabase, sqlState } from '@vetcita/testing/sql/database'
import { beforeAll, describe, expect, test } from 'vitest'
import { asCaller, filledClinic } from './support/filled-clinic.ts'

const db = await fileDatabase()
let clinic: Clinic
let elsewhere: Clinic
let mine: string
let theirs: string

beforeAll(async () => {
  clinic = await filledClinic(db)
  elsewhere = await filledClinic(db)
  mine = await booked(db.admin, clinic, { p_start_time: at(3, '10:00') })
  theirs = await booked(db.admin, clinic, { p_start_time: at(3, '11:00'), p_pet_id: clinic.otherPet })
  await booked(db.admin, elsewhere)
})

const tables = [
  'profiles',
  'pets',
  'services',
  'appointments',
  'appointment_events',
  'vet_hours',
  'vet_time_off',
  'store_products',
  'carts',
  'cart_items',
] as const

/** Returns how many of a clinic's rows of each table the caller sees, or the SQLSTATE. */
async function seen(caller: Caller, tenant: string): Promise<Record<string, number | string>> {
  const counts: Record<string, number | string> = {}
  for (const table of tables) {
    counts[table] = await asCaller(db, caller, async () => {
      const state = await sqlState(db.admin.query(`select from ${table}`))
      if (state !== 'none') return state
      return Number(await db.value(`select count(*) from ${table} where tenant_id = $1`, [tenant]))
    })
  }
  return counts
}

const publicOnly = {
  profiles: 0,
  pets: 0,
  services: 1,
  appointments: 0,
  appointment_events: 0,
  vet_hours: 0,
  vet_time_off: 0,
  store_products: 1,
  carts: 0,
  cart_items: 0,
}

// access-matrix.ts says how many rows of every table each caller sees; these tests check which ones
describe('who sees what', () => {
  test('a pet owner sees their own rows and the clinic’s public ones', async () => {
    expect(await seen(user(clinic.owner), clinic.tenant)).toEqual({
      ...publicOnly,
      profiles: 1,
      pets: 1,
      appointments: 1,
      appointment_events: 1,
      vet_hours: 8,
      carts: 1,
      cart_items: 1,
    })
    await asCaller(db, user(clinic.owner), async () => {
      expect(await db.rows('select id from appointments')).toEqual([{ id: mine }])
      expect(await db.rows('select id from pets')).toEqual([{ id: clinic.pet }])
      expect(await db.rows('select id from profiles')).toEqual([{ id: clinic.owner }])
      expect(await db.rows('select distinct customer_id from cart_items')).toEqual([
        { customer_id: clinic.owner },
      ])
      // a query without a where leaks nothing, and one for another owner's row finds nothing
      expect(await db.rows('select from appointments where id = $1', [theirs])).toEqual([])
    })
  })

  test('anon sees tenants, active services and products, and public_vets, and nothing else', async () => {
    const denied = { profiles: '42501', pets: '42501', appointments: '42501', appointment_events: '42501' }
    const deniedToo = { vet_hours: '42501', vet_time_off: '42501', carts: '42501', cart_items: '42501' }
    expect(await seen(visitor, clinic.tenant)).toEqual({ ...publicOnly, ...denied, ...deniedToo })
    await asCaller(db, visitor, async () => {
      expect(await db.value('select count(*)::int from tenants')).toBe(2)
      const vets = await db.rows('select * from public_vets where tenant_id = $1 order by full_name', [
        clinic.tenant,
      ])
      expect(vets.map((vet) => Object.keys(vet))).toEqual(Array(3).fill(['tenant_id', 'id', 'full_name']))
      expect(vets.map(({ full_name }) => full_name)).toEqual(['Admin', 'Vet One', 'Vet Two'])
    })
  })

  test('anon sees the weekly hours of the vets in public_vets, and no others', async () => {
    const third = await filledClinic(db)
    await db.rows('delete from vet_hours where vet_id = $1', [third.vet])
    await setHours(db.admin, third, [[2, '08:00', '12:00']])
    await setHours(db.admin, third, [[3, '08:00', '12:00']], third.otherVet)
    await setHours(db.admin, third, [[4, '08:00', '12:00']], third.receptionist)
    await db.rows('update profiles set deleted_at = now() where tenant_id = $1 and id = $2', [
      third.tenant,
      third.otherVet,
    ])
    await asCaller(db, visitor, async () => {
      const hours = await db.rows('select * from public_vet_hours where tenant_id = $1 order by weekday', [
        third.tenant,
      ])
      expect(hours).toEqual([
        {
          tenant_id: third.tenant,
          vet_id: third.admin,
          weekday: 1,
          opens: '00:00:00',
          closes: '24:00:00',
        },
        { tenant_id: third.tenant, vet_id: third.vet, weekday: 2, opens: '08:00:00', closes: '12:00:00' },
      ])
      expect(
        await db.rows(
          `select from public_vet_hours h where not exists (
             select from public_vets v where v.tenant_id = h.tenant_id and v.id = h.vet_id)`,
        ),
      ).toEqual([])
    })
  })

  test('a user with profiles at two clinics has at each the rights of that profile', async () => {
    await db.rows(
      `insert into profiles (tenant_id, id, full_name) values ($1, $2, 'Receptionist as client')`,
      [elsewhere.tenant, clinic.receptionist],
    )
    expect(await seen(user(clinic.receptionist), elsewhere.tenant)).toEqual({
      ...publicOnly,
      profiles: 1,
      vet_hours: 8,
    })
    expect((await seen(user(clinic.receptionist), clinic.tenant)).appointments).toBe(2)
  })

  test('none of the three roles may read the login tables', async () => {
    for (const role of ['anon', 'authenticated', 'service_role'])
      for (const table of ['user', 'session', 'account', 'verification', 'rate_limit'])
        expect(
          await asCaller(db, { role }, () => sqlState(db.admin.query(`select from login."${table}"`))),
        ).toBe('42501')
  })
})

describe('the policies’ helpers', () => {
  test('run once per query, however many rows there are', async () => {
    await db.rows(
      `insert into pets (tenant_id, owner_id, name) select $1, $2, 'p' from generate_series(1, 500)`,
      [elsewhere.tenant, elsewhere.owner],
    )
    for (const [actor, table] of [
      [elsewhere.owner, 'pets'],
      [elsewhere.admin, 'pets'],
      [elsewhere.admin, 'appointments'],
      [elsewhere.owner, 'appointment_events'],
      [elsewhere.admin, 'profiles'],
    ] as const) {
      // on a separate connection, because the view shows the calls that this connection has not reported yet
      const client = await db.connect()
      await client.query(`set track_functions = 'all'`)
      await client.query('begin')
      await client.query(becomeText(user(actor)))
      await client.query(`select count(*) from ${table}`)
      await client.query('reset role')
      const { rows } = await client.query<{ name: string; calls: number }>(
        `select funcname as name, calls::int from pg_stat_xact_user_functions where schemaname = 'clinic_access'`,
      )
      await client.end()
      expect(rows.length).toBeGreaterThan(0)
      for (const { name, calls } of rows) expect(calls, `${table}: ${name}`).toBe(1)
    }
  })

  test('let a policy on profiles read profiles without recursion', async () => {
    expect(
      await asCaller(db, user(clinic.receptionist), () => sqlState(db.admin.query('select from profiles'))),
    ).toBe('none')
  })

  test('cannot be executed by visitors', async () => {
    for (const name of ['staff_tenants', 'member_tenants', 'own_pets', 'own_appointments', 'admin_tenants'])
      expect(
        await asCaller(db, visitor, () => sqlState(db.admin.query(`select clinic_access.${name}()`))),
      ).toBe('42501')
  })
})
