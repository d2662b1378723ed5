import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type BookArguments, backend, book, type Caller, textOf, user, word } from './support/calls.ts'
import {
  appointment,
  at,
  booked,
  booking,
  type Clinic,
  everyRow,
  fromNow,
  newClinic,
  setHours,
  takeTimeOff,
} from './support/clinic.ts'
import { fileDatabase } from './support/database.ts'

const db = await fileDatabase()
let clinic: Clinic
beforeAll(async () => {
  clinic = await newClinic(db.admin, { bufferMinutes: 10 })
})

const attempt = async (caller: Caller, change: Partial<BookArguments>) =>
  word(await book(db.admin, caller, booking(clinic, change)))

describe('who can', () => {
  test('an owner, for their own pet; the answer has exactly the promised keys', async () => {
    const start = at(10, '09:00')
    const outcome = await book(db.admin, user(clinic.owner), booking(clinic, { p_start_time: start }))
    expect(Object.keys(outcome).sort()).toEqual([
      'appointment_id',
      'end_time',
      'start_time',
      'status',
      'success',
      'version',
    ])
    expect(outcome).toMatchObject({ success: true, status: 'scheduled', version: 1 })
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
      expect(word(outcome)).toBe('success')
      expect((await appointment(db.admin, textOf(outcome, 'appointment_id'))).created_by).toBe(actor)
    }
  })

  test('a trusted backend for whom it names, and without a name for the owner of the pet', async () => {
    const named = await booked(db.admin, clinic, {
      p_start_time: at(14, '09:00'),
      p_booked_by: clinic.receptionist,
    })
    const unnamed = await booked(db.admin, clinic, { p_start_time: at(14, '10:00') })
    expect((await appointment(db.admin, named)).created_by).toBe(clinic.receptionist)
    expect((await appointment(db.admin, unnamed)).created_by).toBe(clinic.owner)
  })

  test('an admin treats patients too', async () => {
    expect(await attempt(user(clinic.owner), { p_vet_id: clinic.admin, p_start_time: at(15, '09:00') })).toBe(
      'success',
    )
  })
})

describe('who cannot: what you may not see does not exist', () => {
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
    // nor does their own clinic have that pet
    expect(await attempt(user(elsewhere.admin), { p_tenant_id: elsewhere.tenant })).toBe('PET_NOT_FOUND')
  })

  test('staff of two clinics is in each what that clinic says', async () => {
    const elsewhere = await newClinic(db.admin)
    await db.rows(`insert into profiles (tenant_id, id, role, full_name) values ($1, $2, 'owner', 'Guest')`, [
      clinic.tenant,
      elsewhere.admin,
    ])
    expect(await attempt(user(elsewhere.admin), {})).toBe('PET_NOT_FOUND')
  })

  test('somebody else named in the argument is FORBIDDEN, oneself is not', async () => {
    expect(await attempt(user(clinic.otherOwner), { p_booked_by: clinic.owner })).toBe('FORBIDDEN')
    expect(await attempt(user(clinic.owner), { p_booked_by: clinic.receptionist })).toBe('FORBIDDEN')
    expect(
      await attempt(user(clinic.owner), { p_booked_by: clinic.owner, p_start_time: at(16, '09:00') }),
    ).toBe('success')
  })

  test('a deleted profile is nobody: owner and staff', async () => {
    const gone = await newClinic(db.admin)
    await db.rows('update profiles set deleted_at = now() where tenant_id = $1 and id = any ($2)', [
      gone.tenant,
      [gone.owner, gone.receptionist],
    ])
    for (const caller of [user(gone.owner), user(gone.receptionist), backend])
      expect(word(await book(db.admin, caller, booking(gone)))).toBe('PET_NOT_FOUND')
  })
})

