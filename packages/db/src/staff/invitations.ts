import {
  type AcceptInviteErrorCode,
  type AcceptInviteSuccess,
  acceptInviteErrorCodes,
  type InviteOffer,
  type InviteStaffErrorCode,
  type InviteStaffSuccess,
  inviteStaffErrorCodes,
  type RevokeInviteErrorCode,
  revokeInviteErrorCodes,
  role,
  type StaffRole,
  staffRole,
} from '@vetcita/contracts'
import { z } from 'zod'
import type { OpenedLink } from '../clients/claim-client.ts'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'

const inviteRow = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      invite_id: z.string(),
      token: z.string(),
      role: staffRole,
      expires_at: z.string(),
    }),
    refusal(inviteStaffErrorCodes),
  ]),
})

/** Makes the single-use link that gives a colleague a role, through `invite_staff`. For admins. */
export async function inviteStaff(
  db: Database,
  invite: { tenantId: string; role: StaffRole; label?: string | undefined; performedBy: string },
): Promise<InviteStaffSuccess | Refusal<InviteStaffErrorCode>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select invite_staff(
        ${invite.tenantId}::text, ${invite.role}::text, ${invite.label ?? null}::text, ${invite.performedBy}::uuid
      ) as outcome`,
  )
  const { outcome } = oneRow(inviteRow, rows)
  if (!outcome.success) return outcome
  const { invite_id: inviteId, expires_at: expiresAt, ...rest } = outcome
  return { ...rest, inviteId, expiresAt }
}

const revokeRow = z.object({
  outcome: z.union([
    z.object({ success: z.literal(true), invite_id: z.string() }),
    refusal(revokeInviteErrorCodes),
  ]),
})

/** Ends an invitation that was not used, through `revoke_staff_invite`; again is a no-op. For admins. */
export async function revokeStaffInvite(
  db: Database,
  invite: { tenantId: string; inviteId: string; performedBy: string },
): Promise<{ success: true; inviteId: string } | Refusal<RevokeInviteErrorCode>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select revoke_staff_invite(
        ${invite.tenantId}::text, ${invite.inviteId}::uuid, ${invite.performedBy}::uuid
      ) as outcome`,
  )
  const { outcome } = oneRow(revokeRow, rows)
  return outcome.success ? { success: true, inviteId: outcome.invite_id } : outcome
}

const offerCodes = ['FORBIDDEN', 'LINK_INVALID', 'LINK_USED', 'LINK_EXPIRED'] as const

const offerRow = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      role: staffRole,
      clinic_name: z.string(),
      yours: z.boolean(),
    }),
    refusal(offerCodes),
  ]),
})

/** What an invitation offers, through `read_staff_invite`; nothing changes. */
export async function readStaffInvite(
  db: Database,
  link: OpenedLink,
): Promise<InviteOffer | Refusal<(typeof offerCodes)[number]>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select read_staff_invite(${link.tenantId}::text, ${link.token}::text, ${link.userId}::uuid) as outcome`,
  )
  const { outcome } = oneRow(offerRow, rows)
  if (!outcome.success) return outcome
  return { success: true, role: outcome.role, clinicName: outcome.clinic_name, yours: outcome.yours }
}

const acceptRow = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      profile_id: z.string(),
      role: role.nullable(),
      replayed: z.boolean().default(false),
    }),
    refusal(acceptInviteErrorCodes),
  ]),
})

/**
 * Makes the person one of the staff through `accept_staff_invite`. Using a link again is a replay for the one who used
 * it, so a lost connection is tried again too.
 */
export async function acceptStaffInvite(
  db: Database,
  link: OpenedLink & { fullName: string },
): Promise<AcceptInviteSuccess | Refusal<AcceptInviteErrorCode>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select accept_staff_invite(
        ${link.tenantId}::text, ${link.token}::text, ${link.fullName}::text, ${link.userId}::uuid
      ) as outcome`,
    { repeatable: true },
  )
  const { outcome } = oneRow(acceptRow, rows)
  if (!outcome.success) return outcome
  const { profile_id: profileId, ...rest } = outcome
  return { ...rest, profileId }
}
