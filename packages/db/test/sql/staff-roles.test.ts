import { randomUUID } from 'node:crypto'
import { book, call, codeOf, user, visitor } from '@vetcita/testing/sql/calls'
import { at, booked, booking, type Clinic, everyRow, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { expect, test } from 'vitest'
import { interleave } from './support/waiting.ts'

const db = await fileDatabase()

const roleOf = (clinic: Clinic, id: string) =>
  db.value('select role from profiles where tenant_id = $1 and id = $2 and deleted_at is null', [
    clinic.tenant,
    id,
  ])
const setRole = (
  clinic: Clinic,
  id: string,
  role: string | null,
  change: { actor?: string; p_keep_appointments?: boolean; client?: typeof db.admin } = {},
) => {
  const { actor = clinic.admin, client = db.admin, ...rest } = change
  const args = { p_tenant_id: clinic.tenant, p_profile_id: id, p_role: role, ...rest }
  return call(client, user(actor), 'set_staff_role', args)
}
const invite = (clinic: Clinic, role: string, actor = clinic.admin) =>
  call(db.admin, user(actor), 'invite_staff', { p_tenant_id: clinic.tenant, p_role: role, p_label: 'Ana' })
const accept = (clinic: Clinic, token: unknown, person: string, client = db.admin) =>
  call(client, user(person), 'accept_staff_invite', {
    p_tenant_id: clinic.tenant,
    p_token: String(token),
    p_full_name: 'Ana Nueva',
  })

test('an invitation works once, a client keeps their pets, and former staff can be invited again', async () => {
  const clinic = await newClinic(db.admin)
  const person = randomUUID()
  const { token } = await invite(clinic, 'vet')
  const offer = { p_tenant_id: clinic.tenant, p_token: String(token) }
  expect(await call(db.admin, user(person), 'read_staff_invite', offer)).toEqual({
    success: true,
    role: 'vet',
    clinic_name: 'Clinic',
    yours: false,
  })
  expect(await accept(clinic, token, person)).toEqual({ success: true, profile_id: person, role: 'vet' })
  expect(codeOf(await accept(clinic, token, person))).toBe('replayed')
  expect(codeOf(await accept(clinic, token, randomUUID()))).toBe('LINK_USED')
  const second = await invite(clinic, 'receptionist')
  expect(codeOf(await accept(clinic, second.token, clinic.owner))).toBe('success')
  expect(await roleOf(clinic, clinic.owner)).toBe('receptionist')
  expect(await db.value('select count(*)::int from pets where owner_id = $1', [clinic.owner])).toBe(1)
  await db.rows('update profiles set deleted_at = now() where id = $1', [clinic.otherVet])
  const third = await invite(clinic, 'admin')
  expect(codeOf(await accept(clinic, third.token, clinic.otherVet))).toBe('success')
  expect(await roleOf(clinic, clinic.otherVet)).toBe('admin')
})

test('a wrong, expired or revoked link, a former admin’s link, or a colleague’s attempt changes nothing', async () => {
  const clinic = await newClinic(db.admin)
  const elsewhere = await newClinic(db.admin)
  const { token, invite_id } = await invite(clinic, 'admin')
  const { token: foreign } = await invite(elsewhere, 'admin')
  const person = randomUUID()
  const before = await everyRow(db.admin, clinic)
  for (const wrong of ['', 'x', foreign])
    expect(codeOf(await accept(clinic, wrong, person))).toBe('LINK_INVALID')
  // the link stays usable for the invited person
  for (const colleague of [clinic.receptionist, clinic.admin])
    expect(codeOf(await accept(clinic, token, colleague))).toBe('ALREADY_STAFF')
  await db.rows(`update links set expires_at = now() where tenant_id = $1`, [clinic.tenant])
  expect(codeOf(await accept(clinic, token, person))).toBe('LINK_EXPIRED')
  await db.rows(`update links set expires_at = now() + interval '1 day' where tenant_id = $1`, [
    clinic.tenant,
  ])
  await db.rows(`update profiles set role = 'vet' where id = $1`, [clinic.admin])
  expect(codeOf(await accept(clinic, token, person))).toBe('LINK_INVALID')
  await db.rows(`update profiles set role = 'admin' where id = $1`, [clinic.admin])
  const revoke = { p_tenant_id: clinic.tenant, p_invite_id: String(invite_id) }
  expect(codeOf(await call(db.admin, user(clinic.vet), 'revoke_staff_invite', revoke))).toBe('FORBIDDEN')
  expect(codeOf(await call(db.admin, user(clinic.admin), 'revoke_staff_invite', revoke))).toBe('success')
  expect(codeOf(await accept(clinic, token, person))).toBe('LINK_INVALID')
  expect(await everyRow(db.admin, clinic)).toBe(before)
})

test('if ten people use one invitation at once, one is accepted', async () => {
  const clinic = await newClinic(db.admin)
  const { token } = await invite(clinic, 'receptionist')
  const clients = await db.connectMany(10)
  const codes = await Promise.all(
    clients.map(async (client) => codeOf(await accept(clinic, token, randomUUID(), client))),
  )
  expect(codes.toSorted()).toEqual([...Array(9).fill('LINK_USED'), 'success'])
})

test('only admins invite and change roles and hours, and a client cannot be given a staff role directly', async () => {
  const clinic = await newClinic(db.admin)
  const elsewhere = await newClinic(db.admin)
  const before = await everyRow(db.admin, clinic)
  const hours = { p_tenant_id: clinic.tenant, p_vet_id: clinic.vet, p_hours: [] }
  for (const actor of [clinic.receptionist, clinic.vet, clinic.owner, elsewhere.admin, randomUUID()]) {
    expect(codeOf(await invite(clinic, 'admin', actor))).toBe('FORBIDDEN')
    expect(codeOf(await setRole(clinic, clinic.vet, 'receptionist', { actor }))).toBe('FORBIDDEN')
    expect(codeOf(await call(db.admin, user(actor), 'set_vet_hours', hours))).toBe('FORBIDDEN')
  }
  await expect(call(db.admin, visitor, 'set_vet_hours', hours)).rejects.toThrow(/permission denied/)
  for (const id of [clinic.owner, elsewhere.vet, randomUUID()])
    expect(codeOf(await setRole(clinic, id, 'admin'))).toBe('STAFF_NOT_FOUND')
  for (const role of [null, 'god'])
    expect(codeOf(await setRole(clinic, clinic.vet, role))).toBe('INVALID_ROLE')
  expect(codeOf(await invite(clinic, 'owner'))).toBe('INVALID_ROLE')
  expect(codeOf(await setRole(clinic, clinic.admin, 'vet'))).toBe('LAST_ADMIN')
  expect(codeOf(await setRole(clinic, clinic.admin, 'owner'))).toBe('LAST_ADMIN')
  expect(codeOf(await setRole(clinic, clinic.vet, 'vet'))).toBe('replayed')
  expect(await everyRow(db.admin, clinic)).toBe(before)
  expect(codeOf(await setRole(clinic, clinic.vet, 'admin'))).toBe('success')
  expect(codeOf(await setRole(clinic, clinic.admin, 'owner'))).toBe('success')
  expect(codeOf(await setRole(clinic, clinic.admin, 'admin', { actor: clinic.vet }))).toBe('STAFF_NOT_FOUND')
})

test('of two admins who demote each other at once, one remains', async () => {
  const clinic = await newClinic(db.admin)
  await setRole(clinic, clinic.vet, 'admin')
  const [one, two] = await db.connectMany(2)
  const outcomes = await Promise.all([
    setRole(clinic, clinic.vet, 'receptionist', { client: one ?? db.admin }),
    setRole(clinic, clinic.admin, 'receptionist', { client: two ?? db.admin, actor: clinic.vet }),
  ])
  expect(outcomes.map(codeOf).toSorted()).toEqual(['FORBIDDEN', 'success'])
  expect(
    await db.value(`select count(*)::int from profiles where tenant_id = $1 and role = 'admin'`, [
      clinic.tenant,
    ]),
  ).toBe(1)
})

test('a vet with upcoming appointments keeps the role until they are moved, unless p_keep_appointments is set', async () => {
  const clinic = await newClinic(db.admin)
  const id = await booked(db.admin, clinic)
  expect(await setRole(clinic, clinic.vet, 'owner')).toMatchObject({
    error: 'HAS_APPOINTMENTS',
    appointments: 1,
    appointment_ids: [id],
  })
  expect(codeOf(await setRole(clinic, clinic.vet, 'admin'))).toBe('success')
  expect(await setRole(clinic, clinic.vet, 'owner', { p_keep_appointments: true })).toMatchObject({
    success: true,
    old_role: 'admin',
    appointments: 1,
  })
  expect(await roleOf(clinic, clinic.vet)).toBe('owner')
  expect(
    codeOf(await book(db.admin, user(clinic.owner), booking(clinic, { p_start_time: at(4, '10:00') }))),
  ).toBe('VET_NOT_FOUND')
})

test('a demotion waits for a concurrent booking, and a booking for a concurrent demotion', async () => {
  const clinic = await newClinic(db.admin)
  const insert = `select book_appointment_atomic('${clinic.tenant}', '${clinic.pet}', '${clinic.service}', '${clinic.vet}', '${at(3, '10:00')}')`
  const demoted = await interleave(db, {
    hold: insert,
    call: (client) => setRole(clinic, clinic.vet, 'receptionist', { client }),
    whileWaiting: 'select 1',
  })
  expect(codeOf(demoted)).toBe('HAS_APPOINTMENTS')
  const bookedLate = await interleave(db, {
    hold: `select set_config('request.jwt.claims', '{"sub":"${clinic.admin}"}', true);
      select set_staff_role('${clinic.tenant}', '${clinic.otherVet}', 'receptionist')`,
    call: (client) => book(client, user(clinic.owner), booking(clinic, { p_vet_id: clinic.otherVet })),
    whileWaiting: 'select 1',
  })
  expect(codeOf(bookedLate)).toBe('VET_NOT_FOUND')
})

test('saving hours replaces the whole week, and of several concurrent saves one remains', async () => {
  const clinic = await newClinic(db.admin)
  const week = (opens: string) =>
    [1, 2, 3].flatMap((weekday) => [
      { weekday, opens, closes: '12:00' },
      { weekday, opens: '13:00', closes: '24:00' },
    ])
  const save = (hours: readonly unknown[], client = db.admin) =>
    call(client, user(clinic.admin), 'set_vet_hours', {
      p_tenant_id: clinic.tenant,
      p_vet_id: clinic.vet,
      p_hours: hours,
    })
  expect(await save(week('08:00'))).toEqual({ success: true, vet_id: clinic.vet, hours: 6 })
  const clients = await db.connectMany(4)
  await Promise.all(clients.map((client, n) => save(week(`0${n + 1}:00`), client)))
  const rows = await db.rows(
    'select count(*)::int as rows, count(distinct opens)::int as opens from vet_hours where vet_id = $1',
    [clinic.vet],
  )
  expect(rows).toEqual([{ rows: 6, opens: 2 }])
  const spans: readonly unknown[][] = [
    [{ weekday: 8, opens: '08:00', closes: '12:00' }],
    [{ weekday: 1, opens: '8:00', closes: '12:00' }],
    [{ weekday: 1, opens: '12:00', closes: '12:00' }],
    [{ weekday: 1, opens: '24:00', closes: '24:00' }],
    ['x'],
    [
      { weekday: 1, opens: '08:00', closes: '12:00' },
      { weekday: 1, opens: '11:59', closes: '13:00' },
    ],
  ]
  for (const hours of spans) expect(codeOf(await save(hours)), JSON.stringify(hours)).toBe('INVALID_HOURS')
  expect(codeOf(await save([]))).toBe('success')
  expect(await db.value('select count(*)::int from vet_hours where vet_id = $1', [clinic.vet])).toBe(0)
})
