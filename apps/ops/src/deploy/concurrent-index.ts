import type pg from 'pg'
import { Failure } from '../failure.ts'
import type { Migration } from '../migrations.ts'

/** The index of the guide, which every conflict check reads. */
export const slotIndex = 'idx_appointments_vet_time_status'

/** Drops the index without holding up writers. */
export const dropIndexStatement = `drop index concurrently public.${slotIndex}`

/**
 * The statement that builds the index without holding up writers, taken from the migration that makes it. It cannot
 * run inside a transaction, so no migration can hold it.
 */
export function concurrentIndexStatement(migrations: readonly Migration[]): string {
  for (const { sql } of migrations) {
    const found = new RegExp(`^create index if not exists (${slotIndex}[^;]*;)`, 'm').exec(sql)
    if (found?.[1] !== undefined)
      return `create index concurrently if not exists ${found[1].replace(/\bon appointments\b/, 'on public.appointments')}`
  }
  throw new Failure(`No migration makes ${slotIndex}.`)
}

/**
 * Builds the index concurrently unless a valid one is there. An invalid one (a build that was interrupted) is dropped
 * first, since "if not exists" would take it for the index.
 *
 * @returns whether there was anything to build
 */
export async function buildIndexConcurrently(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<boolean> {
  const { rows } = await client.query<{ valid: boolean }>(
    `select i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relname = $1 and c.relnamespace = 'public'::regnamespace`,
    [slotIndex],
  )
  if (rows[0]?.valid) return false
  // It waits for transactions, which may be long, and holds up nobody meanwhile.
  await client.query('set lock_timeout = 0')
  if (rows[0]) await client.query(dropIndexStatement)
  await client.query(concurrentIndexStatement(migrations))
  await client.query('reset lock_timeout')
  return true
}
