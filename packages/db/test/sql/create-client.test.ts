import { backend, call, codeOf, textOf, user } from '@vetcita/testing/sql/calls'
import { type Clinic, everyRow, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { expect, test } from 'vitest'

// If the answer is lost and the request is repeated, a walk-in client is not created twice.

const db = await fileDatabase()

type Change = Readonly<Record<string, string | null>>

const ana = (clinic: Clinic, change: Change = {}) => ({
  p_tenant_id: clinic.tenant,
  p_full_name: ' Ana ',
  p_phone: '0981 222 333',
  p_pet_name: 'Luna',
  p_pet_species: 'cat',
  p_performed_by: clinic.receptionist,
  p_idempotency_key: 'a-key',
  ...change,
})
const create = (clinic: Clinic, change: Change = {}) =>
  call(db.admin, backend, 'create_client', ana(clinic, change))
const counts = (clinic: Clinic) =>
  db.rows(
    `select (select count(*)::int from profiles where tenant_id = $1) - 6 as clients,
       (select count(*)::int from pets where tenant_id = $1) - 2 as pets`,
    [clinic.tenant],
  )

test('the same request again returns the same client in its current state, and creates nothing', async () => {
  const clinic = await newClinic(db.admin)
  const first = await create(clinic)
  expect(first).toMatchObject({
    success: true,
    full_name: 'Ana',
    email: null,
    has_account: false,
    replayed: false,
  })
  expect(first.pets).toEqual([{ id: first.pet_id, name: 'Luna', species: 'cat' }])
  await db.rows(`update profiles set phone = '021 1' where id = $1`, [first.client_id])
  const changed = { client_id: first.client_id, pet_id: first.pet_id, phone: '021 1', replayed: true }
  expect(await create(clinic)).toMatchObject(changed)
  expect(await counts(clinic)).toEqual([{ clients: 1, pets: 1 }])
})

test('another key, other data, another actor or clinic, or no key create another client', async () => {
  const clinic = await newClinic(db.admin)
  const other = await newClinic(db.admin)
  const made = [
    await create(clinic),
    await create(clinic, { p_idempotency_key: 'another' }),
    await create(clinic, { p_full_name: 'Ana María' }),
    await create(clinic, { p_phone: null, p_email: '0981 222 333' }),
    await create(clinic, { p_performed_by: clinic.vet }),
    await create(clinic, { p_idempotency_key: null }),
    await create(clinic, { p_idempotency_key: null }),
    await create(other),
  ]
  expect(new Set(made.map((one) => one.client_id)).size).toBe(made.length)
  expect(await counts(clinic)).toEqual([{ clients: 7, pets: 7 }])
})

test('of two concurrent requests the second waits for the first and finds its client', async () => {
  const clinic = await newClinic(db.admin)
  const holder = await db.connect()
  await holder.query('begin')
  const first = await call(holder, backend, 'create_client', ana(clinic))
  const second = create(clinic)
  await holder.query('commit')
  expect(await second).toMatchObject({ client_id: first.client_id, replayed: true })
  expect(await counts(clinic)).toEqual([{ clients: 1, pets: 1 }])
})

test('after the client has claimed the record, a replay returns their account', async () => {
  const clinic = await newClinic(db.admin)
  const made = await create(clinic)
  const place = { p_tenant_id: clinic.tenant, p_performed_by: clinic.receptionist }
  const link = await call(db.admin, backend, 'invite_client', {
    ...place,
    p_client_id: textOf(made, 'client_id'),
  })
  const claim = { p_tenant_id: clinic.tenant, p_token: textOf(link, 'token') }
  await call(db.admin, user(clinic.owner), 'claim_client', claim)
  expect(await create(clinic)).toMatchObject({ client_id: clinic.owner, pet_id: made.pet_id, replayed: true })
  const pet = { ...place, p_client_id: clinic.owner, p_name: 'Sol', p_idempotency_key: 'a-pet' }
  expect(await call(db.admin, backend, 'add_client_pet', pet)).toMatchObject({
    name: 'Sol',
    species: 'other',
  })
})

test('adding a pet again returns the existing pet, also while the first request is still running', async () => {
  const clinic = await newClinic(db.admin)
  const pet = {
    p_tenant_id: clinic.tenant,
    p_client_id: clinic.owner,
    p_name: 'Sol',
    p_performed_by: clinic.vet,
    p_idempotency_key: 'a-pet',
  }
  const first = await call(db.admin, backend, 'add_client_pet', pet)
  expect(await call(db.admin, backend, 'add_client_pet', pet)).toEqual({ ...first, replayed: true })
  const holder = await db.connect()
  await holder.query('begin')
  const later = { ...pet, p_name: 'Luna' }
  const held = await call(holder, backend, 'add_client_pet', later)
  const waiting = call(db.admin, backend, 'add_client_pet', later)
  await holder.query('commit')
  expect(await waiting).toEqual({ ...held, replayed: true })
  expect(await counts(clinic)).toEqual([{ clients: 0, pets: 2 }])
})

test('refusals write nothing', async () => {
  const clinic = await newClinic(db.admin)
  const elsewhere = await newClinic(db.admin)
  const before = await everyRow(db.admin, clinic)
  for (const p_performed_by of [clinic.owner, elsewhere.admin, null])
    expect(codeOf(await create(clinic, { p_performed_by }))).toBe('FORBIDDEN')
  for (const change of [
    { p_full_name: '  ' },
    { p_full_name: null },
    { p_phone: '1' },
    { p_pet_name: 'x'.repeat(101) },
  ])
    expect(codeOf(await create(clinic, change))).toBe('INVALID_NAME')
  const add = (change: Change) =>
    call(db.admin, backend, 'add_client_pet', {
      p_tenant_id: clinic.tenant,
      p_client_id: clinic.owner,
      p_name: 'Sol',
      p_performed_by: clinic.vet,
      ...change,
    })
  expect(codeOf(await add({ p_client_id: elsewhere.owner }))).toBe('CLIENT_NOT_FOUND')
  expect(codeOf(await add({ p_name: '' }))).toBe('INVALID_NAME')
  expect(codeOf(await add({ p_performed_by: clinic.otherOwner }))).toBe('FORBIDDEN')
  expect(await everyRow(db.admin, clinic)).toBe(before)
})
