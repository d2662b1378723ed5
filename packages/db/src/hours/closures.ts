import { type Closure, closure } from '@vetcita/contracts'
import type { Actor } from '../sql/actor.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

/** Returns the clinic's current and coming closed days, the soonest first. */
export function closuresOf(db: Database, actor: Actor): Promise<Closure[]> {
  return asCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      select c.id, c.name, clinic_moment(c.start_time, t.timezone) as start_time,
        clinic_moment(c.end_time, t.timezone) as end_time
      from tenants t
      cross join lateral (
        select * from clinic_closures
        where tenant_id = ${actor.tenantId} and end_time > now() and end_time <= 'infinity' order by end_time limit 200
      ) c
      where t.id = ${actor.tenantId}
      order by c.end_time`
    return rowsOf(closure, rows)
  })
}
