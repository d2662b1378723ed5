import { randomUUID } from 'node:crypto'
import { book, type Caller, call, codeOf, user } from '@vetcita/testing/sql/calls'
import { booking, type Clinic, everyRow, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { expect, test } from 'vitest'

const db = await fileDatabase()

const join = (own: Clinic, caller: Caller, change: Record<string, string | null> = {}) =>
  call(db.admin, caller, 'join_clinic', { p_tenant_id: own.tenant, p_full_name: 'Ana Gómez', ...change })

test('creates the actor’s owner profile at that clinic; a second call changes nothing', async () => {
  const clinic = await newClinic(db.admin)
  const person = randomUUID()
  const claims = JSON.stringify({ sub: person, role: 'authenticated', email: 'ana@example.com' })
  const caller = { role: 'authenticated', claims }
  expect(await join(clinic, caller, { p_phone: '+595 981 000000' })).toMatchObject({ success: true })
  const rows = () =>
    db.rows(
      'select role, full_name, email, phone, deleted_at from profiles where tenant_id = $1 and id = $2',
      [clinic.tenant, person],
    )
  const made = [
    {
      role: 'owner',
      full_name: 'Ana Gómez',
      email: 'ana@example.com',
      phone: '+595 981 000000',
      deleted_at: null,
    },
  ]
  expect(await rows()).toEqual(made)
  const before = await everyRow(db.admin, clinic)
  expect(await join(clinic, caller, { p_full_name: 'Somebody Else' })).toMatchObject({ success: true })
  expect(await everyRow(db.admin, clinic)).toBe(before)
})

test('a pet owner can book at a second clinic only after joining it', async () => {
  const first = await newClinic(db.admin)
  const second = await newClinic(db.admin)
  const pet = randomUUID()
  const there = booking(second, { p_pet_id: pet })
  expect(codeOf(await book(db.admin, user(first.owner), there))).toBe('PET_NOT_FOUND')
  expect(codeOf(await join(second, user(first.owner)))).toBe('success')
  await db.rows(`insert into pets (tenant_id, id, owner_id, name) values ($1, $2, $3, 'Luna')`, [
    second.tenant,
    pet,
    first.owner,
  ])
  expect(codeOf(await book(db.admin, user(first.owner), there))).toBe('success')
})

test('staff keep their role, and a profile that the clinic deleted cannot join again', async () => {
  const clinic = await newClinic(db.admin)
  await join(clinic, user(clinic.vet))
  expect(
    await db.value('select role from profiles where tenant_id = $1 and id = $2', [clinic.tenant, clinic.vet]),
  ).toBe('vet')
  await db.rows('update profiles set deleted_at = now() where tenant_id = $1 and id = $2', [
    clinic.tenant,
    clinic.owner,
  ])
  const before = await everyRow(db.admin, clinic)
  expect(codeOf(await join(clinic, user(clinic.owner)))).toBe('FORBIDDEN')
  expect(await everyRow(db.admin, clinic)).toBe(before)
})

test('twenty devices that join at once create one profile without an error', async () => {
  const clinic = await newClinic(db.admin)
  const person = randomUUID()
  const clients = await db.connectMany(20)
  const outcomes = await Promise.all(
    clients.map((client) =>
      call(client, user(person), 'join_clinic', { p_tenant_id: clinic.tenant, p_full_name: 'Ana' }),
    ),
  )
  expect(outcomes.every((outcome) => outcome.success)).toBe(true)
  expect(
    await db.value('select count(*)::int from profiles where tenant_id = $1 and id = $2', [
      clinic.tenant,
      person,
    ]),
  ).toBe(1)
})

test('claims without a user, an unknown clinic or no name are refused, and nothing is written', async () => {
  const clinic = await newClinic(db.admin)
  const before = await everyRow(db.admin, clinic)
  const person = user(randomUUID())
  for (const claims of ['', '{}', '{"sub":"x"}', '[]', '{"role":"service_role"}', '{"sub":'])
    expect(codeOf(await join(clinic, { role: 'authenticated', claims }))).toBe('FORBIDDEN')
  expect(codeOf(await join(clinic, {}))).toBe('FORBIDDEN')
  for (const tenant of ['nowhere', null, "'; drop table tenants; --"])
    expect((await join(clinic, person, { p_tenant_id: tenant })).success).toBe(false)
  for (const change of [
    { p_full_name: null },
    { p_full_name: '' },
    { p_full_name: '   ' },
    { p_full_name: 'x'.repeat(201) },
    { p_phone: 'x'.repeat(41) },
    { p_phone: '1' },
  ])
    expect((await join(clinic, person, change)).success).toBe(false)
  expect(await everyRow(db.admin, clinic)).toBe(before)
})

test('a name is stored unchanged, whatever characters it has', async () => {
  const clinic = await newClinic(db.admin)
  const name = `Ana "O'Hara" 🐕 \\ $$ ; --`
  const person = randomUUID()
  expect(codeOf(await join(clinic, user(person), { p_full_name: name }))).toBe('success')
  expect(
    await db.value('select full_name from profiles where tenant_id = $1 and id = $2', [
      clinic.tenant,
      person,
    ]),
  ).toBe(name)
})

test('an email claim is ignored unless it is a text of sensible length', async () => {
  const clinic = await newClinic(db.admin)
  for (const [email, kept] of [
    [{ a: 'bcd' }, null],
    [['x@example.com'], null],
    [42_000, null],
    [null, null],
    ['', null],
    ['x'.repeat(400), null],
    ['ana@example.com', 'ana@example.com'],
  ] as const) {
    const person = randomUUID()
    const claims = JSON.stringify({ sub: person, email })
    expect(codeOf(await join(clinic, { role: 'authenticated', claims }))).toBe('success')
    expect(
      await db.value('select email from profiles where tenant_id = $1 and id = $2', [clinic.tenant, person]),
    ).toBe(kept)
  }
})
