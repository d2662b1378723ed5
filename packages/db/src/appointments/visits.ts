import { appointmentStatus, limits, type Visit } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { CallerTransaction } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'
import { rowsOf } from '../sql/rows.ts'

const visitRow = z.object({
  id: z.string(),
  status: appointmentStatus,
  version: z.int(),
  starts: momentColumn,
  ends: momentColumn,
  petId: z.string(),
  petName: z.string(),
  serviceName: z.string().nullable(),
  vetId: z.string(),
  vetName: z.string().nullable(),
  reason: z.string().nullable(),
  notes: z.string().nullable(),
})

const zone = Prisma.sql`t.timezone`

/**
 * Returns appointments as the staff's lists show them, in order of their start.
 *
 * @param which a condition on `a`, the appointment, and `p`, its pet
 */
export async function visitsWhere(
  tx: CallerTransaction,
  tenantId: string,
  which: Prisma.Sql,
  { latestFirst = false, limit = limits.clientVisits }: { latestFirst?: boolean; limit?: number } = {},
): Promise<Visit[]> {
  const found = await tx.$queryRaw`
    select a.id, a.status, a.version, a.reason, a.notes, a.pet_id, p.name as pet_name, s.name as service_name,
      a.vet_id, v.full_name as vet_name,
      ${wallTime(Prisma.sql`a.start_time`, zone)} as starts, ${wallTime(Prisma.sql`a.end_time`, zone)} as ends
    from appointments a
    join tenants t on t.id = a.tenant_id
    join pets p on p.tenant_id = a.tenant_id and p.id = a.pet_id
    left join services s on s.tenant_id = a.tenant_id and s.id = a.service_id
    left join profiles v on v.tenant_id = a.tenant_id and v.id = a.vet_id
    where a.tenant_id = ${tenantId} and ${which}
    order by ${latestFirst ? Prisma.sql`a.start_time desc, a.id desc` : Prisma.sql`a.start_time, a.id`}
    limit ${limit}`
  return rowsOf(visitRow, found).map(toVisit)
}

/** A condition on `a`: still to happen. */
export const upcoming = Prisma.sql`(
  a.status in ('scheduled', 'confirmed', 'checked_in', 'in_progress') and a.end_time > now()
)`

function toVisit(row: z.output<typeof visitRow>): Visit {
  return {
    id: row.id,
    status: row.status,
    version: row.version,
    startTime: row.starts.instant,
    localDate: row.starts.localDate,
    localTime: row.starts.localTime,
    localEndTime: row.ends.localTime,
    pet: { id: row.petId, name: row.petName },
    service: { name: row.serviceName },
    vet: { id: row.vetId, fullName: row.vetName },
    reason: row.reason,
    notes: row.notes,
  }
}
