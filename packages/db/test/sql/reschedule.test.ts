import {
  backend,
  type Caller,
  changeStatus,
  codeOf,
  type RescheduleArguments,
  reschedule,
  textOf,
  user,
} from '@vetcita/testing/sql/calls'
import {
  appointment,
  at,
  booked,
  type Clinic,
  everyRow,
  fromNow,
  inserted,
  newClinic,
} from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { beforeAll, describe, expect, test } from 'vitest'
import { nextClockChange } from './support/zones.ts'

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

describe('a move', () => {
  test('keeps row, id, length and buffer, raises the version, and records one event', async () => {
    const own = await newClinic(db.admin, { bufferMinutes: 10 })
    const moved = await booked(db.admin, own, { p_start_time: at(5, '10:00'), p_duration_minutes: 45 })
    const before = await appointment(db.admin, moved)
    const outcome = await reschedule(db.admin, user(own.owner), {
      p_appointment_id: moved,
      p_new_start_time: at(6, '12:00'),
      p_performed_by: own.owner,
    })
    expect(Object.keys(outcome).sort()).toEqual([
      'appointment_id',
      'currency',
      'duration_minutes',
      'new_end_time',
      'new_start_time',
      'old_start_time',
      'price',
      'status',
      'success',
      'version',
      'vet_id',
    ])
    expect(outcome).toMatchObject({
      success: true,
      appointment_id: moved,
      vet_id: own.vet,
      status: 'scheduled',
      version: 2,
    })
    expect(Date.parse(textOf(outcome, 'old_start_time'))).toBe(Date.parse(at(5, '10:00')))
    expect(Date.parse(textOf(outcome, 'new_start_time'))).toBe(Date.parse(at(6, '12:00')))
    expect(Date.parse(textOf(outcome, 'new_end_time'))).toBe(Date.parse(at(6, '12:45')))
    const { updated_at: _, ...after } = await appointment(db.admin, moved)
    const { updated_at: __, ...unchanged } = before
    expect(after).toEqual({
      ...unchanged,
      start_time: new Date(at(6, '12:00')),
      end_time: new Date(at(6, '12:45')),
      busy_until: new Date(at(6, '12:55')),
      version: 2,
    })
    expect(
      await db.rows(
        'select event, actor_id from appointment_events where appointment_id = $1 order by at, event',
        [moved],
      ),
    ).toEqual([
      { event: 'booked', actor_id: own.owner },
      { event: 'rescheduled', actor_id: own.owner },
    ])
  })

  test('keeps its length in elapsed time across a clock change', async () => {
    const own = await newClinic(db.admin, { timezone: 'America/New_York' })
    const session = await db.connect()
    await session.query(`set time zone 'America/New_York'`)
    const moved = await booked(session, own, { p_duration_minutes: 480 })
    for (const direction of ['forward', 'back'] as const) {
      const change = await nextClockChange(db.admin, 'America/New_York', direction)
      const start = new Date(Date.parse(change.instant) - 3_600_000).toISOString()
      const outcome = await reschedule(session, backend, {
        p_appointment_id: moved,
        p_new_start_time: start,
        p_performed_by: own.owner,
      })
      expect(Date.parse(textOf(outcome, 'new_end_time')) - Date.parse(start)).toBe(480 * 60_000)
    }
  })

  test('does not conflict with the appointment itself', async () => {
    const own = await newClinic(db.admin, { bufferMinutes: 30 })
    const moved = await booked(db.admin, own, { p_start_time: at(5, '10:00') })
    for (const time of ['10:15', '09:50', '10:00'])
      expect(
        codeOf(
          await reschedule(db.admin, user(own.owner), {
            p_appointment_id: moved,
            p_new_start_time: at(5, time),
            p_performed_by: own.owner,
          }),
        ),
      ).toBe('success')
  })

  test('by staff can change the vet and keep the time', async () => {
    const own = await newClinic(db.admin)
    const moved = await booked(db.admin, own)
    const start = at(3, '10:00')
    const move = (vet: string) =>
      reschedule(db.admin, user(own.receptionist), {
        p_appointment_id: moved,
        p_new_start_time: start,
        p_performed_by: own.receptionist,
        p_is_staff: true,
        p_new_vet_id: vet,
      })
    expect(await move(own.otherVet)).toMatchObject({ success: true, vet_id: own.otherVet, version: 2 })
    expect(await move(own.vet)).toMatchObject({ success: true, vet_id: own.vet, version: 3 })
  })

  test('sets a confirmed appointment back to scheduled; another vet at the same time, by staff, does not', async () => {
    const own = await newClinic(db.admin)
    const moved = await booked(db.admin, own)
    const confirm = () =>
      changeStatus(db.admin, backend, {
        p_appointment_id: moved,
        p_new_status: 'confirmed',
        p_performed_by: own.admin,
        p_is_staff: true,
      })
    const move = (actor: string, staff: boolean, time: string, vet: string | null = null) =>
      reschedule(db.admin, user(actor), {
        p_appointment_id: moved,
        p_new_start_time: at(4, time),
        p_performed_by: actor,
        p_is_staff: staff,
        p_new_vet_id: vet,
      })
    await confirm()
    expect(await move(own.admin, true, '10:00')).toMatchObject({ status: 'scheduled', version: 3 })
    await confirm()
    expect(await move(own.admin, true, '10:00', own.otherVet)).toMatchObject({
      status: 'confirmed',
      version: 5,
    })
    expect(await move(own.owner, false, '11:00')).toMatchObject({ status: 'scheduled', version: 6 })
    const events = await db.rows(
      'select event from appointment_events where appointment_id = $1 order by at, (details #>> $2)',
      [moved, '{to,start_time}'],
    )
    expect(events.map((row) => row.event)).toEqual([
      'booked',
      'status_changed',
      'rescheduled',
      'status_changed',
      'rescheduled',
      'rescheduled',
    ])
  })

  test('frees the old slot at once', async () => {
    const own = await newClinic(db.admin)
    const moved = await booked(db.admin, own)
    await reschedule(db.admin, backend, {
      p_appointment_id: moved,
      p_new_start_time: at(4, '10:00'),
      p_performed_by: own.owner,
    })
    await booked(db.admin, own, { p_pet_id: own.otherPet })
  })
})

