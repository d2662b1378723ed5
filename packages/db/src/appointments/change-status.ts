import {
  type AppointmentStatus,
  appointmentStatus,
  type ChangeStatusErrorCode,
  type ChangeStatusSuccess,
  changeStatusErrorCodes,
} from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'

export type StatusChange = {
  appointmentId: string
  newStatus: AppointmentStatus
  performedBy: string
  isStaff: boolean
  reason?: string | undefined
  /** The version that the user saw; another one now is STALE_VERSION. */
  expectedVersion?: number | undefined
}

export type ChangeStatusOutcome = ChangeStatusSuccess | Refusal<ChangeStatusErrorCode>

const row = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      appointment_id: z.string(),
      old_status: appointmentStatus,
      status: appointmentStatus,
      version: z.int(),
      replayed: z.boolean().default(false),
    }),
    refusal(changeStatusErrorCodes),
  ]),
})

/** Changes the status through `change_appointment_status_atomic`, in one round trip. */
export async function changeAppointmentStatus(
  db: Database,
  change: StatusChange,
): Promise<ChangeStatusOutcome> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select change_appointment_status_atomic(
        ${change.appointmentId}::uuid, ${change.newStatus}::text, ${change.performedBy}::uuid,
        ${change.isStaff}::boolean, ${change.reason ?? null}::text, ${change.expectedVersion ?? null}::integer
      ) as outcome`,
  )
  const { outcome } = oneRow(row, rows)
  if (!outcome.success) return outcome
  return {
    success: true,
    appointmentId: outcome.appointment_id,
    oldStatus: outcome.old_status,
    status: outcome.status,
    version: outcome.version,
    replayed: outcome.replayed,
  }
}
