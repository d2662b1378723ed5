import { backend, book, codeOf, type Outcome, user } from '@vetcita/testing/sql/calls'
import { at, booking, type Clinic, fromNow, inserted, newClinic, setHours } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { describe, expect, test } from 'vitest'
import { interleave } from './support/waiting.ts'

// What a function read before it waited may be out of date: each test changes the data while the call waits for its lock.

const db = await fileDatabase()

const lockVet = (clinic: Clinic, vet = clinic.vet) =>
  `select from profiles where tenant_id = '${clinic.tenant}' and id = '${vet}' for no key update`
/** The vet and the pet's owner, in the order in which a booking locks them. */
const lockVetAndOwner = (clinic: Clinic) =>
  `select from profiles where tenant_id = '${clinic.tenant}' and id in ('${clinic.vet}', '${clinic.owner}')
   order by id for no key update`
const setProfile = (clinic: Clinic, id: string, change: string) =>
  `update profiles set ${change} where tenant_id = '${clinic.tenant}' and id = '${id}'`
const appointments = (clinic: Clinic) =>
  db.value('select count(*)::int from appointments where tenant_id = $1', [clinic.tenant])

describe('a booking that waits for the vet', () => {
  const waits = (
    clinic: Clinic,
    actor: string,
    whileWaiting: string,
    change: Parameters<typeof booking>[1] = {},
  ) =>
    interleave(db, {
      hold: lockVetAndOwner(clinic),
      call: (client) => book(client, user(actor), booking(clinic, change)),
      whileWaiting,
    })
  const refused = async (clinic: Clinic, outcome: Promise<Outcome>, code: string, rows = 0) => {
    expect(codeOf(await outcome)).toBe(code)
    expect(await appointments(clinic)).toBe(rows)
  }

  test('is PET_NOT_FOUND if its staff actor is demoted or deleted', async () => {
    for (const change of [`role = 'owner'`, 'deleted_at = now()']) {
      const clinic = await newClinic(db.admin)
      const whileWaiting = setProfile(clinic, clinic.receptionist, change)
      await refused(clinic, waits(clinic, clinic.receptionist, whileWaiting), 'PET_NOT_FOUND')
    }
  })

  test('is PET_NOT_FOUND if the owner is deleted, or the pet is deleted or gets another owner', async () => {
    for (const whileWaiting of [
      (c: Clinic) => setProfile(c, c.owner, 'deleted_at = now()'),
      (c: Clinic) =>
        `update pets set owner_id = '${c.otherOwner}' where tenant_id = '${c.tenant}' and id = '${c.pet}'`,
      (c: Clinic) => `update pets set deleted_at = now() where tenant_id = '${c.tenant}'`,
    ]) {
      const clinic = await newClinic(db.admin)
      await refused(clinic, waits(clinic, clinic.owner, whileWaiting(clinic)), 'PET_NOT_FOUND')
    }
  })

  test('rereads the role after the lock, even if the lock itself was free', async () => {
    const clinic = await newClinic(db.admin)
    // allows the first read and blocks row locks, without being a row lock
    const outcome = interleave(db, {
      hold: 'lock table profiles in exclusive mode',
      call: (client) => book(client, user(clinic.receptionist), booking(clinic)),
      whileWaiting: setProfile(clinic, clinic.receptionist, `role = 'owner'`),
    })
    await refused(clinic, outcome, 'PET_NOT_FOUND')
  })

  test('sees that the service was withdrawn or that the vet has left', async () => {
    const clinic = await newClinic(db.admin)
    const withdraw = `update services set is_active = false where tenant_id = '${clinic.tenant}'`
    await refused(clinic, waits(clinic, clinic.owner, withdraw), 'SERVICE_NOT_FOUND')
    for (const change of [`role = 'receptionist'`, 'deleted_at = now()']) {
      const other = await newClinic(db.admin)
      await refused(other, waits(other, other.owner, setProfile(other, other.vet, change)), 'VET_NOT_FOUND')
    }
  })

  test('sees hours, time off and a competing appointment that were added during the wait', async () => {
    const values = (c: Clinic) => `'${c.tenant}', '${c.vet}'`
    const hours = await newClinic(db.admin)
    const setSome = `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) values (${values(hours)}, 1, '00:00', '00:01')`
    await refused(hours, waits(hours, hours.owner, setSome), 'OUTSIDE_HOURS')
    const away = await newClinic(db.admin)
    const leave = `insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values (${values(away)}, '${at(3, '00:00')}', '${at(4, '00:00')}')`
    await refused(away, waits(away, away.owner, leave), 'VET_AWAY')
    const rival = await newClinic(db.admin)
    const take = `insert into appointments (tenant_id, vet_id, pet_id, service_id, start_time, end_time) values (${values(rival)}, '${rival.otherPet}', '${rival.service}', '${at(3, '10:15')}', '${at(3, '10:45')}')`
    await refused(rival, waits(rival, rival.owner, take), 'SLOT_UNAVAILABLE', 1)
  })

  test('is INVALID_TIME if its start passes during the wait', async () => {
    const clinic = await newClinic(db.admin)
    const start = fromNow(0.02)
    const outcome = waits(clinic, clinic.owner, `select pg_sleep_until('${start}'), pg_sleep(0.01)`, {
      p_start_time: start,
    })
    await refused(clinic, outcome, 'INVALID_TIME')
  })

  test('for the same request on another connection is replayed', async () => {
    const clinic = await newClinic(db.admin)
    const first = await db.connect()
    await first.query('begin')
    const args = booking(clinic, { p_idempotency_key: 'twin', p_booked_by: clinic.owner })
    const outcome = await interleave(db, {
      hold: `${lockVet(clinic)}; select book_appointment_atomic('${clinic.tenant}', '${clinic.pet}', '${clinic.service}', '${clinic.vet}', '${args.p_start_time}', p_booked_by => '${clinic.owner}', p_idempotency_key => 'twin')`,
      call: (client) => book(client, user(clinic.owner), args),
      whileWaiting: 'select 1',
    })
    await first.end()
    expect(codeOf(outcome)).toBe('replayed')
    expect(await appointments(clinic)).toBe(1)
  })

  test('is IDEMPOTENCY_KEY_REUSED if the key is used for another vet, whose lock differs', async () => {
    const clinic = await newClinic(db.admin)
    const outcome = await interleave(db, {
      hold: `select book_appointment_atomic('${clinic.tenant}', '${clinic.pet}', '${clinic.service}', '${clinic.otherVet}', '${at(3, '10:00')}', p_booked_by => '${clinic.owner}', p_idempotency_key => 'k')`,
      call: (client) => book(client, user(clinic.owner), booking(clinic, { p_idempotency_key: 'k' })),
      whileWaiting: 'select 1',
    })
    expect(codeOf(outcome)).toBe('IDEMPOTENCY_KEY_REUSED')
    expect(await appointments(clinic)).toBe(1)
  })
})

