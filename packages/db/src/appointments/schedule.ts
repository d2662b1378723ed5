import { dayAppointment, type ScheduleResult, scheduleResult, vetSchedule } from '@vetcita/contracts'
import type { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { CallerTransaction, Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'
import { staffProfiles } from '../staff/staff.ts'
import { appointmentTables, viewColumns } from './appointments.ts'
import { withNotes } from './notes.ts'

export type ScheduleSearch = {
  unit: 'day' | 'week'
  /** `YYYY-MM-DD`, for a week any of its days; by default the clinic's today. */
  date?: string | undefined
  /** Returns only this vet's. */
  vetId?: string | undefined
}

const clockRow = scheduleResult.omit({ date: true, vets: true })

const vetRow = vetSchedule.omit({ appointments: true })

const appointmentRow = dayAppointment.omit({ notes: true })

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
    const span = { from: first.startTime, to: last.endTime }
    const appointments = await appointmentsIn(tx, tenantId, search, span)
    const booked = [...new Set(appointments.map(({ vet }) => vet.id))]
    const vets = await vetsOf(tx, tenantId, search, clock, span, booked)
    return {
      ...clock,
      date: first.date,
      vets: vets.map((vet) => ({
        ...vet,
        appointments: appointments.filter((row) => row.vet.id === vet.id),
      })),
    }
  })
}

async function clockOf(tx: CallerTransaction, tenantId: string, search: ScheduleSearch) {
  const requested = Prisma.sql`coalesce(${search.date ?? null}::date, (now() at time zone t.timezone)::date)`
  const first = search.unit === 'day' ? requested : Prisma.sql`date_trunc('week', ${requested})::date`
  const rows = await tx.$queryRaw`
    select t.timezone as time_zone, to_char(now() at time zone t.timezone, 'YYYY-MM-DD') as today,
      clinic_moment(now(), t.timezone) as now,
      (select jsonb_agg(jsonb_build_object(
          'date', d.day,
          'start_time', clinic_moment(${dayStart(Prisma.sql`d.day`)}, t.timezone),
          'end_time', clinic_moment(${dayStart(Prisma.sql`(d.day + 1)`)}, t.timezone)
        ) order by d.day)
        from (select ${first} + i as day from generate_series(0, ${search.unit === 'day' ? 0 : 6}::integer) i) d
      ) as days,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', c.id, 'name', c.name, 'start_time', clinic_moment(c.start_time, t.timezone),
          'end_time', clinic_moment(c.end_time, t.timezone)
        ) order by c.start_time, c.id)
        from clinic_closures c
        where c.tenant_id = t.id and c.end_time > ${dayStart(first)} and c.end_time <= 'infinity'
          and c.start_time < ${dayStart(Prisma.sql`(${first} + ${search.unit === 'day' ? 1 : 7}::integer)`)}
      ), '[]') as closures
    from tenants t where t.id = ${tenantId}`
  return rowsOf(clockRow, rows)[0]
}

/**
 * The first instant that bears a date of `t.timezone`. Where the clocks go back over midnight the date begins twice, and
 * PostgreSQL takes the second time, so both offsets around it are tried; where they skip midnight neither fits, and it is
 * the instant of the change.
 */
function dayStart(day: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(
    select coalesce(
      min(at) filter (where at at time zone t.timezone = ${day}::timestamp), ${day}::timestamp at time zone t.timezone
    )
    from unnest(array[interval '-1 day', interval '1 day']) around
    cross join lateral (select ${day}::timestamp at time zone t.timezone + around as near) o
    cross join lateral (
      select (${day}::timestamp - (near at time zone t.timezone - near at time zone 'UTC')) at time zone 'UTC' as at
    ) c
  )`
}

type Span = { from: string; to: string }

async function appointmentsIn(tx: CallerTransaction, tenantId: string, search: ScheduleSearch, span: Span) {
  const whose = search.vetId === undefined ? Prisma.empty : Prisma.sql`and a.vet_id = ${search.vetId}::uuid`
  const found = await tx.$queryRaw`
    select ${viewColumns}, a.staff_can_move as can_move, a.next_statuses,
      clinic_moment(a.busy_until, a.timezone) as busy_until, clinic_moment(a.updated_at, a.timezone) as status_since,
      a.squeeze_in, coalesce(a.overrides, '{}') as overrides,
      jsonb_build_object('id', p.owner_id, 'full_name', o.full_name, 'phone', o.phone) as owner
    from ${appointmentTables('profiles')}
    left join lateral (
      select full_name, phone from profiles where tenant_id = a.tenant_id and id = p.owner_id limit 1
    ) o on true
    where a.tenant_id = ${tenantId} ${whose}
      -- no appointment is longer than 24 hours, which keeps the index to these days
      and a.start_time > ${span.from}::timestamptz - interval '24 hours' and a.start_time < ${span.to}::timestamptz
      and a.end_time > ${span.from}::timestamptz
    order by a.start_time, a.id`
  return withNotes(tx, tenantId, rowsOf(appointmentRow, found))
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
    select p.id, p.full_name, h.hours,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'start_time', clinic_moment(f.start_time, ${zone}),
          'end_time', clinic_moment(f.end_time, ${zone}),
          'reason', f.reason
        ) order by f.start_time)
        from (
          select start_time, end_time, reason from vet_time_off
          where tenant_id = p.tenant_id and vet_id = p.id
            and end_time > ${span.from}::timestamptz and start_time < ${span.to}::timestamptz
          order by end_time -- see timeOffOf
        ) f
      ), '[]') as time_off
    from (
      select id from ${staffProfiles(tenantId)} s where role in ('vet', 'assistant', 'admin')
      union
      select unnest(${booked}::uuid[])
    ) who
    cross join lateral (
      select * from profiles where tenant_id = ${tenantId} and id = who.id limit 1
    ) p
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
    where (p.id = any(${booked}::uuid[]) or p.role = 'vet' or h.hours is not null) ${whose}
    order by p.full_name, p.id`
  return rowsOf(vetRow, found)
}
