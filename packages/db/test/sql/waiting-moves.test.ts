import { codeOf, reschedule, user } from '@vetcita/testing/sql/calls'
import { at, booked, type Clinic, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { describe, expect, test } from 'vitest'
import { interleave } from './support/waiting.ts'

// What a function read before it waited may be out of date: each test changes the data while the call waits for its lock.

const db = await fileDatabase()

const lockVet = (clinic: Clinic, vet = clinic.vet) =>
  `select from profiles where tenant_id = '${clinic.tenant}' and id = '${vet}' for no key update`
/** The vet and the owner, in the order in which the functions lock them. */
const lockVetAndOwner = (clinic: Clinic) =>
  `select from profiles where tenant_id = '${clinic.tenant}' and id in ('${clinic.vet}', '${clinic.owner}')
   order by id for no key update`
const setProfile = (clinic: Clinic, id: string, change: string) =>
  `update profiles set ${change} where tenant_id = '${clinic.tenant}' and id = '${id}'`

describe('a move that waits', () => {
  type Options = { actor?: 'receptionist' | 'owner'; vet?: string; expected?: number; noticeMinutes?: number }
  const waits = async (
    clinic: Clinic,
    id: string,
    whileWaiting: string,
    options: Options = {},
    hold = lockVet(clinic),
  ) =>
    codeOf(
      await interleave(db, {
        hold,
        call: (client) => {
          const actor = clinic[options.actor ?? 'owner']
          return reschedule(client, user(actor), {
            p_appointment_id: id,
            p_new_start_time: at(6, '10:00'),
            p_performed_by: actor,
            p_is_staff: options.actor === 'receptionist',
            p_new_vet_id: options.vet ?? null,
            p_expected_version: options.expected ?? null,
          })
        },
        whileWaiting,
      }),
    )
  const start = (id: string) =>
    db.value(`select start_time = $2 and vet_id is not null from appointments where id = $1`, [
      id,
      at(3, '10:00'),
    ])
  const change = (id: string, set: string) => `update appointments set ${set} where id = '${id}'`

  test('is NOT_FOUND if its actor is demoted or deleted, or if the pet gets another owner', async () => {
    for (const [actor, whileWaiting] of [
      ['receptionist', (c: Clinic) => setProfile(c, c.receptionist, `role = 'owner'`)],
      ['receptionist', (c: Clinic) => setProfile(c, c.receptionist, 'deleted_at = now()')],
      ['owner', (c: Clinic) => setProfile(c, c.owner, 'deleted_at = now()')],
      [
        'owner',
        (c: Clinic) => `update pets set owner_id = '${c.otherOwner}' where tenant_id = '${c.tenant}'`,
      ],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await booked(db.admin, clinic)
      expect(await waits(clinic, id, whileWaiting(clinic), { actor }, lockVetAndOwner(clinic))).toBe(
        'NOT_FOUND',
      )
      expect(await start(id)).toBe(true)
    }
  })

  test('sees that the appointment was cancelled, moved, given to another vet or deleted', async () => {
    for (const [set, code, expected] of [
      [`status = 'cancelled'`, 'INVALID_STATUS', null],
      [`start_time = '${at(3, '12:00')}', end_time = '${at(3, '12:30')}'`, 'STALE_VERSION', 1],
      [`start_time = '${at(3, '12:00')}', end_time = '${at(3, '12:30')}'`, 'success', null],
      [`start_time = '${at(6, '10:00')}', end_time = '${at(6, '10:30')}'`, 'replayed', 1],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await booked(db.admin, clinic)
      expect(await waits(clinic, id, change(id, set), expected === null ? {} : { expected }), set).toBe(code)
    }
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    expect(await waits(clinic, id, change(id, `vet_id = '${clinic.otherVet}'`))).toBe('STALE_VERSION')
    const gone = await newClinic(db.admin)
    const deleted = await booked(db.admin, gone)
    expect(await waits(gone, deleted, `delete from appointments where id = '${deleted}'`)).toBe('NOT_FOUND')
  })

  test('for the appointment’s row, locked by old code, sees its new status', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    const held = change(id, `status = 'checked_in'`)
    expect(await waits(clinic, id, 'select 1', {}, held)).toBe('INVALID_STATUS')
  })

  test('for the new vet sees that the vet has left, is away or is taken', async () => {
    const values = (c: Clinic) => `'${c.tenant}', '${c.otherVet}'`
    for (const [whileWaiting, code] of [
      [(c: Clinic) => setProfile(c, c.otherVet, `role = 'receptionist'`), 'VET_NOT_FOUND'],
      [
        (c: Clinic) =>
          `insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values (${values(c)}, '${at(6, '00:00')}', '${at(7, '00:00')}')`,
        'VET_AWAY',
      ],
      [
        (c: Clinic) =>
          `insert into appointments (tenant_id, vet_id, pet_id, service_id, start_time, end_time) values (${values(c)}, '${c.otherPet}', '${c.service}', '${at(6, '10:29')}', '${at(6, '11:00')}')`,
        'SLOT_UNAVAILABLE',
      ],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await booked(db.admin, clinic)
      const outcome = waits(
        clinic,
        id,
        whileWaiting(clinic),
        { vet: clinic.otherVet },
        lockVet(clinic, clinic.otherVet),
      )
      expect(await outcome).toBe(code)
      expect(await start(id)).toBe(true)
    }
  })

  test('is TOO_LATE if the clinic lengthens the notice', async () => {
    const clinic = await newClinic(db.admin)
    const id = await booked(db.admin, clinic)
    const more = `update tenants set change_notice_minutes = 43200 where id = '${clinic.tenant}'`
    expect(await waits(clinic, id, more)).toBe('TOO_LATE')
    expect(await start(id)).toBe(true)
  })
})
