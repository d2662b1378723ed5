import { randomUUID } from 'node:crypto'
import { backend, mergeCart, setCartItem } from '@vetcita/testing/sql/calls'
import { type Clinic, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

// A merge is a join: idempotent, commutative, and it loses no line. Each run is rolled back, so that it starts from the
// same empty cart.

type Line = { type: string; id: string; quantity: number }

const db = await fileDatabase()
let clinic: Clinic
const sold: Line[] = []
const unsold: Line[] = []
beforeAll(async () => {
  clinic = await newClinic(db.admin)
  const products = await db.rows(
    `insert into store_products (tenant_id, name) select $1, 'p' || n from generate_series(1, 6) n returning id`,
    [clinic.tenant],
  )
  sold.push(
    { type: 'service', id: clinic.service, quantity: 1 },
    ...products.map(({ id }) => ({ type: 'product', id: String(id), quantity: 1 })),
  )
  unsold.push({ type: 'product', id: randomUUID(), quantity: 1 })
})

const line = fc.nat({ max: 7 }).chain((index) =>
  fc.integer({ min: 1, max: 99 }).map((quantity): Line => {
    const item = sold[index] ?? unsold[0]
    if (item === undefined) throw new Error('nothing is on sale')
    return { ...item, quantity }
  }),
)
const cart = fc.array(line, { maxLength: 12 })

const contents = z.object({
  items: z.array(z.object({ type: z.string(), id: z.string(), quantity: z.number() })),
})
const merge = async (lines: readonly Line[]) =>
  contents.parse(
    await mergeCart(db.admin, backend, {
      p_customer_id: clinic.owner,
      p_tenant_id: clinic.tenant,
      p_new_items: lines,
    }),
  ).items

/** Returns a cart's items with their quantities, sorted, so that carts compare without their order. */
function pairs(lines: readonly Line[]): string[] {
  return lines.map(({ type, id, quantity }) => `${type} ${id} ${quantity}`).sort()
}

/** Returns what the contract promises: the largest quantity of each item that is sold. */
function join(...carts: ReadonlyArray<readonly Line[]>): string[] {
  const largest = new Map<string, number>()
  for (const { type, id, quantity } of carts.flat()) {
    if (unsold.some((item) => item.id === id)) continue
    const key = `${type} ${id}`
    largest.set(key, Math.max(quantity, largest.get(key) ?? 0))
  }
  return [...largest].map(([key, quantity]) => `${key} ${quantity}`).sort()
}

const inEmptyCart = async <T>(run: () => Promise<T>): Promise<T> => {
  await db.admin.query('begin')
  try {
    return await run()
  } finally {
    await db.admin.query('rollback')
  }
}

test('a merge keeps the largest quantity that was sent of each item', async () => {
  await fc.assert(
    fc.asyncProperty(cart, async (lines) => {
      expect(pairs(await inEmptyCart(() => merge(lines)))).toEqual(join(lines))
    }),
    { numRuns: 60 },
  )
})

test('idempotent: merging the same lines again changes nothing, not even their order', async () => {
  await fc.assert(
    fc.asyncProperty(cart, cart, async (before, lines) => {
      await inEmptyCart(async () => {
        await merge(before)
        const once = await merge(lines)
        expect(await merge(lines)).toEqual(once)
        expect(await merge([...lines].reverse())).toEqual(once)
      })
    }),
    { numRuns: 40 },
  )
})

test('commutative and associative: the cart is the same whatever the order of the devices', async () => {
  await fc.assert(
    fc.asyncProperty(cart, cart, cart, async (a, b, c) => {
      const merged = (...carts: Line[][]) =>
        inEmptyCart(async () => {
          let last: Line[] = []
          for (const lines of carts) last = await merge(lines)
          return pairs(last)
        })
      const expected = join(a, b, c)
      // if the last merge is empty, it still returns the cart
      expect(await merged(a, b, c)).toEqual(expected)
      expect(await merged(c, b, a)).toEqual(expected)
      expect(await merged(b, [...a, ...c])).toEqual(expected)
    }),
    { numRuns: 40 },
  )
})

test('no line is lost: after any sequence of merges and steps the cart equals a model', async () => {
  const step = fc.oneof(
    cart.map((lines) => ({ kind: 'merge' as const, lines })),
    fc.record({
      kind: fc.constant('add' as const),
      line,
      by: fc.integer({ min: -99, max: 99 }),
    }),
    fc.record({ kind: fc.constant('set' as const), line, by: fc.integer({ min: 0, max: 99 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const model = new Map<string, Line>()
      const held = await inEmptyCart(async () => {
        for (const one of steps) {
          if (one.kind === 'merge') {
            await merge(one.lines)
            for (const sent of one.lines) {
              const key = `${sent.type} ${sent.id}`
              if (!unsold.some(({ id }) => id === sent.id) && sent.quantity > (model.get(key)?.quantity ?? 0))
                model.set(key, sent)
            }
          } else {
            await setCartItem(db.admin, backend, {
              p_customer_id: clinic.owner,
              p_tenant_id: clinic.tenant,
              p_type: one.line.type,
              p_id: one.line.id,
              p_quantity: one.by,
              p_mode: one.kind,
            })
            if (unsold.some(({ id }) => id === one.line.id)) continue
            const key = `${one.line.type} ${one.line.id}`
            const before = one.kind === 'add' ? (model.get(key)?.quantity ?? 0) : 0
            const quantity = Math.max(0, Math.min(99, before + one.by))
            if (quantity === 0) model.delete(key)
            else model.set(key, { ...one.line, quantity })
          }
        }
        return merge([])
      })
      expect(pairs(held)).toEqual(pairs([...model.values()]))
    }),
    { numRuns: 50 },
  )
})
