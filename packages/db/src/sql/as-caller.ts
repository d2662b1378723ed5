import type { CallerTransaction, Database } from './client.ts'
import { withRetry } from './retry.ts'

/** On whose behalf a query runs: a signed-in person by user id, or a visitor. */
export type Caller = { userId: string } | 'visitor'

export type CallerOptions = {
  /** `read` makes the transaction read-only. */
  access?: 'read' | 'write'
  /** More claims than `sub` and `role`, such as `email`. */
  claims?: Readonly<Record<string, string>>
}

/**
 * Runs queries under the caller's own identity: one transaction whose first statement switches to the role
 * `authenticated` (or `anon`) and sets the claims, as PostgREST does. Row-level security then decides what is seen, so
 * a forgotten `where` leaks nothing. Both settings end with the transaction.
 */
export function asCaller<Result>(
  db: Database,
  caller: Caller,
  run: (tx: CallerTransaction) => Promise<Result>,
  options: CallerOptions = {},
): Promise<Result> {
  const role = caller === 'visitor' ? 'anon' : 'authenticated'
  const claims = caller === 'visitor' ? { role } : { ...options.claims, sub: caller.userId, role }
  const readOnly = options.access === 'write' ? 'off' : 'on'
  return withRetry(() =>
    db.$transaction(async (tx) => {
      await tx.$queryRaw`
        select set_config('transaction_read_only', ${readOnly}, true),
          set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
          set_config('role', ${role}, true)`
      return run(tx)
    }),
  )
}
