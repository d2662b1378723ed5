import { joinClinicErrorCodes, joinClinicResult } from '@vetcita/contracts'
import type { Actor } from '../sql/actor.ts'
import { writeAsCaller } from '../sql/as-caller.ts'
import type { Database } from '../sql/client.ts'
import { callInside, defineFunction } from '../sql/define-function.ts'

const join = defineFunction({
  name: 'join_clinic',
  actor: { p_tenant_id: 'tenantId' },
  args: { fullName: 'text', phone: 'text?' },
  answer: joinClinicResult.options[0],
  codes: joinClinicErrorCodes,
})

/**
 * Makes the user an owner at a clinic; joining again changes nothing. The function trusts only the claims, so it runs as
 * the caller.
 */
export function joinClinic(
  db: Database,
  actor: Actor,
  { email, ...profile }: { email: string; fullName: string; phone?: string | undefined },
) {
  return writeAsCaller(db, actor, (tx) => callInside(tx, join, actor, profile), { email })
}
