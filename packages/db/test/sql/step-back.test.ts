import { book, changeStatus, codeOf, type StatusArguments, user } from '@vetcita/testing/sql/calls'
import {
  appointment,
  at,
  booked,
  booking,
  type Clinic,
  fromNow,
  inserted,
  newClinic,
  takeTimeOff,
  zoneWhereItIs,
} from '@vetcita/testing/sql/clinic'
import { dropOverlapConstraint, fileDatabase } from '@vetcita/testing/sql/database'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import { spoil } from '@vetcita/testing/sql/spoil'
import { describe, expect, test } from 'vitest'
import { race, racer, tally } from './support/race.ts'
import { interleave } from './support/waiting.ts'

// Every mistake of the day can be taken back on that day: one step of the status, as many times as it was made.

const db = await fileDatabase()

/** A clinic where it is noon, so that an hour ago and in an hour are the same day. */
const noonClinic = () => newClinic(db.admin, { timezone: zoneWhereItIs(12) })

const as =
  (who: string, isStaff: boolean) =>
  async (id: string, status: string, change: Partial<StatusArguments> = {}) =>
    codeOf(
      await changeStatus(db.admin, user(who), {
        p_appointment_id: id,
        p_new_status: status,
        p_performed_by: who,
        p_is_staff: isStaff,
        ...change,
      }),
    )
const staffOf = (clinic: Clinic) => as(clinic.receptionist, true)

/** Makes it yesterday that this appointment last changed. */
const yesterday = (id: string) =>
  db.rows(
    `update appointment_events set at = at - interval '24 hours' where appointment_id = $1 and event = 'status_changed'`,
    [id],
  )
const minutesOf = async (id: string) =>
  db.value(
    `select (extract(epoch from end_time - start_time) / 60)::int || '+' || (extract(epoch from busy_until - end_time) / 60)::int
     from appointments where id = $1`,
    [id],
  )

