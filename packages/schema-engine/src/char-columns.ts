import type { SqlResultSet } from '@prisma/driver-adapter-utils'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type pg from 'pg'

const CHAR_OID = 18
const TEXT_OID = 25

/** Positions of a result's `"char"` columns, by its array of rows. */
const charColumns = new WeakMap<object, number[]>()

/**
 * Lets adapter-pg read PostgreSQL's one-byte type `"char"`, which it does not know and which catalogue tables use a lot:
 * the returned pool presents such columns as text, and {@link restoreCharColumns} later marks them as the characters that
 * the engine requires. For several statements in one query the pool returns the last result, because adapter-pg fails on
 * a list.
 */
export function presentCharAsText(pool: pg.Pool): pg.Pool {
  return new Proxy(pool, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (name !== 'query' || typeof member !== 'function') return member
      return async (...args: unknown[]) => {
        const results = await queryKept(target, args)
        const result = Array.isArray(results) ? results.at(-1) : results
        if (result === undefined) return results
        const found = result.fields.flatMap(({ dataTypeID }, index) =>
          dataTypeID === CHAR_OID ? [index] : [],
        )
        for (const index of found) Object.assign(result.fields[index] ?? {}, { dataTypeID: TEXT_OID })
        charColumns.set(result.rows, found)
        return result
      }
    },
  })
}

/** Runs a query as `pool.query` does, which after any error would close the connection, and so lose the engine's lock. */
async function queryKept(
  pool: pg.Pool,
  args: unknown[],
): Promise<pg.QueryArrayResult | pg.QueryArrayResult[]> {
  const client = await pool.connect()
  try {
    return await Reflect.apply(client.query, client, args)
  } finally {
    client.release()
  }
}

/** Marks the columns that {@link presentCharAsText} presented as text as characters again. */
export function restoreCharColumns(result: SqlResultSet): SqlResultSet {
  for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character
  return result
}
