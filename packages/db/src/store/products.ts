import { type Product, product } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { oneRow, rowsOf } from '../sql/rows.ts'

const columns = Prisma.sql`id, name, description, category, price::float8 as price, stock`

const countsRow = z.object({ total: z.int(), categories: z.array(z.string()) })

export type ProductSearch = {
  tenantId: string
  search?: string | undefined
  category?: string | undefined
  cursor?: string | undefined
  limit: number
}

export type ProductPage = {
  products: Product[]
  total: number
  categories: string[]
  nextCursor: string | null
}

/** Returns a page of what a clinic's store sells, by name. Public. Prices are in the clinic's currency. */
export function productsOf(db: Database, search: ProductSearch): Promise<ProductPage> {
  const sold = Prisma.sql`tenant_id = ${search.tenantId} and is_active and deleted_at is null`
  const found = Prisma.sql`${sold} and ${matches(search)}`
  return asCaller(db, 'visitor', async (tx) => {
    const rows = await tx.$queryRaw`
      select ${columns} from store_products
      where ${found} and ${pageStart(search.cursor)}
      order by name, id
      limit ${search.limit + 1}`
    const counts = await tx.$queryRaw`
      select
        (select count(*)::integer from store_products where ${found}) as total,
        (select coalesce(array_agg(distinct category order by category), '{}') from store_products
         where ${sold} and category is not null) as categories`
    const products = rowsOf(product, rows)
    const { total, categories } = oneRow(countsRow, counts)
    const page = products.slice(0, search.limit)
    const last = page.at(-1)
    const hasMore = products.length > search.limit && last !== undefined
    return { products: page, total, categories, nextCursor: hasMore ? `${last.id}_${last.name}` : null }
  })
}

/** Returns those of the products that the clinic's store sells now, in no order. Public. */
export function productsById(db: Database, tenantId: string, ids: readonly string[]): Promise<Product[]> {
  return asCaller(db, 'visitor', async (tx) => {
    const rows = await tx.$queryRaw`
      select ${columns} from store_products
      where tenant_id = ${tenantId} and id = any(${[...ids]}::uuid[]) and is_active and deleted_at is null`
    return rowsOf(product, rows)
  })
}

/** Every word of the search is somewhere in a product's name, description or category, whatever its accents and case. */
function matches({ search = '', category = '' }: ProductSearch): Prisma.Sql {
  const onShelf = category === '' ? Prisma.sql`true` : Prisma.sql`category = ${category}`
  return Prisma.sql`${onShelf} and not exists (
    select from regexp_split_to_table(clinic_access.search_text(${search}), '\\s+') word
    where strpos(search_text, word) = 0)`
}

function pageStart(cursor: string | undefined): Prisma.Sql {
  if (cursor === undefined) return Prisma.sql`true`
  const [id, name] = [cursor.slice(0, 36), cursor.slice(37)]
  return Prisma.sql`(name, id) > (${name}::text, ${id}::uuid)`
}
