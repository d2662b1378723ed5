import { type VetWeek, vetWeek } from '@vetcita/contracts'
import type { Actor } from '../sql/actor.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'
import { staffProfiles } from '../staff/staff.ts'

/** Returns each vet's week in the clinic's wall time, by name, then the admins', who may keep no hours. For staff. */
export function vetWeeksOf(db: Database, actor: Actor): Promise<VetWeek[]> {
  return asCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      select p.id, p.full_name, coalesce((
        select jsonb_agg(
          jsonb_build_object('weekday', h.weekday, 'opens', left(h.opens::text, 5), 'closes', left(h.closes::text, 5))
          order by h.weekday, h.opens
        )
        from vet_hours h where h.tenant_id = p.tenant_id and h.vet_id = p.id
      ), '[]') as hours
      from ${staffProfiles(actor.tenantId)} p
      where p.role in ('vet', 'assistant', 'admin')
      order by p.role = 'admin', p.full_name, p.id`
    return rowsOf(vetWeek, rows)
  })
}
