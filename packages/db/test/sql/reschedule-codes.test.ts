import { randomUUID } from 'node:crypto'
import {
  backend,
  type Caller,
  codeOf,
  type RescheduleArguments,
  reschedule,
  user,
} from '@vetcita/testing/sql/calls'
import {
  at,
  booked,
  type Clinic,
  everyRow,
  fromNow,
  inserted,
  newClinic,
  setHours,
  takeTimeOff,
  zoneWhereItIs,
} from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { beforeAll, describe, expect, test } from 'vitest'
import { weekdayOf } from './support/zones.ts'

const db = await fileDatabase()
let clinic: Clinic
let id: string
beforeAll(async () => {
  clinic = await newClinic(db.admin, { bufferMinutes: 10 })
  id = await booked(db.admin, clinic, { p_start_time: at(5, '10:00') })
})

const byOwner = (change: Partial<RescheduleArguments> = {}): RescheduleArguments => ({
  p_appointment_id: id,
  p_new_start_time: at(6, '10:00'),
  p_performed_by: clinic.owner,
  ...change,
})
const byStaff = (change: Partial<RescheduleArguments> = {}) =>
  byOwner({ p_performed_by: clinic.receptionist, p_is_staff: true, ...change })

/** Tries a move and returns its code, after checking that a refusal changed nothing. */
async function attempt(caller: Caller, args: RescheduleArguments): Promise<string> {
  const before = await everyRow(db.admin, clinic)
  const outcome = await reschedule(db.admin, caller, args)
  if (!outcome.success || outcome.replayed === true)
    expect(await everyRow(db.admin, clinic), codeOf(outcome)).toBe(before)
  return codeOf(outcome)
}

