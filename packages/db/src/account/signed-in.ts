import { clinicSummary, role } from '@vetcita/contracts'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Database } from '../sql/client.ts'
import { withRetry } from '../sql/retry.ts'

/** Who is signed in, and how they stand with the clinic that was asked about, as `signedInColumns` selects it. */
export const signedInRow = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), emailVerified: z.boolean() }),
  standing: clinicSummary.extend({ role: role.nullable(), fullName: z.string().nullable() }).nullable(),
})

const signedInRows = z.array(signedInRow)

/** A row of `login.signed_in` as `signedInRow` reads it. */
export const signedInColumns = Prisma.sql`
  jsonb_build_object('id', user_id, 'name', name, 'email', email, 'emailVerified', email_verified) as user,
  case when clinic_id is not null then jsonb_build_object(
    'id', clinic_id, 'name', clinic_name, 'timeZone', time_zone, 'currency', currency, 'locale', locale,
    'role', role, 'fullName', full_name
  ) end as standing`

/**
 * A signed-in person, and how they stand with the clinic that was asked about: null where none was, or none is there;
 * its `role` is null for who has no profile there.
 */
export type SignedIn = z.output<typeof signedInRow>

/**
 * Who a session's token belongs to, as of now, through `login.signed_in`: one round trip. Null for a token that is
 * nobody's, or no longer. Read anew for each request, so that a sign-out, a demotion or a deleted profile acts at once.
 *
 * Unlike other reads it does not run under the caller's identity, which is only known when it answers.
 *
 * @param token the session's token; that its cookie was signed by us is checked before
 * @param tenantId the clinic that the request selects, or null
 */
export async function signedInBy(
  db: Database,
  token: string,
  tenantId: string | null,
): Promise<SignedIn | null> {
  const rows = await withRetry(
    () => db.$queryRaw`select ${signedInColumns} from login.signed_in(${token}::text, ${tenantId}::text)`,
  )
  return signedInRows.parse(rows)[0] ?? null
}
