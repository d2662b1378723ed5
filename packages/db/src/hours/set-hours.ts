import { type SetHoursErrorCode, setHoursErrorCodes, type WeekSpan } from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'

const row = z.object({
  outcome: z.union([
    z.object({ success: z.literal(true), vet_id: z.string(), hours: z.int() }),
    refusal(setHoursErrorCodes),
  ]),
})

/** Replaces a vet's week through `set_vet_hours`; the times are the clinic's wall time. For admins. */
export async function setVetHours(
  db: Database,
  week: { tenantId: string; vetId: string; hours: readonly WeekSpan[]; performedBy: string },
): Promise<{ success: true; vetId: string; hours: number } | Refusal<SetHoursErrorCode>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select set_vet_hours(
        ${week.tenantId}::text, ${week.vetId}::uuid, ${JSON.stringify(week.hours)}::jsonb, ${week.performedBy}::uuid
      ) as outcome`,
  )
  const { outcome } = oneRow(row, rows)
  return outcome.success ? { success: true, vetId: outcome.vet_id, hours: outcome.hours } : outcome
}
