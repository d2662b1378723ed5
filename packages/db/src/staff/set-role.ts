import {
  type HasAppointments,
  type Role,
  role,
  type SetRoleErrorCode,
  type SetRoleSuccess,
} from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'

export type RoleChange = {
  tenantId: string
  profileId: string
  /** `owner` takes them off the staff. */
  role: Role
  performedBy: string
  /** The role goes at once, whatever appointments there are. */
  keepAppointments: boolean
}

const row = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      profile_id: z.string(),
      old_role: role,
      role,
      appointments: z.int(),
      replayed: z.boolean().default(false),
    }),
    refusal(['HAS_APPOINTMENTS']).extend({
      appointments: z.int(),
      appointment_ids: z.array(z.string()),
    }),
    refusal(['FORBIDDEN', 'INVALID_ROLE', 'STAFF_NOT_FOUND', 'LAST_ADMIN']),
  ]),
})

/** Gives one of the staff another role through `set_staff_role`, or takes them off it. For admins. */
export async function setStaffRole(
  db: Database,
  change: RoleChange,
): Promise<SetRoleSuccess | HasAppointments | Refusal<Exclude<SetRoleErrorCode, 'HAS_APPOINTMENTS'>>> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select set_staff_role(
        ${change.tenantId}::text, ${change.profileId}::uuid, ${change.role}::text, ${change.performedBy}::uuid,
        ${change.keepAppointments}::boolean
      ) as outcome`,
  )
  const { outcome } = oneRow(row, rows)
  if (outcome.success) {
    const { profile_id: profileId, old_role: oldRole, ...rest } = outcome
    return { ...rest, profileId, oldRole }
  }
  if (outcome.error !== 'HAS_APPOINTMENTS') return outcome
  const { appointment_ids: appointmentIds, ...rest } = outcome
  return { ...rest, appointmentIds }
}
