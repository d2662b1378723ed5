import { type DayAppointment, type ScheduleResult, staffTransitions } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { CallerTransaction, Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'
import { rowsOf } from '../sql/rows.ts'
import { appointmentColumns, appointmentRow, appointmentTables, toView } from './appointments.ts'

export type ScheduleSearch = {
  unit: 'day' | 'week'
  /** `YYYY-MM-DD`, for a week any of its days; by default the clinic's today. */
  date?: string | undefined
  /** Returns only this vet's. */
  vetId?: string | undefined
}

const clockRow = z.object({
  timeZone: z.string(),
  today: z.string(),
  now: momentColumn,
  days: z.array(z.object({ date: z.string(), starts: momentColumn, ends: momentColumn })).min(1),
})

const dayRow = appointmentRow.extend({
  busyUntil: momentColumn,
  since: momentColumn,
  ownerName: z.string().nullable(),
  ownerPhone: z.string().nullable(),
})

const vetRow = z.object({
  id: z.string(),
  fullName: z.string(),
  hasHours: z.boolean(),
  hours: z.array(z.object({ date: z.string(), opens: z.string(), closes: z.string() })),
  timeOff: z.array(z.object({ starts: momentColumn, ends: momentColumn, reason: z.string().nullable() })),
})

/**
 * Returns a day or a week of the clinic for its staff: each vet who works there, with hours, time off, and the
 * appointments in order, whatever their status. A day is the clinic's, and has 23 or 25 hours when its clocks change.
 * Null if the caller sees no such clinic.
 */
export function clinicSchedule(
  db: Database,
  actor: Actor,
  search: ScheduleSearch,
): Promise<ScheduleResult | null> {
  const { tenantId } = actor
  return asCaller(db, actor, async (tx) => {
    const clock = await clockOf(tx, tenantId, search)
    const first = clock?.days[0]
    const last = clock?.days.at(-1)
    if (clock === undefined || first === undefined || last === undefined) return null
    const span = { from: first.starts.instant, to: last.ends.instant }
    const rows = await appointmentsIn(tx, tenantId, search, span)
    const vets = await vetsOf(tx, tenantId, search, clock, span, [...new Set(rows.map((row) => row.vetId))])
    return {
      date: first.date,
      today: clock.today,
      now: clock.now.instant,
      timeZone: clock.timeZone,
      days: clock.days.map(({ date, starts, ends }) => ({
        date,
        startTime: starts.instant,
        endTime: ends.instant,
      })),
      vets: vets.map((vet) => ({
        id: vet.id,
        fullName: vet.fullName,
        hours: vet.hasHours ? vet.hours : null,
        timeOff: vet.timeOff.map(({ starts, ends, reason }) => ({
          startTime: starts.instant,
          endTime: ends.instant,
          reason,
        })),
        appointments: rows
          .filter((row) => row.vetId === vet.id)
          .map((row) => toDayAppointment(row, vet.fullName)),
      })),
    }
  })
}

async function clockOf(tx: CallerTransaction, tenantId: string, search: ScheduleSearch) {
  const requested = Prisma.sql`coalesce(${search.date ?? null}::date, (now() at time zone t.timezone)::date)`
  const first = search.unit === 'day' ? requested : Prisma.sql`date_trunc('week', ${requested})::date`
  const midnight = (day: Prisma.Sql) => Prisma.sql`(${day}::timestamp at time zone t.timezone)`
  const zone = Prisma.sql`t.timezone`
  const rows = await tx.$queryRaw`
    select t.timezone as time_zone, to_char(now() at time zone t.timezone, 'YYYY-MM-DD') as today,
      ${wallTime(Prisma.sql`now()`, zone)} as now,
      (select jsonb_agg(jsonb_build_object(
          'date', d.day,
          'starts', ${wallTime(midnight(Prisma.sql`d.day`), zone)},
          'ends', ${wallTime(midnight(Prisma.sql`(d.day + 1)`), zone)}
        ) order by d.day)
        from (select ${first} + i as day from generate_series(0, ${search.unit === 'day' ? 0 : 6}::integer) i) d
      ) as days
    from tenants t where t.id = ${tenantId}`
  return rowsOf(clockRow, rows)[0]
}

type Span = { from: string; to: string }

async function appointmentsIn(tx: CallerTransaction, tenantId: string, search: ScheduleSearch, span: Span) {
  const zone = Prisma.sql`t.timezone`
  const whose = search.vetId === undefined ? Prisma.empty : Prisma.sql`and a.vet_id = ${search.vetId}::uuid`
  const found = await tx.$queryRaw`
    select ${appointmentColumns}, ${wallTime(Prisma.sql`a.busy_until`, zone)} as busy_until,
      ${wallTime(Prisma.sql`a.updated_at`, zone)} as since, o.full_name as owner_name, o.phone as owner_phone
    from ${appointmentTables}
    left join profiles o on o.tenant_id = p.tenant_id and o.id = p.owner_id
    where a.tenant_id = ${tenantId} ${whose}
      and a.start_time >= ${span.from}::timestamptz and a.start_time < ${span.to}::timestamptz
    order by a.start_time, a.id`
  return rowsOf(dayRow, found)
}

/** Returns the vets who work at the clinic, and anyone else with an appointment in that time. */
async function vetsOf(
  tx: CallerTransaction,
  tenantId: string,
  search: ScheduleSearch,
  clock: z.output<typeof clockRow>,
  span: Span,
  booked: readonly string[],
) {
  const zone = Prisma.sql`${clock.timeZone}::text`
  const whose = search.vetId === undefined ? Prisma.empty : Prisma.sql`and p.id = ${search.vetId}::uuid`
  const dates = clock.days.map(({ date }) => date)
  const found = await tx.$queryRaw`
    select p.id, p.full_name, h.hours is not null as has_hours,
      coalesce(h.hours, '[]') as hours,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'starts', ${wallTime(Prisma.sql`f.start_time`, zone)}, 'ends', ${wallTime(Prisma.sql`f.end_time`, zone)},
          'reason', f.reason
        ) order by f.start_time)
        from vet_time_off f
        where f.tenant_id = p.tenant_id and f.vet_id = p.id
          and f.end_time > ${span.from}::timestamptz and f.start_time < ${span.to}::timestamptz
      ), '[]') as time_off
    from profiles p
    left join lateral (
      -- null for a vet who keeps no hours at all, empty for one who has none on these days
      select case when count(*) > 0 then coalesce(jsonb_agg(
        jsonb_build_object('date', d.day, 'opens', left(v.opens::text, 5), 'closes', left(v.closes::text, 5))
        order by d.day, v.opens
      ) filter (where d.day is not null), '[]') end as hours
      from vet_hours v
      left join unnest(${dates}::date[]) d (day) on extract(isodow from d.day) = v.weekday
      where v.tenant_id = p.tenant_id and v.vet_id = p.id
    ) h on true
    where p.tenant_id = ${tenantId} ${whose} and (
      p.id = any(${booked}::uuid[])
      or p.deleted_at is null and (p.role = 'vet' or p.role = 'admin' and h.hours is not null)
    )
    order by p.full_name, p.id`
  return rowsOf(vetRow, found)
}

function toDayAppointment(row: z.output<typeof dayRow>, vetName: string): DayAppointment {
  const { canCancel: _ownersOnly, ...view } = toView(row)
  return {
    ...view,
    vet: { id: row.vetId, fullName: vetName },
    // staff need not give notice
    canMove: row.movable,
    busyUntil: row.busyUntil.instant,
    statusSince: row.since.instant,
    notes: row.notes,
    owner: { id: row.ownerId, fullName: row.ownerName, phone: row.ownerPhone },
    nextStatuses: [...staffTransitions[row.status]],
  }
}
