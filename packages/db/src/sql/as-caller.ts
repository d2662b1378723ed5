import type { CallerTransaction, Database } from './client.ts'
import { withRetry } from './retry.ts'

/** As whom a query runs: a signed-in user or a visitor. */
export type Caller = { userId: string } | 'visitor'

type Work<Result> = (tx: CallerTransaction) => Promise<Result>

/**
 * Runs reads as the caller: in one transaction whose first statement switches to the role `authenticated` (or `anon`) and
 * sets the claims, as PostgREST does. Row-level security then decides what is visible, so that a forgotten `where` leaks
 * nothing. The role and the claims end with the transaction, which is read-only.
 */
export function asCaller<Result>(db: Database, caller: Caller, run: Work<Result>): Promise<Result> {
  return inTransaction(db, caller, run, true, {})
}

/**
 * Runs writes as the caller, whom row-level security lets write little more than their own rows.
 *
 * @param claims more claims than `sub` and `role`, such as `email`
 */
export function writeAsCaller<Result>(
  db: Database,
  caller: Caller,
  run: Work<Result>,
  claims: Readonly<Record<string, string>> = {},
): Promise<Result> {
  return inTransaction(db, caller, run, false, claims)
}

function inTransaction<Result>(
  db: Database,
  caller: Caller,
  run: Work<Result>,
  isReadOnly: boolean,
  moreClaims: Readonly<Record<string, string>>,
): Promise<Result> {
  const role = caller === 'visitor' ? 'anon' : 'authenticated'
  const claims = caller === 'visitor' ? { role } : { ...moreClaims, sub: caller.userId, role }
  return withRetry(() =>
    db.$transaction(async (tx) => {
      await tx.$queryRaw`
        select case when ${isReadOnly} then set_config('transaction_read_only', 'on', true) end,
          set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
          set_config('role', ${role}, true)`
      return run(tx)
    }),
  )
}
