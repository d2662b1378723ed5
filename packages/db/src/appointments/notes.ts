import { z } from 'zod'
import type { CallerTransaction } from '../sql/client.ts'
import { rowsOf } from '../sql/rows.ts'

const noteRow = z.object({ appointmentId: z.string(), notes: z.string() })

/**
 * Adds the staff's notes to appointments that were read as one of the clinic's staff. Notes are no column that clients of
 * the database may read; the function decides who reads them. A statement of its own: a distributed database does not
 * run such a function inside of another query.
 */
export async function withNotes<Appointment extends { id: string }>(
  tx: CallerTransaction,
  tenantId: string,
  appointments: readonly Appointment[],
): Promise<(Appointment & { notes: string | null })[]> {
  if (appointments.length === 0) return []
  const found = await tx.$queryRaw`
    select appointment_id, notes
    from appointment_notes(${tenantId}, ${appointments.map(({ id }) => id)}::uuid[])`
  const notes = new Map(rowsOf(noteRow, found).map((row) => [row.appointmentId, row.notes]))
  return appointments.map((appointment) => ({ ...appointment, notes: notes.get(appointment.id) ?? null }))
}
