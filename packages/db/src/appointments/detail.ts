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
import { asCaller } from '../sql/as-caller.ts'
import type { CallerTransaction, Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'
import { appointmentColumns, appointmentRow, appointmentTables, toView } from './appointments.ts'

export type DetailSearch = {
  userId: string
  tenantId: string
  appointmentId: string
  /** As the clinic's staff see it; otherwise as its owner does. */
  asStaff: boolean
}

const detailRow = appointmentRow.extend({
  busy_until: momentColumn,
  since: momentColumn,
  time_zone: z.string(),
  currency: z.string(),
  duration: z.int(),
  price: z.coerce.number().nullable(),
  full_vet_name: z.string().nullable(),
  owner_name: z.string().nullable(),
  owner_phone: z.string().nullable(),
  owner_email: z.string().nullable(),
})

const standColumn = z
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
  before: standColumn,
  after: standColumn,
  reason: z.string().nullable(),
})

const zone = Prisma.sql`t.timezone`

/**
 * One appointment with its history, with the caller's eyes; null where it does not exist for them. All `local…` are the
 * clinic's wall time. An owner sees names of the staff only where the clinic shows them to everybody.
 */
export function appointmentDetail(db: Database, search: DetailSearch): Promise<AppointmentDetail | null> {
  return asCaller(db, { userId: search.userId }, async (tx) => {
    const found = await tx.$queryRaw`
      select ${appointmentColumns}, ${wallTime(Prisma.sql`a.busy_until`, zone)} as busy_until,
        ${wallTime(Prisma.sql`a.updated_at`, zone)} as since, t.timezone as time_zone, t.currency,
        (extract(epoch from a.end_time - a.start_time) / 60)::integer as duration, s.price::text as price,
        coalesce(v.full_name, pv.full_name) as full_vet_name,
        o.full_name as owner_name, o.phone as owner_phone, o.email as owner_email
      from ${appointmentTables}
      left join profiles pv on pv.tenant_id = a.tenant_id and pv.id = a.vet_id
      left join profiles o on o.tenant_id = p.tenant_id and o.id = p.owner_id
      where a.tenant_id = ${search.tenantId} and a.id = ${search.appointmentId}::uuid`
    const [row] = z.array(detailRow).parse(found)
    if (row === undefined) return null
    const history = (await eventsOf(tx, search)).map((event) => toEvent(event, search.userId))
    return { ...toDetail(row, search.asStaff), history }
  })
}

async function eventsOf(tx: CallerTransaction, search: DetailSearch) {
  // What an event says of a moment: under "from" and "to" for a change, by itself for a booking.
  const stand = (details: Prisma.Sql) => Prisma.sql`(
    select jsonb_build_object(
      'starts', ${wallTime(Prisma.sql`(s.d ->> 'start_time')::timestamptz`, zone)}, 'vetId', s.d ->> 'vet_id',
      'vetName', coalesce(
        (select full_name from public_vets where tenant_id = e.tenant_id and id = (s.d ->> 'vet_id')::uuid),
        (select full_name from profiles where tenant_id = e.tenant_id and id = (s.d ->> 'vet_id')::uuid)
      ),
      'status', s.d ->> 'status'
    ) from (select ${details} as d) s where s.d ->> 'start_time' is not null
  )`
  // The notes are the staff's own, and so is when they changed; a change of them says nothing of where the appointment stood.
  const noteChanges = search.asStaff
    ? Prisma.sql`
      union all
      select tenant_id, id, appointment_id, 'notes_changed', actor_id, null, at from appointment_note_changes`
    : Prisma.empty
  const found = await tx.$queryRaw`
    select e.id, e.event, ${wallTime(Prisma.sql`e.at`, zone)} as at, e.actor_id as "actorId",
      coalesce(v.full_name, p.full_name) as "actorName", p.role as "actorRole",
      ${stand(Prisma.sql`e.details -> 'from'`)} as before,
      ${stand(Prisma.sql`coalesce(e.details -> 'to', e.details)`)} as after,
      e.details ->> 'reason' as reason
    from (
      select tenant_id, id, appointment_id, event, actor_id, details, at from appointment_events ${noteChanges}
    ) e
    join tenants t on t.id = e.tenant_id
    left join profiles p on p.tenant_id = e.tenant_id and p.id = e.actor_id
    left join public_vets v on v.tenant_id = e.tenant_id and v.id = e.actor_id
    where e.tenant_id = ${search.tenantId} and e.appointment_id = ${search.appointmentId}::uuid
    order by e.at, e.id`
  return z.array(eventRow).parse(found)
}

function toDetail(row: z.output<typeof detailRow>, asStaff: boolean): Omit<AppointmentDetail, 'history'> {
  const view = toView(row)
  const nextStatuses = [...staffTransitions[row.status]]
  return {
    ...view,
    vet: { id: row.vet_id, fullName: row.full_vet_name },
    service: { ...view.service, durationMinutes: row.duration, price: row.price },
    busyUntil: row.busy_until.instant,
    statusSince: row.since.instant,
    timeZone: row.time_zone,
    currency: row.currency,
    // staff are not held to the notice
    canMove: asStaff ? row.movable : view.canMove,
    canCancel: asStaff ? nextStatuses.includes('cancelled') : view.canCancel,
    notes: asStaff ? row.notes : null,
    owner: asStaff
      ? { id: row.owner_id, fullName: row.owner_name, phone: row.owner_phone, email: row.owner_email }
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
    from: toStand(row.before),
    to: toStand(row.after),
    reason: row.reason,
  }
}

function toStand(stand: z.output<typeof standColumn>): AppointmentEvent['from'] {
  if (stand === null) return null
  const { instant, localDate, localTime } = stand.starts
  return {
    startTime: instant,
    localDate,
    localTime,
    vet: { id: stand.vetId, fullName: stand.vetName },
    status: stand.status,
  }
}
