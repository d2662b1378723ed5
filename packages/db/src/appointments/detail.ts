import { type AppointmentDetail, appointmentEvent, appointmentDetail as detail } from '@vetcita/contracts'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { CallerTransaction, Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'
import { appointmentTables, commonColumns } from './appointments.ts'
import { withNotes } from './notes.ts'

const detailRow = detail.omit({ history: true, notes: true })

/**
 * Returns one appointment with its history, as the clinic's staff or as the pet's owner sees it; null if it does not exist
 * for the caller. A pet owner sees names of the staff only if the clinic shows them to everyone.
 */
export function appointmentDetail(
  db: Database,
  actor: Actor,
  appointmentId: string,
): Promise<AppointmentDetail | null> {
  return asCaller(db, actor, async (tx) => {
    const found = await tx.$queryRaw`
      select ${commonColumns}, ${actor.isStaff ? staffColumns : ownerColumns},
        clinic_moment(a.busy_until, a.timezone) as busy_until, clinic_moment(a.updated_at, a.timezone) as status_since,
        a.timezone as time_zone, a.currency,
        jsonb_build_object('id', a.vet_id, 'full_name', coalesce(v.full_name, pv.full_name)) as vet,
        jsonb_build_object(
          'id', a.service_id, 'name', coalesce(a.service_name, s.name), 'price', a.price,
          'duration_minutes', (extract(epoch from a.end_time - a.start_time) / 60)::integer
        ) as service
      from ${appointmentTables('public_vets')}
      left join lateral (
        select full_name from profiles where tenant_id = a.tenant_id and id = a.vet_id limit 1
      ) pv on true
      left join lateral (
        select full_name, phone, email from profiles where tenant_id = a.tenant_id and id = p.owner_id limit 1
      ) o on true
      left join lateral (
        select make_interval(mins => t.change_notice_minutes) as before,
          b.created_at + make_interval(mins => t.grace_minutes) as grace_ends
        from tenants t join appointments b on b.tenant_id = t.id
        where t.id = a.tenant_id and b.id = a.id limit 1
      ) notice on true
      where a.tenant_id = ${actor.tenantId} and a.id = ${appointmentId}::uuid`
    const rows = rowsOf(detailRow, found)
    const [row] = actor.isStaff
      ? await withNotes(tx, actor.tenantId, rows)
      : rows.map((own) => ({ ...own, notes: null }))
    return row === undefined
      ? null
      : { ...row, history: await eventsOf(tx, actor, appointmentId, row.timeZone) }
  })
}

const staffColumns = Prisma.sql`
  a.staff_can_move as can_move, a.staff_can_cancel as can_cancel, a.next_statuses,
  null as move_until, null as cancel_until,
  status_before(a.tenant_id, a.id, a.status, a.timezone, now()) as step_back,
  jsonb_build_object('id', p.owner_id, 'full_name', o.full_name, 'phone', o.phone, 'email', o.email) as owner`

const ownerColumns = Prisma.sql`
  a.owner_can_move as can_move, a.owner_can_cancel as can_cancel, null as next_statuses, null as step_back, null as owner,
  case when a.owner_can_move then clinic_moment(a.start_time - notice.before, a.timezone) end as move_until,
  case when a.owner_can_cancel then clinic_moment(
    greatest(a.start_time - notice.before, least(notice.grace_ends, a.start_time)), a.timezone
  ) end as cancel_until`

async function eventsOf(tx: CallerTransaction, actor: Actor, appointmentId: string, timeZone: string) {
  const tenant = Prisma.sql`${actor.tenantId}::text`
  const zone = Prisma.sql`${timeZone}::text`
  // A change has the appointment before and after under "from" and "to", a booking has it at the top, and a change of
  // notes has none.
  const snapshot = (details: Prisma.Sql) => Prisma.sql`(
    select jsonb_build_object(
      'start_time', clinic_moment((s.d ->> 'start_time')::timestamptz, ${zone}),
      'vet', jsonb_build_object('id', s.d ->> 'vet_id', 'full_name', coalesce(
        (select full_name from public_vets where tenant_id = ${tenant} and id = (s.d ->> 'vet_id')::uuid),
        (select full_name from profiles where tenant_id = ${tenant} and id = (s.d ->> 'vet_id')::uuid)
      )),
      'status', s.d ->> 'status',
      'end_time', clinic_moment((s.d ->> 'end_time')::timestamptz, ${zone}),
      -- of edits alone; limited, or the planner may read all of the clinic's
      'pet_name', case when s.d ? 'pet_id' then (
        select name from pets where tenant_id = ${tenant} and id = (s.d ->> 'pet_id')::uuid limit 1
      ) end,
      'service_name', case when s.d ? 'service_id' then (
        select name from services where tenant_id = ${tenant} and id = (s.d ->> 'service_id')::uuid limit 1
      ) end,
      'reason', s.d ->> 'reason'
    ) from (select ${details} as d) s where s.d ->> 'start_time' is not null
  )`
  const overrides = actor.isStaff
    ? Prisma.sql`coalesce(e.details -> 'overrides', '[]')`
    : Prisma.sql`'[]'::jsonb`
  const found = await tx.$queryRaw`
    select e.id, e.event, clinic_moment(e.at, ${zone}) as at,
      case when e.actor_id is not null then jsonb_build_object(
        'you', e.actor_id = ${actor.userId}::uuid, 'role', p.role, 'full_name', coalesce(v.full_name, p.full_name)
      ) end as by,
      ${snapshot(Prisma.sql`e.details -> 'from'`)} as from,
      ${snapshot(Prisma.sql`coalesce(e.details -> 'to', e.details)`)} as to,
      e.details ->> 'reason' as reason,
      ${overrides} as overrides
    from appointment_history(${tenant}, ${appointmentId}::uuid) e
    left join lateral (
      select role, full_name from profiles where tenant_id = ${tenant} and id = e.actor_id limit 1
    ) p on true
    left join lateral (
      select full_name from public_vets where tenant_id = ${tenant} and id = e.actor_id limit 1
    ) v on true
    order by e.at, e.id`
  return rowsOf(appointmentEvent, found)
}
