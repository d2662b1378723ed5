import {
  type InviteClientErrorCode,
  type InviteClientSuccess,
  inviteClientErrorCodes,
} from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'

const row = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      client_id: z.string(),
      token: z.string(),
      expires_at: z.string(),
    }),
    refusal(inviteClientErrorCodes),
  ]),
})

/** Makes a walk-in client's single-use link through `invite_client`, and ends the ones before. For staff. */
export async function inviteClient(
  db: Database,
  invite: { tenantId: string; clientId: string; performedBy: string },
): Promise<InviteClientSuccess | Refusal<InviteClientErrorCode>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select invite_client(
        ${invite.tenantId}::text, ${invite.clientId}::uuid, ${invite.performedBy}::uuid
      ) as outcome`,
  )
  const { outcome } = oneRow(row, rows)
  if (!outcome.success) return outcome
  return {
    success: true,
    clientId: outcome.client_id,
    token: outcome.token,
    expiresAt: outcome.expires_at,
  }
}
