import { type Role, roles, staffRoles } from '@vetcita/contracts'
import { z } from 'zod'
import { type SignedIn, signedIn, signedInColumns } from '../account/signed-in.ts'
import { Prisma } from '../generated/client.ts'
import type { Database } from './client.ts'
import type { Arguments, ArgumentTypes, SqlFunction } from './define-function.ts'
import { withRetry } from './retry.ts'
import { rowsOf } from './rows.ts'

/** Who may make a call: everyone with a profile at the clinic, its staff, or its admins. */
export type Admitted = 'members' | 'staff' | 'admins'

/** What a request says of its caller: a session's token, whose cookie we signed, and the clinic that it selects, if any. */
export type SessionClaim = { token: string; tenantId: string | null }

export type MemberAnswer<Outcome> = {
  caller: SignedIn
  /** Null if the caller was not admitted; then nothing ran. */
  outcome: Outcome | null
}

// made once and not per call: a schema costs more to make than to use
const answerRow = signedIn.extend({ outcome: z.unknown() })

const admittedRoles: Readonly<Record<Admitted, readonly Role[]>> = {
  members: roles,
  staff: staffRoles,
  admins: ['admin'],
}

/**
 * Identifies the caller and, if they are admitted at the clinic, calls the function with their user id and the clinic's id,
 * in one statement and so in one round trip (docs/decisions/022).
 *
 * This is the only place that knows how the two are joined. A distributed database that does not forward a function call
 * inside another query needs another implementation behind the same interface: two statements, first to identify the caller, then the
 * function at top level with the clinic's id as a constant that is never null.
 *
 * @returns null if the token has no session
 */
export async function memberCall<Types extends ArgumentTypes, Outcome>(
  db: Database,
  claim: SessionClaim,
  admitted: Admitted,
  fn: SqlFunction<Types, Outcome>,
  args: Arguments<Types>,
): Promise<MemberAnswer<Outcome> | null> {
  const call = fn.callSql(
    {
      userId: Prisma.sql`user_id`,
      tenantId: Prisma.sql`clinic_id`,
      isStaff: Prisma.sql`role = any (${staffRoles})`,
    },
    args,
  )
  const moments = fn.moments.map(
    (key) => Prisma.sql`|| jsonb_strip_nulls(jsonb_build_object(
      ${key}::text, clinic_moment((outcome ->> ${key}::text)::timestamptz, time_zone)
    ))`,
  )
  // A "case", not the condition of a join: a join would call the function first and drop its row afterwards.
  const rows = await withRetry(
    () => db.$queryRaw`
      select "user", membership, outcome ${moments.length === 0 ? Prisma.empty : Prisma.join(moments, ' ')} as outcome
      from (
        select ${signedInColumns}, time_zone,
          case when role = any (${admittedRoles[admitted]}) then ${call} end as outcome
        from login.signed_in(${claim.token}::text, ${claim.tenantId}::text)
      ) called`,
    { repeatable: fn.isRepeatable(args) },
  )
  const [row] = rowsOf(answerRow, rows)
  if (row === undefined) return null
  const { outcome, ...caller } = row
  return { caller, outcome: outcome === null ? null : fn.outcome.parse(outcome) }
}
