import { randomUUID } from 'node:crypto'
import { backend, book, changeStatus, codeOf, reschedule, textOf, user } from '@vetcita/testing/sql/calls'
import { appointment, at, booked, booking, everyRow, fromNow, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { expect, test } from 'vitest'

const db = await fileDatabase()

test('the same request again returns the same appointment, marked as replayed', async () => {
  const clinic = await newClinic(db.admin)
  const args = booking(clinic, { p_idempotency_key: 'k1', p_reason: 'Vacuna', p_notes: 'sin ayuno' })
  const first = await book(db.admin, user(clinic.receptionist), args)
  const before = await everyRow(db.admin, clinic)
  const second = await book(db.admin, user(clinic.receptionist), args)
  expect(codeOf(first)).toBe('success')
  expect(first).not.toHaveProperty('replayed')
  expect(second).toEqual({ ...first, replayed: true })
  expect(await everyRow(db.admin, clinic)).toBe(before)
})

test('only the instant is compared, not how it was written or the session’s time zone', async () => {
  const clinic = await newClinic(db.admin)
  const args = booking(clinic, { p_idempotency_key: 'k1', p_start_time: '2031-05-05T10:00:00Z' })
  await book(db.admin, user(clinic.owner), args)
  const elsewhere = await db.connect()
  await elsewhere.query(`set time zone 'Pacific/Auckland'`)
  expect(
    codeOf(await book(elsewhere, user(clinic.owner), { ...args, p_start_time: '2031-05-05 06:00:00-04' })),
  ).toBe('replayed')
})

test.for([
  ['pet', 'p_pet_id'],
  ['service', 'p_service_id'],
  ['vet', 'p_vet_id'],
] as const)(
  'a key used for another %s is IDEMPOTENCY_KEY_REUSED, and nothing is written',
  async ([, argument]) => {
    const clinic = await newClinic(db.admin)
    const args = booking(clinic, { p_idempotency_key: 'k1' })
    await book(db.admin, user(clinic.owner), args)
    const before = await everyRow(db.admin, clinic)
    expect(codeOf(await book(db.admin, user(clinic.owner), { ...args, [argument]: randomUUID() }))).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    )
    expect(await everyRow(db.admin, clinic)).toBe(before)
  },
)

test('a key used with another time, length, reason or note is IDEMPOTENCY_KEY_REUSED', async () => {
  const clinic = await newClinic(db.admin)
  const args = booking(clinic, { p_idempotency_key: 'k1' })
  await book(db.admin, user(clinic.receptionist), args)
  for (const change of [
    { p_start_time: at(3, '12:00') },
    { p_duration_minutes: 30 },
    { p_reason: 'x' },
    { p_notes: 'x' },
  ])
    expect(codeOf(await book(db.admin, user(clinic.receptionist), { ...args, ...change }))).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    )
})

test('the hash keeps reason and note apart', async () => {
  const clinic = await newClinic(db.admin)
  const args = booking(clinic, { p_idempotency_key: 'k1' })
  await book(db.admin, user(clinic.receptionist), { ...args, p_reason: 'a', p_notes: 'b' })
  for (const change of [
    { p_reason: 'a", "b', p_notes: null },
    { p_reason: 'ab', p_notes: '' },
    { p_reason: 'b', p_notes: 'a' },
  ])
    expect(codeOf(await book(db.admin, user(clinic.receptionist), { ...args, ...change }))).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    )
})

test('a key belongs to one user at one clinic: others may use the same key', async () => {
  const clinic = await newClinic(db.admin)
  const other = await newClinic(db.admin)
  const args = booking(clinic, { p_idempotency_key: 'k1' })
  expect(codeOf(await book(db.admin, user(clinic.owner), args))).toBe('success')
  expect(codeOf(await book(db.admin, user(clinic.receptionist), args))).toBe('PET_BUSY')
  const elsewhere = booking(other, { p_idempotency_key: 'k1' })
  expect(codeOf(await book(db.admin, user(other.owner), elsewhere))).toBe('success')
})

test('an empty key counts as no key', async () => {
  const clinic = await newClinic(db.admin)
  for (const day of [3, 4]) {
    const args = booking(clinic, { p_idempotency_key: '', p_start_time: at(day, '10:00') })
    expect(codeOf(await book(db.admin, user(clinic.owner), args))).toBe('success')
  }
})

