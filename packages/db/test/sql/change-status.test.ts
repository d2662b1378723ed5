import { randomUUID } from 'node:crypto'
import { backend, changeStatus, codeOf, type StatusArguments, user } from '@vetcita/testing/sql/calls'
import {
  appointment,
  at,
  booked,
  type Clinic,
  everyRow,
  fromNow,
  inserted,
  newClinic,
  zoneWhereItIs,
} from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { beforeAll, describe, expect, test } from 'vitest'

const db = await fileDatabase()
let clinic: Clinic
beforeAll(async () => {
  clinic = await newClinic(db.admin)
})

const statuses = ['scheduled', 'confirmed', 'checked_in', 'in_progress', 'completed', 'cancelled', 'no_show']
const allowed: Readonly<Record<string, readonly string[]>> = {
  scheduled: ['confirmed', 'checked_in', 'cancelled', 'no_show'],
  confirmed: ['checked_in', 'cancelled', 'no_show'],
  checked_in: ['in_progress', 'cancelled', 'no_show'],
  in_progress: ['completed', 'checked_in'],
  completed: [],
  cancelled: [],
  no_show: ['checked_in'],
}

const asStaff = (own: Clinic, id: string, status: string | null, change: Partial<StatusArguments> = {}) =>
  changeStatus(db.admin, user(own.receptionist), {
    p_appointment_id: id,
    p_new_status: status,
    p_performed_by: own.receptionist,
    p_is_staff: true,
    ...change,
  })
const asOwner = (own: Clinic, id: string, status: string, change: Partial<StatusArguments> = {}) =>
  changeStatus(db.admin, user(own.owner), {
    p_appointment_id: id,
    p_new_status: status,
    p_performed_by: own.owner,
    ...change,
  })

describe('staff', () => {
  test.for(statuses)('may change %s to exactly the statuses that the contract lists', async (from) => {
    const own = await newClinic(db.admin)
    for (const to of [...statuses, 'teleported', '', null]) {
      const id = await inserted(db.admin, own, fromNow(-60), { status: from })
      const outcome = await asStaff(own, id, to)
      const expected =
        to === from ? 'replayed' : (allowed[from] ?? []).includes(to ?? '') ? 'success' : 'INVALID_TRANSITION'
      expect(codeOf(outcome), `${from} to ${to}`).toBe(expected)
      if (expected === 'success')
        expect(outcome).toEqual({
          success: true,
          appointment_id: id,
          old_status: from,
          status: to,
          version: 2,
        })
      if (expected === 'replayed')
        expect(outcome).toEqual({
          success: true,
          replayed: true,
          appointment_id: id,
          old_status: from,
          status: from,
          version: 1,
        })
      await db.rows('delete from appointments where id = $1', [id])
    }
  })

  test('may set no_show only after the start', async () => {
    const id = await booked(db.admin, clinic)
    expect(codeOf(await asStaff(clinic, id, 'no_show'))).toBe('TOO_EARLY')
    const noon = await newClinic(db.admin, { timezone: zoneWhereItIs(12) })
    const later = await inserted(db.admin, noon, fromNow(60))
    expect(codeOf(await asStaff(noon, later, 'no_show'))).toBe('INVALID_TRANSITION')
    expect(codeOf(await asStaff(clinic, await inserted(db.admin, clinic, fromNow(-1)), 'no_show'))).toBe(
      'success',
    )
  })

  test('cancel with a reason, and one event records the actor', async () => {
    const own = await newClinic(db.admin)
    const id = await booked(db.admin, own)
    await asStaff(own, id, 'cancelled', { p_reason: 'El veterinario está enfermo' })
    expect(await appointment(db.admin, id)).toMatchObject({
      status: 'cancelled',
      version: 2,
      cancellation_reason: 'El veterinario está enfermo',
      cancelled_at: expect.any(Date),
    })
    expect(
      await db.rows(
        `select event, actor_id, details -> 'from' ->> 'status' as before, details -> 'to' ->> 'status' as after
         from appointment_events where appointment_id = $1 and event <> 'booked'`,
        [id],
      ),
    ).toEqual([
      { event: 'status_changed', actor_id: own.receptionist, before: 'scheduled', after: 'cancelled' },
    ])
  })

  test('free the slot at once by cancelling', async () => {
    const own = await newClinic(db.admin)
    const id = await booked(db.admin, own)
    await asStaff(own, id, 'cancelled')
    await booked(db.admin, own, { p_pet_id: own.otherPet })
  })

  test('may check in a no-show only if the slot is still free', async () => {
    const own = await newClinic(db.admin)
    const start = fromNow(-20)
    const late = await inserted(db.admin, own, start, { status: 'no_show' })
    const other = await inserted(db.admin, own, fromNow(-5), { pet: own.otherPet })
    const before = await everyRow(db.admin, own)
    expect(codeOf(await asStaff(own, late, 'checked_in'))).toBe('SLOT_UNAVAILABLE')
    expect(await everyRow(db.admin, own)).toBe(before)
    await asStaff(own, other, 'cancelled')
    expect(codeOf(await asStaff(own, late, 'checked_in'))).toBe('success')
  })
})

