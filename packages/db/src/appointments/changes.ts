import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { withRetry } from '../sql/retry.ts'
import { rowsOf } from '../sql/rows.ts'

const changeRow = z.object({
  eventId: z.string(),
  tenantId: z.string(),
  appointmentId: z.string(),
  /** The clinic's dates that it touched before the change or touches now, `YYYY-MM-DD`. */
  days: z.array(z.string()),
  /** When the event was written, to the microsecond. */
  at: z.string(),
})

/** That an appointment changed, and which days of its clinic to read again; not how it changed. */
export type AppointmentChange = z.output<typeof changeRow>

/**
 * Returns what changed at all clinics since the greatest `at` that the caller has seen, so that live calendars know what
 * to read again. Events become visible out of the order of their times, so it looks back further than that by the
 * overlap and returns some changes twice: skip each `eventId` that was seen.
 *
 * @param since an `at` of an earlier answer; null for now
 */
export async function appointmentChanges(
  db: Database,
  since: string | null,
  overlapMs = 5_000,
): Promise<AppointmentChange[]> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select event_id, tenant_id, appointment_id,
        array(select to_char(day, 'YYYY-MM-DD') from unnest(days) day) as days,
        to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from login.appointment_changes(${since}::timestamptz, ${overlapMs}::integer)`,
  )
  return rowsOf(changeRow, rows)
}
