import { type InventoryProduct, inventoryProduct, type saveProductInput } from '@vetcita/contracts'
import type { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller, writeAsCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { oneRow, rowsOf } from '../sql/rows.ts'

const columns = Prisma.sql`
  id, name, description, category, price::float8 as price, stock, is_active`

/** Returns the clinic's products, on sale or not, by category and name. For staff. */
export function inventoryOf(db: Database, actor: Actor): Promise<InventoryProduct[]> {
  return asCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      select ${columns} from store_products where tenant_id = ${actor.tenantId} and deleted_at is null
      order by category nulls last, name, id`
    return rowsOf(inventoryProduct, rows)
  })
}

/** Creates a product, or changes what is given of one; returns null if the clinic has no such product. For staff. */
export function saveProduct(
  db: Database,
  actor: Actor,
  product: z.output<typeof saveProductInput>,
): Promise<InventoryProduct | null> {
  const description = product.description || null
  const category = product.category || null
  if (product.productId === undefined)
    return writeAsCaller(db, actor, async (tx) => {
      const rows = await tx.$queryRaw`
        insert into store_products (tenant_id, name, description, category, price, stock, is_active)
        values (${actor.tenantId}, ${product.name}, ${description}::text, ${category}::text,
          ${product.price}::numeric, ${product.stock ?? 0}, ${product.isActive ?? true})
        returning ${columns}`
      return oneRow(inventoryProduct, rows)
    })
  const { productId, name, price, stock, isActive } = product
  const changes = [
    // an assignment even if nothing is to change
    Prisma.sql`name = coalesce(${name ?? null}::text, name)`,
    ...(product.description === undefined ? [] : [Prisma.sql`description = ${description}::text`]),
    ...(product.category === undefined ? [] : [Prisma.sql`category = ${category}::text`]),
    ...(price === undefined ? [] : [Prisma.sql`price = ${price}::numeric`]),
    ...(stock === undefined ? [] : [Prisma.sql`stock = ${stock}::integer`]),
    ...(isActive === undefined ? [] : [Prisma.sql`is_active = ${isActive}::boolean`]),
  ]
  return updateProduct(db, actor, productId, Prisma.join(changes))
}

/** Adds to a product's stock as the database then has it, or subtracts, down to 0; null if there is no such product. */
export function stepStock(
  db: Database,
  actor: Actor,
  step: { productId: string; by: number },
): Promise<InventoryProduct | null> {
  return updateProduct(
    db,
    actor,
    step.productId,
    Prisma.sql`stock = greatest(0, stock + ${step.by}::integer)`,
  )
}

/** Takes a product out of the lists; carts that hold it say that it is no longer sold. Null if there is no such product. */
export function removeProduct(
  db: Database,
  actor: Actor,
  productId: string,
): Promise<InventoryProduct | null> {
  return updateProduct(db, actor, productId, Prisma.sql`deleted_at = now()`)
}

function updateProduct(
  db: Database,
  actor: Actor,
  productId: string,
  changes: Prisma.Sql,
): Promise<InventoryProduct | null> {
  return writeAsCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      update store_products set ${changes}
      where tenant_id = ${actor.tenantId} and id = ${productId}::uuid and deleted_at is null
      returning ${columns}`
    return rowsOf(inventoryProduct, rows)[0] ?? null
  })
}
