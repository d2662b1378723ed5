import type { AddTimeOffInput, TimeOff } from '@vetcita/contracts'
import { z } from 'zod'
import { visitsWhere } from '../appointments/visits.ts'
import { Prisma } from '../generated/client.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { CallerTransaction, Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'

type Place = { userId: string; tenantId: string }

const timeOffRow = z.object({
  id: z.string(),
  vetId: z.string(),
  vetName: z.string(),
  starts: momentColumn,
  ends: momentColumn,
  reason: z.string().nullable(),
})

/** The clinic's time off that is not over, each with the appointments inside it that still stand. For staff. */
export function timeOffOf(db: Database, place: Place): Promise<TimeOff[]> {
  return asCaller(db, { userId: place.userId }, (tx) =>
    timeOffWhere(tx, place.tenantId, Prisma.sql`f.end_time > now()`),
  )
}

/**
 * Adds time off, given in the clinic's wall time, and tells which appointments stand inside it; they stay until somebody
 * moves them. The insert holds the vet's lock, so the list is whole: no booking comes in between. Null where the clinic
 * has no such vet.
 */
export function addTimeOff(db: Database, place: Place, added: AddTimeOffInput): Promise<TimeOff | null> {
  const instant = (date: string, time: string) =>
    Prisma.sql`((${date}::date + ${time}::time) at time zone t.timezone)`
  return asCaller(
    db,
    { userId: place.userId },
    async (tx) => {
      const rows = await tx.$queryRaw`
        insert into vet_time_off (tenant_id, vet_id, start_time, end_time, reason)
        select p.tenant_id, p.id, ${instant(added.startDate, added.startTime)},
          ${instant(added.endDate, added.endTime)}, ${added.reason || null}::text
        from profiles p join tenants t on t.id = p.tenant_id
        where p.tenant_id = ${place.tenantId} and p.id = ${added.vetId}::uuid and p.role in ('vet', 'admin')
          and p.deleted_at is null
        returning id`
      const [row] = z.array(z.object({ id: z.string() })).parse(rows)
      if (row === undefined) return null
      const [made] = await timeOffWhere(tx, place.tenantId, Prisma.sql`f.id = ${row.id}::uuid`)
      return made ?? null
    },
    { access: 'write' },
  )
}

/** Takes time off back; again is a no-op. For staff. */
export async function removeTimeOff(db: Database, place: Place, timeOffId: string): Promise<void> {
  await asCaller(
    db,
    { userId: place.userId },
    (tx) => tx.$queryRaw`
      delete from vet_time_off where tenant_id = ${place.tenantId} and id = ${timeOffId}::uuid`,
    { access: 'write' },
  )
}

async function timeOffWhere(tx: CallerTransaction, tenantId: string, which: Prisma.Sql): Promise<TimeOff[]> {
  const zone = Prisma.sql`t.timezone`
  const found = await tx.$queryRaw`
    select f.id, f.vet_id as "vetId", v.full_name as "vetName", f.reason,
      ${wallTime(Prisma.sql`f.start_time`, zone)} as starts, ${wallTime(Prisma.sql`f.end_time`, zone)} as ends
    from vet_time_off f
    join tenants t on t.id = f.tenant_id
    join profiles v on v.tenant_id = f.tenant_id and v.id = f.vet_id
    where f.tenant_id = ${tenantId} and ${which}
    order by f.start_time, f.id
    limit 200`
  const listed: TimeOff[] = []
  for (const row of z.array(timeOffRow).parse(found)) {
    const inside = Prisma.sql`
      a.vet_id = ${row.vetId}::uuid and a.status in ('scheduled', 'confirmed') and a.end_time > now()
      and a.start_time < ${row.ends.instant}::timestamptz and a.busy_until > ${row.starts.instant}::timestamptz
      -- no appointment is longer, so this bounds what is read of the vet's history
      and a.start_time > ${row.starts.instant}::timestamptz - interval '24 hours'`
    listed.push({
      id: row.id,
      vet: { id: row.vetId, fullName: row.vetName },
      startTime: row.starts.instant,
      endTime: row.ends.instant,
      localStartDate: row.starts.localDate,
      localStartTime: row.starts.localTime,
      localEndDate: row.ends.localDate,
      localEndTime: row.ends.localTime,
      reason: row.reason,
      appointments: await visitsWhere(tx, tenantId, inside, { limit: 200 }),
    })
  }
  return listed
}
