import type { Product } from '@vetcita/contracts'
import { z } from 'zod'
import { asCaller } from '../as-caller.ts'
import type { Database } from '../client.ts'

const productRow = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  price: z.coerce.number(),
  stock: z.int(),
})

/** What a clinic's store sells, by name. Public. Prices are in the clinic's currency. */
export function productsOf(db: Database, tenantId: string): Promise<Product[]> {
  return asCaller(db, 'visitor', async (tx) => {
    const rows = await tx.$queryRaw`
      select id, name, description, price::text as price, stock from store_products
      where tenant_id = ${tenantId} and is_active and deleted_at is null
      order by name, id`
    return z.array(productRow).parse(rows)
  })
}
