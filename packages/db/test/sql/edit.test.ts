import { randomUUID } from 'node:crypto'
import { call, codeOf, user } from '@vetcita/testing/sql/calls'
import {
  appointment,
  at,
  booked,
  type Clinic,
  everyRow,
  fromNow,
  newClinic,
  takeTimeOff,
} from '@vetcita/testing/sql/clinic'
import { dropOverlapConstraint, fileDatabase } from '@vetcita/testing/sql/database'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import { spoil } from '@vetcita/testing/sql/spoil'
import { describe, expect, test } from 'vitest'
import { race, racer, tally } from './support/race.ts'
import { interleave } from './support/waiting.ts'

// Pet, service, length and reason of an appointment can be corrected, as one versioned event.

const db = await fileDatabase()

type Edit = { actor?: string; isStaff?: boolean; version?: number }
const argumentsOf = (clinic: Clinic, id: string, changes: object | null, edit: Edit = {}) => {
  const actor = edit.actor ?? clinic.receptionist
  return {
    p_appointment_id: id,
    p_changes: changes as Record<string, unknown> | null,
    p_performed_by: actor,
    p_is_staff: edit.isStaff ?? actor === clinic.receptionist,
    p_expected_version: edit.version ?? null,
  }
}
const edited = (clinic: Clinic, id: string, changes: object | null, edit: Edit = {}) =>
  call(
    db.admin,
    user(edit.actor ?? clinic.receptionist),
    'edit_appointment_atomic',
    argumentsOf(clinic, id, changes, edit),
  )
const codes = async (...args: Parameters<typeof edited>) => codeOf(await edited(...args))
const otherService = async (clinic: Clinic, minutes = 60, buffer = 15) =>
  String(
    await db.value(
      `insert into services (tenant_id, name, duration_minutes, buffer_minutes, price)
       values ($1, 'Cirugía', $2, $3, 900000) returning id`,
      [clinic.tenant, minutes, buffer],
    ),
  )

test('writes everything at once: one version, one event with before and after', async () => {
  const clinic = await newClinic(db.admin)
  const service = await otherService(clinic)
  const id = await booked(db.admin, clinic)
  const changes = {
    pet_id: clinic.otherPet,
    service_id: service,
    duration_minutes: 45,
    reason: ' Castración ',
  }
  expect(await edited(clinic, id, changes, { version: 1 })).toMatchObject({
    success: true,
    replayed: false,
    pet_id: clinic.otherPet,
    service_id: service,
    reason: 'Castración',
    version: 2,
    duration_minutes: 45,
    price: 900_000,
    currency: 'PYG',
  })
  expect(await appointment(db.admin, id)).toMatchObject({
    service_name: 'Cirugía',
    end_time: new Date(at(3, '10:45')),
    busy_until: new Date(at(3, '11:00')),
  })
  const events = await db.rows(
    'select event, actor_id, details from appointment_events where appointment_id = $1 order by at',
    [id],
  )
  expect(events).toHaveLength(2)
  expect(events[1]).toMatchObject({
    event: 'edited',
    actor_id: clinic.receptionist,
    details: {
      from: { pet_id: clinic.pet, service_id: clinic.service, reason: null },
      to: { pet_id: clinic.otherPet, service_id: service, reason: 'Castración' },
    },
  })
  expect(await edited(clinic, id, changes, { version: 1 })).toMatchObject({ replayed: true, version: 2 })
  expect(await violations(db.admin)).toEqual(noViolations)
})

test('a length keeps the price and the buffer; a service alone brings its length', async () => {
  const clinic = await newClinic(db.admin, { bufferMinutes: 10 })
  const id = await booked(db.admin, clinic)
  await db.rows('update services set price = 1 where tenant_id = $1', [clinic.tenant])
  expect(await edited(clinic, id, { duration_minutes: 20 })).toMatchObject({
    price: 150_000,
    duration_minutes: 20,
  })
  expect(await appointment(db.admin, id)).toMatchObject({ busy_until: new Date(at(3, '10:30')) })
  // end and buffer change so that the vet is busy until the same minute
  const service = await otherService(clinic, 25, 5)
  expect(await edited(clinic, id, { service_id: service })).toMatchObject({
    duration_minutes: 25,
    price: 900_000,
  })
  expect(await appointment(db.admin, id)).toMatchObject({ busy_until: new Date(at(3, '10:30')) })
})

