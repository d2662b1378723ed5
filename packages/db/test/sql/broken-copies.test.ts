import { user } from '@vetcita/testing/sql/calls'
import { at, newClinic } from '@vetcita/testing/sql/clinic'
import { dropOverlapConstraint, fileDatabase } from '@vetcita/testing/sql/database'
import { noViolations, violations } from '@vetcita/testing/sql/invariants'
import { spoil } from '@vetcita/testing/sql/spoil'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { populate, spread } from './support/population.ts'
import { race, racer, tally } from './support/race.ts'

// Proves that the race tests can fail: the same harness and invariants must report violations for copies of the
// functions that are broken on purpose. A pause in the copy, between its check and its write, makes the race certain.

const db = await fileDatabase()
let clients: pg.Client[]
let gatekeeper: pg.Client
beforeAll(async () => {
  gatekeeper = await db.connect()
  clients = await db.connectMany(10)
  await dropOverlapConstraint(db.admin)
})

const pause = `perform pg_sleep(0.5);`
const noLock = [/for no key update\s+\) p;/, ') p;'] as const

test('without the lock, several callers book one slot, and the invariants report it', async () => {
  const people = await populate(db.admin, 10)
  const attempt = (day: number) =>
    race(
      gatekeeper,
      clients,
      people.owners.map(({ owner, pet }) =>
        racer(user(owner), 'book_appointment_atomic', {
          p_tenant_id: people.clinic.tenant,
          p_pet_id: pet,
          p_service_id: people.clinic.service,
          p_vet_id: people.clinic.vet,
          p_start_time: at(day, '10:00'),
        }),
      ),
      'door',
      people.clinic,
    )
  const restore = await spoil(db.admin, 'book_appointment_atomic', [
    noLock,
    [/insert into appointments/, `${pause} insert into appointments`],
  ])
  try {
    const finishes = await attempt(5)
    expect(tally(finishes).success).toBeGreaterThan(1)
    expect((await violations(db.admin)).overlappingPairs).toBeGreaterThan(0)
  } finally {
    await restore()
  }
  await db.rows('delete from appointments where tenant_id = $1', [people.clinic.tenant])
  expect(tally(await attempt(6))).toEqual({ success: 1, SLOT_UNAVAILABLE: 9 })
  expect(await violations(db.admin)).toEqual(noViolations)
})

test('so they do if a booking checks the slot before it locks', async () => {
  const people = await populate(db.admin, 10)
  // the conflict check runs once, before the wait, and its result is used after it
  const restore = await spoil(db.admin, 'book_appointment_atomic', [
    [/-- From here until commit every other/, `${checkBefore}\n  -- From here until commit every other`],
    [/when v_verdict\.refusal is not null/, `when v_replay = '"taken"'`],
  ])
  try {
    const finishes = await race(
      gatekeeper,
      clients,
      people.owners.map(({ owner, pet }) =>
        racer(user(owner), 'book_appointment_atomic', {
          p_tenant_id: people.clinic.tenant,
          p_pet_id: pet,
          p_service_id: people.clinic.service,
          p_vet_id: people.clinic.vet,
          p_start_time: at(5, '10:00'),
        }),
      ),
      'vet',
      people.clinic,
    )
    expect(tally(finishes)).toEqual({ success: 10 })
    expect((await violations(db.admin)).overlappingPairs).toBe(45)
  } finally {
    await restore()
  }
  await db.rows('delete from appointments where tenant_id = $1', [people.clinic.tenant])
})

const checkBefore = `
  if 'SLOT_UNAVAILABLE' = any (slot_refusals(
    p_tenant_id, p_vet_id, p_service_id, p_pet_id, p_start_time, p_start_time + interval '30 minutes',
    p_start_time + interval '30 minutes', 'UTC', false
  )) then
    v_replay := '"taken"';
  end if;`

test('without the lock, two appointments move to one slot', async () => {
  const people = await populate(db.admin, 10, 1)
  const mine = await spread(db.admin, people, people.vets[0] ?? '', at(40, '00:00'))
  const restore = await spoil(db.admin, 'reschedule_appointment_atomic', [
    [/for no key update\s+loop/, 'loop'],
    [/update appointments/, `${pause} update appointments`],
  ])
  try {
    const finishes = await race(
      gatekeeper,
      clients,
      mine.map(({ id, owner }) =>
        racer(user(owner), 'reschedule_appointment_atomic', {
          p_appointment_id: id,
          p_new_start_time: at(5, '10:00'),
          p_performed_by: owner,
          p_new_vet_id: people.clinic.vet,
        }),
      ),
      'door',
      people.clinic,
    )
    expect(tally(finishes).success).toBeGreaterThan(1)
    expect((await violations(db.admin)).overlappingPairs).toBeGreaterThan(0)
  } finally {
    await restore()
  }
  await db.rows('delete from appointments where tenant_id = $1', [people.clinic.tenant])
})

