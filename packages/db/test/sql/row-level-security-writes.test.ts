import { type Caller, user, visitor } from '@vetcita/testing/sql/calls'
import { booked, type Clinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { beforeAll, describe, expect, test } from 'vitest'
import { asCaller, filledClinic } from './support/filled-clinic.ts'

const db = await fileDatabase()
let clinic: Clinic
let elsewhere: Clinic
beforeAll(async () => {
  clinic = await filledClinic(db)
  elsewhere = await filledClinic(db)
  await booked(db.admin, clinic)
})

describe('direct writes', () => {
  const write = (caller: Caller, sql: string, values: unknown[] = []) =>
    asCaller(db, caller, async () => {
      try {
        return `${(await db.admin.query(sql, values)).rowCount} rows`
      } catch (error) {
        return error instanceof Error && 'code' in error ? String(error.code) : 'an error'
      }
    })

  test('to appointments, events and carts are denied to authenticated and anon, even to admins', async () => {
    for (const caller of [user(clinic.owner), user(clinic.admin), visitor]) {
      for (const table of ['appointments', 'appointment_events', 'carts', 'cart_items']) {
        expect(await write(caller, `update ${table} set tenant_id = tenant_id`), table).toBe('42501')
        expect(await write(caller, `delete from ${table}`), table).toBe('42501')
        expect(await write(caller, `insert into ${table} default values`), table).toBe('42501')
        expect(await write(caller, `truncate ${table} cascade`), table).toBe('42501')
      }
    }
  })

  test('to role, deletion, id and tenant of profiles are denied, so nobody can promote themselves', async () => {
    for (const caller of [user(clinic.owner), user(clinic.receptionist), user(clinic.admin)]) {
      for (const change of [
        `role = 'admin'`,
        'deleted_at = null',
        'id = gen_random_uuid()',
        `tenant_id = 'x'`,
      ])
        expect(await write(caller, `update profiles set ${change}`), change).toBe('42501')
      expect(
        await write(
          caller,
          `insert into profiles (tenant_id, full_name, role) values ('${clinic.tenant}', 'X', 'admin')`,
        ),
      ).toBe('42501')
      expect(await write(caller, 'delete from profiles')).toBe('42501')
    }
    expect(await write(user(clinic.owner), `update profiles set full_name = 'Me'`)).toBe('1 rows')
    expect(
      await write(user(clinic.owner), `insert into profiles (tenant_id, full_name) values ($1, 'X')`, [
        clinic.tenant,
      ]),
    ).toBe('42501')
    expect(
      await write(
        user(clinic.receptionist),
        `insert into profiles (tenant_id, full_name) values ($1, 'Walk-in')`,
        [clinic.tenant],
      ),
    ).toBe('1 rows')
    expect(
      await write(user(clinic.receptionist), `insert into profiles (tenant_id, full_name) values ($1, 'X')`, [
        elsewhere.tenant,
      ]),
    ).toBe('42501')
    // the pet owners of their clinic, and their own profile
    expect(
      await write(user(clinic.receptionist), `update profiles set phone = '12345' where tenant_id = $1`, [
        clinic.tenant,
      ]),
    ).toBe('3 rows')
  })

  test('to pets: owners their own, staff their clinic’s; a pet cannot be given to another owner or clinic', async () => {
    const insert = (caller: Caller, tenant: string, owner: string) =>
      write(caller, `insert into pets (tenant_id, owner_id, name) values ($1, $2, 'New')`, [tenant, owner])
    expect(await insert(user(clinic.owner), clinic.tenant, clinic.owner)).toBe('1 rows')
    expect(await insert(user(clinic.owner), clinic.tenant, clinic.otherOwner)).toBe('42501')
    expect(await insert(user(clinic.owner), elsewhere.tenant, elsewhere.owner)).toBe('42501')
    expect(await insert(user(clinic.receptionist), clinic.tenant, clinic.owner)).toBe('1 rows')
    expect(await insert(user(clinic.receptionist), elsewhere.tenant, elsewhere.owner)).toBe('42501')
    expect(await write(user(clinic.owner), `update pets set name = 'Renamed'`)).toBe('1 rows')
    expect(await write(user(clinic.receptionist), `update pets set name = 'Renamed'`)).toBe('2 rows')
    for (const change of [
      `owner_id = '${clinic.otherOwner}'`,
      `tenant_id = '${elsewhere.tenant}'`,
      'id = gen_random_uuid()',
    ])
      expect(await write(user(clinic.owner), `update pets set ${change}`)).toBe('42501')
  })

  test('to clinic data: staff edit products and time off, admins also services, hours and settings', async () => {
    const product = `insert into store_products (tenant_id, name) values ($1, 'X')`
    const service = `insert into services (tenant_id, name) values ($1, 'X')`
    const leave = `insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values ($1, $2, now(), now() + interval '1 hour')`
    const hours = `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) values ($1, $2, 1, '08:00', '09:00')`
    const expected = (owner: string, receptionist: string, admin: string) =>
      [
        [clinic.owner, owner],
        [clinic.receptionist, receptionist],
        [clinic.admin, admin],
      ] as const
    for (const [actor, answer] of expected('42501', '1 rows', '1 rows')) {
      expect(await write(user(actor), product, [clinic.tenant])).toBe(answer)
      expect(await write(user(actor), leave, [clinic.tenant, clinic.vet])).toBe(answer)
      expect(await write(user(actor), product, [elsewhere.tenant])).toBe('42501')
      expect(await write(user(actor), leave, [elsewhere.tenant, elsewhere.vet])).toBe('42501')
    }
    for (const [actor, answer] of expected('42501', '42501', '1 rows')) {
      expect(await write(user(actor), service, [clinic.tenant])).toBe(answer)
      expect(await write(user(actor), hours, [clinic.tenant, clinic.vet])).toBe(answer)
      expect(await write(user(actor), service, [elsewhere.tenant])).toBe('42501')
      expect(await write(user(actor), hours, [elsewhere.tenant, elsewhere.vet])).toBe('42501')
    }
    for (const [actor, answer] of expected('0 rows', '0 rows', '1 rows'))
      expect(await write(user(actor), `update tenants set change_notice_minutes = 60`)).toBe(answer)
    expect(await write(user(clinic.admin), `update services set tenant_id = '${elsewhere.tenant}'`)).toBe(
      '42501',
    )
    expect(await write(user(clinic.admin), `insert into tenants (id, name) values ('mine', 'Mine')`)).toBe(
      '42501',
    )
    expect(await write(user(clinic.owner), `update store_products set price = 0`)).toBe('0 rows')
    expect(await write(user(clinic.admin), `update store_products set price = 1`)).toBe('3 rows')
  })
})
