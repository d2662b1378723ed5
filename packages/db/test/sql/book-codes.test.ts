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
  at,
  booked,
  booking,
  type Clinic,
  everyRow,
  fromNow,
  newClinic,
  takeTimeOff,
  zoneWhereItIs,
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

  test('INVALID_DURATION: a pet owner cannot choose a length other than the service’s', async () => {
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
      expect(codeOf(outcome)).toBe('INVALID_TIME')
      expect(outcome.message).toContain('futuro')
    }
    expect(await attempt(user(clinic.receptionist), { p_start_time: '2999-12-31T23:00:00Z' })).toBe('success')
  })

  test('INVALID_TIME: staff may write down a visit of earlier today or of the last half hour, a pet owner may not', async () => {
    const walkIn = await newClinic(db.admin, { timezone: zoneWhereItIs(12) })
    const tries = async (who: string, minutesAgo: number) =>
      codeOf(await book(db.admin, user(who), booking(walkIn, { p_start_time: fromNow(-minutesAgo) })))
    expect(await tries(walkIn.receptionist, 14 * 60)).toBe('INVALID_TIME')
    expect(await tries(walkIn.owner, 10 * 60)).toBe('INVALID_TIME')
    expect(await tries(walkIn.receptionist, 10 * 60)).toBe('success')
    const midnight = await newClinic(db.admin, { timezone: zoneWhereItIs(0) })
    const ago = (minutes: number) => booking(midnight, { p_start_time: fromNow(-minutes) })
    expect(codeOf(await book(db.admin, user(midnight.receptionist), ago(61)))).toBe('INVALID_TIME')
    expect(codeOf(await book(db.admin, user(midnight.receptionist), ago(29)))).toBe('success')
  })

  test('VET_NOT_FOUND: unknown, not a vet, deleted, or another clinic’s', async () => {
    const elsewhere = await newClinic(db.admin)
    const deleted = randomUUID()
    await db.rows(
      `insert into profiles (tenant_id, id, role, full_name, deleted_at) values ($1, $2, 'vet', 'Gone', now())`,
      [clinic.tenant, deleted],
    )
    for (const vet of [randomUUID(), clinic.receptionist, clinic.owner, deleted, elsewhere.vet])
      expect(await attempt(user(clinic.owner), { p_vet_id: vet })).toBe('VET_NOT_FOUND')
  })

  test('VET_AWAY: time off, including the buffer, for staff too', async () => {
    const away = await newClinic(db.admin, { bufferMinutes: 15 })
    await takeTimeOff(db.admin, away, at(5, '12:00'), at(5, '14:00'))
    const tries = async (time: string, caller = user(away.owner)) =>
      codeOf(await book(db.admin, caller, booking(away, { p_start_time: at(5, time) })))
    expect(await tries('12:30')).toBe('VET_AWAY')
    expect(await tries('13:59')).toBe('VET_AWAY')
    expect(await tries('11:16')).toBe('VET_AWAY')
    expect(await tries('12:30', user(away.admin))).toBe('VET_AWAY')
    expect(await tries('11:15')).toBe('success')
    expect(await tries('14:00')).toBe('success')
    const other = booking(away, { p_start_time: at(5, '12:30'), p_vet_id: away.otherVet })
    expect(codeOf(await book(db.admin, user(away.owner), other))).toBe('success')
  })

  test('SLOT_UNAVAILABLE: any overlap with an active appointment and its buffer; adjacent times are free', async () => {
    const busy = await newClinic(db.admin, { bufferMinutes: 10 })
    const first = await booked(db.admin, busy, { p_start_time: at(5, '10:00') })
    const tries = async (time: string, change: Partial<BookArguments> = {}) =>
      codeOf(
        await book(
          db.admin,
          user(busy.receptionist),
          booking(busy, { p_start_time: at(5, time), p_pet_id: busy.otherPet, ...change }),
        ),
      )
    const before = await everyRow(db.admin, busy)
    for (const time of ['10:00', '10:15', '10:39', '09:21', '09:50'])
      expect(await tries(time), time).toBe('SLOT_UNAVAILABLE')
    expect(await tries('04:00', { p_duration_minutes: 480 })).toBe('SLOT_UNAVAILABLE')
    expect(await everyRow(db.admin, busy)).toBe(before)
    expect(await tries('10:00', { p_vet_id: busy.otherVet })).toBe('success')
    await db.rows('delete from appointments where vet_id = $1', [busy.otherVet])
    expect(await tries('09:20')).toBe('success')
    expect(await tries('10:40')).toBe('success')
    for (const status of ['cancelled', 'no_show']) {
      await db.rows('update appointments set status = $2 where id = $1', [first, status])
      const again = await book(db.admin, backend, booking(busy, { p_start_time: at(5, '10:00') }))
      expect(codeOf(again)).toBe('success')
      await db.rows('delete from appointments where id = $1', [textOf(again, 'appointment_id')])
    }
    for (const status of ['confirmed', 'checked_in', 'in_progress', 'completed']) {
      await db.rows('update appointments set status = $2 where id = $1', [first, status])
      expect(await tries('10:00')).toBe('SLOT_UNAVAILABLE')
    }
  })

  test('the same time at another clinic is free, even for a vet with the same id', async () => {
    const twin = await newClinic(db.admin)
    await db.rows(`insert into profiles (tenant_id, id, role, full_name) values ($1, $2, 'vet', 'Both')`, [
      twin.tenant,
      clinic.vet,
    ])
    const start = at(25, '09:00')
    expect(await attempt(user(clinic.owner), { p_start_time: start })).toBe('success')
    const there = booking(twin, { p_start_time: start, p_vet_id: clinic.vet })
    expect(codeOf(await book(db.admin, user(twin.owner), there))).toBe('success')
  })

  test('the bounded scan finds an appointment with the longest length and buffer', async () => {
    const long = await newClinic(db.admin, { bufferMinutes: 240 })
    await booked(db.admin, long, { p_start_time: at(5, '00:00'), p_duration_minutes: 480 })
    const tries = async (time: string) =>
      codeOf(
        await book(db.admin, backend, booking(long, { p_start_time: at(5, time), p_pet_id: long.otherPet })),
      )
    expect(await tries('11:59')).toBe('SLOT_UNAVAILABLE')
    expect(await tries('12:00')).toBe('success')
  })

  test('the bounded scan finds an appointment of a whole day, written by old code', async () => {
    const long = await newClinic(db.admin)
    await db.rows(
      `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
       values ($1, $2, $3, $4, $5, $5::timestamptz + interval '24 hours')`,
      [long.tenant, long.pet, long.service, long.vet, at(5, '00:00')],
    )
    const tries = async (days: number, time: string) =>
      codeOf(
        await book(
          db.admin,
          backend,
          booking(long, { p_start_time: at(days, time), p_pet_id: long.otherPet }),
        ),
      )
    expect(await tries(5, '23:59')).toBe('SLOT_UNAVAILABLE')
    expect(await tries(6, '00:00')).toBe('success')
  })
})
