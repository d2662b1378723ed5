import { type InventoryProduct, inventoryProduct, type SaveProductInput } from '@vetcita/contracts'
import { z } from 'zod'
import { asCaller } from '../as-caller.ts'
import type { CallerTransaction, Database } from '../client.ts'
import { Prisma } from '../generated/client.ts'

type Place = { userId: string; tenantId: string }

const columns = Prisma.sql`
  id, name, description, category, price::float8 as price, stock, is_active as "isActive"`

/** A clinic's products, on sale or not, by category and name. For staff. */
export function inventoryOf(db: Database, place: Place): Promise<InventoryProduct[]> {
  return asCaller(db, { userId: place.userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select ${columns} from store_products where tenant_id = ${place.tenantId} and deleted_at is null
      order by category nulls last, name, id`
    return z.array(inventoryProduct).parse(rows)
  })
}

/** Changes a product, or makes one; null where the clinic has no such product. For staff. */
export function saveProduct(
  db: Database,
  place: Place,
  { productId, ...product }: SaveProductInput,
): Promise<InventoryProduct | null> {
  const description = product.description || null
  const category = product.category || null
  return write(db, place, (tx) =>
    productId === undefined
      ? tx.$queryRaw`
          insert into store_products (tenant_id, name, description, category, price, stock, is_active)
          values (${place.tenantId}, ${product.name}, ${description}::text, ${category}::text,
            ${product.price}::numeric, ${product.stock}, ${product.isActive})
          returning ${columns}`
      : tx.$queryRaw`
          update store_products set name = ${product.name}, description = ${description}::text,
            category = ${category}::text, price = ${product.price}::numeric, stock = ${product.stock},
            is_active = ${product.isActive}
          where tenant_id = ${place.tenantId} and id = ${productId}::uuid and deleted_at is null
          returning ${columns}`,
  )
}

/** Adds to a product's stock what the database holds by then, or takes away, down to 0; null where there is none. */
export function stepStock(
  db: Database,
  place: Place,
  step: { productId: string; by: number },
): Promise<InventoryProduct | null> {
  return write(
    db,
    place,
    (tx) => tx.$queryRaw`
      update store_products set stock = greatest(0, stock + ${step.by}::integer)
      where tenant_id = ${place.tenantId} and id = ${step.productId}::uuid and deleted_at is null
      returning ${columns}`,
  )
}

/** Takes a product out of the lists; carts that hold it say that it is no longer sold. Null where there is none. */
export function removeProduct(
  db: Database,
  place: Place,
  productId: string,
): Promise<InventoryProduct | null> {
  return write(
    db,
    place,
    (tx) => tx.$queryRaw`
      update store_products set deleted_at = now()
      where tenant_id = ${place.tenantId} and id = ${productId}::uuid and deleted_at is null
      returning ${columns}`,
  )
}

function write(
  db: Database,
  place: Place,
  run: (tx: CallerTransaction) => PromiseLike<unknown>,
): Promise<InventoryProduct | null> {
  return asCaller(
    db,
    { userId: place.userId },
    async (tx) => z.array(inventoryProduct).parse(await run(tx))[0] ?? null,
    { access: 'write' },
  )
}
