import type pg from 'pg'
import { z } from 'zod'
import { becomeText, type Caller, callText } from './calls.ts'
import type { Clinic } from './clinic.ts'

export type SlotQuery = {
  from: string | null
  to: string | null
  step?: number | null
  vet?: string
  service?: string | null
  appointment?: string
}

/** Instants in ISO 8601, UTC. */
export type OfferedSlot = { vet: string; start: string; end: string }

const result = z.object({
  rows: z.array(z.object({ vet_id: z.string(), start_time: z.date(), end_time: z.date() })),
})

/** Returns the slots that `available_slots` offers to that caller, in its order. */
export async function slotsOf(
  client: pg.Client,
  caller: Caller,
  clinic: Clinic,
  query: SlotQuery,
): Promise<OfferedSlot[]> {
  const answer: unknown = await client.query(
    `${becomeText(caller)}; select * from ${callText('available_slots', {
      p_tenant_id: clinic.tenant,
      p_service_id: query.service === undefined ? clinic.service : query.service,
      p_from: query.from,
      p_to: query.to,
      p_step_minutes: query.step,
      p_vet_id: query.vet,
      p_appointment_id: query.appointment,
    })}`,
  )
  const [, last] = z.tuple([z.unknown(), result]).parse(answer)
  return last.rows.map((row) => ({
    vet: row.vet_id,
    start: row.start_time.toISOString(),
    end: row.end_time.toISOString(),
  }))
}