describe('what each code means', () => {
  test('NOT_FOUND: unknown, another owner’s, another clinic’s, or a deleted or missing actor', async () => {
    const elsewhere = await newClinic(db.admin)
    const unknown = await reschedule(db.admin, backend, byOwner({ p_appointment_id: randomUUID() }))
    expect(unknown).toEqual({ success: false, error: 'NOT_FOUND', message: 'Cita no encontrada' })
    for (const actor of [clinic.otherOwner, elsewhere.owner, elsewhere.admin, randomUUID()]) {
      for (const p_is_staff of [false, true]) {
        expect(await attempt(user(actor), byOwner({ p_performed_by: actor, p_is_staff }))).toBe('NOT_FOUND')
        expect(await attempt(backend, byOwner({ p_performed_by: actor, p_is_staff }))).toBe('NOT_FOUND')
      }
    }
    expect(await attempt(backend, byOwner({ p_performed_by: null }))).toBe('NOT_FOUND')
    const gone = await newClinic(db.admin)
    const left = await booked(db.admin, gone)
    await db.rows('update profiles set deleted_at = now() where tenant_id = $1', [gone.tenant])
    for (const [actor, p_is_staff] of [
      [gone.owner, false],
      [gone.admin, true],
    ] as const)
      expect(
        codeOf(
          await reschedule(db.admin, user(actor), {
            p_appointment_id: left,
            p_new_start_time: at(6, '10:00'),
            p_performed_by: actor,
            p_is_staff,
          }),
        ),
      ).toBe('NOT_FOUND')
  })

  test('NOT_FOUND: staff without p_is_staff, because the pet is not theirs', async () => {
    for (const actor of [clinic.receptionist, clinic.vet, clinic.admin])
      expect(await attempt(user(actor), byOwner({ p_performed_by: actor }))).toBe('NOT_FOUND')
  })

  test('FORBIDDEN: naming another user, or a pet owner with p_is_staff', async () => {
    expect(await attempt(user(clinic.otherOwner), byOwner())).toBe('FORBIDDEN')
    expect(await attempt(user(clinic.owner), byStaff())).toBe('FORBIDDEN')
    expect(await attempt(user(clinic.owner), byOwner({ p_is_staff: true }))).toBe('FORBIDDEN')
    expect(await attempt(backend, byOwner({ p_is_staff: true }))).toBe('FORBIDDEN')
  })

  test('a null actor means the claims’ user, and a null p_is_staff means a pet owner', async () => {
    const own = await newClinic(db.admin)
    const moved = await booked(db.admin, own)
    const args = { p_appointment_id: moved, p_performed_by: null, p_is_staff: null }
    expect(
      codeOf(await reschedule(db.admin, user(own.owner), { ...args, p_new_start_time: at(4, '08:00') })),
    ).toBe('success')
    expect(
      codeOf(await reschedule(db.admin, user(own.admin), { ...args, p_new_start_time: at(4, '09:00') })),
    ).toBe('NOT_FOUND')
  })

  test('INVALID_STATUS: only scheduled and confirmed appointments can move', async () => {
    for (const [status, expected] of [
      ['scheduled', 'success'],
      ['confirmed', 'success'],
      ['checked_in', 'INVALID_STATUS'],
      ['in_progress', 'INVALID_STATUS'],
      ['completed', 'INVALID_STATUS'],
      ['cancelled', 'INVALID_STATUS'],
      ['no_show', 'INVALID_STATUS'],
    ] as const) {
      const own = await newClinic(db.admin)
      const moved = await inserted(db.admin, own, at(5, '10:00'), { status })
      const args = {
        p_appointment_id: moved,
        p_new_start_time: at(6, '10:00'),
        p_performed_by: own.admin,
        p_is_staff: true,
      }
      expect(codeOf(await reschedule(db.admin, user(own.admin), args)), status).toBe(expected)
    }
  })

  test('STALE_VERSION: the expected version is not the current one', async () => {
    expect(await attempt(user(clinic.owner), byOwner({ p_expected_version: 2 }))).toBe('STALE_VERSION')
    const own = await newClinic(db.admin)
    const moved = await booked(db.admin, own)
    const args = { p_appointment_id: moved, p_performed_by: own.owner, p_expected_version: 1 }
    expect(
      codeOf(await reschedule(db.admin, user(own.owner), { ...args, p_new_start_time: at(4, '10:00') })),
    ).toBe('success')
    expect(
      codeOf(await reschedule(db.admin, user(own.owner), { ...args, p_new_start_time: at(5, '10:00') })),
    ).toBe('STALE_VERSION')
  })

  test('INVALID_TIME: past, not finite, null, or from the year 3000 on; staff may go back within the day', async () => {
    for (const start of [
      fromNow(-1),
      'infinity',
      '-infinity',
      '3000-01-01T00:00:00Z',
      '9999-01-01T00:00:00Z',
      null,
    ])
      expect(await attempt(user(clinic.owner), byOwner({ p_new_start_time: start })), `${start}`).toBe(
        'INVALID_TIME',
      )
    const own = await newClinic(db.admin, { timezone: zoneWhereItIs(12) })
    const moved = await booked(db.admin, own)
    const args = { p_appointment_id: moved, p_performed_by: own.admin, p_is_staff: true }
    expect(
      codeOf(await reschedule(db.admin, user(own.admin), { ...args, p_new_start_time: fromNow(-14 * 60) })),
    ).toBe('INVALID_TIME')
    expect(
      codeOf(await reschedule(db.admin, user(own.admin), { ...args, p_new_start_time: fromNow(-10 * 60) })),
    ).toBe('success')
  })

  test('TOO_LATE: a pet owner within the notice before the current start; staff are exempt', async () => {
    const own = await newClinic(db.admin, { noticeMinutes: 120 })
    const near = await booked(db.admin, own, { p_start_time: fromNow(119) })
    const far = await booked(db.admin, own, { p_start_time: fromNow(180) })
    const move = async (moved: string, actor: string, p_is_staff: boolean, start: string) =>
      codeOf(
        await reschedule(db.admin, user(actor), {
          p_appointment_id: moved,
          p_new_start_time: start,
          p_performed_by: actor,
          p_is_staff,
        }),
      )
    expect(await move(near, own.owner, false, at(5, '10:00'))).toBe('TOO_LATE')
    // the notice applies to the old start, not to the new one
    expect(await move(far, own.owner, false, fromNow(30))).toBe('success')
    expect(await move(near, own.receptionist, true, at(5, '10:00'))).toBe('success')
    const past = await inserted(db.admin, own, fromNow(-300))
    expect(await move(past, own.owner, false, at(5, '12:00'))).toBe('TOO_LATE')
  })

  test('VET_NOT_FOUND, VET_AWAY, SLOT_UNAVAILABLE, OUTSIDE_HOURS: for a new vet and for the same one', async () => {
    const own = await newClinic(db.admin, { bufferMinutes: 10 })
    const moved = await booked(db.admin, own, { p_start_time: at(5, '10:00') })
    const move = async (change: Partial<RescheduleArguments>, caller = user(own.owner)) => {
      const before = await everyRow(db.admin, own)
      const outcome = await reschedule(db.admin, caller, {
        p_appointment_id: moved,
        p_new_start_time: at(6, '10:00'),
        p_performed_by: null,
        ...change,
      })
      if (!outcome.success) expect(await everyRow(db.admin, own)).toBe(before)
      return codeOf(outcome)
    }
    for (const vet of [randomUUID(), own.receptionist, own.owner, clinic.vet])
      expect(await move({ p_new_vet_id: vet })).toBe('VET_NOT_FOUND')
    await takeTimeOff(db.admin, own, at(7, '12:00'), at(7, '14:00'))
    expect(await move({ p_new_start_time: at(7, '11:21') })).toBe('VET_AWAY')
    await booked(db.admin, own, { p_start_time: at(8, '10:00'), p_pet_id: own.otherPet })
    expect(await move({ p_new_start_time: at(8, '10:39') })).toBe('SLOT_UNAVAILABLE')
    expect(await move({ p_new_start_time: at(8, '09:21') })).toBe('SLOT_UNAVAILABLE')
    await setHours(db.admin, own, [[weekdayOf(at(9, '00:00')), '08:00', '12:00']])
    expect(await move({ p_new_start_time: at(9, '11:31') })).toBe('OUTSIDE_HOURS')
    const staff = { p_performed_by: own.admin, p_is_staff: true }
    expect(await move({ ...staff, p_new_start_time: at(9, '13:00') }, user(own.admin))).toBe('success')
    // after the vet has left, the appointment can only move to another vet
    await db.rows('update profiles set deleted_at = now() where tenant_id = $1 and id = $2', [
      own.tenant,
      own.vet,
    ])
    expect(await move({ p_new_start_time: at(9, '10:00') })).toBe('VET_NOT_FOUND')
    // who is closed, because the clinic keeps hours and has none of this vet
    expect(await move({ p_new_vet_id: own.otherVet })).toBe('OUTSIDE_HOURS')
    expect(await move({ ...staff, p_new_vet_id: own.otherVet }, user(own.admin))).toBe('success')
  })
})