describe('one step back', () => {
  test('three taps to "completed" by mistake are taken back to where they began', async () => {
    for (const first of ['scheduled', 'confirmed']) {
      const clinic = await noonClinic()
      const to = staffOf(clinic)
      const id = await inserted(db.admin, clinic, fromNow(30), { status: first })
      for (const status of ['checked_in', 'in_progress', 'completed'])
        expect(await to(id, status)).toBe('success')
      for (const skipped of ['checked_in', first]) expect(await to(id, skipped)).toBe('INVALID_TRANSITION')
      for (const status of ['in_progress', 'checked_in', first]) expect(await to(id, status)).toBe('success')
      expect(await appointment(db.admin, id)).toMatchObject({ status: first, version: 7 })
      // and forth again, and back again
      for (const status of ['checked_in', 'in_progress', 'checked_in', first])
        expect(await to(id, status)).toBe('success')
    }
  })

  test('is for staff, and for the clinic’s day on which the step was made', async () => {
    const clinic = await noonClinic()
    const to = staffOf(clinic)
    const id = await inserted(db.admin, clinic, fromNow(-30))
    for (const status of ['checked_in', 'in_progress', 'completed']) await to(id, status)
    expect(await as(clinic.owner, false)(id, 'in_progress')).toBe('INVALID_TRANSITION')
    await yesterday(id)
    expect(await to(id, 'in_progress')).toBe('INVALID_TRANSITION')
  })

  test('a cancellation, by whomever, and a missed visit become what they were', async () => {
    const clinic = await noonClinic()
    const to = staffOf(clinic)
    const id = await booked(db.admin, clinic, { p_start_time: at(4, '10:00') })
    await as(clinic.owner, false)(id, 'cancelled')
    expect(await as(clinic.owner, false)(id, 'scheduled')).toBe('INVALID_TRANSITION')
    expect(await to(id, 'confirmed')).toBe('INVALID_TRANSITION')
    expect(await to(id, 'scheduled')).toBe('success')
    expect(await appointment(db.admin, id)).toMatchObject({ cancelled_at: null, cancellation_reason: null })
    const missed = await inserted(db.admin, clinic, fromNow(-60), {
      status: 'confirmed',
      pet: clinic.otherPet,
    })
    await to(missed, 'no_show')
    expect(await to(missed, 'confirmed')).toBe('success')
  })

  test('of a cancellation asks for its time: taken, the vet away, the pet elsewhere', async () => {
    const cases = [
      [
        'SLOT_UNAVAILABLE',
        (clinic: Clinic) =>
          booked(db.admin, clinic, { p_pet_id: clinic.otherPet, p_start_time: at(4, '10:15') }),
      ],
      ['VET_AWAY', (clinic: Clinic) => takeTimeOff(db.admin, clinic, at(4, '10:00'), at(4, '11:00'))],
      [
        'PET_BUSY',
        (clinic: Clinic) =>
          booked(db.admin, clinic, { p_vet_id: clinic.otherVet, p_start_time: at(4, '10:15') }),
      ],
    ] as const
    for (const [code, happens] of cases) {
      const clinic = await newClinic(db.admin)
      const id = await booked(db.admin, clinic, { p_start_time: at(4, '10:00') })
      await staffOf(clinic)(id, 'cancelled')
      await happens(clinic)
      expect(await staffOf(clinic)(id, 'scheduled')).toBe(code)
      expect(await appointment(db.admin, id)).toMatchObject({ status: 'cancelled', version: 2 })
    }
  })

  test('a request that was declined is held again; one that has expired is accepted if its time is free', async () => {
    const clinic = await newClinic(db.admin)
    await db.rows(`update services set booking = 'request' where tenant_id = $1`, [clinic.tenant])
    const held = async (time: string) =>
      String(
        (await book(db.admin, user(clinic.owner), booking(clinic, { p_start_time: at(4, time) })))
          .appointment_id,
      )
    const to = staffOf(clinic)
    const declined = await held('10:00')
    await to(declined, 'cancelled')
    expect(await to(declined, 'held')).toBe('success')
    const late = await held('12:00')
    await db.rows(`update appointments set hold_expires_at = now() - interval '1 minute' where id = $1`, [
      late,
    ])
    expect(await to(late, 'scheduled')).toBe('success')
    const gone = await held('14:00')
    await db.rows(`update appointments set hold_expires_at = now() - interval '1 minute' where id = $1`, [
      gone,
    ])
    await booked(db.admin, clinic, {
      p_booked_by: clinic.receptionist,
      p_pet_id: clinic.otherPet,
      p_start_time: at(4, '14:15'),
    })
    expect(await to(gone, 'scheduled')).toBe('INVALID_TRANSITION')
  })
})

test('TOO_EARLY: nobody is checked in, seen or missed before the day', async () => {
  const clinic = await newClinic(db.admin)
  const to = staffOf(clinic)
  const id = await booked(db.admin, clinic)
  for (const status of ['checked_in', 'no_show']) expect(await to(id, status)).toBe('TOO_EARLY')
  await db.rows(`update appointments set status = 'checked_in' where id = $1`, [id])
  expect(await to(id, 'in_progress')).toBe('TOO_EARLY')
  await db.rows(`update appointments set status = 'in_progress' where id = $1`, [id])
  expect(await to(id, 'completed')).toBe('TOO_EARLY')
})

describe('a visit that is completed early', () => {
  const seen = async (clinic: Clinic, start: string, minutes: number) => {
    const id = await inserted(db.admin, clinic, start, { minutes, status: 'in_progress' })
    await db.rows(`update appointments set busy_until = end_time + interval '10 minutes' where id = $1`, [id])
    return id
  }

  test('frees the rest: it ends now, rounded up to five minutes, and the buffer follows', async () => {
    const clinic = await noonClinic()
    const to = staffOf(clinic)
    const id = await seen(clinic, fromNow(-12), 60)
    expect(await to(id, 'completed')).toBe('success')
    const row = await appointment(db.admin, id)
    const end = row.end_time instanceof Date ? row.end_time.getTime() : Number.NaN
    expect(end % 300_000).toBe(0)
    expect(end - Date.now()).toBeGreaterThan(-5_000)
    expect(end - Date.now()).toBeLessThanOrEqual(300_000)
    expect(String(await minutesOf(id)).endsWith('+10')).toBe(true)
    // the freed time can be booked
    await booked(db.admin, clinic, { p_pet_id: clinic.otherPet, p_start_time: fromNow(20) })
    const overtime = await seen(clinic, fromNow(-90), 30)
    await to(overtime, 'completed')
    expect(await minutesOf(overtime)).toBe('30+10')
    const before = await seen(clinic, fromNow(60), 30)
    await to(before, 'completed')
    expect(await minutesOf(before)).toBe('5+10')
  })

  test('gets its length back with the step back, where it is free, and keeps the shorter one where it is not', async () => {
    for (const [isTaken, minutes] of [
      [false, '60+10'],
      [true, null],
    ] as const) {
      const clinic = await noonClinic()
      const to = staffOf(clinic)
      const id = await seen(clinic, fromNow(-12), 60)
      await to(id, 'completed')
      const short = await minutesOf(id)
      if (isTaken) await booked(db.admin, clinic, { p_pet_id: clinic.otherPet, p_start_time: fromNow(20) })
      expect(await to(id, 'in_progress')).toBe('success')
      expect(await minutesOf(id)).toBe(minutes ?? short)
    }
  })
})

