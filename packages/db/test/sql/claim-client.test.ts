import { randomUUID } from 'node:crypto'
import { backend, book, call, codeOf, mergeCart, user, visitor } from '@vetcita/testing/sql/calls'
import { at, booked, booking, type Clinic, everyRow, inserted, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { expect, test } from 'vitest'
import { interleave } from './support/waiting.ts'

const db = await fileDatabase()

/** Makes a link to the record of the clinic's first pet owner, who has no account, and returns its token. */
const invite = async (clinic: Clinic, change: Record<string, string> = {}) => {
  const outcome = await call(db.admin, user(clinic.receptionist), 'invite_client', {
    p_tenant_id: clinic.tenant,
    p_client_id: clinic.owner,
    ...change,
  })
  return { outcome: codeOf(outcome), token: String(outcome.token) }
}

const link = (clinic: Clinic, token: string) => ({ p_tenant_id: clinic.tenant, p_token: token })
const claim = (clinic: Clinic, token: string, person: string, client = db.admin) =>
  call(client, user(person), 'claim_client', link(clinic, token))

const ownerOf = (clinic: Clinic, pet = clinic.pet) =>
  db.value('select owner_id from pets where tenant_id = $1 and id = $2', [clinic.tenant, pet])
const lines = (clinic: Clinic, customer: string) =>
  db.rows(
    'select item_id, quantity from cart_items where tenant_id = $1 and customer_id = $2 order by item_id',
    [clinic.tenant, customer],
  )
const item = (id: string, quantity: number, type = 'product') => ({ type, id, quantity })
const merge = (clinic: Clinic, customer: string, items: readonly unknown[], client = db.admin) =>
  mergeCart(client, backend, { p_customer_id: customer, p_tenant_id: clinic.tenant, p_new_items: items })

test('a claim moves pets, appointments, history and cart once, and deletes the walk-in’s profile', async () => {
  const clinic = await newClinic(db.admin)
  const person = randomUUID()
  const id = await booked(db.admin, clinic, { p_idempotency_key: 'one' })
  await inserted(db.admin, clinic, at(-30, '10:00'), { status: 'completed' })
  await merge(clinic, clinic.owner, [item(clinic.product, 2)])
  const { token } = await invite(clinic)
  expect(await call(db.admin, user(person), 'read_client_claim', link(clinic, token))).toMatchObject({
    success: true,
    client_name: 'Owner One',
    pets: ['Luna'],
    yours: false,
  })
  expect(await claim(clinic, token, person)).toEqual({
    success: true,
    client_id: person,
    pets: 1,
    appointments: 2,
    items: 1,
  })
  expect(await ownerOf(clinic)).toBe(person)
  expect(
    await db.rows('select created_by, idempotency_key, version from appointments where id = $1', [id]),
  ).toEqual([{ created_by: person, idempotency_key: 'one', version: 1 }])
  expect(await db.value('select actor_id from appointment_events where appointment_id = $1', [id])).toBe(
    person,
  )
  expect(await lines(clinic, person)).toEqual([{ item_id: clinic.product, quantity: 2 }])
  const profiles = await db.rows(
    `select id, role, full_name, deleted_at is not null as gone from profiles
     where tenant_id = $1 and id in ($2, $3) order by gone`,
    [clinic.tenant, person, clinic.owner],
  )
  expect(profiles).toEqual([
    { id: person, role: 'owner', full_name: 'Owner One', gone: false },
    { id: clinic.owner, role: 'owner', full_name: 'Owner One', gone: true },
  ])
  for (const table of ['pets where owner_id', 'carts where customer_id', 'appointments where created_by'])
    expect(await db.value(`select count(*)::int from ${table} = $1`, [clinic.owner]), table).toBe(0)
  // a replay, another person, and a booking by the person
  expect(codeOf(await claim(clinic, token, person))).toBe('replayed')
  expect(codeOf(await claim(clinic, token, randomUUID()))).toBe('LINK_USED')
  expect(codeOf(await book(db.admin, user(person), booking(clinic, { p_start_time: at(5, '10:00') })))).toBe(
    'success',
  )
})

test('a person who already has a profile keeps it with its pets and cart, and gets the record’s data too', async () => {
  const clinic = await newClinic(db.admin)
  await merge(clinic, clinic.owner, [item(clinic.product, 5), item(clinic.service, 1, 'service')])
  await merge(clinic, clinic.vet, [item(clinic.product, 2)])
  await db.rows(`update profiles set phone = '0981 123456' where tenant_id = $1 and id = $2`, [
    clinic.tenant,
    clinic.owner,
  ])
  const { token } = await invite(clinic)
  expect(await claim(clinic, token, clinic.vet)).toMatchObject({ success: true, pets: 1, items: 2 })
  expect(
    await db.rows('select role, full_name, phone from profiles where tenant_id = $1 and id = $2', [
      clinic.tenant,
      clinic.vet,
    ]),
  ).toEqual([{ role: 'vet', full_name: 'Vet One', phone: '0981 123456' }])
  expect((await lines(clinic, clinic.vet)).map(({ quantity }) => quantity).toSorted()).toEqual([1, 5])
})

test('an idempotency key that both have used loses neither appointment', async () => {
  const clinic = await newClinic(db.admin)
  const theirs = await booked(db.admin, clinic, {
    p_idempotency_key: 'same',
    p_pet_id: clinic.otherPet,
    p_start_time: at(4, '12:00'),
  })
  await booked(db.admin, clinic, { p_idempotency_key: 'same' })
  const { token } = await invite(clinic)
  expect(codeOf(await claim(clinic, token, clinic.otherOwner))).toBe('success')
  expect(
    await db.rows(
      'select id = $2 as theirs, idempotency_key as key from appointments where tenant_id = $1 and created_by = $3 order by 1 desc',
      [clinic.tenant, theirs, clinic.otherOwner],
    ),
  ).toEqual([
    { theirs: true, key: 'same' },
    { theirs: false, key: null },
  ])
})

test('only staff create links, only for walk-in clients, and only the newest link works', async () => {
  const clinic = await newClinic(db.admin)
  const elsewhere = await newClinic(db.admin)
  const args = { p_tenant_id: clinic.tenant, p_client_id: clinic.owner }
  for (const actor of [clinic.owner, clinic.otherOwner, elsewhere.admin, randomUUID()])
    expect(codeOf(await call(db.admin, user(actor), 'invite_client', args))).toBe('CLIENT_NOT_FOUND')
  await expect(call(db.admin, visitor, 'invite_client', args)).rejects.toThrow(/permission denied/)
  for (const p_client_id of [clinic.vet, elsewhere.owner, randomUUID()])
    expect((await invite(clinic, { p_client_id })).outcome).toBe('CLIENT_NOT_FOUND')
  await db.rows(`insert into login."user" (id, name, email) values ($1, 'Two', $2)`, [
    clinic.otherOwner,
    `${clinic.otherOwner}@example.com`,
  ])
  expect((await invite(clinic, { p_client_id: clinic.otherOwner })).outcome).toBe('HAS_ACCOUNT')

  const first = await invite(clinic)
  const second = await invite(clinic)
  const third = await invite(elsewhere)
  const person = randomUUID()
  const before = await everyRow(db.admin, clinic)
  expect(codeOf(await claim(clinic, first.token, person))).toBe('LINK_INVALID')
  for (const token of ['', 'x', third.token])
    expect(codeOf(await claim(clinic, token, person))).toBe('LINK_INVALID')
  expect(
    codeOf(await call(db.admin, { role: 'authenticated' }, 'claim_client', link(clinic, second.token))),
  ).toBe('FORBIDDEN')
  await db.rows(`update links set expires_at = now() where tenant_id = $1`, [clinic.tenant])
  expect(codeOf(await claim(clinic, second.token, person))).toBe('LINK_EXPIRED')
  expect(await everyRow(db.admin, clinic)).toBe(before)
  // a person whom the clinic has removed, and a client who has an account by now
  await db.rows(`update links set expires_at = now() + interval '1 day' where tenant_id = $1`, [
    clinic.tenant,
  ])
  await db.rows('update profiles set deleted_at = now() where id = $1', [clinic.otherOwner])
  expect(codeOf(await claim(clinic, second.token, clinic.otherOwner))).toBe('FORBIDDEN')
  await db.rows(`insert into login."user" (id, name, email) values ($1, 'One', $2)`, [
    clinic.owner,
    `${clinic.owner}@example.com`,
  ])
  expect(codeOf(await claim(clinic, second.token, person))).toBe('HAS_ACCOUNT')
})

test('only a hash of the token is stored, and no role may read it', async () => {
  const clinic = await newClinic(db.admin)
  const { token } = await invite(clinic)
  expect(JSON.stringify(await db.rows('select * from links'))).not.toContain(token)
  for (const role of ['anon', 'authenticated', 'service_role'])
    expect(await db.value(`select has_column_privilege($1, 'links', 'token_hash', 'select')`, [role])).toBe(
      false,
    )
})

test('if twenty people use one link at once, one gets the record and nineteen are refused', async () => {
  const clinic = await newClinic(db.admin)
  await merge(clinic, clinic.owner, [item(clinic.product, 2)])
  const { token } = await invite(clinic)
  const clients = await db.connectMany(20)
  const codes = await Promise.all(
    clients.map(async (client) => codeOf(await claim(clinic, token, randomUUID(), client))),
  )
  expect(codes.toSorted()).toEqual([...Array(19).fill('LINK_USED'), 'success'])
  const owner = String(await ownerOf(clinic))
  expect(await lines(clinic, owner)).toHaveLength(1)
  expect(
    await db.value('select count(*)::int from profiles where tenant_id = $1 and deleted_at is null', [
      clinic.tenant,
    ]),
  ).toBe(6)
})

test('a person who uses the links of two records at once gets both', async () => {
  const clinic = await newClinic(db.admin)
  const first = await invite(clinic)
  const second = await invite(clinic, { p_client_id: clinic.otherOwner })
  for (const [customer, quantity] of [
    [clinic.owner, 2],
    [clinic.otherOwner, 5],
  ] as const)
    await merge(clinic, customer, [item(clinic.product, quantity)])
  const person = randomUUID()
  const clients = await db.connectMany(2)
  const outcomes = await Promise.all(
    [first, second].map(({ token }, index) => claim(clinic, token, person, clients[index])),
  )
  expect(outcomes.map(codeOf)).toEqual(['success', 'success'])
  for (const pet of [clinic.pet, clinic.otherPet]) expect(await ownerOf(clinic, pet)).toBe(person)
  expect(await lines(clinic, person)).toEqual([{ item_id: clinic.product, quantity: 5 }])
})

test('a booking, first cart, pet or plain insert concurrent with a claim is not lost', async () => {
  const clinic = await newClinic(db.admin)
  const { token } = await invite(clinic)
  const person = randomUUID()
  const start = at(6, '10:00')
  const outcome = await interleave(db, {
    hold: `
      select book_appointment_atomic('${clinic.tenant}', '${clinic.pet}', '${clinic.service}', '${clinic.vet}', '${start}');
      insert into carts (tenant_id, customer_id) values ('${clinic.tenant}', '${clinic.owner}');
      insert into cart_items (tenant_id, customer_id, item_type, item_id, quantity)
        values ('${clinic.tenant}', '${clinic.owner}', 'product', '${clinic.product}', 3);
      insert into pets (tenant_id, owner_id, name) values ('${clinic.tenant}', '${clinic.owner}', 'Nube')`,
    call: (client) => claim(clinic, token, person, client),
    whileWaiting: `
      insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, created_by) values
        ('${clinic.tenant}', '${clinic.pet}', '${clinic.service}', '${clinic.vet}', '${at(7, '10:00')}', '${at(7, '10:30')}', '${clinic.owner}')`,
  })
  expect(outcome).toMatchObject({ success: true, pets: 2, appointments: 2, items: 1 })
  for (const table of ['pets where owner_id', 'carts where customer_id', 'appointments where created_by'])
    expect(await db.value(`select count(*)::int from ${table} = $1`, [clinic.owner]), table).toBe(0)
})

test('a write for the walk-in during a claim waits, and then applies to the person or is refused', async () => {
  const used = (clinic: Clinic, token: string, person: string) =>
    `select set_config('request.jwt.claims', '{"sub":"${person}"}', true); select claim_client('${clinic.tenant}', '${token}')`
  const prepare = async () => {
    const clinic = await newClinic(db.admin)
    const { token } = await invite(clinic)
    const person = randomUUID()
    return { clinic, person, hold: used(clinic, token, person), whileWaiting: 'select 1' }
  }

  const booked = await prepare()
  expect(
    await interleave(db, {
      ...booked,
      call: (client) => book(client, user(booked.clinic.receptionist), booking(booked.clinic)),
    }),
  ).toMatchObject({ success: true })
  expect(await ownerOf(booked.clinic)).toBe(booked.person)

  const merged = await prepare()
  await merge(merged.clinic, merged.clinic.owner, [item(merged.clinic.product, 1)])
  expect(
    codeOf(
      await interleave(db, {
        ...merged,
        call: (client) => merge(merged.clinic, merged.clinic.owner, [item(merged.clinic.product, 9)], client),
      }),
    ),
  ).toBe('CUSTOMER_NOT_FOUND')
  expect(await lines(merged.clinic, merged.person)).toEqual([{ item_id: merged.clinic.product, quantity: 1 }])

  const added = await prepare()
  const pet = randomUUID()
  await interleave(db, {
    ...added,
    call: async (client) => {
      await client.query('insert into pets (tenant_id, id, owner_id, name) values ($1, $2, $3, $4)', [
        added.clinic.tenant,
        pet,
        added.clinic.owner,
        'Nube',
      ])
      return { success: true }
    },
  })
  expect(await ownerOf(added.clinic, pet)).toBe(added.person)
})
