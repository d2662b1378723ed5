import { type JoinClinicErrorCode, joinClinicErrorCodes, type Role, role } from '@vetcita/contracts'
import { z } from 'zod'
import { asCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'

export type Joining = {
  userId: string
  email: string
  tenantId: string
  fullName: string
  phone?: string | undefined
}

export type JoinClinicOutcome = { success: true; role: Role; joined: boolean } | Refusal<JoinClinicErrorCode>

const row = z.object({
  outcome: z.union([
    z.object({ success: z.literal(true), role, joined: z.boolean() }),
    refusal(joinClinicErrorCodes),
  ]),
})

/**
 * Makes the person an owner at a clinic through `join_clinic`; again is a no-op. The function takes no id argument:
 * it believes the claims alone, so it runs as the caller.
 */
export function joinClinic(db: Database, joining: Joining): Promise<JoinClinicOutcome> {
  return asCaller(
    db,
    { userId: joining.userId },
    async (tx) => {
      const rows = await tx.$queryRaw`
        select join_clinic(${joining.tenantId}::text, ${joining.fullName}::text, ${joining.phone ?? null}::text) as outcome`
      return oneRow(row, rows).outcome
    },
    { access: 'write', claims: { email: joining.email } },
  )
}
