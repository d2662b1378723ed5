import {
  type AppointmentDetail,
  type AppointmentEvent,
  appointmentEvent,
  appointmentStatus,
  role,
  staffTransitions,
} from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { CallerTransaction, Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'
import { rowsOf } from '../sql/rows.ts'
import { appointmentColumns, appointmentRow, appointmentTables, toView } from './appointments.ts'

const detailRow = appointmentRow.extend({
  busyUntil: momentColumn,
  since: momentColumn,
  timeZone: z.string(),
  currency: z.string(),
  duration: z.int(),
  price: z.coerce.number().nullable(),
  fullVetName: z.string().nullable(),
  ownerName: z.string().nullable(),
  ownerPhone: z.string().nullable(),
  ownerEmail: z.string().nullable(),
})

const snapshotColumn = z
  .object({
    starts: momentColumn,
    vetId: z.string(),
    vetName: z.string().nullable(),
    status: appointmentStatus,
  })
  .nullable()

const eventRow = z.object({
  id: z.string(),
  event: appointmentEvent.shape.event,
  at: momentColumn,
  actorId: z.string().nullable(),
  actorName: z.string().nullable(),
  actorRole: role.nullable(),
  before: snapshotColumn,
  after: snapshotColumn,
  reason: z.string().nullable(),
})

const zone = Prisma.sql`t.timezone`

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
      select ${appointmentColumns}, ${wallTime(Prisma.sql`a.busy_until`, zone)} as busy_until,
        ${wallTime(Prisma.sql`a.updated_at`, zone)} as since, t.timezone as time_zone, t.currency,
        (extract(epoch from a.end_time - a.start_time) / 60)::integer as duration, s.price::text as price,
        coalesce(v.full_name, pv.full_name) as full_vet_name,
        o.full_name as owner_name, o.phone as owner_phone, o.email as owner_email
      from ${appointmentTables}
      left join profiles pv on pv.tenant_id = a.tenant_id and pv.id = a.vet_id
      left join profiles o on o.tenant_id = p.tenant_id and o.id = p.owner_id
      where a.tenant_id = ${actor.tenantId} and a.id = ${appointmentId}::uuid`
    const [row] = rowsOf(detailRow, found)
    if (row === undefined) return null
    const history = (await eventsOf(tx, actor, appointmentId)).map((event) => toEvent(event, actor.userId))
    return { ...toDetail(row, actor.isStaff), history }
  })
}

async function eventsOf(tx: CallerTransaction, actor: Actor, appointmentId: string) {
  // A change has the appointment before and after under "from" and "to", a booking has it at the top.
  const snapshot = (details: Prisma.Sql) => Prisma.sql`(
    select jsonb_build_object(
      'starts', ${wallTime(Prisma.sql`(s.d ->> 'start_time')::timestamptz`, zone)}, 'vetId', s.d ->> 'vet_id',
      'vetName', coalesce(
        (select full_name from public_vets where tenant_id = e.tenant_id and id = (s.d ->> 'vet_id')::uuid),
        (select full_name from profiles where tenant_id = e.tenant_id and id = (s.d ->> 'vet_id')::uuid)
      ),
      'status', s.d ->> 'status'
    ) from (select ${details} as d) s where s.d ->> 'start_time' is not null
  )`
  // Only staff see the notes, and when they changed. Such a change has no snapshot of the appointment.
  const noteChanges = actor.isStaff
    ? Prisma.sql`
      union all
      select tenant_id, id, appointment_id, 'notes_changed', actor_id, null, at from appointment_note_changes`
    : Prisma.empty
  const found = await tx.$queryRaw`
    select e.id, e.event, ${wallTime(Prisma.sql`e.at`, zone)} as at, e.actor_id,
      coalesce(v.full_name, p.full_name) as actor_name, p.role as actor_role,
      ${snapshot(Prisma.sql`e.details -> 'from'`)} as before,
      ${snapshot(Prisma.sql`coalesce(e.details -> 'to', e.details)`)} as after,
      e.details ->> 'reason' as reason
    from (
      select tenant_id, id, appointment_id, event, actor_id, details, at from appointment_events ${noteChanges}
    ) e
    join tenants t on t.id = e.tenant_id
    left join profiles p on p.tenant_id = e.tenant_id and p.id = e.actor_id
    left join public_vets v on v.tenant_id = e.tenant_id and v.id = e.actor_id
    where e.tenant_id = ${actor.tenantId} and e.appointment_id = ${appointmentId}::uuid
    order by e.at, e.id`
  return rowsOf(eventRow, found)
}

function toDetail(row: z.output<typeof detailRow>, asStaff: boolean): Omit<AppointmentDetail, 'history'> {
  const view = toView(row)
  const nextStatuses = [...staffTransitions[row.status]]
  return {
    ...view,
    vet: { id: row.vetId, fullName: row.fullVetName },
    service: { ...view.service, durationMinutes: row.duration, price: row.price },
    busyUntil: row.busyUntil.instant,
    statusSince: row.since.instant,
    timeZone: row.timeZone,
    currency: row.currency,
    // staff need not give notice
    canMove: asStaff ? row.movable : view.canMove,
    canCancel: asStaff ? nextStatuses.includes('cancelled') : view.canCancel,
    notes: asStaff ? row.notes : null,
    owner: asStaff
      ? { id: row.ownerId, fullName: row.ownerName, phone: row.ownerPhone, email: row.ownerEmail }
      : null,
    nextStatuses: asStaff ? nextStatuses : null,
  }
}

function toEvent(row: z.output<typeof eventRow>, userId: string): AppointmentEvent {
  return {
    id: row.id,
    event: row.event,
    at: row.at.instant,
    localDate: row.at.localDate,
    localTime: row.at.localTime,
    by:
      row.actorId === null
        ? null
        : { you: row.actorId === userId, role: row.actorRole, fullName: row.actorName },
    from: toSnapshot(row.before),
    to: toSnapshot(row.after),
    reason: row.reason,
  }
}

function toSnapshot(snapshot: z.output<typeof snapshotColumn>): AppointmentEvent['from'] {
  if (snapshot === null) return null
  const { instant, localDate, localTime } = snapshot.starts
  return {
    startTime: instant,
    localDate,
    localTime,
    vet: { id: snapshot.vetId, fullName: snapshot.vetName },
    status: snapshot.status,
  }
}
