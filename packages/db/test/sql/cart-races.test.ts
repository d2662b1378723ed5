import { user } from '@vetcita/testing/sql/calls'
import { type Clinic, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { type Ledger, noViolations, violations } from '@vetcita/testing/sql/invariants'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { race, racer, tally } from './support/race.ts'

const db = await fileDatabase()
let clients: pg.Client[]
let gatekeeper: pg.Client
beforeAll(async () => {
  gatekeeper = await db.connect()
  clients = await db.connectMany(50)
})

/** Makes products of a clinic, enough for each caller to merge different ones. */
async function products(clinic: Clinic, count: number): Promise<string[]> {
  const rows = await db.rows(
    `insert into store_products (tenant_id, name, stock) select $1, 'p' || n, 99 from generate_series(1, $2) n
     returning id`,
    [clinic.tenant, count],
  )
  return rows.map(({ id }) => String(id))
}

const merge = (clinic: Clinic, lines: ReadonlyArray<{ id: string; quantity: number }>) =>
  racer(user(clinic.owner), 'merge_cart_atomic', {
    p_customer_id: clinic.owner,
    p_tenant_id: clinic.tenant,
    p_new_items: lines.map((line) => ({ type: 'product', ...line })),
  })
const add = (clinic: Clinic, quantity: number) =>
  racer(user(clinic.owner), 'set_cart_item_atomic', {
    p_customer_id: clinic.owner,
    p_tenant_id: clinic.tenant,
    p_type: 'product',
    p_id: clinic.product,
    p_quantity: quantity,
    p_mode: 'add',
  })
const expectedLines = (
  clinic: Clinic,
  lines: ReadonlyArray<{ id: string; quantity: number }>,
): Ledger['cartLines'] =>
  lines.map((line) => ({
    tenantId: clinic.tenant,
    customerId: clinic.owner,
    type: 'product' as const,
    ...line,
  }))
const quantityOf = (clinic: Clinic, id: string) =>
  db.value('select quantity from cart_items where tenant_id = $1 and customer_id = $2 and item_id = $3', [
    clinic.tenant,
    clinic.owner,
    id,
  ])

test('fifty concurrent first merges of disjoint carts keep every line', async () => {
  for (let round = 0; round < 4; round++) {
    const clinic = await newClinic(db.admin)
    const ids = await products(clinic, 150)
    const carts = Array.from({ length: 50 }, (_, n) =>
      ids.slice(n * 3, n * 3 + 3).map((id) => ({ id, quantity: 1 + (n % 9) })),
    )
    const finishes = await race(
      gatekeeper,
      clients,
      carts.map((cart) => merge(clinic, cart)),
      'door',
      clinic,
    )
    expect(tally(finishes)).toEqual({ success: 50 })
    expect(await violations(db.admin, { cartLines: expectedLines(clinic, carts.flat()) })).toEqual(
      noViolations,
    )
    expect(await db.value('select count(*)::int from cart_items where tenant_id = $1', [clinic.tenant])).toBe(
      150,
    )
    // the last one sees all lines
    expect(finishes.some(({ outcome }) => outcome?.item_count === 150)).toBe(true)
  }
})

test('fifty concurrent merges of the same lines keep the largest quantity of each', async () => {
  for (let round = 0; round < 4; round++) {
    const clinic = await newClinic(db.admin)
    const ids = await products(clinic, 20)
    const carts = Array.from({ length: 50 }, (_, n) => {
      const lines = ids.map((id, index) => ({ id, quantity: 1 + ((n * 7 + index * 13) % 99) }))
      return n % 2 === 0 ? lines : lines.reverse()
    })
    const finishes = await race(
      gatekeeper,
      clients,
      carts.map((cart) => merge(clinic, cart)),
      'door',
      clinic,
    )
    expect(tally(finishes)).toEqual({ success: 50 })
    for (const [index, id] of ids.entries()) {
      const largest = Math.max(...carts.map((_, n) => 1 + ((n * 7 + index * 13) % 99)))
      expect(await quantityOf(clinic, id)).toBe(largest)
    }
  }
})

test('twenty concurrent additions of one make twenty, starting without a cart', async () => {
  for (let round = 0; round < 5; round++) {
    const clinic = await newClinic(db.admin)
    const finishes = await race(
      gatekeeper,
      clients,
      Array.from({ length: 20 }, () => add(clinic, 1)),
      'door',
      clinic,
    )
    expect(tally(finishes)).toEqual({ success: 20 })
    expect(await quantityOf(clinic, clinic.product)).toBe(20)
  }
})

test('additions stop at 99, and enough steps back remove the line', async () => {
  const clinic = await newClinic(db.admin)
  const steps = (quantity: number) => Array.from({ length: 50 }, () => add(clinic, quantity))
  await race(gatekeeper, clients, steps(3), 'door', clinic)
  expect(await quantityOf(clinic, clinic.product)).toBe(99)
  await race(gatekeeper, clients, steps(-2), 'door', clinic)
  expect(await quantityOf(clinic, clinic.product)).toBeUndefined()
})

test('concurrent merges and additions lose neither', async () => {
  const clinic = await newClinic(db.admin)
  const ids = await products(clinic, 30)
  const finishes = await race(
    gatekeeper,
    clients,
    Array.from({ length: 50 }, (_, n) =>
      n < 20 ? add(clinic, 1) : merge(clinic, [{ id: ids[n - 20] ?? '', quantity: 2 }]),
    ),
    'door',
    clinic,
  )
  expect(tally(finishes)).toEqual({ success: 50 })
  expect(await quantityOf(clinic, clinic.product)).toBe(20)
  expect(
    await violations(db.admin, {
      cartLines: expectedLines(
        clinic,
        ids.map((id) => ({ id, quantity: 2 })),
      ),
    }),
  ).toEqual(noViolations)
})
