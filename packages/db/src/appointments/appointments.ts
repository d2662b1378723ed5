import { appointmentView, type MineResult } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Actor } from '../sql/actor.ts'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

/** Selects from `appointmentTables` what every view of an appointment has. */
export const commonColumns = Prisma.sql`
  a.id, a.status, a.version, a.reason, a.cancellation_reason,
  clinic_moment(a.start_time, a.timezone) as start_time, clinic_moment(a.end_time, a.timezone) as end_time,
  jsonb_build_object('id', a.pet_id, 'name', p.name, 'species', p.species) as pet`

/** The same with the names of service and vet, as lists show them. */
export const viewColumns = Prisma.sql`
  ${commonColumns},
  jsonb_build_object('id', a.service_id, 'name', s.name) as service,
  jsonb_build_object('id', a.vet_id, 'full_name', v.full_name) as vet`

/**
 * The tables behind a list of appointments. A pet owner may not see a vet who left or a service that was retired, but does
 * see the appointment.
 *
 * @param vets where the reader finds the vets' names: `public_vets`, or for staff `profiles`
 */
export const appointmentTables = (vets: Prisma.Sql) => Prisma.sql`
  appointment_states a
  join pets p on p.tenant_id = a.tenant_id and p.id = a.pet_id
  left join services s on s.tenant_id = a.tenant_id and s.id = a.service_id
  left join ${vets} v on v.tenant_id = a.tenant_id and v.id = a.vet_id`

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
      select ${viewColumns}, a.owner_can_move as can_move, a.owner_can_cancel as can_cancel
      from ${appointmentTables(Prisma.sql`public_vets`)}
      where a.tenant_id = ${actor.tenantId} and p.owner_id = ${actor.userId}::uuid
        and ${soonestFirst ? Prisma.empty : Prisma.sql`not`} a.is_upcoming and ${after}
      order by ${soonestFirst ? Prisma.sql`a.start_time, a.id` : Prisma.sql`a.start_time desc, a.id desc`}
      limit ${search.limit + 1}`
    const rows = rowsOf(appointmentView, found)
    const page = rows.slice(0, search.limit)
    const last = page.at(-1)
    return {
      items: page,
      nextCursor: rows.length > page.length && last !== undefined ? `${last.startTime}_${last.id}` : null,
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
