import type pg from 'pg'

/** The rows that would violate the overlap constraint, and how long building it would lock the table. */
export type ConstraintOutlook = {
  rows: number
  /** active appointments that start while their vet is busy with another one, at most twenty */
  overlaps: { tenant_id: string; vet_id: string; id: string; start_time: string }[]
  estimatedLockMs: number
}

/** Measured: 4 s for 100,000 rows and 23 s for 400,000, so the time grows with this power of the rows. */
const growth = Math.log(23 / 4) / Math.log(4)

/** Estimates how long building the constraint locks the table, in milliseconds. */
export function estimateLockMs(rows: number): number {
  return Math.round(4_000 * (rows / 100_000) ** growth)
}

/**
 * Finds rows that would violate the overlap constraint, as its migration does; by `busy_until` if that column exists, or
 * else by `end_time`.
 */
export async function constraintOutlook(client: pg.ClientBase): Promise<ConstraintOutlook> {
  const { rows: columns } = await client.query(
    `select from pg_attribute where attrelid = to_regclass('public.appointments') and attname = 'busy_until' and not attisdropped`,
  )
  const until = columns.length > 0 ? 'busy_until' : 'end_time'
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from public.appointments',
  )
  const { rows: overlaps } = await client.query<ConstraintOutlook['overlaps'][number]>(
    `select tenant_id, vet_id, id, start_time::text
     from (
       select tenant_id, vet_id, id, start_time, max(${until}) over (
         partition by tenant_id, vet_id order by start_time rows between unbounded preceding and 1 preceding
       ) as busy_before
       from public.appointments where status not in ('cancelled', 'no_show')
     ) a
     where busy_before > start_time
     order by tenant_id, vet_id, start_time limit 20`,
  )
  const count = rows[0]?.count ?? 0
  return { rows: count, overlaps, estimatedLockMs: estimateLockMs(count) }
}