test('codes follow the order of the contract: each problem hides the ones after it', async () => {
  const own = await newClinic(db.admin, { noticeMinutes: 60 })
  await setHours(db.admin, own, [[1, '00:00', '00:01']])
  await takeTimeOff(db.admin, own, at(1, '00:00'), at(9, '00:00'))
  const moved = await inserted(db.admin, own, fromNow(30), { status: 'completed' })
  const blocker = await inserted(db.admin, own, at(3, '10:00'), { pet: own.otherPet })
  const args: RescheduleArguments = {
    p_appointment_id: moved,
    p_new_start_time: fromNow(-600),
    p_performed_by: own.owner,
    p_is_staff: true,
    p_expected_version: 7,
    p_new_vet_id: own.receptionist,
  }
  const seen: string[] = []
  const fix = async (change: Partial<RescheduleArguments>, caller = user(own.owner)) => {
    Object.assign(args, change)
    seen.push(codeOf(await reschedule(db.admin, caller, args)))
  }
  await fix({}, user(own.otherOwner))
  await fix({ p_performed_by: null }, user(own.otherOwner))
  await fix({})
  await fix({ p_is_staff: false })
  await db.rows(`update appointments set status = 'confirmed' where id = $1`, [moved])
  await fix({})
  await fix({ p_expected_version: 2 })
  await fix({ p_new_start_time: at(3, '10:00') })
  await db.rows('update tenants set change_notice_minutes = 0 where id = $1', [own.tenant])
  await fix({})
  await fix({ p_new_vet_id: null })
  await db.rows('delete from vet_hours where tenant_id = $1', [own.tenant])
  await fix({})
  await db.rows('delete from vet_time_off where tenant_id = $1', [own.tenant])
  await fix({})
  await db.rows(`update appointments set status = 'no_show' where id = $1`, [blocker])
  await fix({})
  await fix({})
  expect(seen).toEqual([
    'FORBIDDEN',
    'NOT_FOUND',
    'FORBIDDEN',
    'INVALID_STATUS',
    'STALE_VERSION',
    'INVALID_TIME',
    'TOO_LATE',
    'VET_NOT_FOUND',
    'OUTSIDE_HOURS',
    'VET_AWAY',
    'SLOT_UNAVAILABLE',
    'success',
    'replayed',
  ])
})
