import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { withRetry } from '../sql/retry.ts'

const changeRow = z.object({
  eventId: z.string(),
  tenantId: z.string(),
  appointmentId: z.string(),
  /** The clinic's date on which it started before, `YYYY-MM-DD`; null for a booking. */
  dayBefore: z.string().nullable(),
  dayAfter: z.string().nullable(),
  /** When the event was written, to the microsecond. */
  at: z.string(),
})

/** That an appointment changed, and on which days of its clinic to look; not how. */
export type AppointmentChange = z.output<typeof changeRow>

/**
 * What changed over all clinics since the greatest `at` that the caller has seen, through `login.appointment_changes`:
 * for a process that tells live calendars where to look. It answers again what lies within the overlap, since events
 * are not seen in the order of their times: leave out each `eventId` that was seen.
 *
 * @param since an `at` of an earlier answer; null for now
 * @param overlapMs how much further it looks back
 */
export async function appointmentChanges(
  db: Database,
  since: string | null,
  overlapMs = 5_000,
): Promise<AppointmentChange[]> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select event_id as "eventId", tenant_id as "tenantId", appointment_id as "appointmentId",
        to_char(day_before, 'YYYY-MM-DD') as "dayBefore", to_char(day_after, 'YYYY-MM-DD') as "dayAfter",
        to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from login.appointment_changes(${since}::timestamptz, ${overlapMs}::integer)`,
  )
  return z.array(changeRow).parse(rows)
}
