import { withClient } from '@vetcita/postgres'

/** Returns the first column of the first row. */
export function value(url: string, sql: string): Promise<unknown> {
  return withClient(url, async (client) => {
    const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
    return result.rows[0]?.[0]
  })
}
