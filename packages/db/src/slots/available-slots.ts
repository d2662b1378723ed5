import type { Slot } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'
import { withRetry } from '../sql/retry.ts'

export type SlotSearch = {
  tenantId: string
  serviceId: string
  /** The clinic's dates, `YYYY-MM-DD`, both inclusive; at most 62 days. */
  from: string
  to: string
  vetId?: string | undefined
  stepMinutes?: number | undefined
  /** For a move: this appointment's length counts, and it does not stand in its own way. */
  appointmentId?: string | undefined
  /** The clinic's IANA zone, for the wall times in the answer. */
  timeZone: string
}

export type NearestSearch = Omit<SlotSearch, 'from' | 'to'> & {
  /** ISO 8601 with an offset. */
  wishedTime: string
  limit: number
}

const row = z.object({ vet_id: z.string(), starts: momentColumn, ends: momentColumn })

/** The free starts in order of time, as `available_slots` finds them: exactly those that an owner could book now. */
export async function availableSlots(db: Database, search: SlotSearch): Promise<Slot[]> {
  const zone = Prisma.sql`${search.timeZone}::text`
  const rows = await withRetry(
    () => db.$queryRaw`
      select vet_id, ${wallTime(Prisma.sql`start_time`, zone)} as starts, ${wallTime(Prisma.sql`end_time`, zone)} as ends
      from available_slots(
        ${search.tenantId}::text, ${search.serviceId}::uuid, ${search.from}::date, ${search.to}::date,
        ${search.vetId ?? null}::uuid, ${search.stepMinutes ?? 15}::integer, ${search.appointmentId ?? null}::uuid
      )
      order by start_time, vet_id`,
  )
  return z.array(row).parse(rows).map(toSlot)
}

/** In seconds. Whatever is nearer than this to a time lies on its day or one beside it, which may have 23 hours. */
const surelyNear = 22 * 60 * 60

/**
 * The free starts nearest to a wished time, the nearest first and each time once: in the week around it, on either
 * side. A wish beyond what a calendar holds has no neighbours.
 *
 * Looks at the days beside the wish first: fifteen days are read only where those three don't hold enough that is nearer
 * than anything outside of them.
 */
export async function nearestSlots(db: Database, search: NearestSearch): Promise<Slot[]> {
  const zone = Prisma.sql`${search.timeZone}::text`
  const wished = Prisma.sql`${search.wishedTime}::timestamptz`
  const distance = Prisma.sql`abs(extract(epoch from start_time - ${wished}))`
  const slotsWithin = (days: number) => Prisma.sql`
    available_slots(
      ${search.tenantId}::text, ${search.serviceId}::uuid,
      (${wished} at time zone ${zone})::date - ${days}::integer, (${wished} at time zone ${zone})::date + ${days}::integer,
      ${search.vetId ?? null}::uuid, ${search.stepMinutes ?? 15}::integer, ${search.appointmentId ?? null}::uuid
    )`
  const rows = await withRetry(
    () => db.$queryRaw`
      with close as materialized (select * from ${slotsWithin(1)}),
      enough as (
        select count(distinct start_time) >= ${search.limit} as found from close where ${distance} <= ${surelyNear}
      ),
      near as (
        select * from close where (select found from enough)
        union all
        select * from ${slotsWithin(7)} where not (select found from enough)
      ),
      nearest as (
        select * from (select distinct on (start_time) * from near order by start_time, vet_id) each_time_once
        order by ${distance}, start_time
        limit ${search.limit}
      )
      select vet_id, ${wallTime(Prisma.sql`start_time`, zone)} as starts, ${wallTime(Prisma.sql`end_time`, zone)} as ends
      from nearest
      order by ${distance}, start_time`,
  )
  return z.array(row).parse(rows).map(toSlot)
}

function toSlot(slot: z.output<typeof row>): Slot {
  return {
    vetId: slot.vet_id,
    startTime: slot.starts.instant,
    endTime: slot.ends.instant,
    localDate: slot.starts.localDate,
    localTime: slot.starts.localTime,
  }
}