describe('what each code means', () => {
  test('INVALID_DURATION: outside 5 to 480', async () => {
    for (const minutes of [0, -1, 4, 481, 2_147_483_647, -2_147_483_648])
      expect(await attempt(user(clinic.receptionist), { p_duration_minutes: minutes })).toBe(
        'INVALID_DURATION',
      )
    for (const [index, minutes] of [5, 480].entries())
      expect(
        await attempt(user(clinic.receptionist), {
          p_duration_minutes: minutes,
          p_start_time: at(20 + index, '09:00'),
        }),
      ).toBe('success')
  })

  test('INVALID_DURATION: an owner gets the service as it is', async () => {
    const start = { p_start_time: at(22, '09:00') }
    expect(await attempt(user(clinic.owner), { ...start, p_duration_minutes: 60 })).toBe('INVALID_DURATION')
    expect(await attempt(user(clinic.owner), { ...start, p_duration_minutes: 30 })).toBe('success')
  })

  test('PET_NOT_FOUND: unknown, deleted, or in an unknown clinic', async () => {
    const pet = randomUUID()
    await db.rows(
      `insert into pets (tenant_id, id, owner_id, name, deleted_at) values ($1, $2, $3, 'Rex', now())`,
      [clinic.tenant, pet, clinic.owner],
    )
    expect(await attempt(user(clinic.owner), { p_pet_id: pet })).toBe('PET_NOT_FOUND')
    expect(await attempt(user(clinic.owner), { p_pet_id: randomUUID() })).toBe('PET_NOT_FOUND')
    expect(await attempt(user(clinic.owner), { p_tenant_id: 'nowhere' })).toBe('PET_NOT_FOUND')
  })

  test('SERVICE_NOT_FOUND: unknown, inactive, deleted, or another clinic’s', async () => {
    const elsewhere = await newClinic(db.admin)
    const inactive = randomUUID()
    const deleted = randomUUID()
    await db.rows(
      `insert into services (tenant_id, id, name, is_active, deleted_at)
       values ($1, $2, 'Old', false, null), ($1, $3, 'Gone', true, now())`,
      [clinic.tenant, inactive, deleted],
    )
    for (const service of [inactive, deleted, elsewhere.service, randomUUID()])
      expect(await attempt(user(clinic.owner), { p_service_id: service })).toBe('SERVICE_NOT_FOUND')
  })

  test('INVALID_TIME: not in the future, not finite, or from the year 3000 on', async () => {
    for (const start of [
      fromNow(-1),
      '-infinity',
      'infinity',
      '3000-01-01T00:00:00Z',
      '9999-12-31T23:59:00Z',
      '0001-01-01T00:00:00Z',
    ]) {
      const outcome = await book(db.admin, user(clinic.owner), booking(clinic, { p_start_time: start }))
      expect(word(outcome)).toBe('INVALID_TIME')
      expect(outcome.message).toContain('futuro')
    }
    expect(await attempt(user(clinic.owner), { p_start_time: '2999-12-31T23:00:00Z' })).toBe('success')
  })

  test('INVALID_TIME: staff write down a walk-in of the last half hour, an owner does not', async () => {
    const walkIn = await newClinic(db.admin)
    const ago = (minutes: number) => booking(walkIn, { p_start_time: fromNow(-minutes) })
    expect(word(await book(db.admin, user(walkIn.receptionist), ago(31)))).toBe('INVALID_TIME')
    expect(word(await book(db.admin, user(walkIn.owner), ago(29)))).toBe('INVALID_TIME')
    expect(word(await book(db.admin, user(walkIn.receptionist), ago(29)))).toBe('success')
  })

  test('VET_NOT_FOUND: unknown, no vet, deleted, or another clinic’s', async () => {
    const elsewhere = await newClinic(db.admin)
    const deleted = randomUUID()
    await db.rows(
      `insert into profiles (tenant_id, id, role, full_name, deleted_at) values ($1, $2, 'vet', 'Gone', now())`,
      [clinic.tenant, deleted],
    )
    for (const vet of [randomUUID(), clinic.receptionist, clinic.owner, deleted, elsewhere.vet])
      expect(await attempt(user(clinic.owner), { p_vet_id: vet })).toBe('VET_NOT_FOUND')
  })

  test('VET_AWAY: time off, the buffer counted; staff too', async () => {
    const away = await newClinic(db.admin, { bufferMinutes: 15 })
    await takeTimeOff(db.admin, away, at(5, '12:00'), at(5, '14:00'))
    const tries = async (time: string, caller = user(away.owner)) =>
      word(await book(db.admin, caller, booking(away, { p_start_time: at(5, time) })))
    expect(await tries('12:30')).toBe('VET_AWAY')
    expect(await tries('13:59')).toBe('VET_AWAY')
    expect(await tries('11:16')).toBe('VET_AWAY')
    expect(await tries('12:30', user(away.admin))).toBe('VET_AWAY')
    expect(await tries('11:15')).toBe('success')
    expect(await tries('14:00')).toBe('success')
    const other = booking(away, { p_start_time: at(5, '12:30'), p_vet_id: away.otherVet })
    expect(word(await book(db.admin, user(away.owner), other))).toBe('success')
  })

  test('SLOT_UNAVAILABLE: any overlap with an active appointment and its buffer; touching is free', async () => {
    const busy = await newClinic(db.admin, { bufferMinutes: 10 })
    const first = await booked(db.admin, busy, { p_start_time: at(5, '10:00') })
    const tries = async (time: string, change: Partial<BookArguments> = {}) =>
      word(
        await book(
          db.admin,
          user(busy.receptionist),
          booking(busy, { p_start_time: at(5, time), ...change }),
        ),
      )
    const before = await everyRow(db.admin, busy)
    for (const time of ['10:00', '10:15', '10:39', '09:21', '09:50'])
      expect(await tries(time), time).toBe('SLOT_UNAVAILABLE')
    expect(await tries('04:00', { p_duration_minutes: 480 })).toBe('SLOT_UNAVAILABLE')
    expect(await everyRow(db.admin, busy)).toBe(before)
    expect(await tries('10:00', { p_vet_id: busy.otherVet })).toBe('success')
    expect(await tries('09:20')).toBe('success')
    expect(await tries('10:40')).toBe('success')
    for (const status of ['cancelled', 'no_show']) {
      await db.rows('update appointments set status = $2 where id = $1', [first, status])
      const again = await book(db.admin, backend, booking(busy, { p_start_time: at(5, '10:00') }))
      expect(word(again)).toBe('success')
      await db.rows('delete from appointments where id = $1', [textOf(again, 'appointment_id')])
    }
    for (const status of ['confirmed', 'checked_in', 'in_progress', 'completed']) {
      await db.rows('update appointments set status = $2 where id = $1', [first, status])
      expect(await tries('10:00')).toBe('SLOT_UNAVAILABLE')
    }
  })

  test('the same slot in another clinic is another slot, even for a vet with the same id', async () => {
    const twin = await newClinic(db.admin)
    await db.rows(`insert into profiles (tenant_id, id, role, full_name) values ($1, $2, 'vet', 'Both')`, [
      twin.tenant,
      clinic.vet,
    ])
    const start = at(25, '09:00')
    expect(await attempt(user(clinic.owner), { p_start_time: start })).toBe('success')
    const there = booking(twin, { p_start_time: start, p_vet_id: clinic.vet })
    expect(word(await book(db.admin, user(twin.owner), there))).toBe('success')
  })

  test('an appointment of the longest length and buffer is found by the bounded scan', async () => {
    const long = await newClinic(db.admin, { bufferMinutes: 240 })
    await booked(db.admin, long, { p_start_time: at(5, '00:00'), p_duration_minutes: 480 })
    const tries = async (time: string) =>
      word(await book(db.admin, backend, booking(long, { p_start_time: at(5, time) })))
    expect(await tries('11:59')).toBe('SLOT_UNAVAILABLE')
    expect(await tries('12:00')).toBe('success')
  })

  test('an appointment of a whole day, written by old code, is found by the bounded scan', async () => {
    const long = await newClinic(db.admin)
    await db.rows(
      `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
       values ($1, $2, $3, $4, $5, $5::timestamptz + interval '24 hours')`,
      [long.tenant, long.pet, long.service, long.vet, at(5, '00:00')],
    )
    const tries = async (days: number, time: string) =>
      word(await book(db.admin, backend, booking(long, { p_start_time: at(days, time) })))
    expect(await tries(5, '23:59')).toBe('SLOT_UNAVAILABLE')
    expect(await tries(6, '00:00')).toBe('success')
  })
})

