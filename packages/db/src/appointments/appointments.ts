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
  case when a.status = 'held' then clinic_moment(a.hold_expires_at, a.timezone) end as hold_expires_at,
  clinic_moment(a.start_time, a.timezone) as start_time, clinic_moment(a.end_time, a.timezone) as end_time,
  jsonb_build_object('id', a.pet_id, 'name', p.name, 'species', p.species) as pet`

/** The same with the names of service and vet, as lists show them. */
export const viewColumns = Prisma.sql`
  ${commonColumns},
  jsonb_build_object('id', a.service_id, 'name', coalesce(a.service_name, s.name)) as service,
  jsonb_build_object('id', a.vet_id, 'full_name', v.full_name) as vet`

/** Where the reader finds the vets' names: staff in `profiles`, others in `public_vets`. */
export type VetNames = 'profiles' | 'public_vets'

/**
 * What a list shows beside its appointments `a`. A pet owner may not see a vet who left or a service that was retired, but
 * does see the appointment. Each is looked up for its row (`limit 1`), because a join may read the other table as a whole.
 */
const besides = (vets: VetNames) => Prisma.sql`
  left join lateral (
    select name, price from services where tenant_id = a.tenant_id and id = a.service_id limit 1
  ) s on true
  left join lateral (
    select full_name from ${Prisma.raw(vets)} where tenant_id = a.tenant_id and id = a.vet_id limit 1
  ) v on true`

/** The tables behind a list of appointments: `a` with its pet `p`, service `s` and vet `v`. */
export const appointmentTables = (vets: VetNames) => Prisma.sql`
  appointment_states a
  cross join lateral (
    select owner_id, name, species from pets where tenant_id = a.tenant_id and id = a.pet_id limit 1
  ) p
  ${besides(vets)}`

/** Which appointments of one person's pets to list, in which order, and how many at most. */
export type OwnersList = {
  tenantId: string
  ownerId: string
  when: 'upcoming' | 'past'
  /** A condition on `a`: where the page starts. */
  from?: Prisma.Sql
  limit: number
}

/**
 * The same tables for a list of the appointments of one person's pets. Upcoming is what is still to happen, the soonest
 * first; past is everything else, cancelled ones included, the latest first.
 *
 * Of each pet it reads one page, in the order of an index, and never the pet's whole history.
 */
export const ownersAppointments = (vets: VetNames, list: OwnersList) => Prisma.sql`
  pets p
  cross join lateral (
    select * from appointment_states a
    where a.tenant_id = p.tenant_id and a.pet_id = p.id and ${list.from ?? Prisma.sql`true`} and ${
      list.when === 'upcoming'
        ? // no appointment is longer than a day
          Prisma.sql`a.is_upcoming and a.start_time > now() - interval '24 hours'`
        : Prisma.sql`not a.is_upcoming`
    }
    order by ${inOrder(list.when)}
    limit ${list.limit}
  ) a
  ${besides(vets)}
  where p.tenant_id = ${list.tenantId} and p.owner_id = ${list.ownerId}::uuid
  order by ${inOrder(list.when)}
  limit ${list.limit}`

const inOrder = (when: OwnersList['when']) =>
  when === 'past' ? Prisma.sql`a.start_time desc, a.id desc` : Prisma.sql`a.start_time, a.id`

export type MineSearch = {
  when: OwnersList['when']
  limit: number
  cursor?: string | undefined
}

/** Returns a page of the appointments of the user's pets at the clinic; see `ownersAppointments` for which and their order. */
export function appointmentsOf(db: Database, actor: Actor, search: MineSearch): Promise<MineResult> {
  const list = {
    tenantId: actor.tenantId,
    ownerId: actor.userId,
    when: search.when,
    from: pageStart(search.cursor, search.when),
    limit: search.limit + 1,
  }
  return asCaller(db, actor, async (tx) => {
    const found = await tx.$queryRaw`
      select ${viewColumns}, a.owner_can_move as can_move, a.owner_can_cancel as can_cancel
      from ${ownersAppointments('public_vets', list)}`
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

function pageStart(cursor: string | undefined, when: MineSearch['when']): Prisma.Sql {
  const [startTime, id] = cursor?.split('_') ?? []
  if (startTime === undefined || id === undefined) return Prisma.sql`true`
  const position = Prisma.sql`(${startTime}::timestamptz, ${id}::uuid)`
  return when === 'upcoming'
    ? Prisma.sql`(a.start_time, a.id) > ${position}`
    : Prisma.sql`(a.start_time, a.id) < ${position}`
}
