import { type ClockDifference, clockDifferences, serverClockQuery } from '@vetcita/db/clinic/clocks'
import type pg from 'pg'

/** Returns the clinics' zones that the server and this program read differently; none where no table names any. */
export async function readClocks(client: pg.ClientBase): Promise<ClockDifference[]> {
  const { rows: columns } = await client.query(
    `select from pg_attribute
     where attrelid = to_regclass('public.tenants') and attname = 'timezone' and not attisdropped
       and has_column_privilege(attrelid, attnum, 'select')`,
  )
  if (columns.length === 0) return []
  const { rows } = await client.query(serverClockQuery)
  return clockDifferences(rows)
}
