import { type SetNotesErrorCode, type SetNotesSuccess, setNotesErrorCodes } from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'

export type NotesChange = {
  appointmentId: string
  /** Empty takes them away. */
  notes: string
  performedBy: string
  /** The notes that the user saw, empty for none; other ones now are STALE_VERSION. */
  expectedNotes?: string | undefined
}

const row = z.object({
  outcome: z.union([
    z.object({ success: z.literal(true), appointment_id: z.string(), notes: z.string().nullable() }),
    refusal(setNotesErrorCodes),
  ]),
})

/** Writes the staff's notes about an appointment through `set_appointment_notes`, in one round trip. */
export async function setAppointmentNotes(
  db: Database,
  change: NotesChange,
): Promise<SetNotesSuccess | Refusal<SetNotesErrorCode>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select set_appointment_notes(
        ${change.appointmentId}::uuid, ${change.notes}::text, ${change.performedBy}::uuid,
        ${change.expectedNotes ?? null}::text
      ) as outcome`,
  )
  const { outcome } = oneRow(row, rows)
  if (!outcome.success) return outcome
  return { success: true, appointmentId: outcome.appointment_id, notes: outcome.notes }
}