describe('refusals', () => {
  test('INVALID_CHANGES names the key, and nothing is written', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    const before = await everyRow(db.admin, clinic)
    for (const changes of [
      null,
      {},
      { vet_id: clinic.vet },
      { pet_id: 'x' },
      { pet_id: null },
      { duration_minutes: '30' },
      { duration_minutes: 1e9 },
      { duration_minutes: 30.5 },
      { reason: 5 },
      { reason: 'x'.repeat(2001) },
    ])
      expect(await codes(clinic, id, changes), JSON.stringify(changes)).toBe('INVALID_CHANGES')
    expect((await edited(clinic, id, { vet_id: clinic.vet })).message).toContain('vet_id')
    expect(await everyRow(db.admin, clinic)).toBe(before)
  })

  test('a pet owner may change the reason alone, of their own, while it can be moved', async () => {
    const clinic = await newClinic(db.admin, { noticeMinutes: 60 })
    const own = { actor: clinic.owner }
    const id = await booked(db.admin, clinic)
    expect(await codes(clinic, id, { reason: 'Cojea' }, own)).toBe('success')
    expect(await codes(clinic, id, { duration_minutes: 60 }, own)).toBe('FORBIDDEN')
    expect(await codes(clinic, id, { reason: 'x' }, { ...own, isStaff: true })).toBe('FORBIDDEN')
    expect(await codes(clinic, id, { reason: 'x' }, { actor: clinic.otherOwner })).toBe('NOT_FOUND')
    const soon = await booked(db.admin, clinic, { p_start_time: fromNow(30), p_pet_id: clinic.pet })
    expect(await codes(clinic, soon, { reason: 'x' }, own)).toBe('TOO_LATE')
    await db.rows(`update appointments set status = 'checked_in' where id = $1`, [id])
    expect(await codes(clinic, id, { reason: 'y' }, own)).toBe('INVALID_STATUS')
    expect(await codes(clinic, id, { reason: 'y' })).toBe('success')
  })

  test('what a booking would refuse: pet, service, length, who does it, time off, the pet, the slot', async () => {
    const clinic = await newClinic(db.admin)
    const elsewhere = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    expect(await codes(clinic, id, { pet_id: elsewhere.pet })).toBe('PET_NOT_FOUND')
    expect(await codes(clinic, id, { service_id: randomUUID() })).toBe('SERVICE_NOT_FOUND')
    expect(await codes(clinic, id, { duration_minutes: 481 })).toBe('INVALID_DURATION')
    expect(await codes(clinic, id, { reason: 'x' }, { version: 9 })).toBe('STALE_VERSION')
    const service = await otherService(clinic)
    await db.rows('insert into vet_services (tenant_id, vet_id, service_id) values ($1, $2, $3)', [
      clinic.tenant,
      clinic.otherVet,
      service,
    ])
    expect(await codes(clinic, id, { service_id: service })).toBe('VET_DOES_NOT_OFFER')
    await takeTimeOff(db.admin, clinic, at(3, '11:00'), at(3, '12:00'))
    expect(await codes(clinic, id, { duration_minutes: 90 })).toBe('VET_AWAY')
    await booked(db.admin, clinic, {
      p_start_time: at(3, '10:40'),
      p_duration_minutes: 10,
      p_pet_id: clinic.otherPet,
      p_booked_by: clinic.receptionist,
    })
    expect(await codes(clinic, id, { duration_minutes: 45 })).toBe('SLOT_UNAVAILABLE')
    await booked(db.admin, clinic, {
      p_vet_id: clinic.otherVet,
      p_pet_id: clinic.otherPet,
      p_start_time: at(3, '10:10'),
      p_duration_minutes: 10,
      p_booked_by: clinic.receptionist,
    })
    expect(await codes(clinic, id, { pet_id: clinic.otherPet })).toBe('PET_BUSY')
    expect(await codes(clinic, id, { duration_minutes: 10 })).toBe('success')
    for (const status of ['completed', 'cancelled', 'no_show']) {
      await db.rows('update appointments set status = $2 where id = $1', [id, status])
      expect(await codes(clinic, id, { reason: status })).toBe('INVALID_STATUS')
    }
  })
})

describe('races', () => {
  test('a longer visit against a booking right after it: one of them has the time; a copy without locks is found out', async () => {
    const clinic = await newClinic(db.admin)
    const gatekeeper = await db.connect()
    const clients = await db.connectMany(2)
    await dropOverlapConstraint(db.admin)
    const attempt = async (day: number) => {
      const id = await booked(db.admin, clinic, { p_start_time: at(day, '10:00') })
      return tally(
        await race(
          gatekeeper,
          clients,
          [
            racer(
              user(clinic.receptionist),
              'edit_appointment_atomic',
              argumentsOf(clinic, id, { duration_minutes: 60 }),
            ),
            racer(user(clinic.otherOwner), 'book_appointment_atomic', {
              p_tenant_id: clinic.tenant,
              p_pet_id: clinic.otherPet,
              p_service_id: clinic.service,
              p_vet_id: clinic.vet,
              p_start_time: at(day, '10:30'),
            }),
          ],
          'door',
          clinic,
        ),
      )
    }
    const restore = await spoil(db.admin, 'edit_appointment_atomic', [
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

  test('an edit that waits sees a move, a cancellation and a lost role', async () => {
    for (const [whileWaiting, code] of [
      [
        (c: Clinic, id: string) =>
          `update appointments set status = 'cancelled' where tenant_id = '${c.tenant}' and id = '${id}'`,
        'INVALID_STATUS',
      ],
      [
        (c: Clinic, id: string) => `update appointments set vet_id = '${c.otherVet}' where id = '${id}'`,
        'STALE_VERSION',
      ],
      [
        (c: Clinic) =>
          `update profiles set deleted_at = now() where tenant_id = '${c.tenant}' and id = '${c.receptionist}'`,
        'NOT_FOUND',
      ],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await booked(db.admin, clinic)
      const outcome = await interleave(db, {
        hold: `select from profiles where tenant_id = '${clinic.tenant}' and id in ('${clinic.vet}', '${clinic.owner}')
          order by id for no key update`,
        call: (client) =>
          call(
            client,
            user(clinic.receptionist),
            'edit_appointment_atomic',
            argumentsOf(clinic, id, { duration_minutes: 60 }),
          ),
        whileWaiting: whileWaiting(clinic, id),
      })
      expect(codeOf(outcome)).toBe(code)
    }
  })
})
