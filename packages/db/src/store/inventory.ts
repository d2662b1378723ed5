import { type InventoryProduct, inventoryProduct, type saveProductInput } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { CallerTransaction, Database } from '../sql/client.ts'

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

/** Changes what is given of a product, or makes one; null where the clinic has no such product. For staff. */
export function saveProduct(
  db: Database,
  place: Place,
  product: z.output<typeof saveProductInput>,
): Promise<InventoryProduct | null> {
  const description = product.description || null
  const category = product.category || null
  if (product.productId === undefined)
    return write(
      db,
      place,
      (tx) => tx.$queryRaw`
        insert into store_products (tenant_id, name, description, category, price, stock, is_active)
        values (${place.tenantId}, ${product.name}, ${description}::text, ${category}::text,
          ${product.price}::numeric, ${product.stock ?? 0}, ${product.isActive ?? true})
        returning ${columns}`,
    )
  const { productId, name, price, stock, isActive } = product
  const changes = [
    // at least one assignment, where nothing is to change
    Prisma.sql`name = coalesce(${name ?? null}::text, name)`,
    ...(product.description === undefined ? [] : [Prisma.sql`description = ${description}::text`]),
    ...(product.category === undefined ? [] : [Prisma.sql`category = ${category}::text`]),
    ...(price === undefined ? [] : [Prisma.sql`price = ${price}::numeric`]),
    ...(stock === undefined ? [] : [Prisma.sql`stock = ${stock}::integer`]),
    ...(isActive === undefined ? [] : [Prisma.sql`is_active = ${isActive}::boolean`]),
  ]
  return write(
    db,
    place,
    (tx) => tx.$queryRaw`
      update store_products set ${Prisma.join(changes)}
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
