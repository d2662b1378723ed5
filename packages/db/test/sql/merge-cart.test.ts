import { randomUUID } from 'node:crypto'
import {
  backend,
  type Caller,
  codeOf,
  type MergeArguments,
  mergeCart,
  type Outcome,
  user,
} from '@vetcita/testing/sql/calls'
import { type Clinic, everyRow, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

const db = await fileDatabase()
let clinic: Clinic
beforeAll(async () => {
  clinic = await newClinic(db.admin)
})

/** Adds a product to the clinic. */
async function product(own: Clinic, change: { stock?: number; active?: boolean; deleted?: boolean } = {}) {
  const id = randomUUID()
  await db.rows(
    `insert into store_products (tenant_id, id, name, price, stock, is_active, deleted_at)
     values ($1, $2, 'Juguete', 12.5, $3, $4, case when $5 then now() end)`,
    [own.tenant, id, change.stock ?? 5, change.active ?? true, change.deleted ?? false],
  )
  return id
}

const merge = (own: Clinic, items: MergeArguments['p_new_items'], caller: Caller = user(own.owner)) =>
  mergeCart(db.admin, caller, { p_customer_id: own.owner, p_tenant_id: own.tenant, p_new_items: items })

describe('a merge', () => {
  test('of no items without a cart writes nothing and returns an empty cart', async () => {
    const own = await newClinic(db.admin)
    const before = await everyRow(db.admin, own)
    expect(await merge(own, [])).toEqual({ items: [], success: true, item_count: 0 })
    expect(await everyRow(db.admin, own)).toBe(before)
    // also for an unknown clinic, as in the migration guide's dry run
    const dryRun = { p_customer_id: randomUUID(), p_tenant_id: 'test_tenant', p_new_items: [] }
    expect(await mergeCart(db.admin, {}, dryRun)).toEqual({ items: [], success: true, item_count: 0 })
    const line = { type: 'product', id: own.product, quantity: 2 }
    await merge(own, [line])
    const filled = await everyRow(db.admin, own)
    const empty = await merge(own, [])
    expect(empty).not.toHaveProperty('changes')
    expect(empty).toMatchObject({ success: true, item_count: 1, items: [line] })
    expect(await everyRow(db.admin, own)).toBe(filled)
  })

  test('returns lines with the catalogue’s name and price, in the order in which they were first added', async () => {
    const own = await newClinic(db.admin)
    const outcome = await merge(own, [
      { type: 'service', id: own.service, quantity: 1, name: 'cheap', price: 1, extra: { nested: [] } },
      { type: 'product', id: own.product, quantity: 11 },
    ])
    expect(outcome).toEqual({
      success: true,
      item_count: 2,
      items: [
        {
          type: 'service',
          id: own.service,
          name: 'Consulta',
          quantity: 1,
          unit_price: 150000,
          available: true,
        },
        // only ten are in stock
        {
          type: 'product',
          id: own.product,
          name: 'Alimento',
          quantity: 11,
          unit_price: 85000.5,
          available: false,
        },
      ],
      changes: {
        added: [
          { type: 'service', id: own.service, name: 'Consulta', quantity: 1 },
          { type: 'product', id: own.product, name: 'Alimento', quantity: 11 },
        ],
        raised: [],
        unchanged: [],
        rejected: [],
      },
    })
    const third = await product(own)
    const later = await merge(own, [
      { type: 'product', id: third, quantity: 1 },
      { type: 'product', id: own.product, quantity: 12 },
    ])
    expect(ids(later)).toEqual([own.service, own.product, third])
  })

  test('is a join: the larger quantity of a line wins, other lines stay', async () => {
    const own = await newClinic(db.admin)
    const other = await product(own)
    await merge(own, [
      { type: 'product', id: own.product, quantity: 3 },
      { type: 'product', id: other, quantity: 7 },
    ])
    const outcome = await merge(own, [
      { type: 'product', id: own.product, quantity: 5 },
      { type: 'product', id: other, quantity: 2 },
      { type: 'service', id: own.service, quantity: 1 },
    ])
    expect(outcome.items).toMatchObject([{ quantity: 5 }, { quantity: 7 }, { quantity: 1 }])
    expect(outcome.changes).toMatchObject({
      added: [{ id: own.service, quantity: 1 }],
      raised: [{ id: own.product, quantity: 5 }],
      unchanged: [{ id: other, quantity: 7 }],
      rejected: [],
    })
  })

  test('of the same line twice keeps the larger quantity; 5.0 counts as whole, and case in a uuid does not matter', async () => {
    const own = await newClinic(db.admin)
    const outcome = await merge(own, [
      { type: 'product', id: own.product, quantity: 2 },
      { type: 'product', id: own.product.toUpperCase(), quantity: 4 },
    ])
    expect(outcome.items).toMatchObject([{ id: own.product, quantity: 4 }])
    const text = `[{"type":"product","id":"${own.product}","quantity":5.0}]`
    expect((await merge(own, text)).items).toMatchObject([{ quantity: 5 }])
  })

  test('a product and a service with one id are two lines', async () => {
    const own = await newClinic(db.admin)
    await db.rows('update store_products set id = $2 where tenant_id = $1', [own.tenant, own.service])
    const outcome = await merge(own, [
      { type: 'product', id: own.service, quantity: 2 },
      { type: 'service', id: own.service, quantity: 3 },
    ])
    expect(outcome.items).toMatchObject([
      { type: 'product', name: 'Alimento', quantity: 2 },
      { type: 'service', name: 'Consulta', quantity: 3 },
    ])
  })

  test('returns unsold items in changes.rejected, and merges the rest', async () => {
    const own = await newClinic(db.admin)
    const elsewhere = await newClinic(db.admin)
    const unsold = [
      randomUUID(),
      await product(own, { active: false }),
      await product(own, { deleted: true }),
      elsewhere.product,
      own.service, // as a product
    ]
    const outcome = await merge(own, [
      ...unsold.map((id) => ({ type: 'product', id, quantity: 1 })),
      { type: 'product', id: own.product, quantity: 1 },
    ])
    expect(outcome).toMatchObject({ success: true, item_count: 1 })
    expect(outcome.changes).toMatchObject({
      added: [{ id: own.product }],
      rejected: unsold.map((id) => ({ type: 'product', id, quantity: 1, reason: expect.any(String) })),
    })
  })

  test('keeps a line that is no longer sold, marked as not available', async () => {
    const own = await newClinic(db.admin)
    const line = { type: 'product', id: own.product, quantity: 2 }
    await merge(own, [line])
    await db.rows('update store_products set is_active = false where tenant_id = $1', [own.tenant])
    const outcome = await merge(own, [{ ...line, quantity: 9 }])
    expect(outcome.items).toMatchObject([{ ...line, available: false }])
    expect(outcome.changes).toMatchObject({ rejected: [{ id: own.product }], raised: [] })
  })

  test('accepts two hundred items, and each clinic has its own cart', async () => {
    const own = await newClinic(db.admin)
    const items = Array.from({ length: 199 }, () => ({ type: 'product', id: randomUUID(), quantity: 1 }))
    const outcome = await merge(own, [...items, { type: 'product', id: own.product, quantity: 1 }])
    expect(outcome).toMatchObject({ success: true, item_count: 1 })
    const elsewhere = await newClinic(db.admin)
    await db.rows(`insert into profiles (tenant_id, id, full_name) values ($1, $2, 'Same person')`, [
      elsewhere.tenant,
      own.owner,
    ])
    const there = { p_customer_id: own.owner, p_tenant_id: elsewhere.tenant, p_new_items: [] }
    expect(await mergeCart(db.admin, user(own.owner), there)).toMatchObject({ item_count: 0 })
  })
})

describe('who cannot', () => {
  const line = () => [{ type: 'product', id: clinic.product, quantity: 1 }]

  test('FORBIDDEN: another person’s cart, for a pet owner or staff', async () => {
    const before = await everyRow(db.admin, clinic)
    for (const actor of [clinic.otherOwner, clinic.receptionist, clinic.admin, randomUUID()]) {
      expect(codeOf(await merge(clinic, line(), user(actor)))).toBe('FORBIDDEN')
      expect(codeOf(await merge(clinic, [], user(actor)))).toBe('FORBIDDEN')
    }
    expect(await everyRow(db.admin, clinic)).toBe(before)
  })

  test('CUSTOMER_NOT_FOUND: no profile at this clinic, a deleted one, or an unknown clinic', async () => {
    const elsewhere = await newClinic(db.admin)
    const codeFor = async (customer: string | null, tenant: string | null) =>
      codeOf(
        await mergeCart(db.admin, backend, {
          p_customer_id: customer,
          p_tenant_id: tenant,
          p_new_items: line(),
        }),
      )
    expect(await codeFor(elsewhere.owner, clinic.tenant)).toBe('CUSTOMER_NOT_FOUND')
    expect(await codeFor(clinic.owner, 'nowhere')).toBe('CUSTOMER_NOT_FOUND')
    expect(await codeFor(null, clinic.tenant)).toBe('CUSTOMER_NOT_FOUND')
    expect(await codeFor(clinic.owner, null)).toBe('CUSTOMER_NOT_FOUND')
    await db.rows('update profiles set deleted_at = now() where tenant_id = $1', [elsewhere.tenant])
    expect(await codeFor(elsewhere.owner, elsewhere.tenant)).toBe('CUSTOMER_NOT_FOUND')
    expect(await db.value('select count(*)::int from carts where tenant_id = $1', [elsewhere.tenant])).toBe(0)
  })

  test('a null customer means the claims’ user', async () => {
    const own = await newClinic(db.admin)
    const outcome = await mergeCart(db.admin, user(own.owner), {
      p_customer_id: null,
      p_tenant_id: own.tenant,
      p_new_items: [{ type: 'product', id: own.product, quantity: 1 }],
    })
    expect(codeOf(outcome)).toBe('success')
    expect(await db.value('select customer_id from carts where tenant_id = $1', [own.tenant])).toBe(own.owner)
  })
})

describe('INVALID_ITEMS: nothing changes, and the message names the item’s index', () => {
  const valid = () => ({ type: 'product', id: clinic.product, quantity: 1 })
  test.for([
    ['type missing', { type: undefined }],
    ['type unknown', { type: 'pet' }],
    ['type a number', { type: 1 }],
    ['id missing', { id: undefined }],
    ['id no uuid', { id: "'; drop table carts; --" }],
    ['id a number', { id: 7 }],
    ['id with a line break', { id: '00000000-0000-4000-8000-000000000000\n' }],
    ['id in braces', { id: '{00000000-0000-4000-8000-000000000000}' }],
    ['quantity missing', { quantity: undefined }],
    ['quantity null', { quantity: null }],
    ['quantity a text', { quantity: '3' }],
    ['quantity zero', { quantity: 0 }],
    ['quantity negative', { quantity: -1 }],
    ['quantity too large', { quantity: 100 }],
    ['quantity far too large', { quantity: 1e300 }],
    ['quantity broken', { quantity: 1.5 }],
    ['quantity an object', { quantity: { valueOf: 3 } }],
  ] as const)('%s', async ([, change]) => {
    const before = await everyRow(db.admin, clinic)
    const outcome = await merge(clinic, [valid(), valid(), { ...valid(), ...change }, 'x'])
    expect(codeOf(outcome)).toBe('INVALID_ITEMS')
    expect(outcome.message).toMatch(/\b2\b/)
    expect(await everyRow(db.admin, clinic)).toBe(before)
  })

  test('an item that is not an object', async () => {
    for (const item of [null, 1, 'x', [], [[]], true]) {
      const outcome = await merge(clinic, [valid(), item])
      expect(codeOf(outcome)).toBe('INVALID_ITEMS')
      expect(outcome.message).toMatch(/\b1\b/)
    }
  })

  test('items that are null, not an array, or more than 200', async () => {
    for (const items of [null, '{}', '"x"', '1', 'null', 'true', { 0: 'x' }])
      expect(codeOf(await merge(clinic, items))).toBe('INVALID_ITEMS')
    expect(codeOf(await merge(clinic, Array.from({ length: 201 }, valid)))).toBe('INVALID_ITEMS')
    expect(codeOf(await merge(clinic, Array.from({ length: 200 }, valid)))).toBe('success')
  })

  test('comes after FORBIDDEN and before CUSTOMER_NOT_FOUND', async () => {
    const args = { p_customer_id: clinic.owner, p_tenant_id: 'nowhere', p_new_items: null }
    expect(codeOf(await mergeCart(db.admin, user(clinic.otherOwner), args))).toBe('FORBIDDEN')
    expect(codeOf(await mergeCart(db.admin, user(clinic.owner), args))).toBe('INVALID_ITEMS')
  })
})

function ids(outcome: Outcome): string[] {
  return z
    .array(z.object({ id: z.string() }))
    .parse(outcome.items)
    .map((line) => line.id)
}
