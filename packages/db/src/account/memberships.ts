import { type Membership, role } from '@vetcita/contracts'
import { z } from 'zod'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'

const membershipRow = z.object({
  id: z.string(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  locale: z.string(),
  role,
  fullName: z.string().nullable(),
})

/** The clinics where a person has a profile, by name. */
export function membershipsOf(db: Database, userId: string): Promise<Membership[]> {
  return asCaller(db, { userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select t.id, t.name, t.timezone as "timeZone", t.currency, t.locale, p.role, p.full_name as "fullName"
      from profiles p
      join tenants t on t.id = p.tenant_id
      where p.id = ${userId}::uuid and p.deleted_at is null
      order by t.name, t.id`
    return z.array(membershipRow).parse(rows)
  })
}
