import { type Membership, membership } from '@vetcita/contracts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

/** Returns the clinics where the user has a profile, by name. */
export function membershipsOf(db: Database, userId: string): Promise<Membership[]> {
  return asCaller(db, { userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select t.id, t.name, t.timezone as time_zone, t.currency, t.locale, p.role, p.full_name
      from profiles p
      join tenants t on t.id = p.tenant_id
      where p.id = ${userId}::uuid and p.deleted_at is null
      order by t.name, t.id`
    return rowsOf(membership, rows)
  })
}
