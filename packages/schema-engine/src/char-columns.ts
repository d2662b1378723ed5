import type { SqlResultSet } from '@prisma/driver-adapter-utils'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type pg from 'pg'

const CHAR_OID = 18
const TEXT_OID = 25

/** Positions of the `"char"` columns in a result, by the result's array of rows. */
const charColumns = new WeakMap<object, number[]>()

/**
 * Lets adapter-pg read PostgreSQL's one-byte type `"char"`, which it doesn't know and which catalogue tables are full of:
 * the pool that this returns presents such columns as text. {@link restoreCharColumns} then tells the engine what
 * they are, which insists on a character. Of several statements in one query it returns the last one's result, where
 * adapter-pg would stumble over a list.
 */
export function presentCharAsText(pool: pg.Pool): pg.Pool {
  return new Proxy(pool, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (name !== 'query' || typeof member !== 'function') return member
      return async (...args: unknown[]) => {
        const results: pg.QueryArrayResult | pg.QueryArrayResult[] = await Reflect.apply(member, target, args)
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

/** Marks the columns of a result that {@link presentCharAsText} disguised as the characters that they are. */
export function restoreCharColumns(result: SqlResultSet): SqlResultSet {
  for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character
  return result
}