describe('races', () => {
  test('a step back against bookings of its time: one of them has it, and a copy without locks is found out', async () => {
    const clinic = await newClinic(db.admin)
    const gatekeeper = await db.connect()
    const clients = await db.connectMany(2)
    await dropOverlapConstraint(db.admin)
    const attempt = async (day: number) => {
      const id = await booked(db.admin, clinic, { p_start_time: at(day, '10:00') })
      await staffOf(clinic)(id, 'cancelled')
      return tally(
        await race(
          gatekeeper,
          clients,
          [
            racer(user(clinic.receptionist), 'change_appointment_status_atomic', {
              p_appointment_id: id,
              p_new_status: 'scheduled',
              p_performed_by: clinic.receptionist,
              p_is_staff: true,
            }),
            racer(
              user(clinic.otherOwner),
              'book_appointment_atomic',
              booking(clinic, {
                p_pet_id: clinic.otherPet,
                p_start_time: at(day, '10:00'),
              }),
            ),
          ],
          'door',
          clinic,
        ),
      )
    }
    const restore = await spoil(db.admin, 'change_appointment_status_atomic', [
      [/order by tenant_id, id\s+for no key update;/, 'order by tenant_id, id;'],
      [/update appointments/, 'perform pg_sleep(1); update appointments'],
    ])
    try {
      await attempt(5)
      expect((await violations(db.admin)).overlappingPairs).toBe(1)
    } finally {
      await restore()
    }
    await db.rows('delete from appointments where tenant_id = $1', [clinic.tenant])
    expect(await attempt(6)).toEqual({ success: 1, SLOT_UNAVAILABLE: 1 })
    expect(await violations(db.admin)).toEqual(noViolations)
  })

  test('of two who take the same step back at once one does, and the other is a replay', async () => {
    const clinic = await noonClinic()
    const gatekeeper = await db.connect()
    const clients = await db.connectMany(2)
    const id = await inserted(db.admin, clinic, fromNow(-30), { status: 'in_progress' })
    await staffOf(clinic)(id, 'completed')
    const step = racer(user(clinic.receptionist), 'change_appointment_status_atomic', {
      p_appointment_id: id,
      p_new_status: 'in_progress',
      p_performed_by: clinic.receptionist,
      p_is_staff: true,
    })
    expect(tally(await race(gatekeeper, clients, [step, step], 'vet', clinic))).toEqual({
      success: 1,
      replayed: 1,
    })
    expect(await appointment(db.admin, id)).toMatchObject({ version: 3 })
  })

  test('a receptionist who is demoted during the wait takes nothing back', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    await staffOf(clinic)(id, 'cancelled')
    const outcome = await interleave(db, {
      hold: `select from profiles where tenant_id = '${clinic.tenant}' and id in ('${clinic.vet}', '${clinic.owner}')
        order by id for no key update`,
      call: (client) =>
        changeStatus(client, user(clinic.receptionist), {
          p_appointment_id: id,
          p_new_status: 'scheduled',
          p_performed_by: clinic.receptionist,
          p_is_staff: true,
        }),
      whileWaiting: `update profiles set role = 'owner' where tenant_id = '${clinic.tenant}' and id = '${clinic.receptionist}'`,
    })
    expect(codeOf(outcome)).toBe('NOT_FOUND')
  })
})
