import { randomUUID } from 'node:crypto'
import { backend, codeOf, type SetItemArguments, setCartItem, user } from '@vetcita/testing/sql/calls'
import { type Clinic, everyRow, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { beforeAll, expect, test } from 'vitest'

const db = await fileDatabase()
let clinic: Clinic
beforeAll(async () => {
  clinic = await newClinic(db.admin)
})

const set = (own: Clinic, change: Partial<SetItemArguments>, caller = user(own.owner)) =>
  setCartItem(db.admin, caller, {
    p_customer_id: own.owner,
    p_tenant_id: own.tenant,
    p_type: 'product',
    p_id: own.product,
    p_quantity: 1,
    ...change,
  })

test('set sets the quantity, and 0 removes the line, also a second time', async () => {
  const own = await newClinic(db.admin)
  expect(await set(own, { p_quantity: 7 })).toEqual({
    success: true,
    item_count: 1,
    items: [
      {
        type: 'product',
        id: own.product,
        name: 'Alimento',
        quantity: 7,
        unit_price: 85000.5,
        available: true,
      },
    ],
  })
  expect(await set(own, { p_quantity: 3 })).toMatchObject({ items: [{ quantity: 3 }] })
  expect(await set(own, { p_quantity: 0 })).toEqual({ success: true, item_count: 0, items: [] })
  expect(await set(own, { p_quantity: 0 })).toEqual({ success: true, item_count: 0, items: [] })
})

test('add adds a signed step and keeps the quantity within 0 and 99', async () => {
  const own = await newClinic(db.admin)
  const add = async (step: number) => (await set(own, { p_quantity: step, p_mode: 'add' })).items
  expect(await add(2)).toMatchObject([{ quantity: 2 }])
  expect(await add(3)).toMatchObject([{ quantity: 5 }])
  expect(await add(-4)).toMatchObject([{ quantity: 1 }])
  expect(await add(0)).toMatchObject([{ quantity: 1 }])
  expect(await add(99)).toMatchObject([{ quantity: 99 }])
  expect(await add(1)).toMatchObject([{ quantity: 99 }])
  expect(await add(-99)).toEqual([])
  expect(await add(-5)).toEqual([])
})

test('changing the quantity keeps the line’s position', async () => {
  const own = await newClinic(db.admin)
  await set(own, { p_quantity: 1 })
  await set(own, { p_type: 'service', p_id: own.service })
  const outcome = await set(own, { p_quantity: 9 })
  expect(outcome.items).toMatchObject([{ type: 'product', quantity: 9 }, { type: 'service' }])
})

test('ITEM_NOT_FOUND: unknown, inactive, deleted, another clinic’s, or of the other type; nothing is written', async () => {
  const own = await newClinic(db.admin)
  const elsewhere = await newClinic(db.admin)
  const inactive = randomUUID()
  const deleted = randomUUID()
  await db.rows(
    `insert into store_products (tenant_id, id, name, is_active, deleted_at)
     values ($1, $2, 'Old', false, null), ($1, $3, 'Gone', true, now())`,
    [own.tenant, inactive, deleted],
  )
  const before = await everyRow(db.admin, own)
  for (const id of [randomUUID(), inactive, deleted, elsewhere.product, own.service]) {
    for (const p_mode of ['set', 'add'])
      expect(codeOf(await set(own, { p_id: id, p_mode })), p_mode).toBe('ITEM_NOT_FOUND')
  }
  expect(await everyRow(db.admin, own)).toBe(before)
})

test('the quantity of an item that is no longer sold can be lowered or removed, but not raised', async () => {
  const own = await newClinic(db.admin)
  await set(own, { p_quantity: 5 })
  await db.rows('update store_products set is_active = false where tenant_id = $1', [own.tenant])
  expect(codeOf(await set(own, { p_quantity: 6 }))).toBe('ITEM_NOT_FOUND')
  expect((await set(own, { p_quantity: 4 })).items).toMatchObject([{ quantity: 4, available: false }])
  expect((await set(own, { p_quantity: 0 })).items).toEqual([])
})

test('INVALID_ITEMS: an invalid type, mode or quantity; nothing is written', async () => {
  const before = await everyRow(db.admin, clinic)
  for (const change of [
    { p_type: 'pet' },
    { p_type: null },
    { p_id: null },
    { p_mode: 'multiply' },
    { p_mode: null },
    { p_quantity: null },
    { p_quantity: -1 },
    { p_quantity: 100 },
    { p_quantity: 2_147_483_647 },
    { p_quantity: -2_147_483_648 },
  ])
    expect(codeOf(await set(clinic, change)), JSON.stringify(change)).toBe('INVALID_ITEMS')
  expect(await everyRow(db.admin, clinic)).toBe(before)
})

test('FORBIDDEN and CUSTOMER_NOT_FOUND apply as in a merge; nothing is written', async () => {
  const elsewhere = await newClinic(db.admin)
  const before = await everyRow(db.admin, clinic)
  for (const actor of [clinic.otherOwner, clinic.receptionist, clinic.admin, elsewhere.admin])
    expect(codeOf(await set(clinic, {}, user(actor)))).toBe('FORBIDDEN')
  for (const change of [
    { p_customer_id: elsewhere.owner },
    { p_customer_id: null },
    { p_tenant_id: 'nowhere' },
  ])
    expect(codeOf(await set(clinic, change, backend))).toBe('CUSTOMER_NOT_FOUND')
  expect(await everyRow(db.admin, clinic)).toBe(before)
})
