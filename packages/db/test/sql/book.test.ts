import { randomUUID } from 'node:crypto'
import {
  type BookArguments,
  backend,
  book,
  type Caller,
  codeOf,
  textOf,
  user,
} from '@vetcita/testing/sql/calls'
import {
  appointment,
  at,
  booked,
  booking,
  type Clinic,
  everyRow,
  fromNow,
  inserted,
  newClinic,
  setHours,
  takeTimeOff,
} from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { beforeAll, describe, expect, test } from 'vitest'

const db = await fileDatabase()
let clinic: Clinic
beforeAll(async () => {
  clinic = await newClinic(db.admin, { bufferMinutes: 10 })
})

const attempt = async (caller: Caller, change: Partial<BookArguments>) =>
  codeOf(await book(db.admin, caller, booking(clinic, change)))

describe('who can', () => {
  test('a pet owner, for their own pet; the answer has exactly the documented keys', async () => {
    const start = at(10, '09:00')
    const outcome = await book(db.admin, user(clinic.owner), booking(clinic, { p_start_time: start }))
    expect(Object.keys(outcome).sort()).toEqual([
      'appointment_id',
      'currency',
      'duration_minutes',
      'end_time',
      'price',
      'start_time',
      'status',
      'success',
      'version',
    ])
    expect(outcome).toMatchObject({
      success: true,
      status: 'scheduled',
      version: 1,
      duration_minutes: 30,
      price: 150000,
      currency: 'PYG',
    })
    expect(Date.parse(textOf(outcome, 'start_time'))).toBe(Date.parse(start))
    expect(Date.parse(textOf(outcome, 'end_time'))).toBe(Date.parse(at(10, '09:30')))
    const row = await appointment(db.admin, textOf(outcome, 'appointment_id'))
    expect(row).toMatchObject({
      tenant_id: clinic.tenant,
      pet_id: clinic.pet,
      service_id: clinic.service,
      vet_id: clinic.vet,
      created_by: clinic.owner,
      busy_until: new Date(at(10, '09:40')),
      idempotency_key: null,
      request_hash: null,
    })
    expect(
      await db.rows('select event, actor_id from appointment_events where appointment_id = $1', [row.id]),
    ).toEqual([{ event: 'booked', actor_id: clinic.owner }])
  })

  test('staff, for any pet of their clinic: receptionist, vet and admin', async () => {
    for (const [index, actor] of [clinic.receptionist, clinic.vet, clinic.admin].entries()) {
      const outcome = await book(
        db.admin,
        user(actor),
        booking(clinic, { p_start_time: at(11 + index, '09:00') }),
      )
      expect(codeOf(outcome)).toBe('success')
      expect((await appointment(db.admin, textOf(outcome, 'appointment_id'))).created_by).toBe(actor)
    }
  })

  test('a trusted backend, for the user that it names, or else for the pet’s owner', async () => {
    const named = await booked(db.admin, clinic, {
      p_start_time: at(14, '09:00'),
      p_booked_by: clinic.receptionist,
    })
    const unnamed = await booked(db.admin, clinic, { p_start_time: at(14, '10:00') })
    expect((await appointment(db.admin, named)).created_by).toBe(clinic.receptionist)
    expect((await appointment(db.admin, unnamed)).created_by).toBe(clinic.owner)
  })

  test('anyone, with an admin as the vet', async () => {
    expect(await attempt(user(clinic.owner), { p_vet_id: clinic.admin, p_start_time: at(15, '09:00') })).toBe(
      'success',
    )
  })
})

describe('who cannot: data that the caller may not see is reported as not found', () => {
  test.for([
    ['another owner', (c: Clinic) => c.otherOwner],
    ['a person without a profile here', () => randomUUID()],
  ] as const)('%s gets PET_NOT_FOUND', async ([, actor]) => {
    const before = await everyRow(db.admin, clinic)
    const outcome = await book(db.admin, user(actor(clinic)), booking(clinic))
    expect(outcome).toEqual({ success: false, error: 'PET_NOT_FOUND', message: 'Mascota no encontrada' })
    expect(await everyRow(db.admin, clinic)).toBe(before)
  })

  test("another clinic's staff, and a backend that names them", async () => {
    const elsewhere = await newClinic(db.admin)
    expect(await attempt(user(elsewhere.admin), {})).toBe('PET_NOT_FOUND')
    expect(await attempt(backend, { p_booked_by: elsewhere.admin })).toBe('PET_NOT_FOUND')
    // and the pet does not exist at their own clinic
    expect(await attempt(user(elsewhere.admin), { p_tenant_id: elsewhere.tenant })).toBe('PET_NOT_FOUND')
  })

  test('a user with profiles at two clinics has at each the role of that profile', async () => {
    const elsewhere = await newClinic(db.admin)
    await db.rows(`insert into profiles (tenant_id, id, role, full_name) values ($1, $2, 'owner', 'Guest')`, [
      clinic.tenant,
      elsewhere.admin,
    ])
    expect(await attempt(user(elsewhere.admin), {})).toBe('PET_NOT_FOUND')
  })

  test('naming another user is FORBIDDEN, naming oneself is not', async () => {
    expect(await attempt(user(clinic.otherOwner), { p_booked_by: clinic.owner })).toBe('FORBIDDEN')
    expect(await attempt(user(clinic.owner), { p_booked_by: clinic.receptionist })).toBe('FORBIDDEN')
    expect(
      await attempt(user(clinic.owner), { p_booked_by: clinic.owner, p_start_time: at(16, '09:00') }),
    ).toBe('success')
  })

  test('a deleted profile has no rights, as pet owner or staff', async () => {
    const gone = await newClinic(db.admin)
    await db.rows('update profiles set deleted_at = now() where tenant_id = $1 and id = any ($2)', [
      gone.tenant,
      [gone.owner, gone.receptionist],
    ])
    for (const caller of [user(gone.owner), user(gone.receptionist), backend])
      expect(codeOf(await book(db.admin, caller, booking(gone)))).toBe('PET_NOT_FOUND')
  })
})