test('a replay returns the appointment in its current state: moved, confirmed, cancelled', async () => {
  const clinic = await newClinic(db.admin)
  const args = booking(clinic, { p_idempotency_key: 'k1' })
  const first = await book(db.admin, user(clinic.owner), args)
  const id = textOf(first, 'appointment_id')
  const staff = { p_appointment_id: id, p_performed_by: clinic.receptionist, p_is_staff: true }
  await reschedule(db.admin, backend, { ...staff, p_new_start_time: at(4, '15:00') })
  const moved = await book(db.admin, user(clinic.owner), args)
  expect(moved).toMatchObject({ success: true, replayed: true, appointment_id: id, version: 2 })
  expect(Date.parse(textOf(moved, 'start_time'))).toBe(Date.parse(at(4, '15:00')))
  await changeStatus(db.admin, backend, { ...staff, p_new_status: 'cancelled' })
  // by now somebody else has the slot, and the replay must still not be SLOT_UNAVAILABLE
  await booked(db.admin, clinic, { p_pet_id: clinic.otherPet })
  expect(await book(db.admin, user(clinic.owner), args)).toMatchObject({
    success: true,
    replayed: true,
    status: 'cancelled',
    version: 3,
  })
})

test('a replay is found even after the time, vet, service, pet or hours have changed', async () => {
  const clinic = await newClinic(db.admin)
  const start = fromNow(60)
  const args = booking(clinic, { p_idempotency_key: 'k1', p_start_time: start })
  const id = textOf(await book(db.admin, user(clinic.owner), args), 'appointment_id')
  // shifts the row so that an hour and a half seems to have passed since the request
  const past = fromNow(-30)
  await db.rows(
    `update appointments set start_time = $2, end_time = $2::timestamptz + interval '30 minutes' where id = $1`,
    [id, past],
  )
  await db.rows(`update profiles set role = 'owner' where tenant_id = $1 and id = $2`, [
    clinic.tenant,
    clinic.vet,
  ])
  await db.rows('update services set is_active = false where tenant_id = $1', [clinic.tenant])
  await db.rows('update pets set deleted_at = now() where tenant_id = $1', [clinic.tenant])
  await db.rows(
    `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes) values ($1, $2, 1, '00:00', '00:01')`,
    [clinic.tenant, clinic.vet],
  )
  const again = await book(db.admin, user(clinic.owner), args)
  expect(again).toMatchObject({ success: true, replayed: true, appointment_id: id })
  expect(Date.parse(textOf(again, 'start_time'))).toBe(Date.parse(past))
})

test('a repeated request is replayed after its start has passed, not INVALID_TIME', async () => {
  const clinic = await newClinic(db.admin)
  const soon = fromNow(0.02)
  const args = booking(clinic, { p_idempotency_key: 'k1', p_start_time: soon })
  expect(codeOf(await book(db.admin, user(clinic.owner), args))).toBe('success')
  await db.rows('select pg_sleep_until($1)', [soon])
  await db.rows('select pg_sleep(0.01)')
  expect(codeOf(await book(db.admin, user(clinic.owner), args))).toBe('replayed')
  const keyless = { ...args, p_idempotency_key: null }
  expect(codeOf(await book(db.admin, user(clinic.owner), keyless))).toBe('INVALID_TIME')
})

test('a refused request does not use up its key', async () => {
  const clinic = await newClinic(db.admin)
  const taken = await booked(db.admin, clinic, { p_pet_id: clinic.otherPet })
  const args = booking(clinic, { p_idempotency_key: 'k1' })
  expect(codeOf(await book(db.admin, user(clinic.owner), args))).toBe('SLOT_UNAVAILABLE')
  await db.rows(`update appointments set status = 'cancelled' where id = $1`, [taken])
  expect(codeOf(await book(db.admin, user(clinic.owner), args))).toBe('success')
})

test('a backend shares the pet owner’s keys, whether it names the pet owner or no user', async () => {
  const clinic = await newClinic(db.admin)
  const args = booking(clinic, { p_idempotency_key: 'k1' })
  const id = textOf(await book(db.admin, backend, args), 'appointment_id')
  for (const caller of [backend, user(clinic.owner)])
    expect(
      textOf(await book(db.admin, caller, { ...args, p_booked_by: clinic.owner }), 'appointment_id'),
    ).toBe(id)
  expect((await appointment(db.admin, id)).created_by).toBe(clinic.owner)
})
