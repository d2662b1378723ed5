import { type ClockDifference, clockDifferences, serverClockQuery } from '@vetcita/db/clinic/clocks'
import type pg from 'pg'

/** Returns the clinics' time zones for which the server and this program have different offsets. */
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
