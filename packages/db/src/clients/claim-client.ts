import { type ClaimErrorCode, type ClaimOffer, type ClaimSuccess, claimErrorCodes } from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'

/** A link as somebody who is signed in has opened it. */
export type OpenedLink = { tenantId: string; token: string; userId: string }

const offerCodes = ['FORBIDDEN', 'LINK_INVALID', 'LINK_USED', 'LINK_EXPIRED'] as const

const offerRow = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      client_name: z.string(),
      pets: z.array(z.string()),
      yours: z.boolean(),
    }),
    refusal(offerCodes),
  ]),
})

const claimRow = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      pets: z.int(),
      appointments: z.int(),
      items: z.int(),
      replayed: z.boolean().default(false),
    }),
    refusal(claimErrorCodes),
  ]),
})

/** What a walk-in client's link holds, through `read_client_claim`; nothing changes. */
export async function readClientClaim(
  db: Database,
  link: OpenedLink,
): Promise<ClaimOffer | Refusal<(typeof offerCodes)[number]>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select read_client_claim(${link.tenantId}::text, ${link.token}::text, ${link.userId}::uuid) as outcome`,
  )
  const { outcome } = oneRow(offerRow, rows)
  if (!outcome.success) return outcome
  return { success: true, clientName: outcome.client_name, pets: outcome.pets, yours: outcome.yours }
}

/**
 * Makes a walk-in client's record the person's own through `claim_client`: pets, appointments and cart, all or nothing.
 * Using a link again is a replay for the one who used it, so a lost connection is tried again too.
 */
export async function claimClient(
  db: Database,
  link: OpenedLink,
): Promise<ClaimSuccess | Refusal<ClaimErrorCode>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select claim_client(${link.tenantId}::text, ${link.token}::text, ${link.userId}::uuid) as outcome`,
    { repeatable: true },
  )
  return oneRow(claimRow, rows).outcome
}
