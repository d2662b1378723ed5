import type { Slot } from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../client.ts'
import { momentColumn, wallTime } from '../clinic-time.ts'
import { Prisma } from '../generated/client.ts'
import { withRetry } from '../retry.ts'

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

/**
 * The free starts nearest to a wished time, the nearest first and each time once: in the week around it, on either
 * side. A wish beyond what a calendar holds has no neighbours.
 */
export async function nearestSlots(db: Database, search: NearestSearch): Promise<Slot[]> {
  const zone = Prisma.sql`${search.timeZone}::text`
  const wished = Prisma.sql`${search.wishedTime}::timestamptz`
  const rows = await withRetry(
    () => db.$queryRaw`
      with nearest as (
        select distinct on (start_time) vet_id, start_time, end_time
        from available_slots(
          ${search.tenantId}::text, ${search.serviceId}::uuid,
          (${wished} at time zone ${zone})::date - 7, (${wished} at time zone ${zone})::date + 7,
          ${search.vetId ?? null}::uuid, ${search.stepMinutes ?? 15}::integer, ${search.appointmentId ?? null}::uuid
        )
        order by start_time, vet_id
      )
      select vet_id, ${wallTime(Prisma.sql`start_time`, zone)} as starts, ${wallTime(Prisma.sql`end_time`, zone)} as ends
      from nearest
      order by abs(extract(epoch from start_time - ${wished})), start_time
      limit ${search.limit}`,
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
