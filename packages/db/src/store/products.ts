import type { Product } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'

const productRow = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  category: z.string().nullable(),
  price: z.coerce.number(),
  stock: z.int(),
})

const columns = Prisma.sql`id, name, description, category, price::text as price, stock`

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

/** A page of what a clinic's store sells, by name. Public. Prices are in the clinic's currency. */
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
    const products = z.array(productRow).parse(rows)
    const [{ total, categories }] = z
      .tuple([z.object({ total: z.int(), categories: z.array(z.string()) })])
      .parse(counts)
    const page = products.slice(0, search.limit)
    const last = page.at(-1)
    const hasMore = products.length > search.limit && last !== undefined
    return { products: page, total, categories, nextCursor: hasMore ? `${last.id}_${last.name}` : null }
  })
}

/** Which of these a clinic's store sells now, in no order. Public. */
export function productsById(db: Database, tenantId: string, ids: readonly string[]): Promise<Product[]> {
  return asCaller(db, 'visitor', async (tx) => {
    const rows = await tx.$queryRaw`
      select ${columns} from store_products
      where tenant_id = ${tenantId} and id = any(${[...ids]}::uuid[]) and is_active and deleted_at is null`
    return z.array(productRow).parse(rows)
  })
}

/** The letters that people type without their accents. */
const accented: Readonly<Record<string, string>> = {
  a: 'áàâäã',
  e: 'éèêë',
  i: 'íìîï',
  o: 'óòôöõ',
  u: 'úùûü',
  n: 'ñ',
  c: 'ç',
}

/**
 * A regular expression for a word however it is accented or capitalized; every other sign stands for itself. Taking the
 * accents off the products instead costs nine times as much.
 */
function patternOf(word: string): string {
  const plain = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return [...plain]
    .map((sign) => {
      const others = accented[sign]
      if (others !== undefined) return `[${sign}${others}${others.toUpperCase()}]`
      return /[\p{L}\p{N}]/u.test(sign) ? sign : `\\${sign}`
    })
    .join('')
}

function matches({ search = '', category = '' }: ProductSearch): Prisma.Sql {
  const words = search.split(/\s+/).filter((word) => word !== '')
  const onShelf = category === '' ? Prisma.sql`true` : Prisma.sql`category = ${category}`
  return words.reduce(
    (sql, word) =>
      Prisma.sql`${sql} and lower(concat_ws(' ', name, description, category)) ~ ${patternOf(word)}::text`,
    onShelf,
  )
}

function pageStart(cursor: string | undefined): Prisma.Sql {
  if (cursor === undefined) return Prisma.sql`true`
  const [id, name] = [cursor.slice(0, 36), cursor.slice(37)]
  return Prisma.sql`(name, id) > (${name}::text, ${id}::uuid)`
}