test('codes follow the order of the contract: each problem hides the ones after it', async () => {
  const spoilt = await newClinic(db.admin)
  await setHours(db.admin, spoilt, [[1, '00:00', '00:01']])
  await takeTimeOff(db.admin, spoilt, at(1, '00:00'), at(9, '00:00'))
  const taken = await inserted(db.admin, spoilt, at(3, '10:00'), { pet: spoilt.otherPet })
  const elsewhere = await inserted(db.admin, spoilt, at(3, '10:00'), { vet: spoilt.otherVet })
  const closing = `insert into clinic_closures (tenant_id, start_time, end_time, name) values ($1, $2, $3, 'Feriado')`
  await db.rows(closing, [spoilt.tenant, at(3, '00:00'), at(4, '00:00')])
  await db.rows('insert into vet_services (tenant_id, vet_id, service_id) values ($1, $2, $3)', [
    spoilt.tenant,
    spoilt.otherVet,
    spoilt.service,
  ])
  const setRules = (rules: string) => db.rows(`update tenants set ${rules} where id = $1`, [spoilt.tenant])
  await setRules('book_lead_minutes = 10080, book_horizon_days = 1, max_open_appointments = 1')
  await db.rows(`update services set booking = 'desk' where tenant_id = $1`, [spoilt.tenant])
  const args = booking(spoilt, {
    p_duration_minutes: 0,
    p_booked_by: spoilt.otherOwner,
    p_pet_id: randomUUID(),
    p_service_id: randomUUID(),
    p_start_time: fromNow(-60),
    p_vet_id: spoilt.receptionist,
  })
  const seen: string[] = []
  const fix = async (change: Partial<BookArguments>) => {
    Object.assign(args, change)
    seen.push(codeOf(await book(db.admin, user(spoilt.owner), args)))
  }
  await fix({})
  await fix({ p_duration_minutes: null })
  await fix({ p_booked_by: null })
  await fix({ p_pet_id: spoilt.pet })
  await fix({ p_service_id: spoilt.service, p_expected: { price: 1 } })
  await db.rows(`update services set booking = 'online' where tenant_id = $1`, [spoilt.tenant])
  await fix({})
  await fix({ p_expected: { price: 150_000, duration_minutes: 30 } })
  await fix({ p_start_time: at(3, '10:00') })
  await setRules('book_lead_minutes = 0')
  await fix({})
  await setRules('book_horizon_days = 365')
  await fix({})
  await fix({ p_vet_id: spoilt.vet })
  await db.rows('delete from vet_services where tenant_id = $1', [spoilt.tenant])
  await fix({})
  await db.rows('delete from clinic_closures where tenant_id = $1', [spoilt.tenant])
  await fix({})
  await db.rows('delete from vet_hours where tenant_id = $1', [spoilt.tenant])
  await fix({})
  await db.rows('delete from vet_time_off where tenant_id = $1', [spoilt.tenant])
  await fix({})
  await setRules('max_open_appointments = null')
  await fix({})
  await db.rows(`update appointments set status = 'cancelled' where id = $1`, [elsewhere])
  await fix({})
  await db.rows(`update appointments set status = 'cancelled' where id = $1`, [taken])
  await fix({})
  expect(seen).toEqual([
    'INVALID_DURATION',
    'FORBIDDEN',
    'PET_NOT_FOUND',
    'SERVICE_NOT_FOUND',
    'DESK_ONLY',
    'SERVICE_CHANGED',
    'INVALID_TIME',
    'TOO_SOON',
    'TOO_FAR',
    'VET_NOT_FOUND',
    'VET_DOES_NOT_OFFER',
    'CLINIC_CLOSED',
    'OUTSIDE_HOURS',
    'VET_AWAY',
    'LIMIT_REACHED',
    'PET_BUSY',
    'SLOT_UNAVAILABLE',
    'success',
  ])
})

test('a refusal carries a sentence in Spanish without personal data', async () => {
  const outcome = await book(db.admin, backend, booking(clinic, { p_vet_id: randomUUID() }))
  expect(Object.keys(outcome).sort()).toEqual(['error', 'message', 'success'])
  expect(outcome.message).toBe('Profesional no encontrado')
})