describe('a replay', () => {
  test('is the answer to a move to the current start and vet: success without a new version or event', async () => {
    const start = { p_new_start_time: at(5, '10:00') }
    for (const [caller, args] of [
      [user(clinic.owner), byOwner(start)],
      [user(clinic.owner), byOwner({ ...start, p_new_vet_id: clinic.vet })],
      [user(clinic.receptionist), byStaff(start)],
      [user(clinic.owner), byOwner({ ...start, p_expected_version: 77 })],
    ] as const) {
      const before = await everyRow(db.admin, clinic)
      const outcome = await reschedule(db.admin, caller, args)
      expect(outcome).toMatchObject({ success: true, replayed: true, version: 1, vet_id: clinic.vet })
      expect(Date.parse(textOf(outcome, 'old_start_time'))).toBe(Date.parse(at(5, '10:00')))
      expect(Date.parse(textOf(outcome, 'new_start_time'))).toBe(Date.parse(at(5, '10:00')))
      expect(Date.parse(textOf(outcome, 'new_end_time'))).toBe(Date.parse(at(5, '10:30')))
      expect(await everyRow(db.admin, clinic)).toBe(before)
    }
  })

  test('comes before INVALID_STATUS, STALE_VERSION, INVALID_TIME and TOO_LATE', async () => {
    const own = await newClinic(db.admin, { noticeMinutes: 600 })
    const start = fromNow(-30)
    const done = await inserted(db.admin, own, start, { status: 'completed' })
    expect(
      codeOf(
        await reschedule(db.admin, user(own.owner), {
          p_appointment_id: done,
          p_new_start_time: start,
          p_performed_by: own.owner,
          p_expected_version: 9,
        }),
      ),
    ).toBe('replayed')
  })

  test('is NOT_FOUND for a caller who may not see the appointment', async () => {
    const start = { p_new_start_time: at(5, '10:00') }
    expect(
      await attempt(user(clinic.otherOwner), byOwner({ ...start, p_performed_by: clinic.otherOwner })),
    ).toBe('NOT_FOUND')
  })
})
