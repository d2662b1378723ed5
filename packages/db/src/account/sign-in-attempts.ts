import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { withRetry } from '../sql/retry.ts'
import { oneRow } from '../sql/rows.ts'

/** The keys of two counters: of the client, and of everyone's attempts at one account, which may be none. */
export type AttemptCounters = { own: string; account: string | null }

export type AttemptLimits = { own: number; account: number; windowMs: number }

const counted = z.object({ own: z.int(), account: z.int(), ends: z.coerce.number() })

/**
 * Counts an attempt to sign in before it is made, so that a hundred at once count as a hundred, and decides whether it
 * may be made. An attempt refused by the client's own counter does not count for the account, so one address cannot use
 * up everyone's attempts.
 *
 * The counters are in the session library's table `login.rate_limit`, under keys of their own. `last_request` holds the
 * end of the window, since the library drops rows some time after that moment.
 *
 * @returns null if it may be made, otherwise the milliseconds after which to try again
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
  const row = oneRow(counted, rows)
  return row.own <= limits.own && row.account <= limits.account ? null : Math.max(row.ends - now, 1000)
}

/** Uncounts an attempt that turned out right. */
export async function refundAttempt(db: Database, { own, account }: AttemptCounters): Promise<void> {
  const keys = account === null ? [own] : [own, account]
  await db.rateLimit.updateMany({
    where: { key: { in: keys }, count: { gt: 0 } },
    data: { count: { decrement: 1 } },
  })
}

/** Forgets every attempt at an account, from any address. */
export async function forgetAttempts(db: Database, account: string): Promise<void> {
  await db.rateLimit.deleteMany({ where: { key: { startsWith: account } } })
}
