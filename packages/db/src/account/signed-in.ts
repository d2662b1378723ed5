import { clinicSummary, role } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Database } from '../sql/client.ts'
import { withRetry } from '../sql/retry.ts'
import { rowsOf } from '../sql/rows.ts'

/**
 * A signed-in user and their membership of the clinic that was asked about: null if none was, or there is no such clinic.
 * Its `role` is null for a user without a profile there.
 */
export const signedIn = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), emailVerified: z.boolean() }),
  membership: clinicSummary.extend({ role: role.nullable(), fullName: z.string().nullable() }).nullable(),
})

export type SignedIn = z.output<typeof signedIn>

/** Selects a row of `login.signed_in` as `signedIn` reads it. */
export const signedInColumns = Prisma.sql`
  jsonb_build_object('id', user_id, 'name', name, 'email', email, 'email_verified', email_verified) as user,
  case when clinic_id is not null then jsonb_build_object(
    'id', clinic_id, 'name', clinic_name, 'time_zone', time_zone, 'currency', currency, 'locale', locale,
    'role', role, 'full_name', full_name
  ) end as membership`

/**
 * Returns the user of a session's token, or null if there is no such session or it has ended, in one round trip. It is
 * read for each request, so that a sign-out, a demotion or a deleted profile takes effect at once.
 *
 * Unlike other reads this one does not run as the caller, who is only known when it answers.
 *
 * @param token the session's token; that we signed its cookie is checked before
 * @param tenantId the clinic that the request selects, if any
 */
export async function signedInBy(
  db: Database,
  token: string,
  tenantId: string | null,
): Promise<SignedIn | null> {
  const rows = await withRetry(
    () => db.$queryRaw`select ${signedInColumns} from login.signed_in(${token}::text, ${tenantId}::text)`,
  )
  return rowsOf(signedIn, rows)[0] ?? null
}
