import { mergeCart, user } from '@vetcita/testing/sql/calls'
import { newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { expect, test } from 'vitest'

const db = await fileDatabase()

test('merging takes linear time: two hundred items at a time into a cart of four thousand', async () => {
  const clinic = await newClinic(db.admin)
  const products = await db.rows(
    `insert into store_products (tenant_id, name, price, stock)
     select $1, 'p' || n, 1, 1 from generate_series(1, 4000) n returning id`,
    [clinic.tenant],
  )
  let slowest = 0
  for (let from = 0; from < 4000; from += 200) {
    const items = products.slice(from, from + 200).map(({ id }) => ({ type: 'product', id, quantity: 1 }))
    const start = performance.now()
    const outcome = await mergeCart(db.admin, user(clinic.owner), {
      p_customer_id: clinic.owner,
      p_tenant_id: clinic.tenant,
      p_new_items: items,
    })
    slowest = Math.max(slowest, performance.now() - start)
    expect(outcome).toMatchObject({ success: true, item_count: from + 200 })
  }
  // quadratic work would take minutes by now; each merge reads and returns the cart only once
  expect(slowest).toBeLessThan(3000)
})
