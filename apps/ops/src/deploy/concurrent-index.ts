import { expectedAfter, readManifest } from '@vetcita/catalogue/manifest'
import type pg from 'pg'
import { Failure } from '../failure.ts'

/** The guide's index, which every conflict check reads. */
export const slotIndex = 'idx_appointments_vet_time_status'

/** Drops the index without blocking writers. */
export const dropIndexStatement = `drop index concurrently public.${slotIndex}`

/**
 * Returns the statement that builds the index without blocking writers, from the manifest. It cannot run inside a
 * transaction, so no migration can contain it.
 */
export function concurrentIndexStatement(): string {
  const { catalogue } = expectedAfter(readManifest().levels.map(({ migration }) => migration))
  const definition = catalogue.indexes[slotIndex]?.definition
  if (definition === undefined) throw new Failure(`No migration makes ${slotIndex}.`)
  return `${definition.replace(/^CREATE INDEX/, 'create index concurrently if not exists')};`
}

/**
 * Builds the index concurrently unless a valid one exists. An invalid one (from an interrupted build) is dropped first,
 * because "if not exists" would accept it.
 *
 * @returns whether the index had to be built
 */
export async function buildIndexConcurrently(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ valid: boolean }>(
    `select i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relname = $1 and c.relnamespace = 'public'::regnamespace`,
    [slotIndex],
  )
  if (rows[0]?.valid) return false
  // it may wait for long transactions, and blocks no one meanwhile
  await client.query('set lock_timeout = 0')
  if (rows[0]) await client.query(dropIndexStatement)
  await client.query(concurrentIndexStatement())
  await client.query('reset lock_timeout')
  return true
}
