import { type AppointmentView, appointmentStatus, type MineResult } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'
import { rowsOf } from '../sql/rows.ts'
import { upcoming } from './visits.ts'

const zone = Prisma.sql`t.timezone`

/** Selects from `appointmentTables` what `appointmentRow` reads. */
export const appointmentColumns = Prisma.sql`
  a.id, a.status, a.version, a.reason, a.notes, a.cancellation_reason, a.pet_id, p.name as pet_name,
  p.species, a.service_id, s.name as service_name, a.vet_id, v.full_name as vet_name, p.owner_id,
  ${wallTime(Prisma.sql`a.start_time`, zone)} as starts, ${wallTime(Prisma.sql`a.end_time`, zone)} as ends,
  to_char(a.start_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sort_time,
  a.status in ('scheduled', 'confirmed') as movable,
  a.status in ('scheduled', 'confirmed', 'checked_in') and a.start_time > now() as cancellable,
  a.start_time - make_interval(mins => t.change_notice_minutes) >= now() as in_time`

// A vet who left or a service that was retired may be hidden from a pet owner, who still sees the appointment.
export const appointmentTables = Prisma.sql`
  appointments a
  join tenants t on t.id = a.tenant_id
  join pets p on p.tenant_id = a.tenant_id and p.id = a.pet_id
  left join services s on s.tenant_id = a.tenant_id and s.id = a.service_id
  left join public_vets v on v.tenant_id = a.tenant_id and v.id = a.vet_id`

export const appointmentRow = z.object({
  id: z.string(),
  status: appointmentStatus,
  version: z.int(),
  reason: z.string().nullable(),
  notes: z.string().nullable(),
  cancellationReason: z.string().nullable(),
  petId: z.string(),
  petName: z.string(),
  species: z.string(),
  serviceId: z.string(),
  serviceName: z.string().nullable(),
  vetId: z.string(),
  vetName: z.string().nullable(),
  ownerId: z.string(),
  starts: momentColumn,
  ends: momentColumn,
  sortTime: z.string(),
  movable: z.boolean(),
  cancellable: z.boolean(),
  inTime: z.boolean(),
})

export type MineSearch = {
  when: 'upcoming' | 'past'
  limit: number
  cursor?: string | undefined
}

/**
 * Returns a page of the appointments of the user's pets at the clinic. Upcoming is what is still to happen, the soonest
 * first; past is everything else, cancelled ones included, the latest first.
 */
export function appointmentsOf(db: Database, actor: Actor, search: MineSearch): Promise<MineResult> {
  const soonestFirst = search.when === 'upcoming'
  const after = pageStart(search.cursor, soonestFirst)
  return asCaller(db, actor, async (tx) => {
    const found = await tx.$queryRaw`
      select ${appointmentColumns}
      from ${appointmentTables}
      where a.tenant_id = ${actor.tenantId} and p.owner_id = ${actor.userId}::uuid
        and ${soonestFirst ? upcoming : Prisma.sql`not ${upcoming}`} and ${after}
      order by ${soonestFirst ? Prisma.sql`a.start_time, a.id` : Prisma.sql`a.start_time desc, a.id desc`}
      limit ${search.limit + 1}`
    const rows = rowsOf(appointmentRow, found)
    const page = rows.slice(0, search.limit)
    const last = page.at(-1)
    return {
      items: page.map(toView),
      nextCursor: rows.length > page.length && last !== undefined ? `${last.sortTime}_${last.id}` : null,
    }
  })
}

const appointmentRef = z.object({ serviceId: z.string(), vetId: z.string(), startsAt: z.number() })

/** What an appointment is for, its vet, and its start in milliseconds since 1970. */
export type AppointmentRef = z.output<typeof appointmentRef>

/** Looks an appointment up as the caller; returns null if it does not exist for them at the clinic. */
export function findAppointment(
  db: Database,
  actor: Actor,
  appointmentId: string,
): Promise<AppointmentRef | null> {
  return asCaller(db, actor, async (tx) => {
    const rows = await tx.$queryRaw`
      select service_id, vet_id, (extract(epoch from start_time) * 1000)::float8 as starts_at
      from appointments
      where tenant_id = ${actor.tenantId} and id = ${appointmentId}::uuid`
    return rowsOf(appointmentRef, rows)[0] ?? null
  })
}

function pageStart(cursor: string | undefined, soonestFirst: boolean): Prisma.Sql {
  const [startTime, id] = cursor?.split('_') ?? []
  if (startTime === undefined || id === undefined) return Prisma.sql`true`
  const position = Prisma.sql`(${startTime}::timestamptz, ${id}::uuid)`
  return soonestFirst
    ? Prisma.sql`(a.start_time, a.id) > ${position}`
    : Prisma.sql`(a.start_time, a.id) < ${position}`
}

/** Returns an appointment as the pet's owner sees it. */
export function toView(row: z.output<typeof appointmentRow>): AppointmentView {
  return {
    id: row.id,
    status: row.status,
    version: row.version,
    startTime: row.starts.instant,
    endTime: row.ends.instant,
    localDate: row.starts.localDate,
    localTime: row.starts.localTime,
    localEndTime: row.ends.localTime,
    pet: { id: row.petId, name: row.petName, species: row.species },
    service: { id: row.serviceId, name: row.serviceName },
    vet: { id: row.vetId, fullName: row.vetName },
    reason: row.reason,
    cancellationReason: row.cancellationReason,
    canMove: row.movable && row.inTime,
    canCancel: row.cancellable && row.inTime,
  }
}