test('a cart that is read before the lock and written back whole loses lines', async () => {
  const clinic = await newClinic(db.admin)
  const rows = await db.rows(
    `insert into store_products (tenant_id, name, stock) select $1, 'p' || n, 9 from generate_series(1, 10) n
     returning id`,
    [clinic.tenant],
  )
  const ids = rows.map(({ id }) => String(id))
  const mergeAll = () =>
    race(
      gatekeeper,
      clients,
      ids.map((id) =>
        racer(user(clinic.owner), 'merge_cart_atomic', {
          p_customer_id: clinic.owner,
          p_tenant_id: clinic.tenant,
          p_new_items: [{ type: 'product', id, quantity: 1 }],
        }),
      ),
      'door',
      clinic,
    )
  const cartLines = ids.map((id) => ({
    tenantId: clinic.tenant,
    customerId: clinic.owner,
    type: 'product' as const,
    id,
    quantity: 1,
  }))
  const restore = await spoil(db.admin, 'merge_cart_atomic', [
    [/v_changes jsonb;/, `v_changes jsonb; v_read uuid[];`],
    [
      /insert into carts/,
      `select coalesce(array_agg(item_id), '{}') into v_read from cart_items
       where tenant_id = p_tenant_id and customer_id = v_actor;
       ${pause}
       insert into carts`,
    ],
    [
      /return cart_contents\(p_tenant_id, v_actor\) \|\|/,
      `delete from cart_items where tenant_id = p_tenant_id and customer_id = v_actor and not item_id = any (v_read)
         and not p_new_items @> jsonb_build_array(jsonb_build_object('id', item_id));
       return cart_contents(p_tenant_id, v_actor) ||`,
    ],
  ])
  try {
    expect(tally(await mergeAll())).toEqual({ success: 10 })
    expect((await violations(db.admin, { cartLines })).lostCartLines).toBe(9)
  } finally {
    await restore()
  }
  await db.rows('delete from carts where tenant_id = $1', [clinic.tenant])
  await mergeAll()
  expect(await violations(db.admin, { cartLines })).toEqual(noViolations)
})

test('a step added to a quantity that was read before the lock loses steps', async () => {
  const clinic = await newClinic(db.admin)
  const restore = await spoil(db.admin, 'set_cart_item_atomic', [
    [
      /on conflict \(tenant_id, customer_id\) do update set updated_at = excluded\.updated_at/,
      'on conflict do nothing',
    ],
    [/v_before := coalesce\(v_before, 0\);/, `v_before := coalesce(v_before, 0); ${pause}`],
  ])
  // the cart exists already, because inserting it would lock too
  await db.rows('insert into carts (tenant_id, customer_id) values ($1, $2)', [clinic.tenant, clinic.owner])
  try {
    await race(
      gatekeeper,
      clients,
      clients.map(() =>
        racer(user(clinic.owner), 'set_cart_item_atomic', {
          p_customer_id: clinic.owner,
          p_tenant_id: clinic.tenant,
          p_type: 'product',
          p_id: clinic.product,
          p_quantity: 1,
          p_mode: 'add',
        }),
      ),
      'door',
      clinic,
    )
    expect(
      await db.value('select quantity from cart_items where tenant_id = $1', [clinic.tenant]),
    ).toBeLessThan(10)
  } finally {
    await restore()
  }
})

test('the invariants also report a write without an event, and references to another tenant', async () => {
  const clinic = await newClinic(db.admin)
  const elsewhere = await newClinic(db.admin)
  await db.admin.query('begin')
  await db.admin.query(`set local session_replication_role = replica`)
  const [row] = await db.rows(
    `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until, version)
     values ($1, $2, $3, $4, $5, $5::timestamptz + interval '1 hour', $5::timestamptz + interval '1 hour', 2) returning id`,
    [clinic.tenant, elsewhere.pet, clinic.service, clinic.vet, at(5, '10:00')],
  )
  expect(
    await violations(db.admin, {
      appointmentIds: [String(row?.id), clinic.pet],
    }),
  ).toEqual({ ...noViolations, unrecordedChanges: 1, foreignReferences: 1, lostAppointments: 1 })
  await db.admin.query('rollback')
})
