import { type AppointmentView, appointmentStatus, type MineResult } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'

const zone = Prisma.sql`t.timezone`

/** What `appointmentRow` reads of `appointmentTables`. */
export const appointmentColumns = Prisma.sql`
  a.id, a.status, a.version, a.reason, a.notes, a.cancellation_reason, a.pet_id, p.name as pet_name,
  p.species, a.service_id, s.name as service_name, a.vet_id, v.full_name as vet_name, p.owner_id,
  ${wallTime(Prisma.sql`a.start_time`, zone)} as starts, ${wallTime(Prisma.sql`a.end_time`, zone)} as ends,
  to_char(a.start_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sort_time,
  a.status in ('scheduled', 'confirmed') as movable,
  a.status in ('scheduled', 'confirmed', 'checked_in') and a.start_time > now() as cancellable,
  a.start_time - make_interval(mins => t.change_notice_minutes) >= now() as in_time`

// A vet who left or a service that was retired may be hidden from an owner; the appointment is theirs all the same.
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
  cancellation_reason: z.string().nullable(),
  pet_id: z.string(),
  pet_name: z.string(),
  species: z.string(),
  service_id: z.string(),
  service_name: z.string().nullable(),
  vet_id: z.string(),
  vet_name: z.string().nullable(),
  owner_id: z.string(),
  starts: momentColumn,
  ends: momentColumn,
  sort_time: z.string(),
  movable: z.boolean(),
  cancellable: z.boolean(),
  in_time: z.boolean(),
})

export type MineSearch = {
  userId: string
  tenantId: string
  when: 'upcoming' | 'past'
  limit: number
  cursor?: string | undefined
}

/**
 * The appointments of a person's pets at one clinic, a page at a time. Upcoming is what is still to happen, the soonest
 * first; past is everything else, cancelled ones included, the latest first.
 */
export function appointmentsOf(db: Database, search: MineSearch): Promise<MineResult> {
  const upcoming = Prisma.sql`(
    a.status in ('scheduled', 'confirmed', 'checked_in', 'in_progress') and a.end_time > now()
  )`
  const soonestFirst = search.when === 'upcoming'
  const after = pageStart(search.cursor, soonestFirst)
  return asCaller(db, { userId: search.userId }, async (tx) => {
    const found = await tx.$queryRaw`
      select ${appointmentColumns}
      from ${appointmentTables}
      where a.tenant_id = ${search.tenantId} and p.owner_id = ${search.userId}::uuid
        and ${soonestFirst ? upcoming : Prisma.sql`not ${upcoming}`} and ${after}
      order by ${soonestFirst ? Prisma.sql`a.start_time, a.id` : Prisma.sql`a.start_time desc, a.id desc`}
      limit ${search.limit + 1}`
    const rows = z.array(appointmentRow).parse(found)
    const page = rows.slice(0, search.limit)
    const last = page.at(-1)
    return {
      items: page.map(toView),
      nextCursor: rows.length > page.length && last !== undefined ? `${last.sort_time}_${last.id}` : null,
    }
  })
}

/** What a caller needs to know of an appointment before moving it: what it is for, and where it stands now. */
export type AppointmentRef = {
  serviceId: string
  vetId: string
  /** Milliseconds since 1970. */
  startsAt: number
}

const appointmentRef = z.object({ serviceId: z.string(), vetId: z.string(), startsAt: z.number() })

/** Looks an appointment up at one clinic, with the caller's eyes; null where it does not exist for them. */
export function findAppointment(
  db: Database,
  search: { userId: string; tenantId: string; appointmentId: string },
): Promise<AppointmentRef | null> {
  return asCaller(db, { userId: search.userId }, async (tx) => {
    const rows = await tx.$queryRaw`
      select service_id as "serviceId", vet_id as "vetId",
        (extract(epoch from start_time) * 1000)::float8 as "startsAt"
      from appointments
      where tenant_id = ${search.tenantId} and id = ${search.appointmentId}::uuid`
    return z.array(appointmentRef).parse(rows)[0] ?? null
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

/** An appointment as its owner sees it. */
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
    pet: { id: row.pet_id, name: row.pet_name, species: row.species },
    service: { id: row.service_id, name: row.service_name },
    vet: { id: row.vet_id, fullName: row.vet_name },
    reason: row.reason,
    cancellationReason: row.cancellation_reason,
    canMove: row.movable && row.in_time,
    canCancel: row.cancellable && row.in_time,
  }
}