describe('what does not wait', () => {
  test('another vet’s booking, and foreign keys that refer to the locked vet', async () => {
    const clinic = await newClinic(db.admin)
    const holder = await db.connect()
    await holder.query('begin')
    await holder.query(lockVet(clinic))
    const other = await db.connect()
    await other.query(`set lock_timeout = '2s'`)
    const elsewhere = booking(clinic, { p_vet_id: clinic.otherVet, p_booked_by: clinic.vet })
    // booked by the locked vet, so that created_by refers to the locked row
    expect(codeOf(await book(other, backend, elsewhere))).toBe('success')
    await other.query(
      `insert into carts (tenant_id, customer_id) values ('${clinic.tenant}', '${clinic.vet}')`,
    )
    await holder.end()
    await other.end()
  })

  test('a request that is refused before the lock', async () => {
    const clinic = await newClinic(db.admin)
    const holder = await db.connect()
    await holder.query('begin')
    await holder.query(lockVet(clinic))
    const other = await db.connect()
    await other.query(`set lock_timeout = '2s'`)
    expect(codeOf(await book(other, user(clinic.otherOwner), booking(clinic)))).toBe('PET_NOT_FOUND')
    expect(
      codeOf(await book(other, user(clinic.owner), booking(clinic, { p_start_time: fromNow(-9) }))),
    ).toBe('INVALID_TIME')
    await holder.end()
    await other.end()
  })

  test('while time off, hours and a plain insert do wait for the vet', async () => {
    const clinic = await newClinic(db.admin)
    await setHours(db.admin, clinic, [[1, '08:00', '09:00']])
    const id = await inserted(db.admin, clinic, at(9, '10:00'))
    await db.rows(
      'insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values ($1, $2, $3, $4)',
      [clinic.tenant, clinic.vet, at(20, '10:00'), at(21, '10:00')],
    )
    const holder = await db.connect()
    await holder.query('begin')
    await holder.query(lockVet(clinic))
    const other = await db.connect()
    await other.query(`set lock_timeout = '50ms'`)
    const key = `tenant_id = '${clinic.tenant}'`
    for (const statement of [
      `insert into appointments (tenant_id, vet_id, pet_id, service_id, start_time, end_time) values ('${clinic.tenant}', '${clinic.vet}', '${clinic.pet}', '${clinic.service}', '${at(8, '10:00')}', '${at(8, '10:30')}')`,
      `insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values ('${clinic.tenant}', '${clinic.vet}', '${at(8, '10:00')}', '${at(8, '10:30')}')`,
      `update vet_time_off set reason = 'x' where ${key}`,
      `delete from vet_time_off where ${key}`,
      `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) values ('${clinic.tenant}', '${clinic.vet}', 2, '08:00', '09:00')`,
      `update vet_hours set closes = '10:00' where ${key}`,
      `delete from vet_hours where ${key}`,
    ])
      await expect(other.query(statement), statement).rejects.toMatchObject({ code: '55P03' })
    // a plain update of an appointment does not, because it would lock in the opposite order to the functions
    await other.query(`update appointments set status = 'confirmed' where id = '${id}'`)
    await holder.end()
    await other.end()
  })
})
