import { type AddTimeOffInput, type TimeOff, timeOff } from '@vetcita/contracts'
import { z } from 'zod'
import { visitsWhere } from '../appointments/visits.ts'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller, writeAsCaller } from '../sql/as-caller.ts'
import type { CallerTransaction, Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

const timeOffRow = timeOff.omit({ appointments: true })

/** Returns the clinic's current and coming time off, each with the active appointments inside it. For staff. */
export function timeOffOf(db: Database, actor: Actor): Promise<TimeOff[]> {
  return asCaller(db, actor, (tx) =>
    // in the order of vet_time_off_end_idx, so that the planner takes it and not an index that holds the past, too
    timeOffWhere(tx, actor.tenantId, Prisma.sql`end_time > now() order by end_time`),
  )
}

/**
 * Adds time off, given in the clinic's wall time, and returns it with the appointments inside it, which stay until the
 * staff move them. The insert holds the vet's lock, so no booking is missing from that list. Null if the clinic has no
 * such vet.
 */
export function addTimeOff(db: Database, actor: Actor, added: AddTimeOffInput): Promise<TimeOff | null> {
  const instant = (date: string, time: string) =>
    Prisma.sql`((${date}::date + ${time}::time) at time zone t.timezone)`
  return writeAsCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
        insert into vet_time_off (tenant_id, vet_id, start_time, end_time, reason)
        select p.tenant_id, p.id, ${instant(added.startDate, added.startTime)},
          ${instant(added.endDate, added.endTime)}, ${added.reason || null}::text
        from profiles p join tenants t on t.id = p.tenant_id
        where p.tenant_id = ${actor.tenantId} and p.id = ${added.vetId}::uuid and p.role in ('vet', 'assistant', 'admin')
          and p.deleted_at is null
        returning id`
    const [row] = rowsOf(z.object({ id: z.string() }), rows)
    if (row === undefined) return null
    const [made] = await timeOffWhere(tx, actor.tenantId, Prisma.sql`id = ${row.id}::uuid`)
    return made ?? null
  })
}

/** Removes time off; removing it again changes nothing. For staff. */
export async function removeTimeOff(db: Database, actor: Actor, timeOffId: string): Promise<void> {
  await writeAsCaller(
    db,
    actor,
    (tx) => tx.$queryRaw`
      delete from vet_time_off where tenant_id = ${actor.tenantId} and id = ${timeOffId}::uuid`,
  )
}

async function timeOffWhere(tx: CallerTransaction, tenantId: string, which: Prisma.Sql): Promise<TimeOff[]> {
  const found = await tx.$queryRaw`
    select f.id, f.reason, jsonb_build_object('id', f.vet_id, 'full_name', v.full_name) as vet,
      clinic_moment(f.start_time, t.timezone) as start_time,
      clinic_moment(f.end_time, t.timezone) as end_time
    from (select * from vet_time_off where tenant_id = ${tenantId} and ${which}) f
    join tenants t on t.id = f.tenant_id
    cross join lateral (
      select full_name from profiles where tenant_id = f.tenant_id and id = f.vet_id limit 1
    ) v
    order by f.start_time, f.id
    limit 200`
  const listed: TimeOff[] = []
  for (const row of rowsOf(timeOffRow, found)) {
    const inside = Prisma.sql`
      a.vet_id = ${row.vet.id}::uuid and a.staff_can_move and a.end_time > now()
      and a.start_time < ${row.endTime}::timestamptz and a.busy_until > ${row.startTime}::timestamptz
      -- no appointment is longer than a day, so this limits how much of the vet's history is read
      and a.start_time > ${row.startTime}::timestamptz - interval '24 hours'`
    listed.push({ ...row, appointments: await visitsWhere(tx, tenantId, inside, 200) })
  }
  return listed
}
