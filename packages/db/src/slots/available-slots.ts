import { type Slot, slot } from '@vetcita/contracts'
import { Prisma } from '../generated/client.ts'
import type { Database } from '../sql/client.ts'
import { withRetry } from '../sql/retry.ts'
import { rowsOf } from '../sql/rows.ts'

export type SlotSearch = {
  tenantId: string
  serviceId: string
  /** The clinic's dates, `YYYY-MM-DD`, both inclusive; at most 62 days. */
  from: string
  to: string
  vetId?: string | undefined
  stepMinutes?: number | undefined
  /** For a move: the slots have this appointment's length, and it does not block itself. */
  appointmentId?: string | undefined
  /** The clinic's IANA zone, for the wall times in the answer. */
  timeZone: string
}

export type NearestSearch = Omit<SlotSearch, 'from' | 'to'> & {
  /** ISO 8601 with an offset. */
  requestedTime: string
  limit: number
}

/**
 * Returns the free starts in order of time: exactly those that a pet owner could book now. Of each time the first is whose
 * turn it is.
 */
export async function availableSlots(db: Database, search: SlotSearch): Promise<Slot[]> {
  const zone = Prisma.sql`${search.timeZone}::text`
  const rows = await withRetry(
    () => db.$queryRaw`
      select vet_id, clinic_moment(s.start_time, ${zone}) as start_time
      from available_slots(
        ${search.tenantId}::text, ${search.serviceId}::uuid, ${search.from}::date, ${search.to}::date,
        ${search.vetId ?? null}::uuid, ${search.stepMinutes ?? 15}::integer, ${search.appointmentId ?? null}::uuid
      ) with ordinality s
      order by s.ordinality`,
  )
  return slotsOf(rows)
}

/** In seconds. A start nearer than this is on the same day or one beside it, which may have 23 hours. */
const withinNeighbours = 22 * 60 * 60

/**
 * Returns the free starts nearest to the requested time, the nearest first and each time once, from the week before to the
 * week after it. There are none near a time beyond the calendar's range.
 *
 * Reads the three days around the time first, and fifteen only if those three do not hold enough starts that are nearer
 * than any outside them.
 */
export async function nearestSlots(db: Database, search: NearestSearch): Promise<Slot[]> {
  const zone = Prisma.sql`${search.timeZone}::text`
  const requested = Prisma.sql`${search.requestedTime}::timestamptz`
  const distance = Prisma.sql`abs(extract(epoch from start_time - ${requested}))`
  const slotsWithin = (days: number) => Prisma.sql`
    available_slots(
      ${search.tenantId}::text, ${search.serviceId}::uuid,
      (${requested} at time zone ${zone})::date - ${days}::integer, (${requested} at time zone ${zone})::date + ${days}::integer,
      ${search.vetId ?? null}::uuid, ${search.stepMinutes ?? 15}::integer, ${search.appointmentId ?? null}::uuid
    )`
  const rows = await withRetry(
    () => db.$queryRaw`
      with close as materialized (select * from ${slotsWithin(1)} with ordinality),
      enough as (
        select count(distinct start_time) >= ${search.limit} as found from close where ${distance} <= ${withinNeighbours}
      ),
      near as (
        select * from close where (select found from enough)
        union all
        select * from ${slotsWithin(7)} with ordinality where not (select found from enough)
      ),
      nearest as (
        select * from (select distinct on (start_time) * from near order by start_time, ordinality) each_time_once
        order by ${distance}, start_time
        limit ${search.limit}
      )
      select vet_id, clinic_moment(n.start_time, ${zone}) as start_time
      from nearest n
      order by abs(extract(epoch from n.start_time - ${requested})), n.start_time`,
  )
  return slotsOf(rows)
}

function slotsOf(rows: unknown): Slot[] {
  return rowsOf(slot, rows)
}
