import { type Membership, role } from '@vetcita/contracts'
import { z } from 'zod'
import { asCaller } from '../as-caller.ts'
import type { Database } from '../client.ts'

const membershipRow = z.object({
  id: z.string(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  locale: z.string(),
  role,
  fullName: z.string().nullable(),
})

const standingRow = membershipRow.extend({ role: role.nullable() })

/** How a person stands with a clinic; `role` is null for who has no profile there. */
export type Standing = z.output<typeof standingRow>

/**
 * How a person stands with one clinic as of now, or null where there is no such clinic. Read anew for each request,
 * so that a demotion or a deleted profile acts at once.
 */
export function standingAt(db: Database, userId: string, tenantId: string): Promise<Standing | null> {
  return asCaller(db, { userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select t.id, t.name, t.timezone as "timeZone", t.currency, t.locale, p.role, p.full_name as "fullName"
      from tenants t
      left join profiles p on p.tenant_id = t.id and p.id = ${userId}::uuid and p.deleted_at is null
      where t.id = ${tenantId}`
    return z.array(standingRow).parse(rows)[0] ?? null
  })
}

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
