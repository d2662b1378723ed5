import { z } from 'zod'
import type { Database } from '../sql/client.ts'
import { oneRow } from '../sql/rows.ts'

/** What one run removed. */
export type Leftovers = { accounts: number; sessions: number; links: number; counters: number }

const oneDayMs = 24 * 60 * 60 * 1000

/**
 * Removes what nobody needs any more: accounts that were made and left, sessions and mailed links that have expired, and
 * counters whose window has ended. Several processes may do it at once: each row is removed once.
 */
export async function removeLeftovers(db: Database): Promise<Leftovers> {
  const dayAgo = new Date(Date.now() - oneDayMs)
  const rows = await db.$queryRaw`select login.remove_abandoned_accounts() as accounts`
  const { accounts } = oneRow(z.object({ accounts: z.int() }), rows)
  const { count: sessions } = await db.session.deleteMany({ where: { expiresAt: { lt: dayAgo } } })
  const { count: links } = await db.verification.deleteMany({ where: { expiresAt: { lt: dayAgo } } })
  const { count: counters } = await db.rateLimit.deleteMany({
    where: { lastRequest: { lt: BigInt(dayAgo.getTime()) } },
  })
  return { accounts, sessions, links, counters }
}