describe('owners', () => {
  test('may only cancel, only their own appointment, and only before it starts', async () => {
    const own = await newClinic(db.admin)
    const id = await booked(db.admin, own)
    for (const status of statuses.filter((s) => s !== 'cancelled' && s !== 'scheduled'))
      expect(codeOf(await asOwner(own, id, status)), status).toBe('INVALID_TRANSITION')
    expect(codeOf(await asOwner(own, id, 'scheduled'))).toBe('replayed')
    const started = await inserted(db.admin, own, fromNow(-1))
    expect(codeOf(await asOwner(own, started, 'cancelled'))).toBe('TOO_LATE')
    expect(await asOwner(own, id, 'cancelled', { p_reason: 'viajo' })).toEqual({
      success: true,
      appointment_id: id,
      old_status: 'scheduled',
      status: 'cancelled',
      version: 2,
    })
    expect(codeOf(await asOwner(own, id, 'cancelled'))).toBe('replayed')
  })

  test('may not cancel within the notice, unlike staff', async () => {
    const own = await newClinic(db.admin, { noticeMinutes: 120 })
    const near = await booked(db.admin, own, { p_start_time: fromNow(119) })
    const far = await booked(db.admin, own, { p_start_time: fromNow(180) })
    expect(codeOf(await asOwner(own, near, 'cancelled'))).toBe('TOO_LATE')
    expect(codeOf(await asOwner(own, far, 'cancelled'))).toBe('success')
    expect(codeOf(await asStaff(own, near, 'cancelled'))).toBe('success')
  })
})

describe('refusals', () => {
  test('NOT_FOUND: unknown, another owner’s, another clinic’s, or staff without p_is_staff', async () => {
    const elsewhere = await newClinic(db.admin)
    const id = await booked(db.admin, clinic, { p_start_time: at(20, '10:00') })
    const before = await everyRow(db.admin, clinic)
    expect(await asStaff(clinic, randomUUID(), 'confirmed')).toEqual({
      success: false,
      error: 'NOT_FOUND',
      message: 'Cita no encontrada',
    })
    for (const [actor, p_is_staff] of [
      [clinic.otherOwner, false],
      [clinic.otherOwner, true],
      [elsewhere.admin, true],
      [elsewhere.owner, false],
      [clinic.receptionist, false],
      [null, true],
    ] as const)
      expect(
        codeOf(
          await changeStatus(db.admin, actor === null ? backend : user(actor), {
            p_appointment_id: id,
            p_new_status: 'cancelled',
            p_performed_by: actor,
            p_is_staff,
          }),
        ),
      ).toBe('NOT_FOUND')
    expect(await everyRow(db.admin, clinic)).toBe(before)
  })

  test('FORBIDDEN: naming another user, or a pet owner with p_is_staff', async () => {
    const id = await booked(db.admin, clinic, { p_start_time: at(21, '10:00') })
    const before = await everyRow(db.admin, clinic)
    expect(codeOf(await asOwner(clinic, id, 'cancelled', { p_performed_by: clinic.receptionist }))).toBe(
      'FORBIDDEN',
    )
    expect(codeOf(await asOwner(clinic, id, 'confirmed', { p_is_staff: true }))).toBe('FORBIDDEN')
    expect(await everyRow(db.admin, clinic)).toBe(before)
  })

  test('come in this order: FORBIDDEN, replay, INVALID_TRANSITION, STALE_VERSION, TOO_LATE', async () => {
    const own = await newClinic(db.admin, { noticeMinutes: 120 })
    const id = await booked(db.admin, own, { p_start_time: fromNow(60) })
    const stale = { p_expected_version: 9 }
    expect(codeOf(await asOwner(own, id, 'scheduled', { ...stale, p_is_staff: true }))).toBe('FORBIDDEN')
    expect(codeOf(await asOwner(own, id, 'scheduled', stale))).toBe('replayed')
    expect(codeOf(await asOwner(own, id, 'completed', stale))).toBe('INVALID_TRANSITION')
    expect(codeOf(await asOwner(own, id, 'cancelled', stale))).toBe('STALE_VERSION')
    expect(codeOf(await asOwner(own, id, 'cancelled', { p_expected_version: 1 }))).toBe('TOO_LATE')
  })
})
