import {
  appointmentStatus,
  type RescheduleErrorCode,
  type RescheduleSuccess,
  rescheduleErrorCodes,
} from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'

export type Move = {
  appointmentId: string
  /** ISO 8601 with an offset. */
  newStartTime: string
  newVetId?: string | undefined
  /** The version that the user saw; another one now is STALE_VERSION. */
  expectedVersion?: number | undefined
  performedBy: string
  isStaff: boolean
  /** The clinic's IANA zone, for the wall time in the answer. */
  timeZone: string
}

export type RescheduleOutcome = RescheduleSuccess | Refusal<RescheduleErrorCode>

const row = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      appointment_id: z.string(),
      vet_id: z.string(),
      status: appointmentStatus,
      version: z.int(),
      replayed: z.boolean().default(false),
    }),
    refusal(rescheduleErrorCodes),
  ]),
  was: momentColumn.nullable(),
  starts: momentColumn.nullable(),
  ends: momentColumn.nullable(),
})

/** Moves through `reschedule_appointment_atomic`: one round trip; on any refusal nothing moved. */
export async function rescheduleAppointment(db: Database, move: Move): Promise<RescheduleOutcome> {
  const zone = Prisma.sql`${move.timeZone}::text`
  const rows = await withRetry(
    () => db.$queryRaw`
      select outcome,
        ${wallTime(Prisma.sql`(outcome ->> 'old_start_time')::timestamptz`, zone)} as was,
        ${wallTime(Prisma.sql`(outcome ->> 'new_start_time')::timestamptz`, zone)} as starts,
        ${wallTime(Prisma.sql`(outcome ->> 'new_end_time')::timestamptz`, zone)} as ends
      from reschedule_appointment_atomic(
        ${move.appointmentId}::uuid, ${move.newStartTime}::timestamptz, ${move.performedBy}::uuid,
        ${move.isStaff}::boolean, ${move.newVetId ?? null}::uuid, ${move.expectedVersion ?? null}::integer
      ) as called (outcome)`,
  )
  const { outcome, was, starts, ends } = oneRow(row, rows)
  if (!outcome.success) return outcome
  if (was === null || starts === null || ends === null) throw new Error('A move succeeded without its times')
  return {
    success: true,
    appointmentId: outcome.appointment_id,
    oldStartTime: was.instant,
    newStartTime: starts.instant,
    newEndTime: ends.instant,
    localDate: starts.localDate,
    localTime: starts.localTime,
    vetId: outcome.vet_id,
    status: outcome.status,
    version: outcome.version,
    replayed: outcome.replayed,
  }
}
