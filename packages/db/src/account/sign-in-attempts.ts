import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { withRetry } from '../sql/retry.ts'

/** Names of two counters: of who tries, and of all that is tried at one account; null where only the first counts. */
export type AttemptCounters = { own: string; account: string | null }

export type AttemptLimits = { own: number; account: number; windowMs: number }

const counted = z.tuple([z.object({ own: z.int(), account: z.int(), ends: z.coerce.number() })])

/**
 * Counts a try at signing in before it is made, so that a hundred at once are a hundred, and says whether it may be
 * made. What is refused for its own counter does not count for the account: one address cannot use up everybody's.
 *
 * The counters stand among the session library's own in `login.rate_limit`, under other names. `last_request` holds the
 * end of their window, since the library drops rows some time after that moment.
 *
 * @returns null, or after how many milliseconds a refused one may try again
 */
export async function countAttempt(
  db: Database,
  { own, account }: AttemptCounters,
  limits: AttemptLimits,
): Promise<number | null> {
  const now = Date.now()
  const end = now + limits.windowMs
  const rows = await withRetry(
    () => db.$queryRaw`
      with own as (
        insert into login.rate_limit as r (key, count, last_request) values (${own}, 1, ${end})
        on conflict (key) do update set
          count = case when r.last_request < ${now} then 1 else least(r.count + 1, ${limits.own} + 1) end,
          last_request = case when r.last_request < ${now} then ${end} else r.last_request end
        returning count, last_request
      ), account as (
        insert into login.rate_limit as r (key, count, last_request)
        select ${account}::text, 1, ${end} from own where own.count <= ${limits.own} and ${account}::text is not null
        on conflict (key) do update set
          count = case when r.last_request < ${now} then 1 else least(r.count + 1, ${limits.account} + 1) end,
          last_request = case when r.last_request < ${now} then ${end} else r.last_request end
        returning count, last_request
      )
      select own.count as own, coalesce(account.count, 0) as account,
        greatest(own.last_request, account.last_request) as ends
      from own left join account on true`,
  )
  const [row] = counted.parse(rows)
  return row.own <= limits.own && row.account <= limits.account ? null : Math.max(row.ends - now, 1000)
}

/** A try that was right is no guess: it counts no longer. */
export async function refundAttempt(db: Database, { own, account }: AttemptCounters): Promise<void> {
  const keys = account === null ? [own] : [own, account]
  await db.rateLimit.updateMany({
    where: { key: { in: keys }, count: { gt: 0 } },
    data: { count: { decrement: 1 } },
  })
}

/** Forgets what was tried at an account, from wherever. */
export async function forgetAttempts(db: Database, account: string): Promise<void> {
  await db.rateLimit.deleteMany({ where: { key: { startsWith: account } } })
}