test('codes come in the order of the contract: each fault hides the ones after it', async () => {
  const spoilt = await newClinic(db.admin)
  await setHours(db.admin, spoilt, [[1, '00:00', '00:01']])
  await takeTimeOff(db.admin, spoilt, at(1, '00:00'), at(9, '00:00'))
  await db.rows(
    `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
     values ($1, $2, $3, $4, $5, $5::timestamptz + interval '30 minutes')`,
    [spoilt.tenant, spoilt.pet, spoilt.service, spoilt.vet, at(3, '10:00')],
  )
  const args = booking(spoilt, {
    p_duration_minutes: 0,
    p_booked_by: spoilt.otherOwner,
    p_pet_id: randomUUID(),
    p_service_id: randomUUID(),
    p_start_time: fromNow(-60),
    p_vet_id: spoilt.receptionist,
  })
  const seen: string[] = []
  const mend = async (change: Partial<BookArguments>) => {
    Object.assign(args, change)
    seen.push(word(await book(db.admin, user(spoilt.owner), args)))
  }
  await mend({})
  await mend({ p_duration_minutes: null })
  await mend({ p_booked_by: null })
  await mend({ p_pet_id: spoilt.pet })
  await mend({ p_service_id: spoilt.service })
  await mend({ p_start_time: at(3, '10:00') })
  await mend({ p_vet_id: spoilt.vet })
  await db.rows('delete from vet_hours where tenant_id = $1', [spoilt.tenant])
  await mend({})
  await db.rows('delete from vet_time_off where tenant_id = $1', [spoilt.tenant])
  await mend({})
  await db.rows(`update appointments set status = 'cancelled' where tenant_id = $1`, [spoilt.tenant])
  await mend({})
  expect(seen).toEqual([
    'INVALID_DURATION',
    'FORBIDDEN',
    'PET_NOT_FOUND',
    'SERVICE_NOT_FOUND',
    'INVALID_TIME',
    'VET_NOT_FOUND',
    'OUTSIDE_HOURS',
    'VET_AWAY',
    'SLOT_UNAVAILABLE',
    'success',
  ])
})

test('every refusal carries a sentence in Spanish that names nobody', async () => {
  const outcome = await book(db.admin, backend, booking(clinic, { p_vet_id: randomUUID() }))
  expect(Object.keys(outcome).sort()).toEqual(['error', 'message', 'success'])
  expect(outcome.message).toBe('Profesional no encontrado')
})
